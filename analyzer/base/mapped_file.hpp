#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "analyzer/base/result.hpp"

namespace mcuprof {

/// The bytes of a file, read-only: mapped where the file can be mapped, in memory for standard
/// input and other streams. They stay valid as long as the object lives; who keeps views of them
/// keeps the shared_ptr.
class MappedFile {
 public:
  /// Opens `path`; "-" is standard input. Errors name the path: it does not exist, is a directory,
  /// cannot be read, is empty. A stream of more than 4 GiB is refused.
  static Result<std::shared_ptr<const MappedFile>> open(const std::string& path);

  /// Takes bytes that are in memory already; `name` stands for them in errors.
  static std::shared_ptr<const MappedFile> fromMemory(std::string name,
                                                      std::vector<std::byte> bytes);

  ~MappedFile();
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;

  std::span<const std::byte> bytes() const { return m_bytes; }
  /// As given to open(); "standard input" for "-".
  const std::string& name() const { return m_name; }

 private:
  MappedFile() = default;

  std::string m_name;
  std::span<const std::byte> m_bytes;
  void* m_mapping = nullptr;
  std::vector<std::byte> m_memory;  ///< holds the bytes when they are not mapped
};

}  // namespace mcuprof
