// What "mcuprof cost" prints and how it refuses.
#include <gtest/gtest.h>

#include "tests/cli/program.hpp"

namespace mcuprof::test {
namespace {

constexpr const char* kHeader = "kernel,n,ih,iw,ic,oh,ow,oc,kh,kw,sh,sw,ph,pw,dh,dw,cm,gr,e0,e1\n";

TEST(Cost, PredictsEachRowOfStandardInput) {
  const std::string shapes = std::string(kHeader) +
                             "conv_s8,1,16,24,64,8,12,6,1,1,2,2,0,0,1,1,1,1,0,0\n"
                             "fc_s8,1,1,1,256,1,1,10,1,1,1,1,0,0,1,1,1,1,1,0\n";
  for (const char* core : {"cortex-m0", "cortex-m0plus", "cortex-m3", "cortex-m4", "cortex-m7",
                           "cortex-m33", "cortex-m55"}) {
    const ProgramRun run =
        runProgram({"cost", "--library", "cmsis-nn", "--core", core, "--csv", "-"}, shapes);
    EXPECT_EQ(run.status, 0) << run.err;
    EXPECT_EQ(run.err, "");
    const auto lines = linesOf(run.out);
    ASSERT_GE(lines.size(), 3u);
    EXPECT_TRUE(lines[1].starts_with("1,conv_s8,1,16,24,64,")) << lines[1];
    EXPECT_NE(lines[1].find(",1x1_strided,"), std::string::npos) << lines[1];
    EXPECT_NE(lines[2].find(",per_channel,"), std::string::npos) << lines[2];
  }
}

TEST(Cost, MeetsACountedShapeOfTheTrueLoopNestToTheInstruction) {
  // counts.csv, cortex-m4 -O2 and -Os, 1x1_s2, shape 1.
  const std::string shapes =
      std::string(kHeader) + "conv_s8,1,16,24,64,8,12,6,1,1,2,2,0,0,1,1,1,1,0,0\n";
  const ProgramRun run = runProgram({"cost", "--core", "cortex-m4", "--csv", "-"}, shapes);
  EXPECT_NE(run.out.find("1x1_strided,87776,87776,87776,"), std::string::npos) << run.out;
  const ProgramRun size =
      runProgram({"cost", "--core", "cortex-m4", "--opt", "-Os", "--csv", "-"}, shapes);
  EXPECT_NE(size.out.find("1x1_strided,99170,99170,99170,"), std::string::npos) << size.out;
}

TEST(Cost, RefusesInOneLine) {
  const auto refused = [](const std::vector<std::string>& arguments, const std::string& input,
                          int status, const std::string& message) {
    const ProgramRun run = runProgram(arguments, input);
    EXPECT_EQ(run.status, status);
    EXPECT_EQ(run.out, "");
    EXPECT_EQ(run.err, "mcuprof: error: " + message + "\n");
  };
  refused({"cost", "--csv", "-"}, "", 2, "cost needs a core: --core NAME, as cortex-m4");
  refused({"cost", "--core", "cortex-m4"}, "", 2,
          "cost needs shapes: --csv FILE, or - for standard input");
  refused({"cost", "--core", "cortex-m4", "--opt", "-O9", "--csv", "-"}, "", 2,
          "--opt: \"-O9\" is not known; write -O2, -O3 or -Os");
  refused({"cost", "--core", "cortex-m99", "--csv", "-"}, kHeader, 2,
          "unknown core \"cortex-m99\"; did you mean cortex-m0?; there are tables for cortex-m0, "
          "cortex-m0plus, cortex-m3, cortex-m33, cortex-m4, cortex-m55, cortex-m7");
  refused({"cost", "--library", "nnom", "--core", "cortex-m4", "--csv", "-"}, kHeader, 2,
          "unknown library \"nnom\"; there are tables for cmsis-nn, mcuprof-agent");
  refused({"cost", "--core", "cortex-m4", "--csv", "-"},
          std::string(kHeader) + "conv_s8,1,16,24,64,8,12,6,1,1,2,2,0,0,1,1,1,1,0,0\n" +
              "conv_s8,1,16,24,64,8,12,6,1,1,2,2,0,0,1,1,1,1,zero,0\n",
          3, "standard input:3: row 2: e0 is \"zero\", wanted a whole number");
}

}  // namespace
}  // namespace mcuprof::test
