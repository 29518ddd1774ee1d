// mcuprof-vboard: virtual boards behind the ST-LINK TCP protocol. See docs/virtual-board.md.

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <exception>
#include <string>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>
#include <CLI/CLI.hpp>

#include "device-agent/virtual-board/stlink_server.hpp"

namespace {

using namespace mcuprof;
using namespace mcuprof::vboard;

constexpr int kUsage = 2;
constexpr int kDevice = 5;
constexpr int kInternal = 70;

int fail(int status, const Error& error) {
  std::string line = error.text();
  std::replace_if(
      line.begin(), line.end(),
      [](char c) { return static_cast<unsigned char>(c) < ' ' || c == 127; }, '?');
  fmt::print(stderr, "mcuprof-vboard: error: {}\n", line);
  return status;
}

int g_signalPipe[2] = {-1, -1};

void onSignal(int) {
  const char byte = 0;
  [[maybe_unused]] const ssize_t written = ::write(g_signalPipe[1], &byte, 1);
}

int run(int argc, char** argv) {
  CLI::App app(
      "Virtual boards for OpenOCD: ST-LINK over TCP on 127.0.0.1. Cycles are of a model, not of "
      "silicon",
      "mcuprof-vboard");
  std::vector<std::string> boards;
  std::vector<std::string> serials;
  std::vector<std::string> faultTexts;
  std::uint16_t port = 0;
  std::string timing = "access";
  std::string targets;
  std::string meterName;
  bool stay = false;
  app.add_option("--board", boards, "board to be; several are several probes")->required();
  app.add_option("--serial", serials, "serial number of each board's probe");
  app.add_option("--port", port, "port to listen on, 0 for a free one");
  app.add_option("--timing", timing,
                 "access: caches and wait states of each access; block: of fetches only")
      ->check(CLI::IsMember({"access", "block"}));
  app.add_option("--fault", faultTexts, "what is to go wrong; may be repeated");
  app.add_option("--meter", meterName,
                 "power meter on the first board: lpm01a[:LINK], ppk2[:LINK] or csv:FILE[@HZ]");
  app.add_option("--targets", targets, "folder with target files");
  app.add_flag("--stay", stay, "do not end when standard input closes");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return app.exit(error);
    return fail(kUsage, {"", fmt::format("{} (mcuprof-vboard --help)", error.what())});
  }

  Faults faults;
  for (const std::string& text : faultTexts) {
    if (const auto added = addFault(faults, text); !added) return fail(kUsage, added.error());
  }
  if (serials.size() > boards.size()) {
    return fail(kUsage, {"--serial", fmt::format("{} serial numbers for {} boards", serials.size(),
                                                 boards.size())});
  }
  const auto catalogue = Catalogue::find(targets);
  if (!catalogue) return fail(kUsage, catalogue.error());
  std::vector<std::unique_ptr<Probe>> probes;
  const TimingMode mode = timing == "access" ? TimingMode::Access : TimingMode::Block;
  for (std::size_t i = 0; i < boards.size(); ++i) {
    auto board = VirtualBoard::make(*catalogue, boards[i], mode, faults);
    if (!board) return fail(kUsage, board.error());
    const std::string serial = i < serials.size() ? serials[i] : fmt::format("VIRTUAL{:04}", i);
    if (serial.empty() || serial.size() > 24) {
      return fail(kUsage, {"--serial", fmt::format("\"{}\" is not 1 to 24 characters", serial)});
    }
    const bool taken = std::any_of(probes.begin(), probes.end(),
                                   [&](const auto& probe) { return probe->serial() == serial; });
    if (taken) return fail(kUsage, {"--serial", fmt::format("\"{}\" is given twice", serial)});
    probes.push_back(std::make_unique<Probe>(serial, *std::move(board)));
  }

  std::unique_ptr<MeterPort> meter;
  if (!meterName.empty()) {
    auto opened = MeterPort::open(meterName, probes.front()->board(), faults.meter);
    if (!opened) return fail(kUsage, opened.error());
    meter = *std::move(opened);
  }

  if (::pipe2(g_signalPipe, O_CLOEXEC | O_NONBLOCK) != 0) {
    return fail(kDevice, {"pipe", "cannot be made"});
  }
  std::signal(SIGTERM, onSignal);
  std::signal(SIGINT, onSignal);
  std::signal(SIGPIPE, SIG_IGN);
  for (const auto& probe : probes) {
    fmt::print(stderr, "mcuprof-vboard: virtual {} with serial {}; its cycles are modelled\n",
               probe->board().board().name, probe->serial());
  }
  const std::string meterPath = meter ? meter->path() : "";
  StlinkServer server(std::move(probes));
  if (meter) server.attach(std::move(meter));
  const auto listening = server.listen(port);
  if (!listening) return fail(kDevice, listening.error());
  if (!meterPath.empty()) fmt::print("meter at {}\n", meterPath);
  fmt::print("listening on 127.0.0.1:{}\n", *listening);
  std::fflush(stdout);
  if (const auto served = server.serve(g_signalPipe[0], stay ? -1 : STDIN_FILENO); !served) {
    return fail(kDevice, served.error());
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  // Our code throws nothing; what arrives here is a lack of memory or a defect.
  try {
    return run(argc, argv);
  } catch (const std::exception& error) {
    return fail(kInternal, {"", fmt::format("internal error: {}", error.what())});
  }
}
