// What mcuprof run makes of a stored calibration.
#include <gmock/gmock.h>

#include "tests/cli/calibrated_board.hpp"

namespace mcuprof::test {
namespace {

class CalibratedRun : public CalibratedBoard {
 protected:
  Json ran(std::vector<std::string> more) const {
    std::vector<std::string> words = {"run",
                                      "--board",
                                      kBoard,
                                      "--virtual",
                                      "--runtime",
                                      "tflm-cmsis-nn",
                                      "--format",
                                      "json",
                                      "--runs",
                                      "1",
                                      zooFile("fc_autoencoder")};
    words.insert(words.end(), more.begin(), more.end());
    const ProgramRun done = run(words);
    EXPECT_EQ(done.status, 0) << done.err;
    return Json::parse(done.out, nullptr, false);
  }
};

TEST_F(CalibratedRun, PredictsWithWhatWasLearned) {
  for (const char* name : {"ds_cnn", "resnet8", "mobilenet_v1"})
    store(name, 1.5, db::Provenance::Measured);
  ASSERT_EQ(run(calibrate()).status, 0);
  const Json with = ran({});
  const Json without = ran({"--no-calibration"});
  const auto cycles = [](const Json& run) -> double {
    return run["inference"]["predicted"]["cycles"];
  };
  EXPECT_NEAR(cycles(with) / cycles(without), 1.5, 0.1);
  EXPECT_THAT(with["calibration"].get<std::string>(), testing::HasSubstr("1 of 20"));
  EXPECT_EQ(without["calibration"], "none");
  EXPECT_THAT(with["agent"]["compiler"].get<std::string>(), testing::StartsWith("GCC "));
}

}  // namespace
}  // namespace mcuprof::test
