#pragma once

namespace mcuprof::gui {

/// mcuprof-gui [options] [FILE]: the window, or with --exit or a script that quits, no more than
/// the screenshots and exports asked for. Returns the exit status, one of docs/cli.md.
int runProgram(int argc, char** argv);

}  // namespace mcuprof::gui
