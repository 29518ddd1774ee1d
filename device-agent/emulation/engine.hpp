#pragma once

#include <memory>
#include <string_view>

struct uc_struct;

namespace mcuprof {

struct EngineCloser {
  void operator()(uc_struct* engine) const;
};
/// Unicorn's state of one emulated core.
using Engine = std::unique_ptr<uc_struct, EngineCloser>;

/// An engine without memory that executes as this core ("cortex-m4"; the Cortex-M0+ as a
/// Cortex-M0). Null for a core that Unicorn does not know.
Engine makeEngine(std::string_view core);

}  // namespace mcuprof
