#include "analyzer/cli/target_hashes.hpp"

#include <algorithm>

#include "analyzer/base/sha256.hpp"

namespace mcuprof::cli {

std::string hashOfFiles(std::span<const InputFile> files,
                        std::initializer_list<std::string_view> roles) {
  std::string hashes;
  for (const InputFile& file : files) {
    if (std::ranges::find(roles, file.role) != roles.end()) hashes += file.sha256;
  }
  return sha256Of(std::as_bytes(std::span(hashes)));
}

}  // namespace mcuprof::cli
