#include "gui/report/html_report.hpp"

#include <fmt/format.h>

#include "analyzer/cli/console.hpp"
#include "analyzer/report/render_diff.hpp"
#include "analyzer/report/render_text.hpp"
#include "gui/models/layers_model.hpp"
#include "gui/session/qt_text.hpp"
#include "gui/views/inspector_html.hpp"
#include "gui/views/view_export.hpp"

namespace mcuprof::gui {
namespace {

constexpr std::string_view kStyle = R"(
:root { color-scheme: light dark; }
body { font: 14px/1.45 system-ui, sans-serif; margin: 2em auto; max-width: 1200px; padding: 0 1em; }
h1 { font-size: 1.4em; } h2 { font-size: 1.15em; margin-top: 2em; }
.verdict { border-left: 6px solid #9a6a00; padding: .3em .8em; background: #8881; }
.blocks { border-color: #b3420a; } .fits { border-color: #007a59; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: .15em .6em; border-bottom: 1px solid #8883; white-space: nowrap; text-align: left; }
td.n, th.n { text-align: right; }
figure { margin: 1em 0; } svg { max-width: 100%; height: auto; border: 1px solid #8883; }
pre { overflow-x: auto; font-size: 12px; } code { font-size: 12px; word-break: break-all; }
)";

std::string escaped(std::string_view text) {
  return toQt(text).toHtmlEscaped().toStdString();
}

/// The drawing alone, without the XML declaration that HTML has no place for.
std::string inlineSvg(View& view) {
  const std::string svg = svgOf(view).toStdString();
  const std::size_t begin = svg.find("<svg");
  return begin == std::string::npos ? std::string() : svg.substr(begin);
}

std::string layerTable(const SnapshotPtr& snapshot) {
  LayersModel model;
  model.setSnapshot(snapshot);
  std::string out = "<div class=wide><table><tr>";
  const auto css = [&](int column) {
    const int align = model.headerData(column, Qt::Horizontal, Qt::TextAlignmentRole).toInt();
    return (align & int(Qt::AlignRight)) != 0 ? " class=n" : "";
  };
  for (int c = 0; c < model.columnCount(); ++c) {
    out += fmt::format("<th{}>{}</th>", css(c),
                       escaped(model.headerData(c, Qt::Horizontal).toString().toStdString()));
  }
  out += "</tr>\n";
  for (int r = 0; r < model.rowCount(); ++r) {
    out += "<tr>";
    for (int c = 0; c < model.columnCount(); ++c) {
      out += fmt::format("<td{}>{}</td>", css(c),
                         escaped(model.index(r, c).data().toString().toStdString()));
    }
    out += "</tr>\n";
  }
  return out + "</table></div>\n";
}

std::string inputTable(const Report& report) {
  std::string out =
      "<div class=wide><table><tr><th>role<th>file<th class=n>bytes<th>SHA-256</tr>\n";
  for (const InputFile& file : report.provenance.inputs) {
    out +=
        fmt::format("<tr><td>{}</td><td>{}</td><td class=n>{}</td><td><code>{}</code></td></tr>\n",
                    escaped(file.role), escaped(file.name), grouped(file.size), file.sha256);
  }
  return out + "</table></div>\n";
}

}  // namespace

std::string htmlReport(const Session& session, std::span<View* const> views) {
  const SnapshotPtr& snapshot = session.snapshot();
  const Report& report = snapshot->report;
  const std::string model = escaped(report.provenance.model().name);
  const std::string board = escaped(report.boardTitle);
  std::string out = fmt::format(
      "<!DOCTYPE html>\n<html lang=en><head><meta charset=utf-8>"
      "<meta name=viewport content=\"width=device-width\"><title>{} on {}</title>"
      "<link rel=icon href=\"data:,\"><style>{}</style></head>\n<body>\n<h1>{} on {}</h1>\n",
      model, board, kStyle, model, board);
  const std::string verdict(nameOf(report.verdict.verdict));
  out += fmt::format("<p class=\"verdict {}\"><b>{}</b> {}</p>\n", verdict,
                     QString::fromStdString(verdict).toUpper().toStdString(),
                     escaped(report.verdict.reason));
  out += modelHtml(*snapshot, ModelPart::Report).toStdString();
  for (View* view : views) {
    if (view->chart() == nullptr || view->chart()->itemCount() == 0) continue;
    out += fmt::format("<h2>{}</h2>\n<figure>{}</figure>\n",
                       escaped(view->windowTitle().toStdString()), inlineSvg(*view));
  }
  out += "<h2>Layers</h2>\n" + layerTable(snapshot);
  if (snapshot->difference) {
    out += fmt::format("<h2>Difference from {}</h2>\n<pre>{}</pre>\n",
                       escaped(snapshot->baseline->name),
                       escaped(renderDiffText(*snapshot->difference, TextStyle{110, false})));
  }
  out += fmt::format(
      "<h2>The same in a terminal</h2>\n<p><code>{}</code></p>\n<details><summary>"
      "The whole report as text</summary><pre>{}</pre></details>\n",
      escaped(commandFor(snapshot->setup)), escaped(renderText(report, TextStyle{110, false})));
  out += "<h2>Made from</h2>\n" + inputTable(report);
  out += fmt::format("<p>mcuprof {}</p>\n</body></html>\n", escaped(report.provenance.toolVersion));
  return out;
}

Result<void> saveHtmlReport(const Session& session, std::span<View* const> views,
                            const QString& path) {
  if (!session.snapshot()) return Error{path.toStdString(), "nothing is analyzed yet"};
  return cli::writeOutput(path.toStdString(), htmlReport(session, views));
}

}  // namespace mcuprof::gui
