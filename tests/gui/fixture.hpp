#pragma once

#include <memory>
#include <string>

#include "gui/session/snapshot.hpp"
#include "tests/support/files.hpp"

namespace mcuprof::test {

/// A network of the zoo as a file, made once a process: MobileNetV2 0.35 of 96x96 or 128x128
/// pixels.
const std::string& mobilenetFile();
/// What violates RAM on f767zi, the board of the default setup.
const std::string& largeMobilenetFile();

gui::Setup setupFor(const std::string& model, const std::string& board = "nucleo-f767zi");
/// Analyzed on this thread; the test fails when it cannot be.
gui::SnapshotPtr snapshotOf(const gui::Setup& setup);

/// Runs the program of this build; standard output.
std::string outputOf(const std::string& program, const std::vector<std::string>& arguments,
                     int* status = nullptr, std::string* errors = nullptr);

}  // namespace mcuprof::test
