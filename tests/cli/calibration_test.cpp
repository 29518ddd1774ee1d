// Calibration from the command line: runs whose truth the test has made up, from the database to
// the report.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "tests/cli/calibrated_board.hpp"

namespace mcuprof::test {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::Not;

class Calibrate : public CalibratedBoard {};

TEST_F(Calibrate, TeachesAnalyzeWhatRunsSay) {
  for (const char* name : {"ds_cnn", "resnet8", "mobilenet_v1"})
    store(name, 1.2, db::Provenance::Measured);
  const ProgramRun done = run(calibrate({"--format", "json"}));
  ASSERT_EQ(done.status, 0) << done.err << done.out;
  const json fit = json::parse(done.out);
  EXPECT_EQ(fit["id"], 1);
  EXPECT_TRUE(fit["kept"]);
  EXPECT_EQ(fit["parameters"][0]["name"], "scale");
  EXPECT_NEAR(fit["parameters"][0]["value"].get<double>(), 1.2, 0.03);
  EXPECT_LT(fit["mean_error_with"], 0.03);
  EXPECT_GT(fit["mean_error_without"], 0.15);
  EXPECT_FALSE(fit["inputs"].empty());

  // A model that no run was of.
  const std::string model = zooFile("fc_autoencoder");
  const json before = analysis(model, {"--db", database(), "--no-calibration"});
  const json after = analysis(model, {"--db", database()});
  EXPECT_EQ(before["costs"]["calibration"], "none");
  EXPECT_THAT(after["costs"]["calibration"].get<std::string>(),
              testing::MatchesRegex("1 of 20..-..-.. \\(3 measured runs of 3 models\\)"));
  const auto value = [](const json& report, const char* key) {
    return report["costs"]["cycles"][key].get<double>();
  };
  EXPECT_NEAR(value(after, "value") / value(before, "value"), 1.2, 0.05);
  const auto width = [&](const json& report) {
    return (value(report, "high") - value(report, "low")) / value(report, "value");
  };
  EXPECT_LT(width(after), 0.7 * width(before)) << "nothing was earned";
  EXPECT_EQ(analysis(model), before) << "a database that is not there changes nothing";

  EXPECT_THAT(run({"analyze", "--board", kBoard, "--opt", "-Os", model}).err,
              HasSubstr("was made with other files"));
}

TEST_F(Calibrate, NeverFromTheVirtualBoardOrOtherKernels) {
  for (const char* name : {"ds_cnn", "resnet8", "mobilenet_v1"})
    store(name, 1.2, db::Provenance::Virtual);
  store("ds_cnn", 1.2, db::Provenance::Measured, {.kernels = "dsp"});
  store("resnet8", 1.2, db::Provenance::Imported);
  const ProgramRun done = run(calibrate());
  EXPECT_EQ(done.status, 1);
  EXPECT_THAT(done.err,
              HasSubstr("left 3 runs virtual: the cycles of the virtual board are modelled"));
  EXPECT_THAT(done.err, HasSubstr("left 1 run of dsp kernels, not cmsis-nn"));
  EXPECT_THAT(done.err, HasSubstr("left 1 run imported, not measured"));
  EXPECT_THAT(done.err, HasSubstr("nucleo-f429zi with tflm-cmsis-nn: under-determined: runs of at "
                                  "least 2 models are needed"));
  EXPECT_EQ(analysis(zooFile("ds_cnn"), {"--db", database()})["costs"]["calibration"], "none");
}

TEST_F(Calibrate, KeepsNothingThatHelpsNobody) {
  for (const char* name : {"ds_cnn", "resnet8", "mobilenet_v1"})
    store(name, 1, db::Provenance::Measured);
  const ProgramRun done = run(calibrate());
  EXPECT_EQ(done.status, 1);
  EXPECT_THAT(done.out, HasSubstr("not kept: models that are left out come out no better"));
  EXPECT_EQ(analysis(zooFile("ds_cnn"), {"--db", database()})["costs"]["calibration"], "none");
}

TEST_F(Calibrate, StoresNothingInADryRun) {
  for (const char* name : {"ds_cnn", "resnet8"}) store(name, 1.3, db::Provenance::Measured);
  const ProgramRun done = run(calibrate({"--dry-run"}));
  EXPECT_EQ(done.status, 0) << done.err;
  EXPECT_THAT(done.out, HasSubstr("not stored: --dry-run"));
  EXPECT_EQ(analysis(zooFile("ds_cnn"), {"--db", database()})["costs"]["calibration"], "none");
}

TEST_F(Calibrate, IsNamedWithItsErrorsInText) {
  for (const char* name : {"ds_cnn", "resnet8"}) store(name, 1.3, db::Provenance::Measured);
  const ProgramRun done = run(calibrate());
  EXPECT_EQ(done.status, 0) << done.err;
  EXPECT_THAT(done.out, HasSubstr("nucleo-f429zi with tflm-cmsis-nn: 2 measured runs of 2 models"));
  EXPECT_THAT(done.out, HasSubstr("stored as calibration 1"));
  EXPECT_THAT(done.out, HasSubstr("error of each model, predicted from the others"));
  EXPECT_THAT(run({"analyze", "--board", kBoard, "--explain", "1", zooFile("ds_cnn")}).out,
              HasSubstr("with calibration 1 of "));
}

TEST_F(Calibrate, ComparesARunWithThePredictionOfNow) {
  for (const char* name : {"ds_cnn", "resnet8"}) store(name, 1.5, db::Provenance::Measured);
  const std::string model = zooFile("ds_cnn");
  const auto compare = [&](std::vector<std::string> more) {
    more.insert(more.begin(), {"compare", "--board", kBoard, "--format", "json", model});
    const ProgramRun done = run(more);
    EXPECT_EQ(done.status, 0) << done.err;
    return json::parse(done.out, nullptr, false);
  };
  const json before = compare({});
  EXPECT_NEAR(before["summary"]["sum_error"].get<double>(), 1 / 1.5 - 1, 0.01);
  EXPECT_NEAR(before["inference"]["error"].get<double>(), 1 / 1.5 - 1, 0.01);
  EXPECT_EQ(before["provenance"], "measured");
  EXPECT_EQ(before["layers"].size(), 13U);
  EXPECT_EQ(before["worst_layers"].size(), 5U);
  ASSERT_EQ(run(calibrate()).status, 0);
  const json after = compare({});
  EXPECT_NEAR(after["summary"]["sum_error"].get<double>(), 0, 0.05);
  EXPECT_GE(after["summary"]["coverage"].get<double>(), 0.9);
  EXPECT_EQ(compare({"--no-calibration"}), before);

  EXPECT_EQ(run({"compare", "--board", kBoard, "--provenance", "virtual", model}).status, 1);
  EXPECT_EQ(run({"compare", "--board", kBoard, zooFile("resnet8")}).status, 0);
  EXPECT_EQ(run({"compare", "99"}).status, 2);
  EXPECT_EQ(run({"compare", "1"}).status, 1) << "these runs were stored without a prediction";
  EXPECT_EQ(runProgram({"compare"}).err,
            "mcuprof: error: compare needs the number of a run, or a model\n");
  EXPECT_EQ(runProgram({"compare", "m.tflite"}).err,
            "mcuprof: error: compare needs a board for a model: --board NAME\n");
  const ProgramRun csv = run({"compare", "--board", kBoard, "--format", "csv", model});
  EXPECT_EQ(linesOf(csv.out).size(), 14U);
  const ProgramRun text = run({"compare", "--board", kBoard, model});
  EXPECT_THAT(text.out, HasSubstr("likely cause"));
  EXPECT_THAT(text.out, HasSubstr("off most"));
}

TEST_F(Calibrate, ScoresEachKindOfRunByItself) {
  store("ds_cnn", 1.1, db::Provenance::Measured);
  store("resnet8", 1.3, db::Provenance::Virtual);
  store("ds_cnn", 0.9, db::Provenance::Imported);
  store("mobilenet_v1", 1.1, db::Provenance::Imported, {.kernels = ""});
  const std::string folder = (m_folder.path() / "models").string();
  std::filesystem::create_directory(folder);
  for (const char* name : {"ds_cnn", "resnet8", "mobilenet_v1"})
    std::filesystem::copy_file(zooFile(name), folder + "/" + name + ".tflite");
  const ProgramRun done = run({"accuracy", "--models", folder, "--format", "json"});
  ASSERT_EQ(done.status, 0) << done.err;
  const json card = json::parse(done.out);
  ASSERT_EQ(card["lines"].size(), 6U) << card.dump(1);
  for (const json& line : card["lines"]) {
    if (line["level"] != "model") continue;
    EXPECT_EQ(line["rows"], 1);
    const double factor = line["provenance"] == "measured"  ? 1.1
                          : line["provenance"] == "virtual" ? 1.3
                                                            : 0.9;
    EXPECT_NEAR(line["bias"].get<double>(), 1 / factor - 1, 0.01) << line.dump();
  }
  EXPECT_EQ(card["not_predicted"][0]["reason"], "of kernels that are closed or not known");
  const ProgramRun markdown = run({"accuracy", "--models", folder});
  EXPECT_THAT(markdown.out, HasSubstr("### measured\n\n| board |"));
  EXPECT_THAT(markdown.out, HasSubstr("### virtual\n"));
  EXPECT_THAT(run({"accuracy", "--models", folder, "--format", "markdown"}).out, markdown.out);
}

}  // namespace
}  // namespace mcuprof::test
