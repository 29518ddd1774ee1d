// What commands make of a stored calibration, of cycles and of power.
#include <gmock/gmock.h>

#include <algorithm>
#include <fstream>

#include "tests/cli/calibrated_board.hpp"

namespace mcuprof::test {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

/// Twice as slow as predicted: what takes the calibration cannot be mistaken.
class UseOfCalibration : public CalibratedBoard {
 protected:
  void SetUp() override {
    for (const char* name : {"ds_cnn", "resnet8", "mobilenet_v1"})
      store(name, 1.5, db::Provenance::Measured);
    ASSERT_EQ(run(calibrate()).status, 0);
  }

  /// The figure of a command that prints it, with the calibration over that without.
  template <typename Figure>
  double ratio(std::vector<std::string> words, Figure&& figure) const {
    const ProgramRun with = run(words);
    EXPECT_EQ(with.status, 0) << with.err;
    EXPECT_THAT(with.err, HasSubstr("nucleo-f429zi with tflm-cmsis-nn: calibration 1 of 20"));
    words.emplace_back("--no-calibration");
    const ProgramRun without = run(words);
    EXPECT_THAT(without.err, Not(HasSubstr("calibration")));
    return figure(without.out) > 0 ? figure(with.out) / figure(without.out) : 0;
  }
};

double msOfWhatIf(const std::string& out) {
  return json::parse(out)["before"]["ms"];
}

/// The name of the calibration that a part of a document is from.
std::string nameIn(const json& part) {
  return part["calibration"];
}

TEST_F(UseOfCalibration, IsMadeByWhatIf) {
  const std::string model = zooFile("fc_autoencoder");
  EXPECT_NEAR(
      ratio({"whatif", "--board", kBoard, "--clock", "90M", "--format", "json", model}, msOfWhatIf),
      1.5, 0.1);
  const ProgramRun named = run({"whatif", "--board", kBoard, "--format", "json", model});
  EXPECT_THAT(nameIn(json::parse(named.out)), StartsWith("1 of 20"));
  // The kernel tables of another level are others, so that only one side would be calibrated.
  const ProgramRun other =
      run({"whatif", "--board", kBoard, "--opt", "-Os", "--format", "json", model});
  EXPECT_THAT(other.err, HasSubstr("does not hold for all that is compared"));
  EXPECT_EQ(nameIn(json::parse(other.out)), "none");
}

TEST_F(UseOfCalibration, IsMadeBySweep) {
  const auto cycles = [](const std::string& out) {
    // filters,verdict,arena,activations,working set,flash,written,read,macs,cycles
    std::string row = linesOf(out).at(1);
    for (int skipped = 0; skipped < 9; ++skipped) row.erase(0, row.find(',') + 1);
    return std::stod(row);
  };
  EXPECT_NEAR(
      ratio({"sweep", "--board", kBoard, "--var", "filters=0,1", zooFile("resnet8")}, cycles), 1.5,
      0.1);
  EXPECT_THAT(run({"sweep", "--board", kBoard, "--var", "opt=-O2,-Os", zooFile("resnet8")}).err,
              HasSubstr("does not hold for all that is compared"));
}

TEST_F(UseOfCalibration, IsMadeByCheckAndDiff) {
  const std::string model = zooFile("fc_autoencoder");
  const std::string budget = (m_folder.path() / "mcuprof.toml").string();
  std::ofstream(budget) << "[limits]\nlatency = \"1000s\"\n";
  const auto msOfCheck = [](const std::string& out) {
    return json::parse(out)["analyses"][0]["costs"]["ms"]["value"].get<double>();
  };
  EXPECT_NEAR(ratio({"check", "--budget", budget, "--boards", kBoard, "--format", "json", model},
                    msOfCheck),
              1.5, 0.1);
  const auto msOfDiff = [](const std::string& out) {
    return json::parse(out)["totals"]["ms"]["new"]["value"].get<double>();
  };
  EXPECT_NEAR(ratio({"diff", "--board", kBoard, "--format", "json", model, "--", zooFile("ds_cnn")},
                    msOfDiff),
              1.5, 0.1);
}

TEST_F(UseOfCalibration, IsNamedByCheckAndDiff) {
  const std::string model = zooFile("fc_autoencoder");
  const std::string budget = (m_folder.path() / "mcuprof.toml").string();
  std::ofstream(budget) << "[limits]\nlatency = \"1000s\"\n";
  const std::string report = (m_folder.path() / "check.json").string();
  const ProgramRun checked = run(
      {"check", "--budget", budget, "--boards", kBoard, "--format", "json", "-o", report, model});
  ASSERT_EQ(checked.status, 0) << checked.err;
  EXPECT_THAT(nameIn(json::parse(contentOf(report))["analyses"][0]["costs"]), StartsWith("1 of"));
  // One with and one without have little of their error in common.
  const ProgramRun diff =
      run({"diff", "--no-calibration", "--format", "json", "--board", kBoard, model, "--", report});
  const json sides = json::parse(diff.out);
  EXPECT_EQ(nameIn(sides["new"]), "none");
  EXPECT_THAT(nameIn(sides["base"]), StartsWith("1 of 20"));
  EXPECT_LT(sides["totals"]["ms"]["change"]["value"], 0);
  const ProgramRun text = run({"diff", "--no-calibration", "--board", kBoard, model, "--", report});
  EXPECT_THAT(text.out, HasSubstr(", calibration 1 of 20"));
}

TEST_F(UseOfCalibration, CostsNothingWhereTheDatabaseCannotBeRead) {
  const std::string broken = (m_folder.path() / "broken.db").string();
  std::ofstream(broken) << "no database";
  const std::vector<std::string> words = {"whatif", "--board", kBoard, zooFile("ds_cnn")};
  const ProgramRun usual = runProgram(words, {}, {{"MCUPROF_DB", broken}});
  EXPECT_EQ(usual.status, 0);
  EXPECT_THAT(usual.err, HasSubstr("is not an mcuprof database; without calibration"));
  std::vector<std::string> named = words;
  named.insert(named.end(), {"--db", broken});
  EXPECT_EQ(runProgram(named).status, 3);
  named.emplace_back("--no-calibration");
  EXPECT_EQ(runProgram(named).status, 0);
}

class PowerOfABoard : public CalibratedBoard {
 protected:
  json energyOf(const std::string& model, std::vector<std::string> more = {}) const {
    return analysis(model, std::move(more))["costs"]["energy"];
  }
};

TEST_F(PowerOfABoard, IsLearnedFromEnergies) {
  for (const char* name : {"ds_cnn", "resnet8", "mobilenet_v1"})
    store(name, 1.2, db::Provenance::Measured, {.power = 1.3});
  const ProgramRun done = run(calibrate({"--format", "json"}));
  ASSERT_EQ(done.status, 0) << done.err << done.out;
  const json power = json::parse(done.out)["power"];
  EXPECT_NEAR(power["value"].get<double>(), 1.3, 0.03);
  EXPECT_LE(power["low"].get<double>(), 1.3);
  EXPECT_GE(power["high"].get<double>(), 1.3);
  EXPECT_TRUE(power["kept"]);
  EXPECT_EQ(power["inputs"].size(), 3U);
  EXPECT_LT(power["mean_error_with"], 0.05);
  EXPECT_GT(power["mean_error_without"], 0.2);

  const std::string model = zooFile("fc_autoencoder");
  const json before = energyOf(model, {"--db", database(), "--no-calibration"})["active_mw"];
  const json after = energyOf(model, {"--db", database()})["active_mw"];
  EXPECT_NEAR(after["value"].get<double>() / before["value"].get<double>(), 1.3, 0.03);
  const auto width = [](const json& e) {
    return (e["high"].get<double>() - e["low"].get<double>()) / e["value"].get<double>();
  };
  EXPECT_LT(width(after), 0.8 * width(before)) << "nothing was earned";
  EXPECT_THAT(run({"analyze", "--board", kBoard, "--explain", "1", model}).out,
              testing::ContainsRegex("power.times.1\\.(29|30)"));

  const auto rows = linesOf(run(calibrate({"--format", "csv", "--dry-run"})).out);
  EXPECT_EQ(std::ranges::count_if(rows, [](const auto& row) { return row.starts_with("watts,"); }),
            3);
}

TEST_F(PowerOfABoard, IsLearnedThoughTheCyclesAreRightAlready) {
  for (const char* name : {"ds_cnn", "resnet8", "mobilenet_v1"})
    store(name, 1, db::Provenance::Measured, {.power = 0.7});
  const ProgramRun done = run(calibrate());
  EXPECT_EQ(done.status, 0) << done.err;
  EXPECT_THAT(done.out, HasSubstr("cycles not kept: models that are left out come out no better"));
  EXPECT_THAT(done.out, HasSubstr("error of each model's power, predicted from the others"));
  const std::string model = zooFile("fc_autoencoder");
  const json with = analysis(model, {"--db", database()})["costs"];
  const json without = analysis(model, {"--db", database(), "--no-calibration"})["costs"];
  EXPECT_EQ(with["cycles"], without["cycles"]);
  EXPECT_NEAR(with["energy"]["active_mw"]["value"].get<double>() /
                  without["energy"]["active_mw"]["value"].get<double>(),
              0.7, 0.05);
}

TEST_F(PowerOfABoard, IsNotLearnedFromTooFewOrDoubtfulEnergies) {
  store("ds_cnn", 1.2, db::Provenance::Measured, {.power = 1.3});
  store("resnet8", 1.2, db::Provenance::Measured, {.power = 1.3, .overloads = 3});
  store("mobilenet_v1", 1.2, db::Provenance::Virtual, {.power = 2});
  const ProgramRun done = run(calibrate());
  EXPECT_EQ(done.status, 0) << done.err;
  EXPECT_THAT(done.out, HasSubstr("not fitted: under-determined: energies of at least 2"));
  EXPECT_THAT(done.out, HasSubstr("1 run of an overloaded power meter, as to power"));
  const std::string model = zooFile("fc_autoencoder");
  EXPECT_EQ(energyOf(model, {"--db", database()})["active_mw"],
            energyOf(model, {"--no-calibration"})["active_mw"]);
}

}  // namespace
}  // namespace mcuprof::test
