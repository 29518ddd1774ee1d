#pragma once

namespace mcuprof {

/// While it lives, SIGINT, SIGTERM and SIGHUP no longer end the program: they are remembered and
/// wake every wait that polls file(). A second signal of these ends the program at once; children
/// that Process started die with it. One object at a time.
class Interrupt {
 public:
  Interrupt();
  ~Interrupt();
  Interrupt(const Interrupt&) = delete;
  Interrupt& operator=(const Interrupt&) = delete;

  /// Whether a signal came while an object lives.
  static bool happened();
  /// Readable once a signal came; -1 while no object lives.
  static int file();
};

}  // namespace mcuprof
