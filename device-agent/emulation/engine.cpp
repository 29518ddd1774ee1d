#include "device-agent/emulation/engine.hpp"

#include <unicorn/unicorn.h>

#include <algorithm>

namespace mcuprof {
namespace {

struct CpuModel {
  std::string_view core;
  int number;
};
constexpr CpuModel kModels[] = {
    {"cortex-m0", UC_CPU_ARM_CORTEX_M0}, {"cortex-m0plus", UC_CPU_ARM_CORTEX_M0},
    {"cortex-m3", UC_CPU_ARM_CORTEX_M3}, {"cortex-m4", UC_CPU_ARM_CORTEX_M4},
    {"cortex-m7", UC_CPU_ARM_CORTEX_M7}, {"cortex-m33", UC_CPU_ARM_CORTEX_M33}};

}  // namespace

void EngineCloser::operator()(uc_struct* engine) const {
  uc_close(engine);
}

Engine makeEngine(std::string_view core) {
  const auto* const model = std::ranges::find(kModels, core, &CpuModel::core);
  if (model == std::end(kModels)) return nullptr;
  uc_engine* opened = nullptr;
  if (uc_open(UC_ARCH_ARM, static_cast<uc_mode>(UC_MODE_THUMB | UC_MODE_MCLASS), &opened) !=
      UC_ERR_OK) {
    return nullptr;
  }
  Engine engine(opened);
  if (uc_ctl_set_cpu_model(opened, model->number) != UC_ERR_OK) return nullptr;
  return engine;
}

}  // namespace mcuprof
