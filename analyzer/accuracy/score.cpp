#include "analyzer/accuracy/score.hpp"

#include <algorithm>
#include <cmath>
#include <map>

namespace mcuprof {

namespace {

/// Half width of the interval of a prediction that has been scaled by other models of the same
/// board: what is left are differences between kernels, within a tenth or so; never wider than
/// without the scalar.
constexpr double kCalibratedBand = 0.15;

/// Geometric mean over groups of the geometric mean within each group.
class GroupedMean {
 public:
  void add(const std::string& group, double ratio) {
    auto& [sum, count] = m_groups[group];
    sum += std::log(ratio);
    ++count;
  }
  std::optional<double> value() const {
    if (m_groups.empty()) return std::nullopt;
    double sum = 0;
    for (const auto& [name, group] : m_groups) sum += group.first / group.second;
    return std::exp(sum / static_cast<double>(m_groups.size()));
  }

 private:
  std::map<std::string, std::pair<double, double>> m_groups;
};

double uncalibrated(std::span<const ScoredRow> rows, const ScoredRow& row) {
  const double factor = fitFactor(rows, row.family, row.board).value_or(row.shippedFactor);
  return row.fixed + factor * row.scaled;
}

void summarise(Score& score) {
  if (score.rows.empty()) return;
  const double count = static_cast<double>(score.rows.size());
  std::vector<double> absolute;
  for (const RowScore& row : score.rows) {
    absolute.push_back(std::abs(row.error));
    score.meanAbsolute += std::abs(row.error) / count;
    score.bias += row.error / count;
  }
  score.coverage =
      static_cast<double>(std::count_if(score.rows.begin(), score.rows.end(),
                                        [](const RowScore& row) { return row.inside; })) /
      count;
  std::sort(absolute.begin(), absolute.end());
  const std::size_t middle = absolute.size() / 2;
  score.medianAbsolute =
      absolute.size() % 2 == 1 ? absolute[middle] : (absolute[middle - 1] + absolute[middle]) / 2;
  score.worstAbsolute = absolute.back();
}

}  // namespace

std::string_view nameOf(ScoreMode mode) {
  switch (mode) {
    case ScoreMode::Uncalibrated:
      return "no calibration";
    case ScoreMode::OneScalarPerBoard:
      return "one scalar per board, model left out";
    case ScoreMode::OtherBoardsScalar:
      return "scalar of other boards, board left out";
  }
  return "";
}

std::optional<double> fitFactor(std::span<const ScoredRow> rows, const std::string& family,
                                const std::string& withoutBoard) {
  GroupedMean mean;
  for (const ScoredRow& row : rows) {
    const double rest = row.measured - row.fixed;
    if (!row.fitsFactor || row.family != family || row.board == withoutBoard || rest <= 0 ||
        row.scaled <= 0)
      continue;
    mean.add(row.board, rest / row.scaled);
  }
  return mean.value();
}

Score scoreRows(std::span<const ScoredRow> rows, ScoreMode mode) {
  Score score;
  score.mode = mode;
  std::vector<double> base;
  for (const ScoredRow& row : rows) base.push_back(uncalibrated(rows, row));

  for (std::size_t i = 0; i < rows.size(); ++i) {
    const ScoredRow& row = rows[i];
    // A scalar of other boards takes the place of the factor; one of the board's own comes on top.
    const bool others = mode == ScoreMode::OtherBoardsScalar;
    const auto baseOf = [&](std::size_t at) {
      return others ? rows[at].fixed + rows[at].scaled : base[at];
    };
    double predicted = baseOf(i);
    double below = row.below;
    double above = row.above;
    if (mode != ScoreMode::Uncalibrated) {
      GroupedMean scalar;
      for (std::size_t j = 0; j < rows.size(); ++j) {
        const ScoredRow& other = rows[j];
        const bool sameBoard = other.board == row.board;
        const bool use = mode == ScoreMode::OneScalarPerBoard
                             ? sameBoard && other.runtime == row.runtime && other.model != row.model
                             : !sameBoard && other.family == row.family && other.fitsFactor;
        if (use) scalar.add(other.board, other.measured / baseOf(j));
      }
      if (!scalar.value()) {
        ++score.left;
        continue;
      }
      predicted *= *scalar.value();
      if (mode == ScoreMode::OneScalarPerBoard) {
        below = std::min(below, kCalibratedBand);
        above = std::min(above, kCalibratedBand);
      }
    }
    RowScore result;
    result.row = i;
    result.predicted = predicted;
    result.low = predicted * (1 - below);
    result.high = predicted * (1 + above);
    result.error = predicted / row.measured - 1;
    result.inside = result.low <= row.measured && row.measured <= result.high;
    score.rows.push_back(result);
  }
  summarise(score);
  return score;
}

}  // namespace mcuprof
