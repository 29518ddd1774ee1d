#include "device-agent/host/interrupt.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cassert>
#include <csignal>

namespace mcuprof {
namespace {

constexpr std::array kSignals = {SIGINT, SIGTERM, SIGHUP};

// A signal handler reaches nothing but these.
volatile std::sig_atomic_t g_happened = 0;
std::array<int, 2> g_pipe = {-1, -1};
std::array<struct sigaction, kSignals.size()> g_before;

void onSignal(int number) {
  if (g_happened != 0) {
    std::signal(number, SIG_DFL);
    raise(number);
    return;
  }
  g_happened = 1;
  const char byte = 1;
  // A full pipe is readable too, so a failure changes nothing.
  [[maybe_unused]] const ssize_t written = write(g_pipe[1], &byte, 1);
}

}  // namespace

Interrupt::Interrupt() {
  assert(g_pipe[0] < 0);
  g_happened = 0;
  if (pipe2(g_pipe.data(), O_CLOEXEC | O_NONBLOCK) != 0) g_pipe = {-1, -1};
  struct sigaction action {};
  action.sa_handler = onSignal;
  sigemptyset(&action.sa_mask);
  for (std::size_t i = 0; i < kSignals.size(); ++i) {
    sigaction(kSignals[i], &action, &g_before[i]);
    // Who started us with the signal ignored (nohup) wants it ignored.
    if (g_before[i].sa_handler == SIG_IGN) sigaction(kSignals[i], &g_before[i], nullptr);
  }
}

Interrupt::~Interrupt() {
  for (std::size_t i = 0; i < kSignals.size(); ++i) sigaction(kSignals[i], &g_before[i], nullptr);
  g_happened = 0;
  for (int& end : g_pipe) {
    if (end >= 0) close(end);
    end = -1;
  }
}

bool Interrupt::happened() {
  return g_happened != 0;
}

int Interrupt::file() {
  return g_pipe[0];
}

}  // namespace mcuprof
