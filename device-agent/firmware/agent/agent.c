#include "device-agent/firmware/agent/agent.h"

#include "device-agent/firmware/agent/board.h"
#include "device-agent/firmware/agent/fault.h"
#include "device-agent/firmware/agent/layout.h"
#include "device-agent/firmware/agent/machine.h"
#include "device-agent/firmware/agent/registers.h"
#include "device-agent/firmware/agent/report.h"
#include "device-agent/firmware/checksum.h"
#include "device-agent/firmware/kernels/kernels.h"

extern const struct mcuprof_image_header mcuprof_image_header;

volatile struct mcuprof_mailbox mcuprof_mailbox;
volatile struct mcuprof_ring mcuprof_ring;
struct mcuprof_session mcuprof_session;
static uint32_t reset_cause;

/// Whether [base, base + bytes) lies within ranges that touch, of rising order.
static bool within(const struct mcuprof_range* ranges, uint32_t count, uint32_t base,
                   uint32_t bytes) {
  for (uint32_t i = 0; i < count && bytes != 0; ++i) {
    const uint32_t offset = base - ranges[i].base;
    if (base < ranges[i].base || offset >= ranges[i].bytes) continue;
    const uint32_t here = ranges[i].bytes - offset;
    if (bytes <= here) return true;
    base += here;
    bytes -= here;
  }
  return false;
}

static bool within_ram(uint32_t base, uint32_t bytes) {
  return within(mcuprof_image_header.ram, mcuprof_image_header.ram_ranges, base, bytes);
}

static int32_t hello(void) {
  const struct mcuprof_range* const image = &mcuprof_image_header.image;
  const uint32_t crc = mcuprof_crc32(0, (const void*)image->base, image->bytes);
  union mcuprof_payload* payload = mcuprof_report_payload();
  payload->hello = (struct mcuprof_hello){
      .protocol = MCUPROF_PROTOCOL,
      .agent_version = MCUPROF_AGENT_VERSION,
      .kernel_library = mcuprof_linked_library,
      .cpuid = SCB_CPUID,
      .idcode = *mcuprof_board.idcode,
      .reset_cause = reset_cause,
      .image_bytes = image->bytes,
      .image_crc32 = crc,
  };
  mcuprof_report_send(MCUPROF_FRAME_HELLO, sizeof payload->hello);
  payload = mcuprof_report_payload();
  mcuprof_machine_read(&payload->machine);
  mcuprof_report_send(MCUPROF_FRAME_MACHINE, sizeof payload->machine);
  return MCUPROF_OK;
}

static int32_t check_program(const uint32_t* argument) {
  const uint32_t address = argument[0];
  const uint32_t bytes = argument[1];
  const uint32_t arena = argument[2];
  const uint32_t arena_bytes = argument[3];
  if ((address | arena) % MCUPROF_PROGRAM_ALIGNMENT != 0 || !within_ram(arena, arena_bytes) ||
      !(within(&mcuprof_image_header.model, 1, address, bytes) || within_ram(address, bytes))) {
    return MCUPROF_BAD_ARGUMENT;
  }
  mcuprof_session.ready = false;
  const struct mcuprof_problem problem =
      mcuprof_program_check(&mcuprof_session.program, (const void*)address, bytes, arena_bytes);
  const bool good = problem.status == MCUPROF_PROGRAM_OK;
  struct mcuprof_program_report* const report = &mcuprof_report_payload()->program;
  report->code = problem.status;
  report->index = problem.index;
  report->address = address;
  report->bytes = bytes;
  report->arena = arena;
  if (good) {
    report->layers = mcuprof_session.program.header->layer_count;
    report->arena_bytes = mcuprof_session.program.header->arena_bytes;
  }
  mcuprof_report_send(MCUPROF_FRAME_PROGRAM, sizeof *report);
  if (!good) return MCUPROF_BAD_PROGRAM;
  mcuprof_session.arena = (uint8_t*)arena;
  mcuprof_session.input_kind = MCUPROF_INPUT_KEEP;
  mcuprof_session.ready = true;
  return MCUPROF_OK;
}

void mcuprof_set_input(void) {
  const struct mcuprof_program* const program = &mcuprof_session.program;
  uint8_t* const arena = mcuprof_session.arena;
  mcuprof_program_reset(program, arena);
  if (mcuprof_session.input_kind == MCUPROF_INPUT_KEEP) return;
  uint32_t x = mcuprof_session.input_seed;
  for (uint32_t i = 0; i < program->header->input_count; ++i) {
    const struct mcuprof_tensor* const tensor =
        &program->tensors[program->list[program->header->inputs + i]];
    if (mcuprof_session.input_kind == MCUPROF_INPUT_XORSHIFT) {
      x = mcuprof_fill_xorshift(tensor, arena, x);
    } else {
      for (uint32_t at = 0; at < tensor->bytes; ++at) arena[tensor->offset + at] = 0;
    }
  }
}

static int32_t set_input(const uint32_t* argument) {
  if (!mcuprof_session.ready) return MCUPROF_NO_PROGRAM;
  if (argument[0] > MCUPROF_INPUT_XORSHIFT ||
      (argument[0] == MCUPROF_INPUT_XORSHIFT && argument[1] == 0)) {
    return MCUPROF_BAD_ARGUMENT;
  }
  mcuprof_session.input_kind = argument[0];
  mcuprof_session.input_seed = argument[1];
  mcuprof_set_input();
  return MCUPROF_OK;
}

static int32_t hash_memory(const uint32_t* argument) {
  const uint32_t address = argument[0];
  const uint32_t bytes = argument[1];
  if (!within_ram(address, bytes) && !within(&mcuprof_image_header.model, 1, address, bytes) &&
      !within(&mcuprof_image_header.image, 1, address, bytes)) {
    return MCUPROF_BAD_ARGUMENT;
  }
  const uint32_t crc = mcuprof_crc32(0, (const void*)address, bytes);
  const uint32_t fnv = mcuprof_fnv1a(MCUPROF_FNV_START, (const void*)address, bytes);
  struct mcuprof_memory* const memory = &mcuprof_report_payload()->memory;
  *memory = (struct mcuprof_memory){address, bytes, crc, fnv};
  mcuprof_report_send(MCUPROF_FRAME_MEMORY, sizeof *memory);
  return MCUPROF_OK;
}

static int32_t run_command(uint32_t command, const uint32_t* argument) {
  switch (command) {
    case MCUPROF_HELLO:
      return hello();
    case MCUPROF_CHECK_PROGRAM:
      return check_program(argument);
    case MCUPROF_SET_INPUT:
      return set_input(argument);
    case MCUPROF_RUN_LAYERS:
      return mcuprof_run_layers(argument);
    case MCUPROF_RUN_INFERENCE:
      return mcuprof_run_inference(argument);
    case MCUPROF_HASH_MEMORY:
      return hash_memory(argument);
    case MCUPROF_RUN_ENERGY:
      return mcuprof_run_energy(argument);
    default:
      return MCUPROF_BAD_COMMAND;
  }
}

static void serve(uint32_t request) {
  uint32_t argument[MCUPROF_ARGUMENTS];
  const uint32_t command = mcuprof_mailbox.command;
  for (uint32_t i = 0; i < MCUPROF_ARGUMENTS; ++i) argument[i] = mcuprof_mailbox.argument[i];
  mcuprof_mailbox.state = MCUPROF_RUNNING;
  mcuprof_mailbox.accepted = request;
  const int32_t status = run_command(command, argument);
  mcuprof_mailbox.layer = MCUPROF_NO_LAYER;
  struct mcuprof_done* const done = &mcuprof_report_payload()->done;
  done->request = request;
  done->command = command;
  done->status = status;
  done->stack_used = mcuprof_stack_used();
  done->frames = mcuprof_report_count() + 1;
  mcuprof_report_send(MCUPROF_FRAME_DONE, sizeof *done);
  mcuprof_report_count();
  mcuprof_machine_empty_cache();
  mcuprof_mailbox.status = status;
  mcuprof_mailbox.state = MCUPROF_IDLE;
  mcuprof_barrier();
  mcuprof_mailbox.done = request;
}

void mcuprof_agent_main(void) {
  reset_cause = *mcuprof_board.reset_cause;
  mcuprof_mailbox.state = MCUPROF_STARTING;
  mcuprof_mailbox.layer = MCUPROF_NO_LAYER;
  mcuprof_ring_clear(&mcuprof_ring);
  mcuprof_fault_enable();
  mcuprof_machine_start();
  mcuprof_machine_empty_cache();
  mcuprof_mailbox.state = MCUPROF_IDLE;
  mcuprof_barrier();
  mcuprof_mailbox.magic = MCUPROF_MAILBOX_MAGIC;
  for (;;) {
    const uint32_t request = mcuprof_mailbox.request;
    if (request != mcuprof_mailbox.done) serve(request);
  }
}
