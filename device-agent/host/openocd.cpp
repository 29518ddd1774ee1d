#include "device-agent/host/openocd.hpp"

#include <fmt/format.h>
#include <poll.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <string_view>

#include "device-agent/host/interrupt.hpp"

namespace mcuprof {
namespace {

constexpr std::size_t kLineLimit = 4000;

/// The port in "Info : Listening on port 35811 for tcl connections".
std::optional<std::uint16_t> tclPortOf(std::string_view line) {
  constexpr std::string_view kBefore = "Listening on port ";
  const std::size_t at = line.find(kBefore);
  if (at == std::string_view::npos || !line.ends_with(" for tcl connections")) return std::nullopt;
  std::uint16_t port = 0;
  const std::string_view rest = line.substr(at + kBefore.size());
  const auto [end, code] = std::from_chars(rest.data(), rest.data() + rest.size(), port);
  return code == std::errc() && port != 0 ? std::optional(port) : std::nullopt;
}

std::optional<std::uint8_t> digitOf(char c) {
  if (c >= '0' && c <= '9') return static_cast<std::uint8_t>(c - '0');
  if (c >= 'a' && c <= 'f') return static_cast<std::uint8_t>(c - 'a' + 10);
  if (c >= 'A' && c <= 'F') return static_cast<std::uint8_t>(c - 'A' + 10);
  return std::nullopt;
}

/// The text of an error line of OpenOCD's log without its lead; empty for other lines and for the
/// place in OpenOCD's own sources.
std::string_view errorText(std::string_view line) {
  for (const std::string_view lead : {"Error: ", "Error : "}) {
    const std::size_t at = line.find(lead);
    if (at != std::string_view::npos) return line.substr(at + lead.size());
  }
  return {};
}

}  // namespace

std::optional<std::vector<std::byte>> traceOf(std::string_view notice) {
  constexpr std::string_view kLead = "type target_trace data ";
  while (notice.ends_with('\n') || notice.ends_with('\r')) notice.remove_suffix(1);
  if (!notice.starts_with(kLead)) return std::nullopt;
  notice.remove_prefix(kLead.size());
  if (notice.size() % 2 != 0) return std::nullopt;
  std::vector<std::byte> bytes;
  bytes.reserve(notice.size() / 2);
  for (std::size_t i = 0; i < notice.size(); i += 2) {
    const auto high = digitOf(notice[i]);
    const auto low = digitOf(notice[i + 1]);
    if (!high || !low) return std::nullopt;
    bytes.push_back(static_cast<std::byte>(*high << 4 | *low));
  }
  return bytes;
}

std::optional<std::vector<std::uint32_t>> wordsOf(std::string_view answer) {
  std::vector<std::uint32_t> words;
  while (!answer.empty()) {
    const std::size_t space = std::min(answer.find(' '), answer.size());
    std::string_view word = answer.substr(0, space);
    answer.remove_prefix(std::min(space + 1, answer.size()));
    if (!word.starts_with("0x")) return std::nullopt;
    word.remove_prefix(2);
    std::uint32_t value = 0;
    const auto [end, code] = std::from_chars(word.data(), word.data() + word.size(), value, 16);
    if (code != std::errc() || end != word.data() + word.size()) return std::nullopt;
    words.push_back(value);
  }
  return words;
}

std::string tclWord(std::string_view text) {
  std::string word = "\"";
  for (const char c : text) {
    if (std::string_view("\\\"[]${};").find(c) != std::string_view::npos) word += '\\';
    word += c;
  }
  return word + '"';
}

void OpenocdOptions::addFile(const std::string& file) {
  commands.push_back("script " + tclWord(file));
}

Result<std::unique_ptr<Openocd>> Openocd::start(const OpenocdOptions& options) {
  // The Tcl port answers before the target is touched; everything that can fail is then a command
  // with an answer instead of a process that exits.
  std::vector<std::string> words = {
      options.program, "-c",
      "bindto 127.0.0.1; tcl_port 0; gdb_port disabled; telnet_port disabled; noinit"};
  for (const std::string& command : options.commands) words.insert(words.end(), {"-c", command});
  auto process = Process::start(std::move(words));
  if (!process) {
    return Error{process.error().where,
                 process.error().what + "; install OpenOCD 0.12 (Debian: apt install openocd)"};
  }
  std::unique_ptr<Openocd> openocd(new Openocd(std::move(*process)));
  const auto deadline = Clock::now() + kStartTime;
  if (auto done = openocd->wait(kStartTime, [&] { return openocd->m_port != 0; }); !done) {
    return done.error();
  }
  if (openocd->m_port == 0 || Clock::now() > deadline) {
    return Error{"openocd",
                 fmt::format("did not open its Tcl port within {} s", kStartTime.count() / 1000)};
  }
  auto connection = TclConnection::open(openocd->m_port);
  if (!connection) return connection.error();
  openocd->m_commands.emplace(std::move(*connection));
  return openocd;
}

Result<void> Openocd::connect() {
  // Only the first "init" says what went wrong; OpenOCD takes a second for done.
  auto done = call("init", kConnectTime);
  if (!done) return done.error();
  return {};
}

Error Openocd::gone() {
  const int status = m_process.status().value_or(0);
  return failed(fmt::format("ended with status {}", status), 0);
}

Error Openocd::failed(const std::string& what, std::size_t from) const {
  std::string reasons;
  for (const std::string& line : linesSince(from)) {
    const std::string_view text = errorText(line);
    if (text.empty() || reasons.find(text) != std::string::npos) continue;
    reasons += reasons.empty() ? "" : "; ";
    reasons += text;
  }
  return {"openocd", reasons.empty() ? what : what + ": " + reasons};
}

std::vector<std::string> Openocd::linesSince(std::size_t from) const {
  if (from >= m_lines.size()) return {};
  return {m_lines.begin() + static_cast<std::ptrdiff_t>(from), m_lines.end()};
}

Result<void> Openocd::pump(Clock::time_point deadline) {
  std::array<pollfd, 3> files = {{{Interrupt::file(), POLLIN, 0},
                                  {m_process.outputFile(), POLLIN, 0},
                                  {m_commands ? m_commands->file() : -1, POLLIN, 0}}};
  poll(files.data(), files.size(), pollTime(deadline));
  for (std::string& line : m_process.readLines()) {
    if (const auto port = tclPortOf(line)) m_port = *port;
    if (m_lines.size() < kLineLimit) m_lines.push_back(std::move(line));
  }
  if (Interrupt::happened()) return Error{"", "interrupted"};
  if (m_process.outputFile() < 0 || !m_process.running()) {
    m_process.end();
    return gone();
  }
  if (!m_commands) return {};
  if (auto done = m_commands->receive(); !done) {
    // The connection closes a moment before the process ends; its last words matter more.
    m_process.end();
    for (std::string& line : m_process.readLines()) m_lines.push_back(std::move(line));
    return gone();
  }
  while (auto message = m_commands->next()) {
    if (const auto bytes = traceOf(*message)) {
      m_trace.insert(m_trace.end(), bytes->begin(), bytes->end());
    } else if (!message->starts_with("type ")) {
      m_answer = std::move(*message);
    }
  }
  return {};
}

Result<void> Openocd::wait(Milliseconds time, const std::function<bool()>& done) {
  const auto deadline = Clock::now() + time;
  do {
    if (auto ok = pump(deadline); !ok) return ok;
    if (done && done()) return {};
  } while (Clock::now() < deadline);
  return {};
}

Result<std::string> Openocd::call(const std::string& command, Milliseconds timeout) {
  if (!m_commands || m_process.id() < 0) return gone();
  const std::size_t from = m_lines.size();
  // The protocol has no place for a return code, so the first character of the answer is one.
  if (auto sent = m_commands->send(
          fmt::format("format %d%s [catch {{{}}} mcuprof_answer] $mcuprof_answer", command));
      !sent) {
    m_process.end();
    return gone();
  }
  const auto deadline = Clock::now() + timeout;
  m_answer.reset();
  while (!m_answer) {
    if (Clock::now() > deadline) {
      m_process.end(Milliseconds(0));
      return failed(fmt::format("no answer to \"{}\" within {} s", command.substr(0, 60),
                                static_cast<double>(timeout.count()) / 1000),
                    from);
    }
    if (auto ok = pump(deadline); !ok) return ok.error();
  }
  std::string answer = *std::exchange(m_answer, std::nullopt);
  while (answer.ends_with('\n')) answer.pop_back();
  if (answer.starts_with('0')) return answer.substr(1);
  // The log line that explains a failure may come a moment after the answer.
  if (auto ok = pump(Clock::now() + Milliseconds(20)); !ok) return ok.error();
  return failed(fmt::format("\"{}\" failed", command.substr(0, 60)), from);
}

Result<std::vector<std::uint32_t>> Openocd::readWords(std::uint32_t address, std::size_t count) {
  auto answer = call(fmt::format("read_memory {:#x} 32 {}", address, count));
  if (!answer) return answer.error();
  auto words = wordsOf(*answer);
  if (!words || words->size() != count) {
    return Error{"openocd", fmt::format("reading {} words at {:#x} gave \"{}\"", count, address,
                                        answer->substr(0, 60))};
  }
  return std::move(*words);
}

Result<void> Openocd::writeWords(std::uint32_t address, std::span<const std::uint32_t> words) {
  std::string list;
  for (const std::uint32_t word : words) list += fmt::format("{:#x} ", word);
  auto answer = call(fmt::format("write_memory {:#x} 32 {{{}}}", address, list));
  if (!answer) return answer.error();
  return {};
}

Result<void> Openocd::subscribeTrace() {
  // Not on a connection of its own: OpenOCD takes a new one for being before "init", where it has
  // no such command.
  auto done = call("tcl_trace on");
  if (!done) return done.error();
  return {};
}

std::vector<std::byte> Openocd::takeTrace() {
  return std::exchange(m_trace, {});
}

void Openocd::stop(const std::string& last) {
  if (m_commands && m_process.running()) {
    // Its own way out releases the probe; SIGTERM is for when it does not answer.
    if (m_commands->send(fmt::format("catch {{{}}}; shutdown", last))) {
      const auto deadline = Clock::now() + Milliseconds(500);
      while (m_process.running() && Clock::now() < deadline) {
        m_process.readLines();
        poll(nullptr, 0, 2);
      }
    }
  }
  m_process.end();
}

}  // namespace mcuprof
