#pragma once

#include <unicorn/unicorn.h>

namespace mcuprof {

/// Has the engine call `function`, whose type the kind of hook gives, with `user` wherever such a
/// thing happens. Returns the hook to delete; 0 when Unicorn refuses it.
template <class Function>
uc_hook addHook(uc_engine* engine, int kind, Function* function, void* user) {
  uc_hook hook = 0;
  const uc_err error =
      uc_hook_add(engine, &hook, kind, reinterpret_cast<void*>(function), user, 1, 0);
  return error == UC_ERR_OK ? hook : 0;
}

}  // namespace mcuprof
