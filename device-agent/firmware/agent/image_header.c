#include "device-agent/firmware/agent/agent.h"
#include "device-agent/firmware/agent/layout.h"
#include "device-agent/firmware/agent/protocol.h"

#define RANGE(name) \
  { MCUPROF_VALUE(name##_base), MCUPROF_VALUE(name##_bytes) }

/// What the host reads before anything runs. MCUPROF_BOARD_NAME and MCUPROF_KERNEL_LIBRARY come
/// from the build.
__attribute__((section(".mcuprof.header"), used))
const struct mcuprof_image_header mcuprof_image_header = {
    .magic = MCUPROF_HEADER_MAGIC,
    .header_bytes = sizeof(struct mcuprof_image_header),
    .protocol = MCUPROF_PROTOCOL,
    .agent_version = MCUPROF_AGENT_VERSION,
    .kernel_library = MCUPROF_KERNEL_LIBRARY,
    .core_hz = MCUPROF_VALUE(mcuprof_core_hz),
    .mailbox = (uint32_t)&mcuprof_mailbox,
    .ring = (uint32_t)&mcuprof_ring,
    .image = RANGE(mcuprof_image),
    .model = RANGE(mcuprof_model),
    .stack = RANGE(mcuprof_stack),
    .ram_ranges = MCUPROF_VALUE(mcuprof_ram_ranges),
    .ram = {RANGE(mcuprof_ram0), RANGE(mcuprof_ram1), RANGE(mcuprof_ram2), RANGE(mcuprof_ram3)},
    .board = MCUPROF_BOARD_NAME,
};
