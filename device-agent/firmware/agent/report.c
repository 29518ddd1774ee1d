#include "device-agent/firmware/agent/report.h"

#include "device-agent/firmware/agent/agent.h"
#include "device-agent/firmware/agent/registers.h"

#define ITM_LOOKS 65536u

static struct {
  uint32_t header[2];
  union mcuprof_payload payload;
  uint32_t checksum;
} frame;
static uint32_t sequence;
static uint32_t counted;

union mcuprof_payload* mcuprof_report_payload(void) {
  for (uint32_t i = 0; i < MCUPROF_FRAME_MAX_WORDS; ++i) frame.payload.words[i] = 0;
  return &frame.payload;
}

static void wait_for_room(uint32_t words) {
  if ((mcuprof_mailbox.options & MCUPROF_OPTION_WAIT) == 0) return;
  const uint32_t state = mcuprof_mailbox.state;
  while (!mcuprof_ring_has_room(&mcuprof_ring, words) && mcuprof_mailbox.stop == 0) {
    mcuprof_mailbox.state = MCUPROF_WAITING;
  }
  mcuprof_mailbox.state = state;
}

#if __ARM_ARCH_ISA_THUMB >= 2
static void send_to_itm(const uint32_t* words, uint32_t count) {
  if ((mcuprof_mailbox.options & MCUPROF_OPTION_NO_ITM) != 0) return;
  if ((ITM_TCR & ITM_TCR_ENABLE) == 0 || (ITM_TER & 1u) == 0) return;
  for (uint32_t i = 0; i < count; ++i) {
    uint32_t looks = ITM_LOOKS;
    while ((ITM_STIMULUS0 & 1u) == 0) {
      if (--looks == 0) return;
    }
    ITM_STIMULUS0 = words[i];
  }
}
#else
static void send_to_itm(const uint32_t* words, uint32_t count) {
  (void)words;
  (void)count;
}
#endif

void mcuprof_report_send(uint8_t type, uint32_t payload_bytes) {
  uint32_t* const words = frame.header;
  const uint32_t count = mcuprof_frame_finish(words, type, payload_bytes / 4, sequence);
  wait_for_room(count);
  mcuprof_ring_write(&mcuprof_ring, words, count);
  send_to_itm(words, count);
  ++sequence;
  ++counted;
}

void mcuprof_report_skipped(uint32_t layer, int32_t code) {
  struct mcuprof_skipped* const skipped = &mcuprof_report_payload()->skipped;
  skipped->layer = (uint16_t)layer;
  skipped->code = code;
  mcuprof_report_send(MCUPROF_FRAME_SKIPPED, sizeof *skipped);
}

uint32_t mcuprof_report_count(void) {
  const uint32_t count = counted;
  counted = 0;
  return count;
}
