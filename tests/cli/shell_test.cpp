// What stands around the analyses: completion in the shells that are installed, doctor, a reader
// that goes away.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "tests/cli/program.hpp"
#include "tests/support/files.hpp"

namespace mcuprof::test {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

std::vector<std::string> completed(std::vector<std::string> words) {
  words.insert(words.begin(), {"__complete", "--"});
  return linesOf(runProgram(words).out);
}

TEST(Completion, KnowsCommandsOptionsBoardsAndLayers) {
  EXPECT_THAT(completed({"an"}), ElementsAre("analyze"));
  EXPECT_THAT(completed({""}), Contains("check"));
  EXPECT_THAT(completed({""}), Not(Contains("__complete")));
  EXPECT_THAT(completed({"analyze", "--boa"}), ElementsAre("--board"));
  EXPECT_THAT(completed({"analyze", "--board", "f7"}), ElementsAre("f746zg", "f767zi"));
  EXPECT_THAT(completed({"fit", "--boards", "f767zi,f429"}), ElementsAre("f767zi,f429zi"));
  EXPECT_THAT(completed({"analyze", zooFile("ds_cnn"), "--explain", "1"}),
              ElementsAre("1", "10", "11", "12", "13"));
  EXPECT_THAT(completed({"check", "--format", "s"}), ElementsAre("sarif"));
  EXPECT_THAT(completed({"run", "--probe", "c"}), ElementsAre("cmsis-dap"));
  EXPECT_THAT(completed({"run", "--input", ""}), ElementsAre(":files", "xorshift", "zeros"));
  EXPECT_THAT(completed({"doctor", "--format", ""}), ElementsAre("json", "text"));
  EXPECT_THAT(completed({"inspect", ""}), Contains(":files"));
  EXPECT_THAT(completed({"frobnicate", ""}), ElementsAre());
}

/// Runs a script in a shell with the built program as "mcuprof"; nothing when there is no such
/// shell.
std::optional<std::string> inShell(const std::string& shell, const std::string& script) {
  if (std::system((shell + " -c true > /dev/null 2>&1").c_str()) != 0) return std::nullopt;
  const TemporaryFolder folder;
  const std::string bin = std::filesystem::path(MCUPROF_PROGRAM).parent_path().string();
  std::ofstream(folder.path() / "script") << script;
  const std::string command = "cd \"" + folder.path().string() + "\" && PATH=\"" + bin +
                              ":$PATH\" " + shell + " ./script > out 2> err";
  EXPECT_EQ(std::system(command.c_str()), 0) << contentOf(folder.path() / "err");
  return contentOf(folder.path() / "out");
}

TEST(Completion, WorksInBash) {
  const auto out = inShell("bash", R"sh(
eval "$(mcuprof completion bash)"
touch model.tflite "with space.tflite"
ask() { COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _mcuprof; printf '%s\n' "${COMPREPLY[@]}"; }
ask mcuprof ana
ask mcuprof analyze --board f76
ask mcuprof analyze wit
)sh");
  ASSERT_TRUE(out) << "bash is part of every Debian";
  EXPECT_EQ(*out, "analyze\nf767zi\nwith space.tflite\n");
}

TEST(Completion, WorksInZsh) {
  const auto out = inShell("zsh", R"sh(
_files() { print -r -- files }
compadd() { shift; print -rl -- ${(P)1} }
source <(mcuprof completion zsh)
words=(mcuprof analyze --board f76); CURRENT=4; _mcuprof
words=(mcuprof analyze x); CURRENT=3; _mcuprof
)sh");
  ASSERT_TRUE(out) << "no zsh; ./dev installs it";
  EXPECT_EQ(*out, "f767zi\nfiles\n");
}

TEST(Completion, WorksInFish) {
  const auto out = inShell("fish", R"sh(
mcuprof completion fish | source
complete -C "mcuprof analyze --board f76"
)sh");
  ASSERT_TRUE(out) << "no fish; ./dev installs it";
  EXPECT_EQ(*out, "f767zi\n");
}

TEST(Completion, RefusesShellsItDoesNotKnow) {
  EXPECT_EQ(runProgram({"completion", "csh"}).err,
            "mcuprof: error: completion: \"csh\" is not known; write bash, zsh or fish\n");
}

TEST(Doctor, FindsProbesAndMetersOfTheMachine) {
  const TemporaryFolder root;
  const auto device = root.path() / "sys/bus/usb/devices/1-2";
  std::filesystem::create_directories(device);
  std::filesystem::create_directories(root.path() / "dev/bus/usb/001");
  std::filesystem::create_directories(root.path() / "dev/serial/by-id");
  std::ofstream(device / "idVendor") << "0483\n";
  std::ofstream(device / "idProduct") << "374b\n";
  std::ofstream(device / "serial") << "066BFF\n";
  std::ofstream(device / "busnum") << "1\n";
  std::ofstream(device / "devnum") << "7\n";
  std::ofstream(root.path() / "dev/serial/by-id/usb-Nordic_Semiconductor_PPK2_E0-if01") << "";
  const auto doctor = [&] {
    const ProgramRun run =
        runProgram({"doctor", "--format", "json"}, "",
                   {{"MCUPROF_SYSROOT", root.path()}, {"MCUPROF_DB", root.path() / "none.db"}});
    EXPECT_EQ(run.status, 0) << run.err;
    std::map<std::string, std::pair<std::string, std::string>> found;
    const auto report = nlohmann::json::parse(run.out);
    for (const auto& one : report["found"]) found[one["kind"]] = {one["name"], one["state"]};
    return found;
  };
  EXPECT_EQ(doctor()["probe"], (std::pair<std::string, std::string>("ST-LINK/V2.1", "trouble")));
  std::ofstream(root.path() / "dev/bus/usb/001/007") << "";
  const auto found = doctor();
  EXPECT_EQ(found.at("probe").second, "present");
  EXPECT_EQ(found.at("meter").first, "Nordic Power Profiler Kit II");
  EXPECT_EQ(found.at("database").second, "missing");
  EXPECT_EQ(found.at("targets").second, "present");
}

TEST(Pipes, AReaderThatGoesAwayIsNoError) {
  const auto out = inShell("bash", R"sh(
model=$(mktemp); mcuprof zoo mobilenet_v2 -o $model
for i in 1 2 3; do mcuprof analyze --board f767zi --format json $model; done 2>&1 >/dev/full | head -1
(mcuprof analyze --board f767zi --format json $model; echo "status $?" >&2) 2>status | head -c 1 > /dev/null
cat status; rm $model
)sh");
  ASSERT_TRUE(out);
  EXPECT_THAT(*out, HasSubstr("cannot write"));
  EXPECT_THAT(*out, HasSubstr("status 0\n"));
}

TEST(Man, EveryCommandHasAPageThatKnowsItsOptions) {
  for (const std::string& command : completed({""})) {
    const auto file = sourceFolder() / "docs/man" / ("mcuprof-" + command + ".1.scd");
    ASSERT_TRUE(std::filesystem::exists(file)) << file;
    const std::string page = contentOf(file);
    for (const std::string& option : completed({command, "--"}))
      EXPECT_THAT(page, HasSubstr(option)) << file;
    EXPECT_THAT(contentOf(sourceFolder() / "docs/man/mcuprof.1.scd"),
                HasSubstr("*mcuprof-" + command + "*"));
  }
}

TEST(Man, PagesAreAcceptedByScdoc) {
  ASSERT_EQ(std::system("command -v scdoc > /dev/null"), 0) << "no scdoc; ./dev installs it";
  for (const auto& page : std::filesystem::directory_iterator(sourceFolder() / "docs/man")) {
    if (page.path().extension() != ".scd") continue;
    EXPECT_EQ(std::system(("scdoc < \"" + page.path().string() + "\" > /dev/null").c_str()), 0)
        << page.path();
  }
}

TEST(Help, EveryCommandHasExamples) {
  for (const std::string& command : completed({""})) {
    if (command == "price") continue;  // mcuprof-price has its own
    const ProgramRun help = runProgram({command, "--help"});
    EXPECT_EQ(help.status, 0) << command;
    EXPECT_THAT(help.out, HasSubstr("Example")) << command;
  }
}

}  // namespace
}  // namespace mcuprof::test
