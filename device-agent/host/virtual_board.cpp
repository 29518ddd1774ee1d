#include "device-agent/host/virtual_board.hpp"

#include <fmt/format.h>
#include <poll.h>

#include <charconv>
#include <string_view>

#include "device-agent/host/interrupt.hpp"

namespace mcuprof {
namespace {

constexpr Milliseconds kStartTime{20'000};

/// The port in "listening on 127.0.0.1:34567"; 0 for other lines.
std::uint16_t portOf(std::string_view line) {
  constexpr std::string_view kLead = "listening on 127.0.0.1:";
  if (!line.starts_with(kLead)) return 0;
  line.remove_prefix(kLead.size());
  std::uint16_t port = 0;
  const auto [end, code] = std::from_chars(line.data(), line.data() + line.size(), port);
  return code == std::errc() && end == line.data() + line.size() ? port : std::uint16_t{0};
}

}  // namespace

Result<VirtualBoard> VirtualBoard::start(const std::string& board,
                                         const std::vector<std::string>& options) {
  std::vector<std::string> words = {programBeside("../../analyzer/cli", "mcuprof-vboard"),
                                    "--board", board, "--port", "0"};
  words.insert(words.end(), options.begin(), options.end());
  auto process = Process::start(std::move(words));
  if (!process) return process.error();
  const auto deadline = Clock::now() + kStartTime;
  constexpr std::string_view kMeter = "meter at ";
  std::string meterPath;
  std::string last;
  while (process->outputFile() >= 0 && Clock::now() < deadline) {
    pollfd files[] = {{process->outputFile(), POLLIN, 0}, {Interrupt::file(), POLLIN, 0}};
    poll(files, 2, pollTime(deadline));
    if (Interrupt::happened()) return Error{"", "interrupted"};
    for (const std::string& line : process->readLines()) {
      if (line.starts_with(kMeter)) meterPath = line.substr(kMeter.size());
      if (const std::uint16_t port = portOf(line)) {
        return VirtualBoard(std::move(*process), port, meterPath);
      }
      last = line;
    }
  }
  return Error{"mcuprof-vboard", last.empty() ? "did not say which port it listens on" : last};
}

}  // namespace mcuprof
