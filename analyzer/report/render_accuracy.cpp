#include "analyzer/report/render_accuracy.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

namespace mcuprof {

namespace {

using Json = nlohmann::ordered_json;

std::string percent(double share) {
  return fmt::format("{:.1f} %", 100 * share);
}
std::string signedPercent(double share) {
  return fmt::format("{:+.1f} %", 100 * share);
}

std::string titleOf(const AccuracySection& section) {
  return fmt::format("{}, {}", section.layers ? "layers" : "whole models",
                     nameOf(section.runtimeClass));
}

std::string scoresText(const AccuracySection& section, const TextStyle& style) {
  TextTable table({{"", TextTable::Align::Left},
                   {"rows"},
                   {"mean"},
                   {"median"},
                   {"worst"},
                   {"bias"},
                   {"inside 90 %"}});
  for (const Score& score : section.scores) {
    if (score.rows.empty()) {
      table.addRow({std::string(nameOf(score.mode)), "0"}, Tone::Faint);
      continue;
    }
    table.addRow({std::string(nameOf(score.mode)), std::to_string(score.rows.size()),
                  percent(score.meanAbsolute), percent(score.medianAbsolute),
                  percent(score.worstAbsolute), signedPercent(score.bias),
                  percent(score.coverage)});
  }
  return table.render(style);
}

/// Thousands of cycles, for a column.
std::string kilocycles(double cycles) {
  return grouped(static_cast<std::int64_t>(cycles / 1e3 + 0.5));
}

std::string rowsText(const AccuracySection& section, const TextStyle& style) {
  TextTable table({{"board", TextTable::Align::Left, 8},
                   {"runtime", TextTable::Align::Left, 8},
                   {"model", TextTable::Align::Left, 10},
                   {"measured"},
                   {"predicted"},
                   {"error"},
                   {"interval"},
                   {"", TextTable::Align::Left}});
  const Score& score = section.scores.front();
  for (const RowScore& row : score.rows) {
    const JudgedMeasurement& judgement = section.judgements[row.row];
    const Measurement& m = judgement.measurement;
    std::string model = printable(m.modelFile.empty() ? m.model : m.modelFile);
    if (m.layer) model += fmt::format(" #{} {}", *m.layer, printable(m.op));
    std::string remark = row.inside ? "" : "outside";
    if (!m.clockMhz && !m.cycles) remark += remark.empty() ? "clock assumed" : ", clock assumed";
    table.addRow(
        {printable(m.board), printable(m.runtime), model, kilocycles(judgement.measuredCycles),
         kilocycles(row.predicted), signedPercent(row.error),
         fmt::format("{}..{}", kilocycles(row.low), kilocycles(row.high)), remark},
        row.inside ? Tone::Plain : Tone::Warning);
  }
  return table.render(style);
}

Json jsonOf(const Score& score) {
  return {{"mode", nameOf(score.mode)},
          {"rows", score.rows.size()},
          {"left", score.left},
          {"mean_absolute_error", score.meanAbsolute},
          {"median_absolute_error", score.medianAbsolute},
          {"worst_absolute_error", score.worstAbsolute},
          {"bias", score.bias},
          {"coverage", score.coverage}};
}

std::string csvField(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string quoted = "\"";
  for (char c : text) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + "\"";
}

}  // namespace

std::string renderAccuracyText(const AccuracyReport& report, const TextStyle& style) {
  std::string text;
  for (const AccuracySection& section : report.sections) {
    text += painted(style, Tone::Strong, titleOf(section)) + "\n";
    if (section.runtimeClass == RuntimeClass::Closed) {
      text += wrapped("",
                      "Closed kernels beside a prediction for CMSIS-NN: how much faster or slower "
                      "they are, no test of the model.",
                      style.width);
    }
    text += scoresText(section, style) + "\n";
  }
  for (const AccuracySection& section : report.sections) {
    text +=
        painted(style, Tone::Strong, titleOf(section) + ", no calibration, thousands of cycles") +
        "\n";
    text += rowsText(section, style) + "\n";
  }
  std::map<std::string, std::size_t> reasons;
  for (const JudgedMeasurement& judgement : report.left) ++reasons[judgement.reason];
  if (!reasons.empty()) {
    text += fmt::format("{} not predicted:\n", report.left.size());
    for (const auto& [reason, count] : reasons)
      text += wrapped(fmt::format("  {:3} ", count), printable(reason), style.width);
  }
  return text;
}

std::string renderAccuracyCsv(const AccuracyReport& report) {
  std::string text =
      "class,level,mode,board,runtime,model,layer,measured_cycles,predicted_cycles,low,high,error,"
      "inside\n";
  for (const AccuracySection& section : report.sections) {
    for (const Score& score : section.scores) {
      for (const RowScore& row : score.rows) {
        const JudgedMeasurement& judgement = section.judgements[row.row];
        const Measurement& m = judgement.measurement;
        text += fmt::format("{},{},{},{},{},{},{},{:.0f},{:.0f},{:.0f},{:.0f},{:.4f},{}\n",
                            csvField(std::string(nameOf(section.runtimeClass))),
                            section.layers ? "layer" : "model",
                            csvField(std::string(nameOf(score.mode))), csvField(m.board),
                            csvField(m.runtime), csvField(m.modelFile),
                            m.layer ? std::to_string(*m.layer) : "", judgement.measuredCycles,
                            row.predicted, row.low, row.high, row.error, row.inside ? "yes" : "no");
      }
    }
  }
  return text;
}

std::string renderAccuracyJson(const AccuracyReport& report) {
  Json sections = Json::array();
  for (const AccuracySection& section : report.sections) {
    Json scores = Json::array();
    for (const Score& score : section.scores) scores.push_back(jsonOf(score));
    Json rows = Json::array();
    for (const RowScore& row : section.scores.front().rows) {
      const JudgedMeasurement& judgement = section.judgements[row.row];
      const Measurement& m = judgement.measurement;
      Json entry = {{"source", m.source},
                    {"board", m.board},
                    {"runtime", m.runtime},
                    {"model", m.modelFile},
                    {"measured_cycles", judgement.measuredCycles},
                    {"predicted_cycles", row.predicted},
                    {"interval", {row.low, row.high}},
                    {"error", row.error},
                    {"inside", row.inside}};
      if (m.layer) entry["layer"] = *m.layer;
      rows.push_back(std::move(entry));
    }
    sections.push_back({{"runtimes", nameOf(section.runtimeClass)},
                        {"level", section.layers ? "layer" : "model"},
                        {"scores", std::move(scores)},
                        {"rows", std::move(rows)}});
  }
  Json left = Json::array();
  for (const JudgedMeasurement& judgement : report.left) {
    left.push_back({{"board", judgement.measurement.board},
                    {"runtime", judgement.measurement.runtime},
                    {"model", judgement.measurement.model},
                    {"reason", judgement.reason}});
  }
  const Json all = {{"schema", "mcuprof/accuracy"},
                    {"schema_version", 1},
                    {"sections", std::move(sections)},
                    {"not_predicted", std::move(left)}};
  return all.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace mcuprof
