/// The bytes that the device agent and its host share: image header, mailbox, ring and frames.
///
/// C11 and C++. Everything is little-endian and made of naturally aligned words, so that the
/// structs below are the bytes. docs/protocol.md says what they mean; the two change together, and
/// MCUPROF_PROTOCOL with them.
#ifndef MCUPROF_FIRMWARE_AGENT_PROTOCOL_H
#define MCUPROF_FIRMWARE_AGENT_PROTOCOL_H

#include <stdint.h>

/// Major version in the upper byte, minor in the lower. A host accepts its own major version with
/// any minor version; a new minor version only adds frame types, commands, or words at the end of
/// a payload.
#define MCUPROF_PROTOCOL 0x0101u

// --- Image header: in flash, MCUPROF_HEADER_OFFSET bytes behind the vector table's start ---

#define MCUPROF_HEADER_OFFSET 0x200u
#define MCUPROF_HEADER_MAGIC 0x4750434Du  // "MCPG"
#define MCUPROF_RAM_RANGES 4
#define MCUPROF_BOARD_CHARS 16

enum mcuprof_kernel_library {
  MCUPROF_KERNELS_PORTABLE = 1,
  MCUPROF_KERNELS_DSP = 2,
  MCUPROF_KERNELS_CMSIS_NN = 3,
};

struct mcuprof_range {
  uint32_t base;
  uint32_t bytes;
};

struct mcuprof_image_header {
  uint32_t magic;
  uint16_t header_bytes;   ///< of this struct, as the agent was built
  uint16_t protocol;       ///< MCUPROF_PROTOCOL of the agent
  uint32_t agent_version;  ///< major << 16 | minor << 8 | patch
  uint32_t kernel_library;
  uint32_t core_hz;            ///< clock that the agent sets
  uint32_t mailbox;            ///< address of struct mcuprof_mailbox
  uint32_t ring;               ///< address of struct mcuprof_ring
  struct mcuprof_range image;  ///< flash that the agent fills
  struct mcuprof_range model;  ///< flash from a sector's start to the end, free for a program
  struct mcuprof_range stack;  ///< of the kernels; grows down to its base
  uint32_t ram_ranges;         ///< valid entries of `ram`
  struct mcuprof_range ram[MCUPROF_RAM_RANGES];  ///< free for an arena or a program, rising
  char board[MCUPROF_BOARD_CHARS];               ///< "nucleo-f767zi", NUL padded
  /// The linker's build id note follows: 16 bytes of note header and 20 bytes of SHA-1, by which
  /// two images are told apart.
};

// --- Mailbox: in RAM that no cache holds ---

#define MCUPROF_MAILBOX_MAGIC 0x584D434Du  // "MCMX"
#define MCUPROF_ARGUMENTS 8
#define MCUPROF_NO_LAYER 0xFFFFFFFFu

enum mcuprof_command {
  MCUPROF_HELLO = 1,
  MCUPROF_CHECK_PROGRAM = 2,
  MCUPROF_SET_INPUT = 3,
  MCUPROF_RUN_LAYERS = 4,
  MCUPROF_RUN_INFERENCE = 5,
  MCUPROF_HASH_MEMORY = 6,
  MCUPROF_RUN_ENERGY = 7,  ///< since protocol 1.1
};

enum mcuprof_state {
  MCUPROF_STARTING = 1,
  MCUPROF_IDLE = 2,
  MCUPROF_RUNNING = 3,
  MCUPROF_WAITING = 4,  ///< for room in the ring
  MCUPROF_DEAD = 5,     ///< a fault outside a layer; only a reset helps
};

enum mcuprof_status {
  MCUPROF_OK = 0,
  MCUPROF_BAD_COMMAND = -1,
  MCUPROF_BAD_ARGUMENT = -2,
  MCUPROF_BAD_PROGRAM = -3,  ///< the PROGRAM frame says why
  MCUPROF_NO_PROGRAM = -4,   ///< no CHECK_PROGRAM has succeeded
  MCUPROF_STOPPED = -5,      ///< by the mailbox's `stop`
  MCUPROF_INCOMPLETE = -6,   ///< some layers were skipped or faulted; frames tell which
};

/// Bits of `options`.
#define MCUPROF_OPTION_WAIT 1u  ///< wait for room in the ring; otherwise overwrite the oldest bytes
#define MCUPROF_OPTION_NO_ITM 2u  ///< ring only

/// Bits of the `flags` argument of RUN_LAYERS and RUN_INFERENCE.
#define MCUPROF_RUN_HASH 1u      ///< OUTPUT frames
#define MCUPROF_RUN_TIMES 2u     ///< LAYER_TIME frames (RUN_INFERENCE)
#define MCUPROF_RUN_COUNTERS 4u  ///< COUNTERS frames (RUN_LAYERS)

/// Executions that one summary (minimum, median, maximum) takes at most.
#define MCUPROF_MAX_REPEATS 32u
#define MCUPROF_MAX_WARM_UP 65535u

enum mcuprof_input {
  MCUPROF_INPUT_KEEP = 0,      ///< as the host has written it
  MCUPROF_INPUT_ZEROS = 1,     ///< every byte 0
  MCUPROF_INPUT_XORSHIFT = 2,  ///< see docs/protocol.md
};

struct mcuprof_mailbox {
  uint32_t magic;
  // Written by the host; `request` last.
  uint32_t request;  ///< number of the newest command; anything but `done` starts it
  uint32_t command;
  uint32_t argument[MCUPROF_ARGUMENTS];
  uint32_t stop;  ///< not 0: end the command before the next execution of a layer
  uint32_t options;
  // Written by the agent.
  uint32_t accepted;  ///< `request` once the command was taken
  uint32_t done;      ///< `request` once it ended
  int32_t status;     ///< enum mcuprof_status, valid when `done` equals `request`
  uint32_t state;
  uint32_t layer;  ///< in progress, or MCUPROF_NO_LAYER
  uint32_t beat;   ///< executions of layers since reset, for the host's watchdog
};

// --- Ring: in RAM that no cache holds ---

#define MCUPROF_RING_MAGIC 0x4752434Du  // "MCRG"
#define MCUPROF_RING_BYTES 1024u

struct mcuprof_ring {
  uint32_t magic;
  uint32_t bytes;  ///< of `data`, a power of two
  uint32_t head;   ///< bytes written since reset, modulo 2^32; agent
  uint32_t tail;   ///< bytes read since reset, modulo 2^32; host
  uint32_t data[MCUPROF_RING_BYTES / 4];
};

// --- Frames ---

#define MCUPROF_FRAME_SYNC 0xC3A5u
#define MCUPROF_FRAME_MAX_WORDS 32u  ///< of payload

/// Ahead of the payload; a CRC-32 of everything before it follows.
struct mcuprof_frame {
  uint16_t sync;
  uint8_t type;
  uint8_t words;      ///< payload, in words of 4 bytes
  uint32_t sequence;  ///< 0 for the first frame after a reset, then one more each
};

enum mcuprof_frame_type {
  MCUPROF_FRAME_HELLO = 1,
  MCUPROF_FRAME_MACHINE = 2,
  MCUPROF_FRAME_PROGRAM = 3,
  MCUPROF_FRAME_LAYER = 4,
  MCUPROF_FRAME_LAYER_TIME = 5,
  MCUPROF_FRAME_OUTPUT = 6,
  MCUPROF_FRAME_INFERENCE = 7,
  MCUPROF_FRAME_COUNTERS = 8,
  MCUPROF_FRAME_SKIPPED = 9,
  MCUPROF_FRAME_FAULT = 10,
  MCUPROF_FRAME_MEMORY = 11,
  MCUPROF_FRAME_DONE = 12,
  MCUPROF_FRAME_BLOCK = 13,
};

/// A count of 64 bits as two words, so that payloads need an alignment of 4 only.
struct mcuprof_u64 {
  uint32_t low;
  uint32_t high;
};

struct mcuprof_hello {
  uint16_t protocol;
  uint16_t reserved;       ///< 0
  uint32_t agent_version;  ///< major << 16 | minor << 8 | patch
  uint32_t kernel_library;
  uint32_t cpuid;        ///< SCB_CPUID
  uint32_t idcode;       ///< DBGMCU_IDCODE: device in bits 0 to 11, revision in 16 to 31
  uint32_t reset_cause;  ///< RCC_CSR as found at start
  uint32_t image_bytes;  ///< length of the image in flash
  uint32_t image_crc32;  ///< of those bytes, as the core reads them
};

enum mcuprof_clock_source {
  MCUPROF_CLOCK_HSI = 0,
  MCUPROF_CLOCK_HSE = 1,
  MCUPROF_CLOCK_PLL_HSI = 2,
  MCUPROF_CLOCK_PLL_HSE = 3,
};

/// Bits of `mcuprof_machine.features`: what is on, as read back.
enum mcuprof_feature {
  MCUPROF_L1_INSTRUCTIONS = 1 << 0,     ///< SCB_CCR.IC
  MCUPROF_L1_DATA = 1 << 1,             ///< SCB_CCR.DC
  MCUPROF_ART = 1 << 2,                 ///< FLASH_ACR.ARTEN of the F7
  MCUPROF_PREFETCH = 1 << 3,            ///< FLASH_ACR.PRFTEN, PRFTBS on the F0
  MCUPROF_FLASH_INSTRUCTIONS = 1 << 4,  ///< FLASH_ACR.ICEN of F2 and F4
  MCUPROF_FLASH_DATA = 1 << 5,          ///< FLASH_ACR.DCEN of F2 and F4
  MCUPROF_OVERDRIVE = 1 << 6,           ///< PWR over-drive ready and switched to
  MCUPROF_FPU = 1 << 7,                 ///< CPACR gives access
  MCUPROF_CYCLE_COUNTER = 1 << 8,       ///< times come from DWT_CYCCNT, otherwise from SysTick
  MCUPROF_PROFILE_COUNTERS = 1 << 9,    ///< COUNTERS frames can be had
  MCUPROF_ITM = 1 << 10,                ///< the core has an ITM
  MCUPROF_SINGLE_BANK = 1 << 11,        ///< flash lines of 256 bits on the F767 (nDBANK)
};

struct mcuprof_machine {
  uint32_t core_hz;           ///< computed from the clock registers and the crystal's nominal rate
  uint32_t core_hz_measured;  ///< against the HSI, by way of the LSI; 0: could not be measured
  uint32_t source_hz;         ///< nominal rate of what feeds the PLL or the core
  uint32_t clock_source;
  uint32_t ahb_divider;  ///< core clock = system clock / this
  uint32_t flash_wait_states;
  uint32_t voltage_scale;  ///< PWR's VOS field; 0 where there is none
  uint32_t features;       ///< enum mcuprof_feature
  uint32_t overhead;       ///< cycles of an empty measurement, subtracted from every time
  uint32_t stack_bytes;    ///< of the kernels
  // Registers as read, for whoever doubts the above; 0 where a family lacks one.
  uint32_t rcc_cr;
  uint32_t rcc_pllcfgr;
  uint32_t rcc_cfgr;
  uint32_t flash_acr;
  uint32_t pwr_cr;
  uint32_t pwr_csr;
  uint32_t scb_ccr;
  uint32_t dwt_ctrl;
};

struct mcuprof_program_report {
  int32_t code;  ///< enum mcuprof_program_status; 0: accepted
  uint32_t address;
  uint32_t bytes;
  uint32_t layers;
  uint32_t arena;        ///< address given
  uint32_t arena_bytes;  ///< that the program needs
  uint32_t index;        ///< tensor or layer that `code` is about, if any
};

/// RUN_LAYERS, one layer.
struct mcuprof_layer_report {
  uint16_t layer;
  uint16_t runs;
  struct mcuprof_u64 minimum;
  struct mcuprof_u64 median;
  struct mcuprof_u64 maximum;
};

/// RUN_INFERENCE with MCUPROF_RUN_TIMES, one layer in one pass.
struct mcuprof_layer_time {
  uint16_t layer;
  uint16_t pass;
  struct mcuprof_u64 start;  ///< cycles since the pass began
  struct mcuprof_u64 cycles;
};

struct mcuprof_output {
  uint16_t layer;
  uint16_t output;  ///< number in the layer's list
  uint32_t bytes;
  uint32_t fnv1a;
};

struct mcuprof_inference {
  uint16_t layers;  ///< executed in each run
  uint16_t runs;
  struct mcuprof_u64 minimum;
  struct mcuprof_u64 median;
  struct mcuprof_u64 maximum;
};

/// Counters of 8 bits, so each is known modulo 256; see docs/protocol.md.
struct mcuprof_counters {
  uint16_t layer;
  uint16_t reserved;
  uint8_t cpi;
  uint8_t exc;
  uint8_t sleep;
  uint8_t lsu;
  uint8_t fold;
  uint8_t reserved2[3];
  struct mcuprof_u64 cycles;
};

struct mcuprof_skipped {
  uint16_t layer;
  uint16_t reserved;
  int32_t code;  ///< enum mcuprof_program_status
};

enum mcuprof_fault_kind {
  MCUPROF_FAULT_HARD = 1,
  MCUPROF_FAULT_MEMORY = 2,
  MCUPROF_FAULT_BUS = 3,
  MCUPROF_FAULT_USAGE = 4,
  MCUPROF_FAULT_STACK = 5,      ///< the kernels' stack ran over
  MCUPROF_FAULT_INTERRUPT = 6,  ///< one that nobody enabled
  MCUPROF_FAULT_ABORTED = 7,    ///< by the host, through the NMI
};

struct mcuprof_fault {
  uint16_t layer;  ///< 0xFFFF: outside a layer
  uint8_t kind;
  uint8_t frame_valid;  ///< 1: r0 to xpsr were stacked; 0: they could not be and read 0
  uint32_t r0, r1, r2, r3, r12, lr, pc, xpsr;
  uint32_t sp;  ///< of the kernels when the fault came
  uint32_t exc_return;
  uint32_t cfsr, hfsr, mmfar, bfar;  ///< 0 on Armv6-M
};

struct mcuprof_memory {
  uint32_t address;
  uint32_t bytes;
  uint32_t crc32;
  uint32_t fnv1a;
};

/// RUN_ENERGY, one block: executions back to back with the mark pin high.
struct mcuprof_block {
  uint16_t layer;  ///< 0xFFFF: whole inferences
  uint16_t reserved;
  uint32_t executions;
  struct mcuprof_u64 awake;   ///< cycles between the block before, or the first sleep, and the gap
  struct mcuprof_u64 cycles;  ///< while the pin was high
};

/// Last frame of every command.
struct mcuprof_done {
  uint32_t request;
  uint32_t command;
  int32_t status;
  uint32_t frames;      ///< of this command, this one included
  uint32_t stack_used;  ///< bytes of the kernels' stack, the most since reset
};

#endif
