/// Executes one layer, timed and guarded.
#ifndef MCUPROF_FIRMWARE_AGENT_MEASURE_H
#define MCUPROF_FIRMWARE_AGENT_MEASURE_H

#include <stdbool.h>
#include <stdint.h>

enum mcuprof_outcome {
  MCUPROF_RAN,
  MCUPROF_REFUSED,  ///< a SKIPPED frame was sent
  MCUPROF_FAULTED,  ///< a FAULT frame was sent
};

/// Executes `layer` of the session's program. *cycles is its time less the probe's, when it ran.
enum mcuprof_outcome mcuprof_execute(uint32_t layer, uint64_t* cycles);

/// Measures an execution of nothing; later times are less by that.
void mcuprof_measure_overhead(void);
uint32_t mcuprof_overhead(void);

#endif
