// The program as a user meets it: what it prints, where, and how it ends.

#include <sys/wait.h>

#include <cstdlib>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/files.hpp"

namespace mcuprof {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

struct Outcome {
  int status = -1;
  std::string out;
  std::string error;
};

Outcome price(const std::string& arguments) {
  const test::TemporaryFolder folder;
  const std::string out = folder.path() / "out";
  const std::string error = folder.path() / "error";
  const std::string command = "cd " MCUPROF_FIRMWARE_DIR " && " MCUPROF_PRICE_PROGRAM " " +
                              arguments + " >" + out + " 2>" + error;
  const int status = std::system(command.c_str());
  return {WEXITSTATUS(status), test::contentOf(out), test::contentOf(error)};
}

TEST(PriceProgram, ShowsTheHotLoopsOfAFirmware) {
  const Outcome run = price("m4.elf --cpu cortex-m4 --top 1");
  EXPECT_EQ(run.status, 0);
  EXPECT_EQ(run.error, "");
  EXPECT_THAT(run.out, StartsWith("m4.elf on cortex-m4: "));
  EXPECT_THAT(run.out, HasSubstr("\n  1. rows_s8+"));
  EXPECT_THAT(run.out, HasSubstr("depth 2: 7.00 cycles/iteration, 1 MAC, 7.00 cycles/MAC\n"));
  EXPECT_THAT(run.out, HasSubstr("+2.00  refill after 1 taken branch (assumed: "));
  EXPECT_EQ(run.out.find("  2. "), std::string::npos);
}

TEST(PriceProgram, SaysThatSymbolsAreMissing) {
  const Outcome run = price("m4_stripped.elf --cpu cortex-m4");
  EXPECT_EQ(run.status, 0);
  EXPECT_THAT(run.out, HasSubstr("  note: no symbols: "));
  EXPECT_THAT(run.out, HasSubstr("1. sub_"));
}

TEST(PriceProgram, WritesJson) {
  const Outcome run = price("m55.elf --cpu cortex-m55 --function dot_mve_s8 --format json");
  EXPECT_EQ(run.status, 0);
  EXPECT_THAT(run.out,
              StartsWith("{\n  \"schema\": \"mcuprof-price/1\",\n  \"file\": \"m55.elf\",\n"));
  EXPECT_THAT(run.out, HasSubstr("\"macsPerIteration\": 16,"));
}

TEST(PriceProgram, PricesTheBlocksOfAFunctionWithoutLoops) {
  const Outcome run = price("m4.elf --cpu cortex-m4 --function predicated");
  EXPECT_EQ(run.status, 0);
  EXPECT_THAT(run.out, HasSubstr(": 3.00 cycles repeated, "));
}

TEST(PriceProgram, EndsWithStatusTwoWhenItWasAskedWrongly) {
  Outcome run = price("m4.elf --cpu cortex-m99");
  EXPECT_EQ(run.status, 2);
  EXPECT_EQ(run.out, "");
  EXPECT_THAT(run.error,
              StartsWith("mcuprof: error: unknown core \"cortex-m99\"; there are cortex-m0, "));
  run = price("m4.elf --cpu cortex-m4 --function dot_s9");
  EXPECT_EQ(run.status, 2);
  EXPECT_EQ(run.error,
            "mcuprof: error: m4.elf: no function \"dot_s9\"; did you mean \"dot_s8\"?\n");
  run = price("m4.elf --cpu esp32-c3");
  EXPECT_EQ(run.status, 2);
  EXPECT_EQ(run.error, "mcuprof: error: m4.elf: code is Arm Thumb, core esp32-c3 runs RISC-V\n");
  run = price("m4.elf");
  EXPECT_EQ(run.status, 2);
  EXPECT_EQ(run.error, "mcuprof: error: --cpu is required (mcuprof price --help)\n");
}

TEST(PriceProgram, EndsWithStatusThreeWhenItCannotReadTheFile) {
  Outcome run = price("/proc/self/exe --cpu cortex-m4");
  EXPECT_EQ(run.status, 3);
  EXPECT_EQ(run.error,
            "mcuprof: error: /proc/self/exe:0x4: 64-bit ELF for x86-64; wanted 32-bit Arm Thumb or "
            "RISC-V\n");
  run = price("missing.elf --cpu cortex-m4");
  EXPECT_EQ(run.status, 3);
  EXPECT_THAT(run.error, StartsWith("mcuprof: error: missing.elf: "));
  run = price("arm_state.elf --cpu cortex-m4");
  EXPECT_EQ(run.status, 3);
  EXPECT_THAT(run.error, HasSubstr("32-bit Arm code; wanted Thumb"));
}

}  // namespace
}  // namespace mcuprof
