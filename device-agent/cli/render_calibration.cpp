#include "device-agent/cli/render_calibration.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

namespace mcuprof::cli {
namespace {

using Align = TextTable::Align;
using Json = nlohmann::ordered_json;

/// A row that counts for less than this was taken for an outlier.
constexpr double kOutlier = 0.5;

std::string number(const FittedParameter& p, double value) {
  return p.parameter == CalibrationParameter::OperatorFee ? fmt::format("{:.0f}", value)
                                                          : fmt::format("{:.3f}", value);
}

std::string percent(double share) {
  return fmt::format("{:+.1f} %", 100 * share);
}

TextTable parameterTable(const CalibrationReport& report) {
  TextTable table(
      {{"parameter", Align::Left}, {"value"}, {"90 %"}, {"without"}, {"", Align::Left, 12}});
  for (const FittedParameter& p : report.fit.parameters) {
    table.addRow({std::string(nameOf(p.parameter)), p.fitted ? number(p, p.value) : "-",
                  p.fitted ? number(p, p.low) + " .. " + number(p, p.high) : "",
                  number(p, p.uncalibrated), p.fitted ? "" : "not fitted: " + p.why},
                 p.fitted ? Tone::Plain : Tone::Faint);
  }
  const bool fitted = report.power.has_value();
  table.addRow(
      {"power", fitted ? fmt::format("{:.3f}", report.power->value) : "-",
       fitted ? fmt::format("{:.3f} .. {:.3f}", report.power->low, report.power->high) : "",
       "1.000", fitted ? "" : "not fitted: " + report.powerWhy},
      fitted ? Tone::Plain : Tone::Faint);
  return table;
}

/// The errors of models that were left out, without and with what was learned.
std::string leftOutTable(const std::vector<LeftOutModel>& leftOut, double before, double after,
                         const TextStyle& style) {
  TextTable models({{"model", Align::Left, 12}, {"without"}, {"with"}});
  for (const LeftOutModel& model : leftOut) {
    models.addRow({printable(model.model), percent(model.before), percent(model.after)});
  }
  models.addRule();
  models.addRow({"mean, absolute", fmt::format("{:.1f} %", 100 * before),
                 fmt::format("{:.1f} %", 100 * after)},
                Tone::Strong);
  return models.render(style) + '\n';
}

/// What energies say of the power, or why they say nothing.
std::string powerText(const CalibrationReport& report, const TextStyle& style) {
  if (!report.power) {
    return wrapped("power     ", "not fitted: " + printable(report.powerWhy), style.width);
  }
  const PowerFit& fit = *report.power;
  std::string text = "error of each model's power, predicted from the others\n" +
                     leftOutTable(fit.leftOut, fit.errorBefore, fit.errorAfter, style);
  text += wrapped("power     ",
                  fmt::format("90 %: +-{:.0f} % (without: {:.0f} %); of {} energies",
                              100 * fit.band, 100 * report.powerBand, fit.weights.size()),
                  style.width);
  for (std::size_t i = 0; i < fit.weights.size(); ++i) {
    if (fit.weights[i] >= kOutlier) continue;
    text +=
        wrapped("outlier   ",
                fmt::format("power of {}; counts {:.2f}", report.powerLabels[i], fit.weights[i]),
                style.width);
  }
  if (!fit.kept) text += "power not kept: " + fit.reason + '\n';
  return text;
}

std::string cell(const std::string& text) {
  if (text.find_first_of(",\"\n\r") == std::string::npos) return text;
  std::string out = "\"";
  for (const char c : text) out += c == '"' ? std::string("\"\"") : std::string(1, c);
  return out + '"';
}

}  // namespace

std::string leftText(const std::map<std::string, std::int64_t>& left, const TextStyle& style) {
  std::string text;
  for (const auto& [reason, count] : left) {
    text += wrapped("left      ",
                    fmt::format("{} run{} {}", count, count == 1 ? "" : "s", printable(reason)),
                    style.width);
  }
  return text;
}

std::string renderText(const CalibrationReport& report, const TextStyle& style) {
  const CalibrationFit& fit = report.fit;
  const db::StoredCalibration& stored = report.stored;
  std::string text = fmt::format("{} with {}: {} {} run{} of {} models\n\n", stored.board.name,
                                 stored.runtime.name, stored.runs, nameOf(stored.provenance),
                                 stored.runs == 1 ? "" : "s", stored.models);
  text += parameterTable(report).render(style);
  text += "\nerror of each model, predicted from the others\n";
  text += leftOutTable(fit.leftOut, fit.errorBefore, fit.errorAfter, style);
  text +=
      wrapped("interval  ",
              fmt::format("90 %: what all layers share +-{:.0f} % (without: {:.0f} %), what each "
                          "layer has for itself +-{:.0f} % ({:.0f} %)",
                          100 * stored.boardBand, 100 * report.prior.boardBand,
                          100 * stored.layerBand, 100 * report.prior.layerBand),
              style.width);
  for (std::size_t i = 0; i < fit.weights.size(); ++i) {
    if (fit.weights[i] >= kOutlier) continue;
    text += wrapped(
        "outlier   ",
        fmt::format("{} of {}: measured {}, calibrated {}; counts {:.2f}", report.labels[i],
                    printable(stored.inputs[i].model),
                    grouped(static_cast<std::int64_t>(stored.inputs[i].measured)),
                    grouped(static_cast<std::int64_t>(stored.inputs[i].after)), fit.weights[i]),
        style.width);
  }
  text += powerText(report, style);
  text += leftText(report.left, style);
  if (!fit.kept) text += (report.kept() ? "cycles not kept: " : "not kept: ") + fit.reason + '\n';
  if (!report.kept()) return text;
  if (stored.id == 0) {
    text += report.dryRun ? "not stored: --dry-run\n" : "not stored\n";
  } else {
    text += fmt::format("stored as calibration {}\n", stored.id);
  }
  return text;
}

namespace {

Json leftOutJson(const std::vector<LeftOutModel>& leftOut) {
  Json models = Json::array();
  for (const LeftOutModel& model : leftOut) {
    models.push_back(
        {{"model", model.model}, {"error_without", model.before}, {"error_with", model.after}});
  }
  return models;
}

Json inputsJson(const std::vector<db::CalibrationInput>& inputs, const char* measured) {
  Json out = Json::array();
  for (const db::CalibrationInput& input : inputs) {
    out.push_back({{"run", input.runUuid},
                   {"model", input.model},
                   {"model_sha256", input.modelSha256},
                   {"layer", input.layer ? Json(*input.layer) : Json(nullptr)},
                   {measured, input.measured},
                   {"predicted_without", input.before},
                   {"predicted_with", input.after},
                   {"weight", input.weight}});
  }
  return out;
}

Json powerJson(const CalibrationReport& report) {
  if (!report.power) return {{"fitted", false}, {"why_not", report.powerWhy}};
  const PowerFit& fit = *report.power;
  return {{"fitted", true},
          {"value", fit.value},
          {"low", fit.low},
          {"high", fit.high},
          {"kept", fit.kept},
          {"why_not_kept", fit.reason},
          {"models", leftOutJson(fit.leftOut)},
          {"mean_error_without", fit.errorBefore},
          {"mean_error_with", fit.errorAfter},
          {"band_without", report.powerBand},
          {"band", fit.band},
          {"inputs", report.stored.power ? inputsJson(report.stored.power->inputs, "measured_watts")
                                         : Json::array()}};
}

}  // namespace

std::string renderJson(const CalibrationReport& report) {
  const CalibrationFit& fit = report.fit;
  const db::StoredCalibration& stored = report.stored;
  Json parameters = Json::array();
  for (const FittedParameter& p : fit.parameters) {
    parameters.push_back({{"name", nameOf(p.parameter)},
                          {"fitted", p.fitted},
                          {"uncalibrated", p.uncalibrated},
                          {"value", p.value},
                          {"low", p.low},
                          {"high", p.high},
                          {"why_not", p.why}});
  }
  Json left = Json::array();
  for (const auto& [reason, count] : report.left)
    left.push_back({{"runs", count}, {"reason", reason}});
  const Json all = {{"schema", "mcuprof/calibration"},
                    {"schema_version", 1},
                    {"id", stored.id == 0 ? Json(nullptr) : Json(stored.id)},
                    {"uuid", stored.uuid},
                    {"created", stored.created},
                    {"board", stored.board.name},
                    {"runtime", stored.runtime.name},
                    {"provenance", nameOf(stored.provenance)},
                    {"runs", stored.runs},
                    {"kept", fit.kept},
                    {"why_not_kept", fit.reason},
                    {"parameters", std::move(parameters)},
                    {"models", leftOutJson(fit.leftOut)},
                    {"mean_error_without", fit.errorBefore},
                    {"mean_error_with", fit.errorAfter},
                    {"board_band", stored.boardBand},
                    {"layer_band", stored.layerBand},
                    {"inputs", inputsJson(stored.inputs, "measured_cycles")},
                    {"power", powerJson(report)},
                    {"left", std::move(left)}};
  return all.dump(2, ' ', false, Json::error_handler_t::replace) + '\n';
}

std::string renderCsv(const CalibrationReport& report) {
  std::string text =
      "quantity,run,model,model_sha256,layer,measured,predicted_without,predicted_with,weight\n";
  const auto add = [&](const char* quantity, const std::vector<db::CalibrationInput>& inputs) {
    for (const db::CalibrationInput& input : inputs) {
      text += fmt::format("{},{},{},{},{},{:.9g},{:.9g},{:.9g},{:.3f}\n", quantity, input.runUuid,
                          cell(input.model), input.modelSha256,
                          input.layer ? fmt::format("{}", *input.layer) : "", input.measured,
                          input.before, input.after, input.weight);
    }
  };
  add("cycles", report.stored.inputs);
  if (report.stored.power) add("watts", report.stored.power->inputs);
  return text;
}

}  // namespace mcuprof::cli
