#pragma once

#include <span>

namespace mcuprof::db {

/// The files of db/schema, in order: the text at position n takes a database from version n to
/// version n + 1. A file that was released is never changed.
std::span<const char* const> migrations();

}  // namespace mcuprof::db
