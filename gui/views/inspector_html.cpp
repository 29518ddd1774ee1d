#include "gui/views/inspector_html.hpp"

#include <algorithm>
#include <set>

#include "analyzer/report/explanation.hpp"
#include "gui/charts/axis.hpp"
#include "gui/charts/working_set_chart.hpp"
#include "gui/session/layer_filter.hpp"
#include "gui/session/qt_text.hpp"

namespace mcuprof::gui {
namespace {

QString escaped(std::string_view text) {
  return toQt(text).toHtmlEscaped();
}

QString row(const QString& name, const QString& value, const QString& note = {}) {
  return QStringLiteral(
             "<tr><td style='white-space:nowrap'>%1&nbsp;</td><td align=right "
             "style='white-space:nowrap'>%2</td><td>&nbsp;%3</td></tr>")
      .arg(name, value, note);
}

QString bytesRow(const QString& name, Bytes bytes, const QString& note = {}) {
  return row(name, exact(double(bytes.value), Unit::Bytes), note);
}

QString table(const QString& rows) {
  return QStringLiteral("<table cellspacing=0 cellpadding=1>%1</table>").arg(rows);
}

QString heading(const QString& text) {
  return QStringLiteral("<p style='margin-bottom:2px'><b>%1</b></p>").arg(text);
}

QString interval(const Estimate& e, Unit unit) {
  return QStringLiteral("90 %: %1 … %2, %3")
      .arg(human(e.low, unit), human(e.high, unit), escaped(nameOf(e.basis)));
}

QString links(const std::set<std::int32_t>& numbers) {
  QStringList out;
  for (const std::int32_t n : numbers) out << QStringLiteral("<a href=\"layer:%1\">%1</a>").arg(n);
  return out.join(QStringLiteral(", "));
}

/// Layers that make what this one reads, and layers that read what it makes.
QString neighbours(const Graph& graph, const GraphOp& op) {
  std::set<std::int32_t> before;
  std::set<std::int32_t> after;
  for (const GraphInput& input : op.inputs) {
    if (!input.tensor.valid()) continue;
    const OpId producer = graph.tensor(input.tensor).producer;
    if (producer.valid()) before.insert(producer.value + 1);
  }
  for (const TensorId output : op.outputs) {
    if (!output.valid()) continue;
    for (const OpId reader : graph.tensor(output).readers) after.insert(reader.value + 1);
  }
  return QStringLiteral("<p>reads %1; %2</p>")
      .arg(before.empty() ? QStringLiteral("no other layer")
                          : QStringLiteral("layer ") + links(before),
           after.empty() ? QStringLiteral("read by no other")
                         : QStringLiteral("read by layer ") + links(after));
}

QString tensorRows(const Graph& graph, const GraphOp& op) {
  QString rows;
  const auto add = [&](const char* role, TensorId id) {
    if (!id.valid()) return;
    const GraphTensor& tensor = graph.tensor(id);
    rows += QStringLiteral(
                "<tr><td style='white-space:nowrap'>%1&nbsp;</td><td style='white-space:nowrap'>%2 "
                "%3&nbsp;</td><td align=right style='white-space:nowrap'>%4</td></tr>")
                .arg(QLatin1String(role), escaped(textOf(tensor.shape)),
                     escaped(nameOf(tensor.type)), exact(double(tensor.bytes.value), Unit::Bytes));
  };
  for (const GraphInput& input : op.inputs) {
    const char* role = "in";
    switch (input.role) {
      case InputRole::Activation:
        break;
      case InputRole::Weights:
        role = "weights";
        break;
      case InputRole::Bias:
        role = "bias";
        break;
      case InputRole::Parameter:
        role = "parameter";
        break;
      case InputRole::State:
        role = "state";
        break;
    }
    add(role, input.tensor);
  }
  for (const TensorId output : op.outputs) add("out", output);
  return rows;
}

QString verdictLine(const LayerRow& layer, const BudgetReport& sram) {
  if (!layer.fit.activationsFit) {
    return QStringLiteral(
               "<p><b>▲ exceeds RAM:</b> activations and scratch lack %1 in the largest "
               "region (%2)</p>")
        .arg(exact(double(layer.fit.activationsMissing.value), Unit::Bytes),
             escaped(sram.largestRegion));
  }
  if (!layer.fit.workingSetFits) {
    return QStringLiteral(
               "<p><b>~ streams:</b> with its weights it lacks %1 in the largest region, "
               "so weights are read where they lie</p>")
        .arg(exact(double(layer.fit.workingSetMissing.value), Unit::Bytes));
  }
  return {};
}

/// The terms of its cycles, each with its source.
QString explanation(const Snapshot& snapshot, const CostRow& cost) {
  const Estimate& sum = cost.cycles;
  QString rows;
  for (const ExplainedTerm& term : explainTerms(snapshot.analysis, cost)) {
    rows += row(escaped(term.name), exact(term.cycles, Unit::Cycles),
                QStringLiteral("%1: %2").arg(escaped(nameOf(term.basis)), escaped(term.from)));
  }
  rows += row(QStringLiteral("<b>= cycles</b>"), exact(sum.value, Unit::Cycles),
              QStringLiteral("%1, 90 %: %2 … %3")
                  .arg(escaped(nameOf(sum.basis)), exact(sum.low, Unit::Cycles),
                       exact(sum.high, Unit::Cycles)));
  return heading(QStringLiteral("Cycles")) + table(rows) +
         QStringLiteral("<p>%1</p>").arg(escaped(calibrationText(snapshot.analysis)));
}

/// What a layer has more or less of than in the baseline.
QString changes(const ReportDiff& diff, std::int32_t number) {
  const auto found =
      std::ranges::find(diff.layers, std::optional(number), &LayerDifference::freshNumber);
  if (found == diff.layers.end()) return {};
  QString out = heading(QStringLiteral("Change from the baseline"));
  if (!found->baseNumber) return out + QStringLiteral("<p>The baseline has no such layer.</p>");
  QString rows;
  const auto add = [&](const char* name, const Difference& d, Unit unit) {
    if (!d.base || !d.fresh || !d.change) return;
    rows +=
        row(QLatin1String(name), signedHuman(d.change->value, unit),
            QStringLiteral("%1 → %2%3")
                .arg(human(d.base->value, unit), human(d.fresh->value, unit),
                     d.withinUncertainty() ? QStringLiteral(", within uncertainty") : QString()));
  };
  add("working set", found->workingSet, Unit::Bytes);
  add("alive in the arena", found->live, Unit::Bytes);
  add("moved", found->moved, Unit::Bytes);
  add("spilled", found->spilled, Unit::Bytes);
  add("MACs", found->macs, Unit::Count);
  add("time", found->milliseconds, Unit::Milliseconds);
  add("energy", found->millijoules, Unit::Millijoules);
  out += table(rows);
  QStringList what;
  for (const std::string& part : found->what) what << escaped(part);
  return out + QStringLiteral("<p>%1</p>").arg(what.join(QStringLiteral("<br>")));
}

}  // namespace

QString layerHtml(const Snapshot& snapshot, int layer, const ReportDiff* diff) {
  const Report& report = snapshot.report;
  const LayerRow& info = report.layers[static_cast<std::size_t>(layer)];
  const Graph& graph = *snapshot.analysis.graph;
  const GraphOp& op = graph.ops[OpId(layer)];
  QString out = QStringLiteral("<h3 style='margin-bottom:0'>Layer %1 %2</h3><p>%3</p>")
                    .arg(info.number)
                    .arg(escaped(info.kind), escaped(info.name));
  out += verdictLine(info, report.sram);
  if (diff != nullptr) out += changes(*diff, info.number);
  out += table(tensorRows(graph, op));
  out += heading(QStringLiteral("Working set"));
  const QString counted = QStringLiteral("counted");
  out += table(bytesRow(QStringLiteral("input"), info.parts.input) +
               bytesRow(QStringLiteral("+ output"), info.parts.output) +
               bytesRow(QStringLiteral("+ weights"), info.parts.weights) +
               bytesRow(QStringLiteral("+ biases"), info.parts.bias) +
               bytesRow(QStringLiteral("<b>= working set</b>"), info.parts.total(), counted) +
               bytesRow(QStringLiteral("scratch besides"), info.parts.scratch,
                        escaped(nameOf(info.scratchBasis))) +
               bytesRow(QStringLiteral("alive in the arena"), info.live, counted));
  out += neighbours(graph, op);

  out += heading(QStringLiteral("Bytes moved"));
  QString moved;
  for (const LedgerRow& entry : report.ledger) {
    if (entry.layer != info.number) continue;
    moved +=
        row(escaped(entry.memory) + QLatin1Char(' ') + escaped(entry.purpose),
            exact(double((entry.read + entry.written).value), Unit::Bytes),
            entry.written > Bytes(0) ? entry.read > Bytes(0) ? QStringLiteral("read and written")
                                                             : QStringLiteral("written")
                                     : QStringLiteral("read"));
  }
  moved += bytesRow(QStringLiteral("<b>= moved</b>"), info.read + info.written);
  out += table(moved);

  const CostRow* cost = costsByLayer(report)[static_cast<std::size_t>(layer)];
  out += heading(QStringLiteral("Time and energy"));
  if (cost == nullptr) return out + QStringLiteral("<p>This layer never runs.</p>");
  if (!cost->known) {
    return out + QStringLiteral("<p>Cost unknown: %1. Totals are lower bounds.</p>")
                     .arg(escaped(cost->unknown.empty() ? info.unknown : cost->unknown));
  }
  QString figures = row(QStringLiteral("time"), human(cost->milliseconds.value, Unit::Milliseconds),
                        interval(cost->milliseconds, Unit::Milliseconds));
  if (cost->millijoules) {
    figures += row(QStringLiteral("energy"), human(cost->millijoules->value, Unit::Millijoules),
                   interval(*cost->millijoules, Unit::Millijoules));
  }
  if (info.macs) {
    figures += row(QStringLiteral("MACs"), exact(double(info.macs->value), Unit::Count), counted);
  }
  return out + table(figures) + explanation(snapshot, *cost);
}

QString modelHtml(const Snapshot& snapshot, ModelPart part) {
  const Report& report = snapshot.report;
  QString out = QStringLiteral(
                    "<h3 style='margin-bottom:0'>%1</h3><p>%2 operators, %3 MACs, on %4 "
                    "with %5</p>")
                    .arg(escaped(report.provenance.model().name))
                    .arg(report.operators)
                    .arg(human(double(report.totals.macs.value), Unit::Count),
                         escaped(report.boardTitle), escaped(report.runtimeTitle));
  if (!report.verdict.reason.empty())
    out += QStringLiteral("<p>%1</p>").arg(escaped(report.verdict.reason));
  if (!report.verdict.hints.empty()) {
    out += heading(QStringLiteral("What would help")) + QStringLiteral("<ul>");
    for (const Hint& hint : report.verdict.hints) {
      out += QStringLiteral("<li>%1%2</li>")
                 .arg(escaped(hint.text),
                      hint.saves ? QStringLiteral(" (saves %1)")
                                       .arg(exact(double(hint.saves->value), Unit::Bytes))
                                 : QString());
    }
    out += QStringLiteral("</ul>");
  }
  out += heading(QStringLiteral("SRAM")) +
         QStringLiteral("<p>%1</p>").arg(usableSentence(report.sram).toHtmlEscaped());
  QString regions;
  for (const BudgetRow& region : report.sram.regions) {
    regions +=
        bytesRow(escaped(region.region), region.usable,
                 QStringLiteral("usable of %1").arg(exact(double(region.size.value), Unit::Bytes)));
  }
  out += table(regions);
  out += heading(QStringLiteral("Arena and flash"));
  out += table(
      bytesRow(QStringLiteral("arena"), report.arena.smallest,
               escaped(nameOf(report.arena.basis)) +
                   (report.arena.region.empty()
                        ? QStringLiteral("; in no region as one piece")
                        : QStringLiteral("; in ") + escaped(report.arena.region))) +
      bytesRow(QStringLiteral("flash"), report.flash.needed,
               QStringLiteral("of %1").arg(exact(double(report.flash.size.value), Unit::Bytes))));
  for (const std::string& note : report.notes) {
    out += QStringLiteral("<p>Note: %1</p>").arg(escaped(note));
  }
  if (part == ModelPart::Report) return out;
  return out + QStringLiteral("<p>Select a layer to see the sums behind its numbers.</p>");
}

}  // namespace mcuprof::gui
