#pragma once

namespace mcuprof::cli {

/// What the program ends with; docs/cli.md explains each.
enum ExitStatus : int {
  kOk = 0,
  kAnswerIsNo = 1,     ///< the question was understood and the answer is no
  kUsage = 2,          ///< wrong arguments or configuration; also an output that cannot be written
  kBadInput = 3,       ///< a model or target file is unreadable or invalid
  kUnsupported = 4,    ///< operators of unknown cost, with --strict
  kDevice = 5,         ///< board, probe or measurement
  kInconclusive = 6,   ///< too close to say, where that is asked to count
  kInternal = 70,      ///< a defect of this program
  kInterrupted = 130,  ///< by Ctrl-C or a request to end
};

}  // namespace mcuprof::cli
