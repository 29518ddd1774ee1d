#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace mcuprof {

/// One packet of an Arm ITM stream (Armv7-M Architecture Reference Manual, appendix "Debug ITM and
/// DWT Packet Protocol").
struct SwoPacket {
  enum class Kind : std::uint8_t {
    Stimulus,   ///< the program wrote `value` to stimulus port `source`
    Hardware,   ///< the DWT reported; `source` is its discriminator
    Timestamp,  ///< local or global
    Extension,
    Sync,
    Overflow,  ///< the core dropped packets here
    Unknown,   ///< a header that the architecture reserves: the stream is damaged
  };
  Kind kind{};
  std::uint8_t source = 0;  ///< 0 to 31
  std::uint8_t size = 0;    ///< bytes of value: 1, 2 or 4 for Stimulus and Hardware
  std::uint32_t value = 0;

  friend bool operator==(const SwoPacket&, const SwoPacket&) = default;
};

/// Cuts the bytes of a serial wire output (asynchronous, TPIU formatter off) into packets. Takes
/// any bytes; a packet may be spread over calls.
class SwoDecoder {
 public:
  /// Packets that are complete with these bytes.
  std::vector<SwoPacket> decode(std::span<const std::byte> bytes);

  std::uint64_t overflows() const { return m_overflows; }
  std::uint64_t unknown() const { return m_unknown; }

 private:
  void header(std::uint8_t byte, std::vector<SwoPacket>& out);

  SwoPacket m_packet;
  unsigned m_missing = 0;    ///< payload bytes of a source packet still to come
  unsigned m_shift = 0;      ///< where the next payload byte goes
  bool m_continued = false;  ///< in a packet whose bytes say themselves whether one more follows
  unsigned m_zeros = 0;      ///< zero bytes in a row, for synchronisation
  std::uint64_t m_overflows = 0;
  std::uint64_t m_unknown = 0;
};

}  // namespace mcuprof
