#include "db/energy_trace.hpp"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

namespace mcuprof::db {
namespace {

// "MCET", a version, then sampleHz and the number of samples, all little-endian; zlib's stream
// follows. In it: the lowest bytes of all values, then the next, as the bytes of a kind resemble
// each other; then the marks, eight a byte, the first in bit 0.
constexpr std::array<std::uint8_t, 4> kMagic = {'M', 'C', 'E', 'T'};
constexpr std::uint32_t kVersion = 1;
constexpr std::size_t kHeaderBytes = 24;
/// An hour at 100 kS/s; more is not ours.
constexpr std::uint64_t kMostSamples = 360'000'000;
/// zlib's best case is 1032 to 1 (zlib.net, technical details).
constexpr std::uint64_t kBestRatio = 1040;
constexpr int kDroppedBits = 23 - 14;

std::size_t plainBytes(std::size_t samples) {
  return 4 * samples + (samples + 7) / 8;
}

std::uint32_t rounded(float value) {
  const auto bits = std::bit_cast<std::uint32_t>(value);
  const std::uint32_t half = 1U << (kDroppedBits - 1);
  return (bits + half) >> kDroppedBits << kDroppedBits;
}

template <typename T>
void put(std::vector<std::byte>& out, T value) {
  const auto bytes = std::bit_cast<std::array<std::byte, sizeof(T)>>(value);
  // insert() makes g++ 12 see overflows that are not there, when it optimises.
  for (const std::byte byte : bytes) out.push_back(byte);
}

template <typename T>
T get(std::span<const std::byte> bytes, std::size_t at) {
  T value;
  std::memcpy(&value, bytes.data() + at, sizeof value);
  return value;
}

}  // namespace

std::vector<std::byte> packTrace(const EnergyTrace& trace) {
  const std::size_t count = trace.watts.size();
  std::vector<std::uint8_t> plain(plainBytes(count));
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint32_t bits = rounded(trace.watts[i]);
    for (std::size_t k = 0; k < 4; ++k) {
      plain[k * count + i] = static_cast<std::uint8_t>(bits >> 8 * k);
    }
    if (trace.marks[i]) plain[4 * count + i / 8] |= static_cast<std::uint8_t>(1U << i % 8);
  }
  std::vector<std::byte> out;
  for (const std::uint8_t byte : kMagic) out.push_back(std::byte{byte});
  put(out, kVersion);
  put(out, trace.sampleHz);
  put(out, std::uint64_t{count});
  uLongf packed = compressBound(static_cast<uLong>(plain.size()));
  out.resize(kHeaderBytes + packed);
  // Fails only for want of memory, which no caller could make up for.
  compress2(reinterpret_cast<Bytef*>(out.data() + kHeaderBytes), &packed, plain.data(),
            static_cast<uLong>(plain.size()), 6);
  out.resize(kHeaderBytes + packed);
  return out;
}

Result<EnergyTrace> unpackTrace(std::span<const std::byte> bytes) {
  const Error damaged{"energy trace", "is damaged"};
  if (bytes.size() < kHeaderBytes || std::memcmp(bytes.data(), kMagic.data(), 4) != 0) {
    return Error{"energy trace", "is no trace of mcuprof"};
  }
  if (get<std::uint32_t>(bytes, 4) != kVersion) {
    return Error{"energy trace", "was written by a newer mcuprof"};
  }
  EnergyTrace trace;
  trace.sampleHz = get<double>(bytes, 8);
  const auto count = get<std::uint64_t>(bytes, 16);
  if (count > kMostSamples || !(trace.sampleHz > 0) || trace.sampleHz > 1e12) return damaged;
  const auto samples = static_cast<std::size_t>(count);
  if (plainBytes(samples) / kBestRatio > bytes.size()) return damaged;
  std::vector<std::uint8_t> plain(plainBytes(samples) + 1);
  uLongf got = static_cast<uLongf>(plain.size());
  const int code =
      uncompress(plain.data(), &got, reinterpret_cast<const Bytef*>(bytes.data() + kHeaderBytes),
                 static_cast<uLong>(bytes.size() - kHeaderBytes));
  if (code != Z_OK || got != plainBytes(samples)) return damaged;
  trace.watts.resize(samples);
  trace.marks.resize(samples);
  for (std::size_t i = 0; i < samples; ++i) {
    std::uint32_t bits = 0;
    for (std::size_t k = 0; k < 4; ++k) bits |= std::uint32_t{plain[k * samples + i]} << 8 * k;
    trace.watts[i] = std::bit_cast<float>(bits);
    trace.marks[i] = (plain[4 * samples + i / 8] >> i % 8 & 1) != 0;
  }
  return trace;
}

}  // namespace mcuprof::db
