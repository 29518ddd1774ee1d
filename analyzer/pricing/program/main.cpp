#include <algorithm>
#include <cstdio>
#include <optional>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "analyzer/pricing/hot_loops.hpp"
#include "analyzer/pricing/program/render.hpp"

namespace {

constexpr int kUsage = 2;
constexpr int kUnreadable = 3;

/// A firmware image is never near this; a file beyond it is refused before it fills the memory.
constexpr long kLargestFile = 256L * 1024 * 1024;

int fail(int status, const mcuprof::Error& error) {
  std::string line = error.text();
  std::replace_if(line.begin(), line.end(), [](char c) { return static_cast<unsigned char>(c) < ' ' || c == 127; }, '?');
  fmt::print(stderr, "mcuprof: error: {}\n", line);
  return status;
}

mcuprof::Result<std::vector<std::byte>> loadFile(const std::string& path) {
  std::FILE* file = std::fopen(path.c_str(), "rb");
  if (!file) return mcuprof::Error{path, "cannot be opened"};
  std::vector<std::byte> bytes;
  std::vector<std::byte> piece(1 << 16);
  std::size_t count = 0;
  while ((count = std::fread(piece.data(), 1, piece.size(), file)) > 0) {
    bytes.insert(bytes.end(), piece.begin(), piece.begin() + static_cast<std::ptrdiff_t>(count));
    if (bytes.size() > static_cast<std::size_t>(kLargestFile)) break;
  }
  const bool failed = std::ferror(file) != 0;
  std::fclose(file);
  if (failed) return mcuprof::Error{path, "cannot be read"};
  if (bytes.size() > static_cast<std::size_t>(kLargestFile)) {
    return mcuprof::Error{path, fmt::format("larger than {} MiB", kLargestFile / 1024 / 1024)};
  }
  return bytes;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Cycles of the hot loops of a firmware, from its machine code", "mcuprof price");
  std::string path;
  std::string cpu;
  std::optional<std::string> function;
  std::string format = "text";
  std::size_t top = 10;
  app.add_option("firmware", path, "ELF file: Arm Thumb or 32-bit RISC-V")->required();
  app.add_option("--cpu", cpu, "core that runs it: cortex-m7, cortex-m0plus, esp32-c3, ...")
      ->required();
  app.add_option("--function", function, "all loops of this function only");
  app.add_option("--format", format, "text or json")->check(CLI::IsMember({"text", "json"}));
  app.add_option("--top", top, "how many loops at most")->check(CLI::Range(1, 1000));
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return app.exit(error);
    return fail(kUsage, {"", std::string(error.what())});
  }

  const auto core = mcuprof::findPricingCore(cpu);
  if (!core) return fail(kUsage, core.error());
  const auto bytes = loadFile(path);
  if (!bytes) return fail(kUnreadable, bytes.error());
  const auto elf = mcuprof::readElf(*bytes, path);
  if (!elf) return fail(kUnreadable, elf.error());
  if (elf->architecture != (*core)->architecture) {
    const auto wrong = mcuprof::priceFirmware(*elf, path, **core, {});
    return fail(kUnreadable, wrong.error());
  }
  const auto price = mcuprof::priceFirmware(*elf, path, **core, {function, top});
  // A function that is not there is a slip on the command line; the file itself was readable.
  if (!price) return fail(function ? kUsage : kUnreadable, price.error());
  const std::string text = format == "json" ? mcuprof::renderPriceJson(*price, path)
                                            : mcuprof::renderPriceText(*price, path);
  return std::fwrite(text.data(), 1, text.size(), stdout) == text.size() ? 0 : kUnreadable;
}
