#pragma once

#include <string>

#include "analyzer/report/figures.hpp"

namespace mcuprof::test {

/// A model of two layers whose numbers are easy to add: 100 ms (80 .. 120), an arena of 1000 bytes
/// of which 200 stay, 3000 bytes of flash of which 1000 are code.
inline ModelFigures sampleFigures(const std::string& model = "kws.tflite",
                                  const std::string& board = "nucleo-f767zi") {
  ModelFigures f;
  f.model = model;
  f.board = board;
  f.runtime = "tflm-cmsis-nn";
  f.machine = "216 MHz";
  f.toolVersion = "0.1.0";
  f.verdict = "fits";
  f.modelBytes = 2000;
  f.arena = Estimate::exact(1000);
  f.arenaTail = 200;
  f.ramBesides = 500;
  f.flash = Estimate::exact(3000, Basis::Assumed);
  f.cycles = {1000, 800, 1200, Basis::Fitted};
  f.milliseconds = {100, 80, 120, Basis::Fitted};
  f.energyReason = "no source gives a run current of " + board;
  f.moved = {{"sram1", 600, 400}, {"flash", 700, 0}};
  f.memories = {{"dtcm", "tcm"}, {"sram1", "sram"}, {"flash", "flash"}};
  LayerFigures conv;
  conv.number = 1;
  conv.kind = "CONV_2D";
  conv.name = "conv/Relu;<&\"'>|`*";
  conv.kernel = "conv_s8:im2col";
  conv.shape = "1x8x8x4";
  conv.type = "int8";
  conv.macs = 9000;
  conv.weights = 400;
  conv.workingSet = 900;
  conv.live = 700;
  conv.cycles = Estimate{700, 560, 840, Basis::Fitted};
  conv.milliseconds = Estimate{70, 56, 84, Basis::Fitted};
  conv.moved = {{"sram1", 400, 300}, {"flash", 400, 0}};
  LayerFigures fc = conv;
  fc.number = 2;
  fc.kind = "FULLY_CONNECTED";
  fc.name = "logits";
  fc.kernel = "fc_s8:per_tensor";
  fc.shape = "1x10";
  fc.macs = 1000;
  fc.weights = 300;
  fc.workingSet = 500;
  fc.live = 300;
  fc.cycles = Estimate{300, 240, 360, Basis::Fitted};
  fc.milliseconds = Estimate{30, 24, 36, Basis::Fitted};
  fc.moved = {{"sram1", 200, 100}, {"flash", 300, 0}};
  f.layers = {conv, fc};
  return f;
}

}  // namespace mcuprof::test
