#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace mcuprof::cli {

enum class CheckFormat : std::uint8_t { Text, Json, Junit, Sarif, Github, Gitlab, Markdown };

/// Where one form of a check's result goes; an empty file or "-" is standard output.
struct CheckOutput {
  CheckFormat format = CheckFormat::Text;
  std::string file;
};

struct CheckOptions {
  std::vector<std::string> models;    ///< in place of the budget's
  std::vector<std::string> boards;    ///< in place of the budget's
  std::vector<std::string> runtimes;  ///< in place of the budget's
  std::string budget = "mcuprof.toml";
  std::vector<std::string> baselines;  ///< besides the budget's
  std::string failOn;                  ///< in place of the budget's; empty: the budget's
  std::string date;                    ///< empty: today
  std::string folder;                  ///< of target files
  std::string database;                ///< of runs; empty: the usual one
  std::vector<CheckOutput> outputs;    ///< at most one to standard output
  bool calibrate = true;
  bool init = false;
};

}  // namespace mcuprof::cli
