#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "analyzer/base/mapped_file.hpp"
#include "analyzer/base/sha256.hpp"
#include "db/run_store.hpp"
#include "tests/cli/program.hpp"
#include "tests/support/files.hpp"

namespace mcuprof::test {

inline constexpr const char* kBoard = "f429zi";

/// What a test makes up about a run.
struct MadeRun {
  std::string kernels = "cmsis-nn";
  double power = 0;  ///< times what is predicted; 0: no energy was measured
  std::int64_t overloads = 0;
};

/// A board whose truth the test makes up: runs of it in a database, and what the program learns of
/// them.
class CalibratedBoard : public testing::Test {
 protected:
  using Json = nlohmann::json;

  std::string database() const { return (m_folder.path() / "runs.db").string(); }

  ProgramRun run(std::vector<std::string> words) const {
    words.insert(words.end(), {"--db", database()});
    return runProgram(words);
  }

  Json analysis(const std::string& model, std::vector<std::string> more = {}) const {
    std::vector<std::string> words = {"analyze", "--board",         kBoard, "--format",
                                      "json",    "--join-adjacent", model};
    words.insert(words.end(), more.begin(), more.end());
    const ProgramRun done = runProgram(words);
    EXPECT_EQ(done.status, 0) << done.err;
    return Json::parse(done.out, nullptr, false);
  }

  /// Stores a run of a model of the zoo whose layers took `factor` times what is predicted of them.
  void store(const std::string& name, double factor, db::Provenance provenance,
             const MadeRun& made = {}) {
    const std::string model = zooFile(name);
    const Json report = analysis(model, {"--no-calibration"});
    db::RunRecord out;
    out.uuid = db::makeUuid();
    out.started = "2026-03-01T12:00:00Z";
    out.provenance = provenance;
    const auto file = MappedFile::open(model);
    ASSERT_TRUE(file);
    out.model = {sha256Of((*file)->bytes()), std::filesystem::path(model).filename(), 1, 0, 0};
    out.board = {std::string(64, 'b'), "nucleo-f429zi", "Board", "Chip", "cortex-m4", 180'000'000};
    out.runtime = {std::string(64, 'c'), "tflm-cmsis-nn", "1"};
    out.kernelLibrary = made.kernels;
    out.toolVersion = "0.1.0";
    out.repeats = 3;
    std::int64_t sum = 0;
    for (const Json& layer : report["costs"]["layers"]) {
      db::LayerResult result;
      result.number = layer["layer"];
      result.kind = "OP";
      if (layer["known"].get<bool>()) {
        const auto cycles =
            static_cast<std::int64_t>(factor * layer["cycles"]["value"].get<double>());
        result.cycles = {3, cycles, cycles, cycles};
        sum += cycles;
      }
      out.layers.push_back(result);
    }
    out.inference = {3, sum, sum, sum};
    if (made.power > 0) out.energy = energyOf(report, made);
    auto opened = db::Database::open(database(), db::Access::ReadWrite);
    ASSERT_TRUE(opened) << opened.error().text();
    const auto id = db::insertRun(*opened, out);
    ASSERT_TRUE(id) << id.error().text();
  }

  std::vector<std::string> calibrate(std::vector<std::string> more = {}) const {
    std::vector<std::string> words = {"calibrate", "--board", kBoard};
    for (const char* name : {"ds_cnn", "resnet8", "mobilenet_v1", "fc_autoencoder"})
      words.insert(words.end(), {"--models", zooFile(name)});
    words.insert(words.end(), more.begin(), more.end());
    return words;
  }

  TemporaryFolder m_folder;

 private:
  static db::RunEnergy energyOf(const Json& report, const MadeRun& made) {
    db::RunEnergy out;
    out.meter = "ppk2";
    out.supplyVolts = report["costs"]["energy"]["supply_volts"]["value"];
    out.supplySource = "board file";
    out.sampleHz = 100'000;
    out.samples = 100'000;
    out.overloads = made.overloads;
    out.alignment = "trigger";
    const double watts =
        made.power * report["costs"]["energy"]["active_mw"]["value"].get<double>() / 1e3;
    out.inference =
        db::BlockEnergy{10, 90'000, 1, watts / 10, watts / 10, watts / 10, watts, watts};
    return out;
  }
};

}  // namespace mcuprof::test
