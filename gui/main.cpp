#include "gui/script/program.hpp"

int main(int argc, char** argv) {
  return mcuprof::gui::runProgram(argc, argv);
}
