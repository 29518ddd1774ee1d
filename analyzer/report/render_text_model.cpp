#include <fmt/format.h>

#include <algorithm>

#include "analyzer/report/render_text.hpp"
#include "analyzer/report/text_parts.hpp"

namespace mcuprof {
namespace {

std::string renderInterface(const ModelReport& report, const TextStyle& style) {
  TextTable table({{"", TextTable::Align::Left},
                   {"tensor"},
                   {"shape", TextTable::Align::Left, 8},
                   {"type", TextTable::Align::Left},
                   {"bytes"},
                   {"quantised", TextTable::Align::Left},
                   {"name", TextTable::Align::Left, 10}});
  for (std::size_t i = 0; i < report.subgraphs.size(); ++i) {
    const SubgraphRow& subgraph = report.subgraphs[i];
    if (report.subgraphs.size() > 1) {
      table.addHeading(fmt::format("subgraph {} {}: {} operators, {} tensors", i, subgraph.name,
                                   subgraph.operators, subgraph.tensors));
    }
    const auto addRows = [&](const char* kind, const std::vector<TensorRow>& rows) {
      for (const TensorRow& row : rows) {
        table.addRow({kind, fmt::format("{}", row.index), row.shape, row.type, grouped(row.bytes),
                      row.quantization, row.name});
      }
    };
    addRows("input", subgraph.inputs);
    addRows("output", subgraph.outputs);
  }
  return "\ninputs and outputs\n" + table.render(style);
}

TextTable kindTable(const ModelReport& report, Digits digits) {
  TextTable table({{"operator", TextTable::Align::Left, 10}, {"count"}, {"MACs"}, {"weights"}});
  std::int64_t count = 0;
  Bytes constants;
  for (const KindRow& row : report.kinds) {
    table.addRow({row.kind, fmt::format("{}", row.operators),
                  row.macsKnown ? numberText(row.macs.value, digits) : "unknown",
                  numberText(row.constants.value, digits)});
    count += static_cast<std::int64_t>(row.operators);
    constants += row.constants;
  }
  table.addRule();
  table.addRow({report.totals.unknownLayers > 0 ? "at least" : "total", fmt::format("{}", count),
                numberText(report.totals.macs.value, digits), numberText(constants.value, digits)},
               Tone::Strong);
  return table;
}

TextTable operatorTable(const ModelReport& report, Digits digits, bool withType) {
  using Align = TextTable::Align;
  std::vector<TextTable::Column> columns = {
      {"#"}, {"operator", Align::Left, 8}, {"options", Align::Left, 6}, {"shape", Align::Left, 8}};
  if (withType) columns.push_back({"type", Align::Left, 5});
  for (const char* title : {"MACs", "weights", "input", "output", "work set"})
    columns.push_back({title});
  TextTable table(std::move(columns));
  std::int32_t subgraph = -1;
  const auto addRow = [&](std::vector<std::string> cells, const std::string& type,
                          const std::string& macs, const WorkingSet& parts, Tone tone) {
    if (withType) cells.push_back(type);
    cells.push_back(macs);
    for (Bytes bytes : {parts.weights + parts.bias, parts.input, parts.output, parts.total()}) {
      cells.push_back(numberText(bytes.value, digits));
    }
    table.addRow(std::move(cells), tone);
  };
  for (const OperatorRow& row : report.operators) {
    if (row.subgraph != subgraph && report.subgraphs.size() > 1) {
      table.addHeading(fmt::format("subgraph {} {}", row.subgraph,
                                   report.subgraphs[static_cast<std::size_t>(row.subgraph)].name));
    }
    subgraph = row.subgraph;
    addRow({grouped(row.number), row.kind, row.options, row.shape}, row.type,
           row.macs ? numberText(row.macs->value, digits) : "unknown", row.parts,
           row.macs ? Tone::Plain : Tone::Warning);
  }
  table.addRule();
  addRow({"", report.totals.unknownLayers > 0 ? "at least" : "total", "", ""}, "",
         numberText(report.totals.macs.value, digits), report.totals.parts, Tone::Strong);
  return table;
}

std::string joined(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& word : words) out.append(out.empty() ? "" : ", ").append(word);
  return out;
}

}  // namespace

std::string renderText(const ModelReport& report, const TextStyle& style) {
  std::string out = shortened(printable(report.provenance.model().name), style.width) + '\n';
  out += modelLine(report.provenance, report.operators.size(), report.totals, style);
  if (!report.description.empty()) out += wrapped("about    ", report.description, style.width);
  for (const SignatureRow& row : report.signatures) {
    out += wrapped("call     ",
                   fmt::format("{}({}) -> {}", row.key, joined(row.inputs), joined(row.outputs)),
                   style.width);
  }
  for (const MetadataRow& row : report.metadata) {
    out += wrapped("metadata ", fmt::format("{}, {} B", row.name, grouped(row.bytes)), style.width);
  }
  out += renderInterface(report, style);
  Digits digits = Digits::Grouped;
  out += "\noperators by MACs\n";
  out += fittingTable(style, digits, [&](Digits d) { return kindTable(report, d); });
  const bool sameType = std::ranges::all_of(report.operators, [&](const OperatorRow& row) {
    return row.type == report.operators[0].type;
  });
  out += "\noperators (shape of the first output; bytes, weights with biases)\n";
  out += fittingTable(style, digits, [&](Digits d) { return operatorTable(report, d, !sameType); });
  if (digits == Digits::Rounded) out += wrapped("", "note" + digitsNote(digits), style.width);
  return out;
}

}  // namespace mcuprof
