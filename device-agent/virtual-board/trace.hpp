#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <vector>

#include "device-agent/virtual-board/ticks.hpp"

namespace mcuprof::vboard {

/// ITM and TPIU: from stores to stimulus ports to bytes on the SWO pin.
///
/// The pin is a UART of 10 bits a byte at the core clock over ACPR + 1; bytes leave back to back. A
/// FIFO stands before it: a stimulus port reads as ready while a largest packet fits. What is
/// written nevertheless is lost, and an overflow packet tells of it. Not modelled: local and global
/// timestamps, packets of the DWT but for its event counters', synchronisation packets.
class Trace {
 public:
  static constexpr std::uint32_t kFifoBytes = 24;  ///< assumed
  static constexpr std::uint8_t kOverflowPacket = 0x70;

  void reset();  ///< a power-on reset: a debugger's settings survive the others

  /// Registers of the ITM, offset from 0xe0000000, and of the TPIU, from 0xe0040000.
  std::uint32_t readItm(std::uint32_t offset, Ticks now) const;
  void writeItm(std::uint32_t offset, std::uint32_t value, std::uint32_t size, Ticks now);
  std::uint32_t readTpiu(std::uint32_t offset) const;
  void writeTpiu(std::uint32_t offset, std::uint32_t value);
  /// An event counter packet of the DWT, where ITM_TCR.TXENA lets it pass.
  void sendCounterEvent(std::uint8_t counters, Ticks now);

  /// DEMCR.TRCENA and DBGMCU_CR.TRACE_IOEN: without the first nothing is traced, without the second
  /// nothing leaves.
  void setEnabled(bool traceEnabled, bool pinEnabled) {
    m_traceEnabled = traceEnabled;
    m_pinEnabled = pinEnabled;
  }

  /// Core clocks of one bit on the pin.
  std::uint32_t clocksPerBit() const { return m_prescaler + 1; }
  /// Bytes that have left the pin since the last call, in order.
  std::vector<std::uint8_t> take();

  std::uint64_t overflows() const { return m_overflows; }

 private:
  std::uint32_t queued(Ticks now) const;
  void send(const std::uint8_t* bytes, std::uint32_t count, Ticks now);
  void put(std::uint8_t byte);

  std::uint32_t m_control = 0;        // TCR
  std::uint32_t m_portEnable = 0;     // TER
  std::uint32_t m_privilege = 0;      // TPR
  std::uint32_t m_prescaler = 0;      // ACPR
  std::uint32_t m_protocol = 1;       // SPPR
  std::uint32_t m_formatter = 0x102;  // FFCR
  std::uint32_t m_portSize = 1;
  bool m_traceEnabled = false;
  bool m_pinEnabled = false;
  bool m_lost = false;
  Ticks m_busyUntil = 0;  ///< when the last byte accepted has left
  std::uint64_t m_overflows = 0;
  std::vector<std::uint8_t> m_out;
  std::array<std::uint8_t, 16> m_frame{};  ///< of the formatter
  std::uint32_t m_frameFill = 0;
};

}  // namespace mcuprof::vboard
