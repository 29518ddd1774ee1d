#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace mcuprof {

/// The candidate that `name` was most likely meant to be, when one is near enough to be a slip of
/// the fingers: insertions, deletions, replacements and swaps of neighbours, of at most a third of
/// its characters (at least one). Upper and lower case do not count. Of equally near ones the
/// first.
std::optional<std::string> nearMiss(std::string_view name, std::span<const std::string> candidates);

}  // namespace mcuprof
