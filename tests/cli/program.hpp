#pragma once

#include <map>
#include <string>
#include <vector>

namespace mcuprof::test {

/// What a run of the program left behind.
struct ProgramRun {
  int status = -1;  ///< exit status; 128 + the signal's number when one ended it
  std::string out;
  std::string err;
};

/// Runs the built program with these arguments and waits for its end. Standard input is `input`;
/// the environment is ours, changed as `environment` says.
ProgramRun runProgram(const std::vector<std::string>& arguments, const std::string& input = {},
                      const std::map<std::string, std::string>& environment = {});

/// The same with a terminal as standard output.
ProgramRun runProgramOnTerminal(const std::vector<std::string>& arguments,
                                const std::map<std::string, std::string>& environment = {});

/// Path of a file with this network of the zoo, made once in a folder that lives as long as the
/// tests.
std::string zooFile(const std::string& name, const std::vector<std::string>& options = {});

/// Names of all networks of the zoo.
std::vector<std::string> zooNames();

std::vector<std::string> linesOf(const std::string& text);

}  // namespace mcuprof::test
