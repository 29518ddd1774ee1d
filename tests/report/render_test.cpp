#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

#include "analyzer/report/arena_map.hpp"
#include "analyzer/report/render_csv.hpp"
#include "analyzer/report/render_json.hpp"
#include "analyzer/report/render_text.hpp"
#include "tests/report/sample_report.hpp"

namespace mcuprof {
namespace {

using test::sampleArena;
using test::sampleReport;
using testing::HasSubstr;
using testing::StartsWith;

std::size_t widest(const std::string& text) {
  std::istringstream in(text);
  std::size_t width = 0;
  for (std::string line; std::getline(in, line);) width = std::max(width, columnsOf(line));
  return width;
}

TEST(RenderText, AnswersInTheFirstLines) {
  EXPECT_THAT(renderText(sampleReport(), {}),
              StartsWith("sample.tflite on Tiny Board: BLOCKS\n"
                         "worst    layer 2 DEPTHWISE_CONV_2D: 672 B = weights 160 + in 256 + out "
                         "256; lacks 100 B\n"
                         "helps    a smaller input (saves 128 B)\n"
                         "why      activations of layer 2 exceed the largest region by 100 B\n"
                         "or       a larger board\n"));
}

TEST(RenderText, DerivesUsableSram) {
  EXPECT_THAT(renderText(sampleReport(), {}),
              HasSubstr("SRAM     usable 724 B = 1,024 total (assumed) - 200 static (assumed) - "
                        "100 stack (given) - 0\n"
                        "         reserve; largest region sram 724 B\n"));
}

TEST(RenderText, MarksLayersAndExplainsTheMarks) {
  const std::string text = renderText(sampleReport(), {});
  EXPECT_THAT(text, HasSubstr("\n! 2 DEPTHWISE_CONV_2D 1x8x8x4"));
  EXPECT_THAT(text, HasSubstr("\n? 3 Odd, \"custom\"     1x8x8x4 unknown"));
  EXPECT_THAT(text,
              HasSubstr("! activations exceed the largest region (blocks); ? cost unknown\n"));
  EXPECT_THAT(text, Not(HasSubstr("~ working set")));
  EXPECT_THAT(text, HasSubstr("\n    at least"));
}

TEST(RenderText, ListsSpillsWithTheirSum) {
  EXPECT_THAT(renderText(sampleReport(), {}),
              HasSubstr("spills: 256 B written to storage and 256 B read back\n"
                        "layer spill     bytes tensor\n"
                        "    2 write       256 layer2\n"
                        "    3 read back   256 layer2\n"
                        "----------------------------\n"
                        "total             512\n"));
}

TEST(RenderText, StaysWithinTheWidthWithNumbersOfAnySize) {
  for (std::int64_t scale : {1LL, 1000LL, 1000000LL, 1000000000LL, 100000000000000LL}) {
    Report report = sampleReport();
    for (LayerRow& row : report.layers) {
      row.shape = "1x1024x1024x1024";
      if (row.macs) row.macs = *row.macs * scale;
      for (Bytes* bytes : {&row.parts.input, &row.parts.output, &row.parts.weights, &row.live,
                           &row.parts.scratch}) {
        *bytes = *bytes * scale;
      }
    }
    report.totals.macs = report.totals.macs * scale;
    report.layers[1].type = "float32";
    EXPECT_LE(widest(renderText(report, {})), 100U) << scale;
  }
}

TEST(RenderText, GroupsLayersBySubgraph) {
  Report report = sampleReport();
  report.subgraphs = {"main", "body"};
  report.layers[2].subgraph = 1;
  report.layers[2].step = -1;
  const std::string text = renderText(report, {});
  EXPECT_THAT(text, HasSubstr("\nsubgraph 0 main\n"));
  EXPECT_THAT(text, HasSubstr("\nsubgraph 1 body (never called)\n? 3 "));
}

TEST(RenderCsv, QuotesAsRfc4180Says) {
  const std::string csv = renderCsv(sampleReport());
  EXPECT_THAT(csv, StartsWith("layer,subgraph,operator_index,operator,name,"));
  EXPECT_THAT(csv, HasSubstr("\r\n3,0,2,\"Odd, \"\"custom\"\"\",layer3,,1x8x8x4,int8,,"));
  EXPECT_EQ(std::ranges::count(csv, '\n'), 4);
}

TEST(RenderJson, SurvivesNamesThatAreNoUtf8) {
  Report report = sampleReport();
  report.layers[0].name = "\xff\xfe";
  EXPECT_THAT(renderJson(report), HasSubstr("\xEF\xBF\xBD"));
}

TEST(RenderArenaMap, DrawsEachBufferWhereAndWhenItLives) {
  // Three steps at six columns each, 96 bytes in six lines of 16.
  EXPECT_EQ(renderArenaMap(sampleArena(), 100, 6),
            "        96 |......cccccc......\n"
            "        64 |bbbbbbbbbbbb......\n"
            "           |......aaaaaaaaaaaa\n"
            "           |......aaaaaaaaaaaa\n"
            "           |......aaaaaaaaaaaa\n"
            "         0 |......aaaaaaaaaaaa\n"
            "           +------------------\n"
            "            0           step 2\n");
}

TEST(RenderArenaMap, ShowsBuffersThatAreSmallerThanACell) {
  ArenaReport report = sampleArena();
  report.buffers = {report.buffers[2]};
  report.buffers[0].size = Bytes(1);
  EXPECT_THAT(renderArenaMap(report, 100, 2),
              HasSubstr("|......aaaaaa......\n         0 |..................\n"));
}

TEST(RenderArenaMap, IsEmptyWhenNothingIsPlanned) {
  ArenaReport report = sampleArena();
  report.buffers.clear();
  report.summary.head = Bytes(0);
  EXPECT_EQ(renderArenaMap(report, 100, 6), "");
}

TEST(RenderSvg, EscapesNamesAndDrawsEveryBuffer) {
  const std::string svg = renderSvg(sampleArena());
  EXPECT_THAT(svg, StartsWith("<svg xmlns=\"http://www.w3.org/2000/svg\""));
  EXPECT_THAT(svg, HasSubstr("<title>middle &lt;a &amp; b&gt;\n64 B at 0, steps 1 to 2</title>"));
  EXPECT_THAT(svg, HasSubstr("tail, persistent: 40 B"));
}

TEST(RenderText, OfAnArenaHasATailThatAddsUp) {
  EXPECT_THAT(renderText(sampleArena(), {}), HasSubstr("phase   requests bytes\n"
                                                       "create         2    36\n"
                                                       "padding              4\n"
                                                       "----------------------\n"
                                                       "total          2    40\n"));
}

}  // namespace
}  // namespace mcuprof
