#include "analyzer/cli/file_patterns.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "analyzer/budget/budget.hpp"

namespace mcuprof::cli {
namespace {

namespace fs = std::filesystem;
constexpr std::size_t kMostFiles = 10'000;

bool isPattern(std::string_view text) {
  return text.find_first_of("*?[") != std::string_view::npos;
}

}  // namespace

Result<std::vector<std::string>> filesFor(const std::string& folder, const std::string& pattern) {
  const fs::path whole = fs::path(folder) / pattern;
  if (!isPattern(pattern)) return std::vector<std::string>{whole.string()};
  std::vector<fs::path> now = {fs::path()};
  for (const fs::path& part : whole) {
    std::vector<fs::path> next;
    for (const fs::path& base : now) {
      if (!isPattern(part.string())) {
        next.push_back(base / part);
        continue;
      }
      std::error_code failed;
      for (const auto& entry :
           fs::directory_iterator(base.empty() ? fs::path(".") : base, failed)) {
        const std::string name = entry.path().filename().string();
        if (name.starts_with('.') && !part.string().starts_with('.')) continue;
        if (!matchesPattern(part.string(), name)) continue;
        next.push_back(base / name);
        if (next.size() > kMostFiles)
          return Error{pattern, fmt::format("stands for more than {} files", kMostFiles)};
      }
    }
    now = std::move(next);
  }
  std::vector<std::string> out;
  for (const fs::path& file : now) {
    std::error_code failed;
    if (fs::exists(file, failed)) out.push_back(file.string());
  }
  std::ranges::sort(out);
  return out;
}

}  // namespace mcuprof::cli
