#pragma once

#include <cstdint>
#include <string>

namespace mcuprof::cli {

/// One side of a difference: a model file on a board, a JSON report, or a stored run ("run:12").
struct DiffInput {
  std::string file;
  std::string board;
  std::string runtime;
};

enum class DiffFormat : std::uint8_t { Text, Json, Csv, Markdown };

struct DiffOptions {
  DiffInput fresh;
  DiffInput base;
  std::string folder;    ///< of target files
  std::string database;  ///< of runs; empty: the usual one
  bool calibrate = true;
  DiffFormat format = DiffFormat::Text;
  std::string file;
};

}  // namespace mcuprof::cli
