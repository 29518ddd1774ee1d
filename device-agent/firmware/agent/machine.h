/// The core besides its memories: caches, floating point, and the state that MACHINE reports.
#ifndef MCUPROF_FIRMWARE_AGENT_MACHINE_H
#define MCUPROF_FIRMWARE_AGENT_MACHINE_H

#include "device-agent/firmware/agent/protocol.h"

/// Clock, wait states, accelerators, caches, FPU and counters; measures the clock on the way.
void mcuprof_machine_start(void);

/// Reads the state back.
void mcuprof_machine_read(struct mcuprof_machine* machine);

/// Writes back and empties the data cache, where there is one, so that core and debug port see the
/// same RAM.
void mcuprof_machine_empty_cache(void);

#endif
