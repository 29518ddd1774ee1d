#include "analyzer/cli/surroundings.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "analyzer/report/text.hpp"

namespace mcuprof::cli {
namespace {

namespace fs = std::filesystem;
using State = Surrounding::State;

std::string firstLine(const fs::path& file) {
  std::ifstream in(file);
  std::string line;
  std::getline(in, line);
  return printable(line.substr(0, 200));
}

struct UsbName {
  std::string_view vendor;
  std::string_view product;  ///< empty: all of the vendor
  std::string_view name;
};
// USB ids of debug probes, as OpenOCD 0.12 and the makers' udev rules list them.
constexpr std::array<UsbName, 17> kProbes{{{"0483", "3744", "ST-LINK/V1"},
                                           {"0483", "3748", "ST-LINK/V2"},
                                           {"0483", "374a", "ST-LINK/V2.1"},
                                           {"0483", "374b", "ST-LINK/V2.1"},
                                           {"0483", "3752", "ST-LINK/V2.1"},
                                           {"0483", "374d", "STLINK-V3 (loader)"},
                                           {"0483", "374e", "STLINK-V3"},
                                           {"0483", "374f", "STLINK-V3"},
                                           {"0483", "3753", "STLINK-V3"},
                                           {"0483", "3754", "STLINK-V3"},
                                           {"0483", "3755", "STLINK-V3"},
                                           {"0483", "3757", "STLINK-V3"},
                                           {"1366", "", "SEGGER J-Link"},
                                           {"0d28", "0204", "DAPLink"},
                                           {"2e8a", "000c", "Raspberry Pi Debug Probe"},
                                           {"1fc9", "0143", "MCU-Link"},
                                           {"03eb", "2111", "EDBG"}}};

struct MeterName {
  std::string_view part;  ///< of the serial port's name
  std::string_view name;
};
constexpr std::array<MeterName, 4> kMeters{{{"PPK2", "Nordic Power Profiler Kit II"},
                                            {"LPM01A", "ST X-NUCLEO-LPM01A"},
                                            {"PowerShield", "ST X-NUCLEO-LPM01A"},
                                            {"Joulescope", "Joulescope"}}};

std::string inPath(const std::string& program) {
  const char* path = std::getenv("PATH");
  for (std::string_view rest = path != nullptr ? path : ""; !rest.empty();) {
    const std::size_t colon = std::min(rest.find(':'), rest.size());
    const std::string file = fmt::format("{}/{}", rest.substr(0, colon), program);
    rest.remove_prefix(std::min(colon + 1, rest.size()));
    if (access(file.c_str(), X_OK) == 0) return file;
  }
  return {};
}

}  // namespace

std::vector<Surrounding> findProbes(const std::string& root) {
  std::vector<Surrounding> out;
  std::error_code failed;
  for (const auto& entry : fs::directory_iterator(root + "/sys/bus/usb/devices", failed)) {
    const fs::path& device = entry.path();
    const std::string vendor = firstLine(device / "idVendor");
    const std::string product = firstLine(device / "idProduct");
    const auto* const known = std::ranges::find_if(kProbes, [&](const UsbName& name) {
      return name.vendor == vendor && (name.product.empty() || name.product == product);
    });
    if (known == kProbes.end()) continue;
    Surrounding probe{State::Present, "probe", std::string(known->name), ""};
    const std::string serial = firstLine(device / "serial");
    probe.detail = fmt::format("USB {}:{} at {}{}", vendor, product, device.filename().string(),
                               serial.empty() ? "" : ", serial number " + serial);
    const int bus = std::atoi(firstLine(device / "busnum").c_str());
    const int number = std::atoi(firstLine(device / "devnum").c_str());
    const std::string node = fmt::format("{}/dev/bus/usb/{:03}/{:03}", root, bus, number);
    if (access(node.c_str(), R_OK | W_OK) != 0) {
      probe.state = State::Trouble;
      probe.detail += fmt::format(
          "; this user may not open {}: install OpenOCD's udev rules (60-openocd.rules)", node);
    }
    out.push_back(std::move(probe));
  }
  std::ranges::sort(out, {}, &Surrounding::detail);
  if (out.empty())
    out.push_back({State::Missing, "probe", "debug probe", "none on USB; --virtual needs none"});
  return out;
}

std::vector<Surrounding> findMeters(const std::string& root) {
  std::vector<Surrounding> out;
  std::error_code failed;
  for (const auto& entry : fs::directory_iterator(root + "/dev/serial/by-id", failed)) {
    const std::string name = entry.path().filename().string();
    for (const MeterName& meter : kMeters) {
      if (name.find(meter.part) == std::string::npos) continue;
      const bool open = access(entry.path().c_str(), R_OK | W_OK) == 0;
      out.push_back({open ? State::Present : State::Trouble, "meter", std::string(meter.name),
                     printable(entry.path().string()) +
                         (open ? "" : "; this user may not open it: join the group dialout")});
      break;
    }
  }
  std::ranges::sort(out, {}, &Surrounding::detail);
  if (out.empty())
    out.push_back({State::Missing, "meter", "power meter", "none among the serial ports"});
  return out;
}

Surrounding findProgram(const std::string& kind, const std::string& program,
                        const std::string& help) {
  const std::string file = inPath(program);
  if (file.empty()) return {State::Missing, kind, program, help};
  std::string version;
  // A file name of PATH may hold anything but a quote that would end the word.
  if (file.find('\'') == std::string::npos) {
    if (FILE* out = popen(("'" + file + "' --version 2>&1 < /dev/null").c_str(), "r")) {
      std::array<char, 200> line{};
      if (std::fgets(line.data(), static_cast<int>(line.size()), out) != nullptr)
        version = line.data();
      while (std::fgets(line.data(), static_cast<int>(line.size()), out) != nullptr) {
      }
      pclose(out);
    }
  }
  while (!version.empty() && version.back() == '\n') version.pop_back();
  return {State::Present, kind, program,
          version.empty() ? file : fmt::format("{} ({})", printable(version), file)};
}

}  // namespace mcuprof::cli
