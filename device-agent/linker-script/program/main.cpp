// mcuprof-linker-script BOARD_FILE STACK_BYTES HANDLER_STACK_BYTES OUTPUT: a step of the build.
#include <fmt/format.h>

#include <charconv>
#include <cstdio>
#include <fstream>
#include <string>
#include <string_view>

#include "analyzer/target/catalogue.hpp"
#include "device-agent/linker-script/linker_script.hpp"

namespace {

bool readBytes(std::string_view text, mcuprof::Bytes& bytes) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), bytes.value);
  return error == std::errc() && end == text.data() + text.size() && bytes.value > 0 &&
         bytes.value % 16 == 0;
}

int fail(int status, std::string_view line) {
  fmt::print(stderr, "mcuprof-linker-script: {}\n", line);
  return status;
}

}  // namespace

int main(int argc, char** argv) {
  mcuprof::AgentStacks stacks;
  if (argc != 5 || !readBytes(argv[2], stacks.kernels) || !readBytes(argv[3], stacks.handlers)) {
    return fail(2,
                "wanted BOARD_FILE STACK_BYTES HANDLER_STACK_BYTES OUTPUT, stacks multiples of 16");
  }
  const std::string path = argv[1];
  const std::string folder = path.substr(0, path.rfind("/boards/"));
  const auto board = mcuprof::Catalogue(folder).loadBoard(path);
  if (!board) return fail(3, board.error().text());
  const auto script = mcuprof::renderLinkerScript(*board, stacks);
  if (!script) return fail(3, script.error().text());
  std::ofstream out(argv[4], std::ios::binary);
  out << *script << std::flush;
  if (!out) return fail(2, fmt::format("{}: cannot be written", argv[4]));
  return 0;
}
