#include "analyzer/accuracy/accuracy.hpp"

#include <array>

namespace mcuprof {

namespace {

constexpr std::array<RuntimeClass, 4> kClasses = {RuntimeClass::OpenCmsisNn,
                                                  RuntimeClass::OpenReference,
                                                  RuntimeClass::OpenOther, RuntimeClass::Closed};
constexpr std::array<ScoreMode, 3> kModes = {ScoreMode::Uncalibrated, ScoreMode::OneScalarPerBoard,
                                             ScoreMode::OtherBoardsScalar};

JudgedMeasurement judgeOne(const Measurement& measurement,
                           const std::function<Result<Prediction>(const Measurement&)>& predict) {
  JudgedMeasurement judgement;
  judgement.measurement = measurement;
  Result<Prediction> prediction = predict(measurement);
  if (!prediction) {
    judgement.reason = prediction.error().text();
    return judgement;
  }
  const double clockHz =
      measurement.clockMhz ? *measurement.clockMhz * 1e6 : static_cast<double>(prediction->clockHz);
  if (measurement.cycles) {
    judgement.measuredCycles = *measurement.cycles;
  } else if (measurement.latencyMs) {
    judgement.measuredCycles = *measurement.latencyMs * 1e-3 * clockHz;
  } else {
    judgement.reason = "neither latency nor cycles are given";
    return judgement;
  }
  judgement.predictedCycles = prediction->fixed + prediction->shippedFactor * prediction->scaled;
  judgement.prediction = *std::move(prediction);
  return judgement;
}

ScoredRow rowOf(const JudgedMeasurement& judgement) {
  const Prediction& p = *judgement.prediction;
  const Measurement& m = judgement.measurement;
  ScoredRow row;
  row.board = m.board;
  row.family = p.family;
  row.runtime = m.runtime;
  // Layers of one model are one model: a scalar may not see its other layers and be called left
  // out.
  row.model = m.modelFile;
  row.measured = judgement.measuredCycles;
  row.fixed = p.fixed;
  row.scaled = p.scaled;
  row.below = p.below;
  row.above = p.above;
  row.shippedFactor = p.shippedFactor;
  // A figure whose clock or setting is not stated may be judged but teaches nothing.
  row.fitsFactor =
      m.runtimeClass == RuntimeClass::OpenCmsisNn && m.caution.empty() && m.clockMhz.has_value();
  return row;
}

}  // namespace

AccuracyReport judge(const std::vector<Measurement>& measurements,
                     const std::function<Result<Prediction>(const Measurement&)>& predict) {
  AccuracyReport report;
  std::vector<JudgedMeasurement> judgements;
  for (const Measurement& measurement : measurements) {
    JudgedMeasurement judgement = judgeOne(measurement, predict);
    (judgement.prediction ? judgements : report.left).push_back(std::move(judgement));
  }
  for (RuntimeClass runtimeClass : kClasses) {
    for (bool layers : {false, true}) {
      AccuracySection section;
      section.runtimeClass = runtimeClass;
      section.layers = layers;
      std::vector<ScoredRow> rows;
      for (const JudgedMeasurement& judgement : judgements) {
        const Measurement& m = judgement.measurement;
        if (m.runtimeClass != runtimeClass || m.layer.has_value() != layers) continue;
        section.judgements.push_back(judgement);
        rows.push_back(rowOf(judgement));
      }
      if (rows.empty()) continue;
      for (ScoreMode mode : kModes) section.scores.push_back(scoreRows(rows, mode));
      report.sections.push_back(std::move(section));
    }
  }
  return report;
}

}  // namespace mcuprof
