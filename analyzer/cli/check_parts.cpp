#include "analyzer/cli/check_parts.hpp"

#include <fmt/format.h>

#include <chrono>
#include <filesystem>

#include "analyzer/base/mapped_file.hpp"
#include "analyzer/cli/exit_status.hpp"
#include "analyzer/report/figures_json.hpp"

namespace mcuprof::cli {
namespace {

std::optional<Failure> resolve(const Catalogue& catalogue, const Budget& budget,
                               std::vector<Pattern>& boards) {
  for (Pattern& board : boards) {
    if (isPattern(board.text)) continue;
    const auto path = catalogue.boardPath(board.text);
    if (!path) return Failure{kUsage, {at(budget, board), path.error().text()}};
    board.text = std::filesystem::path(*path).stem().string();
  }
  return std::nullopt;
}

}  // namespace

std::string today() {
  const auto day = std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now());
  const std::chrono::year_month_day date(day);
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
}

std::string at(const Budget& budget, const Pattern& pattern) {
  return fmt::format("{}:{}:{}", budget.file, pattern.place.line, pattern.place.column);
}

bool isPattern(std::string_view text) {
  return text.find_first_of("*?[") != std::string_view::npos;
}

std::optional<Failure> resolveBoards(const Catalogue& catalogue, Budget& budget) {
  if (auto bad = resolve(catalogue, budget, budget.boards)) return bad;
  for (BudgetRule& rule : budget.rules)
    if (auto bad = resolve(catalogue, budget, rule.selector.boards)) return bad;
  for (SharedRule& rule : budget.shared)
    if (auto bad = resolve(catalogue, budget, rule.selector.boards)) return bad;
  for (Allowance& entry : budget.allowances)
    if (auto bad = resolve(catalogue, budget, entry.selector.boards)) return bad;
  return std::nullopt;
}

Loaded<std::vector<ModelFigures>> readBaselines(const Budget& budget,
                                                std::vector<std::string> files) {
  std::vector<ModelFigures> out;
  const std::filesystem::path folder = std::filesystem::path(budget.file).parent_path();
  for (const Pattern& pattern : budget.baselines) files.push_back(folder / pattern.text);
  for (const std::string& name : files) {
    const auto file = MappedFile::open(name);
    if (!file) return Failure{kBadInput, file.error()};
    const auto bytes = (*file)->bytes();
    auto figures = readFigures({reinterpret_cast<const char*>(bytes.data()), bytes.size()}, name);
    if (!figures) return Failure{kBadInput, figures.error()};
    out.insert(out.end(), figures->begin(), figures->end());
  }
  return out;
}

}  // namespace mcuprof::cli
