#include "analyzer/cli/progress_line.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>

namespace mcuprof::cli {
namespace {

constexpr auto kPatience = std::chrono::milliseconds(500);
constexpr auto kBetween = std::chrono::milliseconds(100);

}  // namespace

ProgressLine::ProgressLine(std::string what, std::size_t total)
    : m_what(std::move(what)),
      m_total(total),
      m_terminal(isatty(STDERR_FILENO) != 0),
      m_next(std::chrono::steady_clock::now() + kPatience) {}

ProgressLine::~ProgressLine() {
  if (m_shown) std::fputs("\r\033[K", stderr);
}

void ProgressLine::step() {
  ++m_done;
  if (!m_terminal) return;
  const auto now = std::chrono::steady_clock::now();
  if (now < m_next) return;
  m_next = now + kBetween;
  m_shown = true;
  const std::string text = fmt::format("\r\033[K{} {} of {}", m_what, m_done, m_total);
  std::fwrite(text.data(), 1, text.size(), stderr);
}

}  // namespace mcuprof::cli
