#pragma once

#include <string>
#include <string_view>

#include "analyzer/base/result.hpp"
#include "analyzer/target/runtime.hpp"

namespace mcuprof {

/// Reads a runtime file (docs/runtime-files.md). One that `extends` another starts from that one,
/// which lies in the same folder, and replaces operators by name. The error is the first problem in
/// the order of the text, with line and column.
Result<Runtime> loadRuntime(const std::string& path);

/// The same for a text; `name` is what errors call it, and what it extends is looked for in
/// `folder`.
Result<Runtime> readRuntime(std::string_view text, const std::string& name,
                            const std::string& folder);

}  // namespace mcuprof
