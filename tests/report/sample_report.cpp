#include "tests/report/sample_report.hpp"

namespace mcuprof::test {
namespace {

LayerRow layer(std::int32_t number, const char* kind, std::optional<Macs> macs, WorkingSet parts) {
  LayerRow row;
  row.number = number;
  row.index = number - 1;
  row.step = number;
  row.kind = kind;
  row.name = std::string("layer") + std::to_string(number);
  row.shape = "1x8x8x4";
  row.type = "int8";
  row.macs = macs;
  row.parts = parts;
  row.live = Bytes(700);
  row.read = parts.input + parts.weights + parts.bias;
  row.written = parts.output;
  return row;
}

Provenance sampleProvenance() {
  return {"9.9.9", {{"model", "sample.tflite", Bytes(5000), std::string(64, 'a')}}};
}

}  // namespace

Report sampleReport() {
  Report report;
  report.provenance = sampleProvenance();
  report.operators = 3;
  report.tensors = 6;
  report.subgraphs = {"main"};
  report.boardName = "tiny";
  report.boardTitle = "Tiny Board";
  report.chip = "T1";
  report.coreName = "cortex-m0";
  report.coreTitle = "Arm Cortex-M0";
  report.clockHz = {48000000, Basis::Datasheet};
  report.runtimeName = "tflm-reference";
  report.runtimeTitle = "TensorFlow Lite Micro";
  report.runtimeVersion = "1.0";
  report.verdict = {Verdict::Blocks,
                    PlacementForm::Spilled,
                    "activations of layer 2 exceed the largest region by 100 B",
                    1,
                    {{"a smaller input", Bytes(128)}, {"a larger board", std::nullopt}}};
  report.sram.regions = {{"sram",
                          {1024, Basis::Assumed},
                          Bytes(200),
                          Bytes(100),
                          Bytes(0),
                          Bytes(0),
                          Bytes(0),
                          Bytes(724)}};
  report.sram.total = {1024, Basis::Assumed};
  report.sram.staticBytes = {200, Basis::Assumed};
  report.sram.stack = {100, Basis::Counted, true};
  report.sram.usable = {724, Basis::Assumed};
  report.sram.largestRegion = "sram";
  report.sram.largestUsable = Bytes(724);
  report.flash = {Bytes(5000), Bytes(8192), Bytes(0), Basis::Counted, Basis::Datasheet};
  report.arena = {Bytes(1000),    Bytes(200), Bytes(1200), Bytes(1216),
                  Basis::Counted, {},         "",          Bytes(492)};
  report.weightMemory = "flash";
  report.layers = {
      layer(1, "CONV_2D", Macs(2304), {Bytes(64), Bytes(36), Bytes(16), Bytes(256), Bytes(32)}),
      layer(2, "DEPTHWISE_CONV_2D", Macs(9216),
            {Bytes(256), Bytes(144), Bytes(16), Bytes(256), Bytes(0)}),
      layer(3, "Odd, \"custom\"", std::nullopt,
            {Bytes(256), Bytes(0), Bytes(0), Bytes(64), Bytes(0)})};
  report.layers[0].scratchBasis = Basis::Datasheet;
  report.layers[1].fit = {false, false, Bytes(100), Bytes(260)};
  report.layers[1].spillWritten = Bytes(256);
  report.layers[1].written += Bytes(256);
  report.layers[2].spillRead = Bytes(256);
  report.layers[2].read += Bytes(256);
  report.layers[2].unknown = "custom operator Odd";
  LayerTotals& sum = report.totals;
  sum.macs = Macs(11520);
  sum.parts = {Bytes(576), Bytes(180), Bytes(32), Bytes(576), Bytes(32)};
  sum.peakLive = Bytes(700);
  sum.read = Bytes(1044);
  sum.written = Bytes(832);
  sum.worstCase = Bytes(46080);
  sum.spillWritten = Bytes(256);
  sum.spillRead = Bytes(256);
  sum.unknownLayers = 1;
  report.moved = {{"sram", {Bytes(576), Bytes(0), Bytes(0), Bytes(576)}, Bytes(576), Bytes(576)},
                  {"flash", {Bytes(0), Bytes(180), Bytes(32)}, Bytes(212), Bytes(0)},
                  {"sd",
                   {Bytes(0), Bytes(0), Bytes(0), Bytes(0), Bytes(0), Bytes(256), Bytes(256)},
                   Bytes(256),
                   Bytes(256)}};
  report.spills = {{true, "layer2", 2, Bytes(256)}, {false, "layer2", 3, Bytes(256)}};
  report.notes = {"cost unknown: custom operator Odd"};
  return report;
}

ArenaReport sampleArena() {
  ArenaReport report;
  report.provenance = sampleProvenance();
  report.coreName = "cortex-m0";
  report.runtimeName = "tflm-reference";
  report.runtimeVersion = "1.0";
  report.summary = {Bytes(96), Bytes(40), Bytes(136), Bytes(144), Basis::Counted, {}, {}, {}};
  report.peakLayer = "layer 1 CONV_2D";
  report.peakStep = 1;
  report.peakLive = Bytes(96);
  report.stepCount = 2;
  report.buffers = {
      {false, 0, 2, "middle <a & b>", Bytes(64), Bytes(0), {1, 2}, false},
      {false, 0, 0, "input", Bytes(16), Bytes(64), {0, 1}, false},
      {true, 0, 0, "scratch of layer 1 CONV_2D", Bytes(16), Bytes(80), {1, 1}, false}};
  report.tail = {{"create", 2, Bytes(36)}, {"padding", 0, Bytes(4)}};
  return report;
}

}  // namespace mcuprof::test
