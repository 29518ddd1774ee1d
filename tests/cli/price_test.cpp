// "mcuprof price" hands over to mcuprof-price, which tests/pricing holds to its words.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "tests/cli/program.hpp"
#include "tests/support/files.hpp"

namespace mcuprof::test {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

TEST(Price, HandsItsArgumentsToTheProgramBeside) {
  const ProgramRun help = runProgram({"price", "--help"});
  EXPECT_EQ(help.status, 0);
  EXPECT_THAT(help.out, HasSubstr("Usage: mcuprof price [OPTIONS] firmware"));
  const ProgramRun spaces = runProgram({"price", "no such file.elf", "--cpu", "cortex-m4"});
  EXPECT_EQ(spaces.status, 3);
  EXPECT_EQ(spaces.out, "");
  EXPECT_THAT(spaces.err, StartsWith("mcuprof: error: no such file.elf: "));
}

TEST(Price, IsListedAmongTheCommands) {
  EXPECT_THAT(runProgram({"--help"}).out, HasSubstr("price"));
}

TEST(Price, SaysWhichProgramIsMissing) {
  const TemporaryFolder folder;
  std::filesystem::copy_file(MCUPROF_PROGRAM, folder.path() / "mcuprof");
  const std::string error = folder.path() / "error";
  const int status =
      std::system(((folder.path() / "mcuprof").string() + " price a.elf 2>" + error).c_str());
  EXPECT_EQ(WEXITSTATUS(status), 2);
  EXPECT_EQ(contentOf(error), "mcuprof: error: " + (folder.path() / "mcuprof-price").string() +
                                  ": cannot be started: No such file or directory; it is installed "
                                  "with mcuprof\n");
}

}  // namespace
}  // namespace mcuprof::test
