#include <algorithm>
#include <cstdio>
#include <exception>
#include <optional>
#include <string>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "analyzer/base/mapped_file.hpp"
#include "analyzer/pricing/hot_loops.hpp"
#include "analyzer/pricing/program/render.hpp"

namespace {

constexpr int kUsage = 2;
constexpr int kUnreadable = 3;
constexpr int kInternal = 70;

int fail(int status, const mcuprof::Error& error) {
  std::string line = error.text();
  std::replace_if(
      line.begin(), line.end(),
      [](char c) { return static_cast<unsigned char>(c) < ' ' || c == 127; }, '?');
  fmt::print(stderr, "mcuprof: error: {}\n", line);
  return status;
}

int run(int argc, char** argv) {
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
    return fail(kUsage, {"", fmt::format("{} (mcuprof price --help)", error.what())});
  }

  const auto core = mcuprof::findPricingCore(cpu);
  if (!core) return fail(kUsage, core.error());
  const auto file = mcuprof::MappedFile::open(path);
  if (!file) return fail(kUnreadable, file.error());
  const auto elf = mcuprof::readElf((*file)->bytes(), (*file)->name());
  if (!elf) return fail(kUnreadable, elf.error());
  const auto price = mcuprof::priceFirmware(*elf, path, **core, {function, top});
  if (!price) {
    // What does not go together is a slip on the command line; the file itself was readable.
    const bool usage = function || elf->architecture != (*core)->architecture;
    return fail(usage ? kUsage : kUnreadable, price.error());
  }
  const std::string text = format == "json" ? mcuprof::renderPriceJson(*price, path)
                                            : mcuprof::renderPriceText(*price, path);
  if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size() || std::fflush(stdout) != 0) {
    return fail(kUsage, {"standard output", "cannot be written"});
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  // Our code throws nothing; what arrives here is a lack of memory or a defect.
  try {
    return run(argc, argv);
  } catch (const std::exception& error) {
    return fail(kInternal, {"", fmt::format("internal error: {}", error.what())});
  }
}
