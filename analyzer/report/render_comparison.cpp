#include "analyzer/report/render_comparison.hpp"

#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>

namespace mcuprof {
namespace {

using Align = TextTable::Align;
using Json = nlohmann::ordered_json;

constexpr std::size_t kWorst = 5;

std::string percent(double share) {
  return fmt::format("{:+.1f} %", 100 * share);
}

std::string whole(double cycles) {
  return grouped(static_cast<std::int64_t>(std::llround(cycles)));
}

std::string cell(const std::string& text) {
  if (text.find_first_of(",\"\n\r") == std::string::npos) return text;
  std::string out = "\"";
  for (const char c : text) out += c == '"' ? std::string("\"\"") : std::string(1, c);
  return out + '"';
}

/// A cell of a Markdown table.
std::string markdownCell(const std::string& text) {
  std::string out;
  for (const char c : printable(text)) {
    if (c == '|') out += '\\';
    out += c;
  }
  return out;
}

Json jsonOf(const ErrorSummary& summary) {
  return {{"rows", summary.count},
          {"mean_absolute_error", summary.meanAbsolute},
          {"median_absolute_error", summary.medianAbsolute},
          {"worst_absolute_error", summary.worstAbsolute},
          {"bias", summary.bias},
          {"coverage", summary.coverage}};
}

Json jsonOf(const ComparedTime& time) {
  return {{"predicted_cycles", time.predicted.value},
          {"low", time.predicted.low},
          {"high", time.predicted.high},
          {"measured_cycles", time.measured},
          {"error", time.error()},
          {"inside", time.inside()}};
}

TextTable layerTable(const Comparison& comparison) {
  TextTable table({{"#"},
                   {"operator", Align::Left, 8},
                   {"predicted"},
                   {"90 %"},
                   {comparison.provenance},
                   {"error"},
                   {"likely cause", Align::Left, 12}});
  for (const ComparedLayer& layer : comparison.layers) {
    const ComparedTime& time = layer.time;
    const double value = std::max(time.predicted.value, 1.0);
    table.addRow(
        {fmt::format("{}", layer.number), printable(layer.kind), whole(time.predicted.value),
         fmt::format("-{:.0f}/+{:.0f} %", 100 * (1 - time.predicted.low / value),
                     100 * (time.predicted.high / value - 1)),
         whole(time.measured), percent(time.error()), printable(layer.cause)},
        time.inside() ? Tone::Plain : Tone::Warning);
  }
  return table;
}

}  // namespace

std::string renderComparisonText(const Comparison& comparison, const TextStyle& style) {
  std::string text =
      fmt::format("{} on {}, {}: {}\n", printable(comparison.model), printable(comparison.board),
                  comparison.run, comparison.provenance);
  const auto line = [&](const char* lead, const std::string& rest) {
    text += wrapped(fmt::format("{:<10}", lead), rest, style.width);
  };
  line("predicted",
       fmt::format("by {}; runtime {}, kernels {}", comparison.predictedBy,
                   printable(comparison.runtime),
                   comparison.kernels.empty() ? "unknown" : printable(comparison.kernels)));
  if (comparison.inference) {
    const ComparedTime& time = *comparison.inference;
    line("inference",
         fmt::format("predicted {} ({} .. {}), {} {} cycles: {}, {} the interval",
                     whole(time.predicted.value), whole(time.predicted.low),
                     whole(time.predicted.high), comparison.provenance, whole(time.measured),
                     percent(time.error()), time.inside() ? "inside" : "outside"));
  }
  if (!comparison.layers.empty()) {
    const ErrorSummary summary = comparison.summary();
    line("layers",
         fmt::format("{}: mean error {:.1f} %, median {:.1f} %, worst {:.1f} %, bias {}, in "
                     "sum {}; {:.0f} % of them inside the 90 % interval",
                     summary.count, 100 * summary.meanAbsolute, 100 * summary.medianAbsolute,
                     100 * summary.worstAbsolute, percent(summary.bias),
                     percent(comparison.sumError()), 100 * summary.coverage));
    std::string worst;
    const auto order = comparison.worstFirst();
    for (std::size_t i = 0; i < std::min(kWorst, order.size()); ++i) {
      const ComparedLayer& layer = comparison.layers[order[i]];
      worst += fmt::format("{}{} {} ({} cycles)", i == 0 ? "" : ", ", layer.number, layer.kind,
                           whole(layer.time.predicted.value - layer.time.measured));
    }
    line("off most", worst);
    text += '\n' + layerTable(comparison).render(style);
  }
  if (!comparison.left.empty()) {
    text += fmt::format("{} layers not compared, first {}: {}\n", comparison.left.size(),
                        comparison.left.front().first, printable(comparison.left.front().second));
  }
  return text;
}

std::string renderComparisonJson(const Comparison& comparison) {
  Json layers = Json::array();
  for (const ComparedLayer& layer : comparison.layers) {
    Json row = {{"number", layer.number}, {"operator", layer.kind}, {"name", layer.name}};
    row.update(jsonOf(layer.time));
    row["cause"] = layer.cause;
    layers.push_back(std::move(row));
  }
  Json left = Json::array();
  for (const auto& [number, reason] : comparison.left)
    left.push_back({{"number", number}, {"reason", reason}});
  Json summary = jsonOf(comparison.summary());
  summary["sum_error"] = comparison.sumError();
  Json worst = Json::array();
  for (const std::size_t at : comparison.worstFirst()) {
    if (worst.size() == kWorst) break;
    worst.push_back(comparison.layers[at].number);
  }
  const Json all = {
      {"schema", "mcuprof/comparison"},
      {"schema_version", 1},
      {"run", comparison.run},
      {"provenance", comparison.provenance},
      {"model", comparison.model},
      {"board", comparison.board},
      {"runtime", comparison.runtime},
      {"kernels", comparison.kernels},
      {"predicted_by", comparison.predictedBy},
      {"inference", comparison.inference ? jsonOf(*comparison.inference) : Json(nullptr)},
      {"summary", std::move(summary)},
      {"worst_layers", std::move(worst)},
      {"layers", std::move(layers)},
      {"not_compared", std::move(left)}};
  return all.dump(2, ' ', false, Json::error_handler_t::replace) + '\n';
}

std::string renderComparisonCsv(const Comparison& comparison) {
  std::string text =
      "number,operator,name,provenance,predicted,predicted_low,predicted_high,measured,error,"
      "inside,"
      "cause\n";
  for (const ComparedLayer& layer : comparison.layers) {
    const ComparedTime& time = layer.time;
    text +=
        fmt::format("{},{},{},{},{:.0f},{:.0f},{:.0f},{:.0f},{:.4f},{},{}\n", layer.number,
                    cell(layer.kind), cell(layer.name), comparison.provenance, time.predicted.value,
                    time.predicted.low, time.predicted.high, time.measured, time.error(),
                    time.inside() ? "yes" : "no", cell(layer.cause));
  }
  return text;
}

std::string renderCardMarkdown(const AccuracyCard& card) {
  std::string text;
  std::string last;
  for (const CardLine& line : card.lines) {
    if (line.key.provenance != last) {
      text += fmt::format(
          "{}### {}\n\n"
          "| board | runtime | kernels | compiler | of | models | rows | mean | median | worst | "
          "bias | inside 90 % |\n|---|---|---|---|---|---|---|---|---|---|---|---|\n",
          last.empty() ? "" : "\n", line.key.provenance);
      last = line.key.provenance;
    }
    const ErrorSummary& e = line.errors;
    text += fmt::format(
        "| {} | {} | {} | {} | {} | {} | {} | {:.1f} % | {:.1f} % | {:.1f} % | {} | {:.0f} % |\n",
        markdownCell(line.key.board), markdownCell(line.key.runtime),
        markdownCell(line.key.kernels),
        line.key.compiler.empty() ? "unknown" : markdownCell(line.key.compiler),
        line.key.layers ? "layers" : "models", line.models, e.count, 100 * e.meanAbsolute,
        100 * e.medianAbsolute, 100 * e.worstAbsolute, percent(e.bias), 100 * e.coverage);
  }
  if (card.lines.empty()) text += "No run could be predicted.\n";
  if (!card.left.empty()) {
    text += "\nNot predicted:\n\n";
    for (const auto& [reason, count] : card.left)
      text += fmt::format("- {} run{} {}\n", count, count == 1 ? "" : "s", printable(reason));
  }
  return text;
}

std::string renderCardJson(const AccuracyCard& card) {
  Json lines = Json::array();
  for (const CardLine& line : card.lines) {
    Json row = {{"provenance", line.key.provenance},
                {"board", line.key.board},
                {"runtime", line.key.runtime},
                {"kernels", line.key.kernels},
                {"compiler", line.key.compiler},
                {"level", line.key.layers ? "layer" : "model"},
                {"models", line.models}};
    row.update(jsonOf(line.errors));
    lines.push_back(std::move(row));
  }
  Json left = Json::array();
  for (const auto& [reason, count] : card.left)
    left.push_back({{"runs", count}, {"reason", reason}});
  const Json all = {{"schema", "mcuprof/accuracy-card"},
                    {"schema_version", 1},
                    {"calibration", "none"},
                    {"lines", std::move(lines)},
                    {"not_predicted", std::move(left)}};
  return all.dump(2, ' ', false, Json::error_handler_t::replace) + '\n';
}

std::string renderCardCsv(const AccuracyCard& card) {
  std::string text =
      "provenance,board,runtime,kernels,compiler,level,models,rows,mean_absolute_error,"
      "median_absolute_error,"
      "worst_absolute_error,bias,coverage\n";
  for (const CardLine& line : card.lines) {
    const ErrorSummary& e = line.errors;
    text += fmt::format("{},{},{},{},{},{},{},{},{:.4f},{:.4f},{:.4f},{:.4f},{:.4f}\n",
                        line.key.provenance, cell(line.key.board), cell(line.key.runtime),
                        cell(line.key.kernels), cell(line.key.compiler),
                        line.key.layers ? "layer" : "model", line.models, e.count, e.meanAbsolute,
                        e.medianAbsolute, e.worstAbsolute, e.bias, e.coverage);
  }
  return text;
}

}  // namespace mcuprof
