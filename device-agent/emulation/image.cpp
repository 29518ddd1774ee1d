#include "device-agent/emulation/image.hpp"

#include <unicorn/unicorn.h>

#include <algorithm>

namespace mcuprof {
namespace {

constexpr std::uint32_t kPage = 4096;

}  // namespace

bool loadImage(uc_struct* engine, const Elf& elf, std::uint32_t protection) {
  return std::ranges::all_of(elf.sections, [&](const ElfSection& section) {
    const std::uint32_t end = (section.end() + kPage - 1) & ~(kPage - 1);
    for (std::uint32_t page = section.address & ~(kPage - 1); page < end; page += kPage)
      uc_mem_map(engine, page, kPage, protection);  // refused where it is mapped
    return uc_mem_write(engine, section.address, section.bytes.data(), section.bytes.size()) ==
           UC_ERR_OK;
  });
}

}  // namespace mcuprof
