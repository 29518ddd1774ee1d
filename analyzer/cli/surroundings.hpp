#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace mcuprof::cli {

/// One thing that a measurement needs, or may use.
struct Surrounding {
  enum class State : std::uint8_t { Present, Missing, Trouble } state{};
  std::string kind;    ///< "openocd", "probe", "meter", "toolchain", ...
  std::string name;    ///< what was found, or looked for
  std::string detail;  ///< version, place, serial number; what helps when it is missing
};

/// Debug probes on USB, by the ids below `root`/sys/bus/usb/devices; of each whether this user may
/// talk to it.
std::vector<Surrounding> findProbes(const std::string& root);
/// Power meters among the serial ports in `root`/dev/serial/by-id.
std::vector<Surrounding> findMeters(const std::string& root);
/// A program in PATH, with the first line of what it says to --version.
Surrounding findProgram(const std::string& kind, const std::string& program,
                        const std::string& help);

}  // namespace mcuprof::cli
