#pragma once

#include <cstdint>

#include "analyzer/pricing/elf.hpp"

struct uc_struct;

namespace mcuprof {

/// Puts an image's sections where they belong, into memory that is mapped for them page by page
/// with `protection` (UC_PROT_...); pages that are mapped already keep theirs. False when a section
/// does not go in.
bool loadImage(uc_struct* engine, const Elf& elf, std::uint32_t protection);

}  // namespace mcuprof
