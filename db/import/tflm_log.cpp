// The log of TensorFlow Lite Micro's generic benchmark, or of any program that prints
// MicroProfiler's lines "TAG took N ticks (M ms).".
#include <fmt/format.h>

#include <charconv>

#include "db/import/foreign_run.hpp"

namespace mcuprof::db {
namespace {

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.back() == '\r' || text.back() == ' ')) text.remove_suffix(1);
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  return text;
}

/// The number at the front of `text`; nothing when there is none.
std::optional<std::int64_t> numberAt(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (code != std::errc() || end == text.data() || value < 0) return std::nullopt;
  return value;
}

std::string_view after(std::string_view line, std::string_view word) {
  const std::size_t at = line.find(word);
  return at == std::string_view::npos ? std::string_view() : line.substr(at + word.size());
}

/// "person_detect.tflite" of "=== tensorflow/lite/micro/models/person_detect.tflite ===".
std::string modelIn(std::string_view line) {
  if (!line.starts_with("=== ") || !line.ends_with(" ===") || line.size() < 9) return {};
  const std::string_view path = line.substr(4, line.size() - 8);
  return std::string(path.substr(path.rfind('/') + 1));
}

}  // namespace

// The tables of ticks a tag are not read: in real logs the second one carries values of the first.
Result<std::vector<ForeignRun>> readTflmLog(std::string_view text, const std::string& name) {
  ForeignRun run;
  run.format = "TFLM benchmark log";
  run.place = name;
  run.runtime = "TFLM";
  std::size_t lineNumber = 0;
  double total = 0;
  bool inArena = false;
  while (!text.empty()) {
    ++lineNumber;
    const std::size_t end = text.find('\n');
    const std::string_view line = trimmed(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (const std::size_t took = line.find(" took "); took != std::string_view::npos && took > 0) {
      const std::string_view rest = line.substr(took + 6);
      if (rest.find(" ticks") == std::string_view::npos) continue;
      const auto ticks = numberAt(rest);
      if (!ticks) {
        return Error{fmt::format("{}:{}", name, lineNumber),
                     "wanted a whole number of ticks behind \"took\""};
      }
      ForeignLayer layer;
      layer.number = static_cast<std::int32_t>(run.layers.size()) + 1;
      layer.kind = line.substr(0, took);
      layer.cycles = static_cast<double>(*ticks);
      total += *layer.cycles;
      run.layers.push_back(std::move(layer));
    } else if (std::string model = modelIn(line); !model.empty()) {
      run.model = run.modelFile = std::move(model);
    } else if (line.starts_with("TARGET_ARCH=")) {
      run.core = line.substr(12);
    } else if (line.starts_with("TARGET=")) {
      run.board = line.substr(7);
    } else if (line.starts_with("OPTIMIZATION=") && line.find("cmsis_nn") != line.npos) {
      run.kernelLibrary = "cmsis-nn";
      run.runtime = "TFLM with CMSIS-NN";
    } else if (line.starts_with("Git SHA: ")) {
      run.toolVersion = line.substr(9, 12);
    } else if (line.starts_with("[[ Table ]]: ")) {
      inArena = line.ends_with(" Arena");
    } else if (inArena && line.starts_with("Total |")) {
      if (const auto bytes = numberAt(trimmed(after(line, "|"))))
        run.facts.emplace_back("arena B", fmt::format("{}", *bytes));
    }
  }
  if (run.layers.empty()) return Error{name, "has no line \"TAG took N ticks\""};
  run.cycles = total;
  return std::vector{std::move(run)};
}

}  // namespace mcuprof::db
