#pragma once

#include "db/run_store.hpp"

namespace mcuprof::test {

/// A run of a model with `layers` layers; every third one was not measured, and of the one before
/// it some counts were lost.
inline db::RunRecord sampleRun(int layers) {
  db::RunRecord run;
  run.uuid = db::makeUuid();
  run.started = "2026-03-01T12:34:56Z";
  run.provenance = db::Provenance::Virtual;
  run.model = {std::string(64, 'a'), "tiny.tflite", 1234, layers, 5678};
  run.board = {std::string(64, 'b'), "nucleo-f767zi", "ST NUCLEO-F767ZI",
               "STM32F767ZIT6",      "cortex-m7",     216'000'000};
  run.runtime = {std::string(64, 'c'), "mcuprof-agent", "1.0"};
  run.toolVersion = "0.1.0";
  run.agentVersion = "1.0.0";
  run.agentBuild = std::string(40, 'd');
  run.kernelLibrary = "dsp";
  run.compiler = "GCC 12.2.1";
  run.probe = "STLINK V3J9M3";
  run.input = "xorshift 1";
  run.warmUp = 1;
  run.repeats = 3;
  run.predicted = db::Prediction{1000.5, 900, 1100};
  run.inference = {3, 990, 1000, 1010};
  run.swoFrames = 40;
  run.swoLost = 1;
  run.machine = {{"clock", "216000000", "216000000", true}, {"wait states", "6", "7", false}};
  for (int i = 1; i <= layers; ++i) {
    db::LayerResult layer;
    layer.number = i;
    layer.kind = "CONV_2D";
    layer.name = "layer";
    layer.kernel = "conv_s8";
    layer.shape = "1x2x3";
    layer.predictedBasis = "fitted";
    if (i % 3 == 0) {
      layer.trouble = "the agent has no kernel";
    } else {
      layer.macs = 100 * i;
      layer.predicted = db::Prediction{10.0 * i, 9.0 * i, 11.0 * i};
      layer.cycles = {3, 9 * i, 10 * i, 12 * i};
      layer.outputHashes = {0xfedcba98U, 7};
      layer.referenceHashes = {0xfedcba98U};
      layer.cause = "small";
      layer.counters = db::LayerCounters{11 * i, {}};
      if (i % 3 == 1) layer.counters->counts = db::CounterValues{3, 2, 1, 4, i};
    }
    run.layers.push_back(std::move(layer));
  }
  return run;
}

}  // namespace mcuprof::test
