#include "analyzer/base/mapped_file.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace mcuprof {
namespace {

constexpr std::size_t kLargestStream = std::size_t{4} << 30;

struct Descriptor {
  int number = -1;
  bool owned = true;
  ~Descriptor() {
    if (owned && number >= 0) ::close(number);
  }
};

Error systemError(const std::string& name, const char* action) {
  return Error{name, std::string(action) + ": " + std::strerror(errno)};
}

Result<std::vector<std::byte>> readStream(int descriptor, const std::string& name) {
  std::vector<std::byte> bytes;
  std::size_t used = 0;
  for (;;) {
    if (used == bytes.size())
      bytes.resize(bytes.empty() ? std::size_t{64} * 1024 : bytes.size() * 2);
    const ssize_t got = ::read(descriptor, bytes.data() + used, bytes.size() - used);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return systemError(name, "cannot be read");
    if (got == 0) break;
    used += static_cast<std::size_t>(got);
    if (used > kLargestStream)
      return Error{name, "is a stream of more than 4 GiB; give a file instead"};
  }
  bytes.resize(used);
  return bytes;
}

}  // namespace

Result<std::shared_ptr<const MappedFile>> MappedFile::open(const std::string& path) {
  const bool standardInput = path == "-";
  const std::string name = standardInput ? "standard input" : path;
  Descriptor file{standardInput ? STDIN_FILENO : ::open(path.c_str(), O_RDONLY | O_CLOEXEC),
                  !standardInput};
  if (file.number < 0) {
    if (errno == ENOENT) return Error{name, "does not exist"};
    return systemError(name, "cannot be opened");
  }
  struct stat status {};
  if (::fstat(file.number, &status) != 0) return systemError(name, "cannot be read");
  if (S_ISDIR(status.st_mode)) return Error{name, "is a directory, not a file"};

  std::shared_ptr<MappedFile> result(new MappedFile);
  result->m_name = name;
  if (S_ISREG(status.st_mode) && !standardInput) {
    if (status.st_size == 0) return Error{name, "is empty (0 bytes)"};
    const auto size = static_cast<std::size_t>(status.st_size);
    void* mapping = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file.number, 0);
    if (mapping == MAP_FAILED) return systemError(name, "cannot be mapped into memory");
    result->m_mapping = mapping;
    result->m_bytes = {static_cast<const std::byte*>(mapping), size};
    return std::shared_ptr<const MappedFile>(std::move(result));
  }
  auto bytes = readStream(file.number, name);
  if (!bytes) return bytes.error();
  if (bytes->empty()) return Error{name, "is empty (0 bytes)"};
  result->m_memory = *std::move(bytes);
  result->m_bytes = result->m_memory;
  return std::shared_ptr<const MappedFile>(std::move(result));
}

std::shared_ptr<const MappedFile> MappedFile::fromMemory(std::string name,
                                                         std::vector<std::byte> bytes) {
  std::shared_ptr<MappedFile> result(new MappedFile);
  result->m_name = std::move(name);
  result->m_memory = std::move(bytes);
  result->m_bytes = result->m_memory;
  return result;
}

MappedFile::~MappedFile() {
  if (m_mapping != nullptr) ::munmap(m_mapping, m_bytes.size());
}

}  // namespace mcuprof
