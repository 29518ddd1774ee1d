#include "analyzer/report/cost_report.hpp"

#include <gtest/gtest.h>

#include "analyzer/target/kernel_table_file.hpp"

namespace mcuprof {
namespace {

KernelTable smallTable() {
  auto table = readKernelTable(R"(library = "toy"
core = "cortex-m4"
opt = "-O2"
metrics = ["instructions", "cycles", "loads"]
[[variant]]
kernel = "fc"
name = "short"
when = "ic < 4"
[[variant]]
kernel = "fc"
name = "rows"
instruction_spread = [0.5, 2]
cycle_spread = [1, 1]
least = [1, 1, 1, 4, 1, 1, 1, 1, 1, 1, 1, 0, 0, 1, 1, 1, 1, 0, 0]
most = [1, 1, 1, 64, 1, 1, 64, 1, 1, 1, 1, 0, 0, 1, 1, 1, 1, 0, 0]
[variant.terms]
"1" = [100, 150]
"ic*oc" = [2, 3, 1]
)",
                               "toy.toml");
  EXPECT_TRUE(table) << table.error().text();
  return *table;
}

constexpr std::string_view kHeader =
    "note,kernel,n,ih,iw,ic,oh,ow,oc,kh,kw,sh,sw,ph,pw,dh,dw,cm,gr,e0,e1\n";

TEST(RenderCosts, PrintsEachRowWithItsPathAndIntervals) {
  const auto out = renderCosts(smallTable(),
                               std::string(kHeader) +
                                   "a,fc,1,1,1,8,1,1,4,1,1,1,1,0,0,1,1,1,1,0,0\n"
                                   "b,fc,1,1,1,2,1,1,4,1,1,1,1,0,0,1,1,1,1,0,0\n",
                               "shapes.csv", "-O2");
  ASSERT_TRUE(out) << out.error().text();
  EXPECT_EQ(*out,
            "row,kernel,n,ih,iw,ic,oh,ow,oc,kh,kw,sh,sw,ph,pw,dh,dw,cm,gr,e0,e1,variant,"
            "instructions,instructions_low,instructions_high,cycles,cycles_low,cycles_high,"
            "in_range,scaled,loads,stores,load_words,store_words,taken_branches,loop_branches,"
            "calls,divides,multiplies,weight_bytes,parameter_bytes,input_bytes,output_bytes,"
            "output_bytes_read,scratch_bytes_read,scratch_bytes_written,stack_bytes_read,"
            "stack_bytes_written,constant_bytes\n"
            "1,fc,1,1,1,8,1,1,4,1,1,1,1,0,0,1,1,1,1,0,0,rows,164,82,328,246,246,246,yes,no,"
            "32,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0\n"
            "2,fc,1,1,1,2,1,1,4,1,1,1,1,0,0,1,1,1,1,0,0,unknown,,,,,,,,,,,,,,,,,,,,,,,,,,,\n");
}

struct BadShapes {
  std::string_view text;
  std::string_view error;
};
/// How the test's name shows it.
void PrintTo(const BadShapes& shapes, std::ostream* out) {
  *out << shapes.error;
}

class CostErrors : public testing::TestWithParam<BadShapes> {};

TEST_P(CostErrors, NameTheRow) {
  const auto out = renderCosts(smallTable(), GetParam().text, "shapes.csv", "-O2");
  ASSERT_FALSE(out);
  EXPECT_EQ(out.error().text(), GetParam().error);
}

INSTANTIATE_TEST_SUITE_P(
    Rows, CostErrors,
    testing::Values(
        BadShapes{"kernel,n,ih,iw,ic,oh,ow,oc,kh,kw,sh,sw,ph,pw,dh,dw,cm,gr\n",
                  "shapes.csv:1: the header has no \"e0\", \"e1\""},
        BadShapes{"note,kernel,n,ih,iw,ic,oh,ow,oc,kh,kw,sh,sw,ph,pw,dh,dw,cm,gr,e0,e1\n"
                  "a,conv,1,1,1,8,1,1,4,1,1,1,1,0,0,1,1,1,1,0,0\n",
                  "shapes.csv:2: row 1: toy has no kernel \"conv\"; it has fc"},
        BadShapes{"note,kernel,n,ih,iw,ic,oh,ow,oc,kh,kw,sh,sw,ph,pw,dh,dw,cm,gr,e0,e1\n"
                  "a,fc,1,1,1,8,1,1,4,1,1,1,1,0,0,1,1,1,1,0,0\n"
                  "b,fc,1,1,1,x,1,1,4,1,1,1,1,0,0,1,1,1,1,0,0\n",
                  "shapes.csv:3: row 2: ic is \"x\", wanted a whole number"},
        BadShapes{"note,kernel,n,ih,iw,ic,oh,ow,oc,kh,kw,sh,sw,ph,pw,dh,dw,cm,gr,e0,e1\n"
                  "a,fc,1,0,1,8,1,1,4,1,1,1,1,0,0,1,1,1,1,0,0\n",
                  "shapes.csv:2: row 1: ih is 0, wanted 1 to 65535"}));

}  // namespace
}  // namespace mcuprof
