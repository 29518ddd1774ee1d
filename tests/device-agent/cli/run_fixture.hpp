#pragma once

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/cli/program.hpp"
#include "tests/support/files.hpp"

namespace mcuprof::test {

using nlohmann::json;

/// Runs of the program with a folder and a database of their own.
class Run : public testing::Test {
 protected:
  std::string path(const std::string& name) const { return (m_folder.path() / name).string(); }

  ProgramRun run(std::vector<std::string> arguments) const {
    arguments.insert(arguments.end(), {"--db", path("runs.db")});
    return runProgram(arguments);
  }

  /// A run as JSON; fails the test when it does not end well.
  json runJson(const std::string& board, const std::string& model,
               std::vector<std::string> more = {}) const {
    std::vector<std::string> arguments = {"run",      "--board", board, "--virtual",
                                          "--format", "json",    model};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const ProgramRun done = run(arguments);
    EXPECT_EQ(done.status, 0) << done.err;
    return json::parse(done.out, nullptr, false);
  }

  TemporaryFolder m_folder;
};

}  // namespace mcuprof::test
