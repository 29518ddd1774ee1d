#include "device-agent/host/flash.hpp"

#include <fmt/format.h>
#include <stdlib.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <filesystem>
#include <optional>
#include <string>

namespace mcuprof {
namespace {

/// Small sectors are taken together up to this.
constexpr std::size_t kPiece = 32 * 1024;
/// Slowest erase and write of the boards' flash with a margin: a sector of 256 KiB takes up to 4 s
/// to erase (datasheets), programming goes at 20 KB/s and more.
constexpr Milliseconds kEraseTime{20'000};
constexpr std::size_t kBytesPerSecond = 5'000;

Milliseconds writeTime(std::size_t bytes) {
  return kEraseTime + Milliseconds(1000 * bytes / kBytesPerSecond);
}

std::optional<std::uint32_t> hexAfter(std::string_view text, std::string_view lead) {
  const std::size_t at = text.find(lead);
  if (at == std::string_view::npos) return std::nullopt;
  text.remove_prefix(at + lead.size());
  std::uint32_t value = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value, 16);
  return code == std::errc() ? std::optional(value) : std::nullopt;
}

/// A file with the given bytes that goes away with the object.
class TemporaryFile {
 public:
  static Result<TemporaryFile> make(std::span<const std::byte> bytes) {
    std::error_code error;
    std::string path = (std::filesystem::temp_directory_path(error) / "mcuprof-XXXXXX").string();
    const int file = mkstemp(path.data());
    if (file < 0) return Error{path, fmt::format("cannot be made: {}", std::strerror(errno))};
    TemporaryFile made(std::move(path));
    while (!bytes.empty()) {
      const ssize_t written = write(file, bytes.data(), bytes.size());
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) {
        const int reason = errno;
        close(file);
        return Error{made.m_path, fmt::format("cannot be written: {}", std::strerror(reason))};
      }
      bytes = bytes.subspan(static_cast<std::size_t>(written));
    }
    close(file);
    return made;
  }
  TemporaryFile(TemporaryFile&& other) noexcept : m_path(std::exchange(other.m_path, {})) {}
  TemporaryFile& operator=(TemporaryFile&&) = delete;
  ~TemporaryFile() {
    if (!m_path.empty()) unlink(m_path.c_str());
  }
  const std::string& path() const { return m_path; }

 private:
  explicit TemporaryFile(std::string path) : m_path(std::move(path)) {}
  std::string m_path;
};

}  // namespace

std::vector<FlashSector> sectorsOf(std::string_view answer) {
  // "#0 : stm32f2x at 0x08000000, size ...", then lines "#  0: 0x00000000 (0x8000 32kB) ...".
  std::vector<FlashSector> sectors;
  const auto base = hexAfter(answer.substr(0, answer.find('\n')), " at 0x");
  while (base && !answer.empty()) {
    const std::size_t end = std::min(answer.find('\n'), answer.size());
    const std::string_view line = answer.substr(0, end);
    answer.remove_prefix(std::min(end + 1, answer.size()));
    const auto offset = hexAfter(line, ": 0x");
    const auto bytes = hexAfter(line, "(0x");
    if (!offset || !bytes || *bytes == 0) continue;
    const std::uint64_t address = std::uint64_t{*base} + *offset;
    const bool rising =
        sectors.empty() || address >= std::uint64_t{sectors.back().address} + sectors.back().bytes;
    if (address + *bytes > UINT32_MAX || !rising) return {};
    sectors.push_back({static_cast<std::uint32_t>(address), *bytes});
  }
  return sectors;
}

Result<std::vector<FlashPiece>> planFlash(std::span<const FlashSector> sectors,
                                          std::uint32_t address, std::size_t bytes) {
  auto sector = std::ranges::find(sectors, address, &FlashSector::address);
  if (sector == sectors.end()) {
    return Error{"flash", fmt::format("no sector begins at {:#x}", address)};
  }
  std::vector<FlashPiece> pieces;
  std::size_t offset = 0;
  while (offset < bytes) {
    FlashPiece piece{static_cast<std::uint32_t>(address + offset), offset, 0};
    do {
      if (sector == sectors.end() || sector->address != piece.address + piece.bytes) {
        return Error{"flash", fmt::format("{} bytes at {:#x} leave the flash, which ends at {:#x}",
                                          bytes, address, piece.address + piece.bytes)};
      }
      piece.bytes += sector->bytes;
      ++sector;
    } while (piece.bytes < kPiece && offset + piece.bytes < bytes);
    piece.bytes = std::min(piece.bytes, bytes - offset);
    offset += piece.bytes;
    pieces.push_back(piece);
  }
  std::rotate(pieces.begin(), pieces.begin() + (pieces.empty() ? 0 : 1), pieces.end());
  return pieces;
}

Result<void> writeFlash(Openocd& openocd, std::uint32_t address, std::span<const std::byte> bytes,
                        const Progress& progress) {
  auto probed = openocd.call("flash probe 0", kEraseTime);
  if (!probed) return probed.error();
  auto answer = openocd.call("flash info 0", kEraseTime);
  if (!answer) return answer.error();
  const std::vector<FlashSector> sectors = sectorsOf(*answer);
  auto pieces = planFlash(sectors, address, bytes.size());
  if (!pieces) return pieces.error();

  // Until the last piece is written nothing may look like a complete image.
  auto erased = openocd.call(fmt::format("flash erase_address pad {:#x} 4", address), kEraseTime);
  if (!erased) return erased.error();
  std::size_t written = 0;
  progress(0, bytes.size());
  for (const FlashPiece& piece : *pieces) {
    auto file = TemporaryFile::make(bytes.subspan(piece.offset, piece.bytes));
    if (!file) return file.error();
    auto done = openocd.call(
        fmt::format("flash write_image erase {} {:#x} bin", tclWord(file->path()), piece.address),
        writeTime(piece.bytes));
    if (!done) {
      return Error{"flash", fmt::format("writing {} bytes at {:#x}: {}", piece.bytes, piece.address,
                                        done.error().text())};
    }
    written += piece.bytes;
    progress(written, bytes.size());
  }
  return {};
}

Result<void> writeRam(Openocd& openocd, std::uint32_t address, std::span<const std::byte> bytes) {
  auto file = TemporaryFile::make(bytes);
  if (!file) return file.error();
  auto done = openocd.call(fmt::format("load_image {} {:#x} bin", tclWord(file->path()), address),
                           writeTime(bytes.size()));
  if (!done) return done.error();
  return {};
}

}  // namespace mcuprof
