#pragma once

#include <memory>
#include <string>

#include "analyzer/base/result.hpp"
#include "device-agent/virtual-board/meter.hpp"
#include "device-agent/virtual-board/virtual_board.hpp"

namespace mcuprof::vboard {

/// A virtual meter and where its host finds it: a pseudo-terminal, or a file for csv.
class MeterPort {
 public:
  /// `name`: "lpm01a", "ppk2", each with ":PATH" for a link to the terminal, or "csv:FILE" with
  /// "@HZ" for a rate other than 10,000. The board's current is what it measures from here on.
  static Result<std::unique_ptr<MeterPort>> open(const std::string& name, VirtualBoard& board,
                                                 const MeterFaults& faults);
  /// The same for a meter that somebody else feeds.
  static Result<std::unique_ptr<MeterPort>> open(std::unique_ptr<Meter> meter,
                                                 const std::string& link);
  ~MeterPort();
  MeterPort(const MeterPort&) = delete;
  MeterPort& operator=(const MeterPort&) = delete;

  const std::string& kind() const { return m_kind; }
  const std::string& path() const { return m_path; }
  Meter& meter() { return *m_meter; }

  /// For poll(); -1 while there is nothing to wait for.
  int descriptor() const { return m_connected ? m_master : -1; }
  bool hasOutput() const { return m_meter->output().size() > m_sent; }
  /// The host reads too slowly: the board has to wait, for its time is the meter's.
  bool isCongested() const { return m_meter->output().size() - m_sent > kMostOutput; }
  /// Measures what the board did and moves bytes both ways.
  void service();

 private:
  explicit MeterPort(std::unique_ptr<Meter> meter) : m_meter(std::move(meter)) {}
  Result<void> makeTerminal(const std::string& link);
  void unplug();

  static constexpr std::size_t kMostOutput = 64 * 1024;

  std::unique_ptr<Meter> m_meter;
  VirtualBoard* m_board = nullptr;
  std::string m_kind;
  std::string m_path;
  std::string m_link;
  int m_master = -1;
  std::size_t m_sent = 0;  ///< of the meter's output
  bool m_connected = false;
};

}  // namespace mcuprof::vboard
