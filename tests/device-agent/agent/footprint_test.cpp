// What the agent costs: code from the linker's map, stack from what the compiler says of each
// function.
#include <gtest/gtest.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "tests/support/files.hpp"

namespace mcuprof {
namespace {

std::filesystem::path firmwareFolder() {
  return std::filesystem::path(MCUPROF_BINARY_DIR) / "device-agent" / "firmware";
}

/// Bytes in flash of the objects whose path holds `part`, from a map of GNU ld: lines of a
/// section's name, address, size and object, of which a long name has a line of its own.
std::uint64_t codeBytes(const std::string& map, const std::string& part) {
  std::istringstream lines(map.substr(map.find("Linker script and memory map")));
  std::uint64_t sum = 0;
  for (std::string line; std::getline(lines, line);) {
    if (line.find(part) == std::string::npos) continue;
    const auto at = line.find(" 0x");
    if (at == std::string::npos) continue;
    std::istringstream fields(line.substr(at));
    std::uint64_t address = 0;
    std::uint64_t size = 0;
    fields >> std::hex >> address >> size;
    if (address >= 0x08000000 && address < 0x08200000) sum += size;
  }
  return sum;
}

class Footprint : public testing::TestWithParam<const char*> {};

TEST_P(Footprint, AgentAndBoardTakeAtMost8KilobytesOfFlash) {
  const std::string map = test::contentOf(firmwareFolder() / GetParam() / "agent.map");
  const std::uint64_t agent = codeBytes(map, "/agent/");
  const std::uint64_t board = codeBytes(map, "/boards/");
  EXPECT_GT(agent, 2000U);  // the map was understood
  EXPECT_GT(board, 200U);
  EXPECT_LE(agent + board, 8192U);
  RecordProperty("bytes", static_cast<int>(agent + board));
}

TEST_P(Footprint, NothingAllocatesOrPrints) {
  const std::string map = test::contentOf(firmwareFolder() / GetParam() / "agent.map");
  const std::string linked = map.substr(map.find("Linker script and memory map"));
  for (const char* object : {"mallocr.o", "malloc.o", "printf.o", "sbrkr.o", "stdio.o"}) {
    EXPECT_EQ(linked.find(object), std::string::npos) << object;
  }
}

INSTANTIATE_TEST_SUITE_P(Boards, Footprint,
                         testing::Values("f767zi", "f746zg", "f429zi", "f207zg", "f091rc"),
                         [](const auto& board) { return std::string(board.param); });

/// Every function's stack is known when it is compiled, and none takes much of the 2 KiB.
TEST(StackUsage, IsBoundedForEachFunction) {
  std::size_t functions = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(firmwareFolder())) {
    if (entry.path().extension() != ".su") continue;
    std::ifstream lines(entry.path());
    // "path:line:column:function<tab>bytes<tab>static"
    for (std::string line; std::getline(lines, line);) {
      const auto first = line.find('\t');
      const auto second = line.find('\t', first + 1);
      ASSERT_NE(second, std::string::npos) << line;
      ++functions;
      EXPECT_EQ(line.substr(second + 1), "static") << line;
      EXPECT_LE(std::stoi(line.substr(first + 1)), 640) << line;
    }
  }
  EXPECT_GT(functions, 400U);
}

}  // namespace
}  // namespace mcuprof
