#include "analyzer/pricing/cores.hpp"

#include <array>
#include <string>

#include <fmt/format.h>

namespace mcuprof {
namespace {

// The facts of this file. "Recalled" means that the figure was written from memory of the named
// manual and not read again: such a figure is `assumed` until someone has looked it up.

constexpr std::string_view kM3Trm = "Cortex-M3 TRM r2p0 (DDI 0337H) table 3-1, recalled";
constexpr std::string_view kM4Trm = "Cortex-M4 TRM r0p1 (DDI 0439D) table 3-1, recalled";
constexpr std::string_view kStudy2 =
    "no public cycle table; 2 brought published latencies of Cortex-M33 boards nearer";
constexpr std::string_view kRefillM3 =
    "Cortex-M3 TRM table 3-1: refill of 1 to 3 by alignment and width of the target; middle";
constexpr std::string_view kRefillM4 =
    "Cortex-M4 TRM table 3-1: refill of 1 to 3 by alignment and width of the target; middle";
constexpr std::string_view kDivideM3 = "Cortex-M3 TRM table 3-1: 2 to 12 by operands; middle";
constexpr std::string_view kDivideM4 = "Cortex-M4 TRM table 3-1: 2 to 12 by operands; middle";
constexpr std::string_view kLikeM4 =
    "no public cycle table; taken from the Cortex-M4, also single-issue";
constexpr std::string_view kRejected = "LLVM 19 has no scheduling entry; a study left it out";
constexpr std::string_view kLob =
    "low-overhead branch: the loop cache keeps it out of the pipeline";
constexpr std::string_view kDual =
    "no public cycle table; a 64-bit load path moves two words a cycle";

constexpr InstructionTable kM0Table = {
    .source =
        "Cortex-M0 TRM r0p0 table 3-1, recalled; multiplier of 1 cycle (32 in the small build)",
    .load = 2,
    .loadAfterLoad = 2,
    .store = 2,
    .popPc = 1,
    .call = 2,
    .system = 4};
constexpr InstructionTable kM0PlusTable = {
    .source =
        "Cortex-M0+ TRM r0p1 table 3-1, recalled; multiplier of 1 cycle (32 in the small build)",
    .load = 2,
    .loadAfterLoad = 2,
    .store = 2,
    .popPc = 1,
    .call = 2,
    .system = 3};
constexpr InstructionTable kM23Table = {
    .source = "no public cycle table; taken from the Cortex-M0+, divider of 17 cycles recalled",
    .divide = 17,
    .load = 2,
    .loadAfterLoad = 2,
    .store = 2,
    .popPc = 1,
    .call = 2,
    .system = 3};
constexpr InstructionTable kRiscvTable = {
    .source =
        "no public cycle table; a single-issue core with one load delay and an iterative divider",
    .divide = 18,
    .load = 2,
    .loadAfterLoad = 2,
    .store = 1,
    .system = 1};
constexpr InstructionTable kM4Table = {.source =
                                           "Cortex-M4 TRM r0p1 table 3-1, recalled; a load after a "
                                           "load takes 1; divide 2 to 12, middle",
                                       .divide = 7,
                                       .load = 2,
                                       .loadAfterLoad = 1,
                                       .store = 1,
                                       .floatDivide = 14,
                                       .system = 1};

constexpr Corrections kM0Corrections = {
    .takenBranch = {2, Basis::Datasheet,
                    "Cortex-M0 TRM r0p0 table 3-1: 3 cycles to write the program counter"}};
constexpr Corrections kM0PlusCorrections = {
    .takenBranch = {1, Basis::Datasheet,
                    "Cortex-M0+ TRM r0p1 table 3-1: 2 cycles to write the program counter"}};
constexpr Corrections kM23Corrections = {
    .takenBranch = {1, Basis::Assumed, "no public cycle table; taken from the Cortex-M0+"}};
constexpr Corrections kM3Corrections = {
    .takenBranch = {2, Basis::Assumed, kRefillM3},
    .loadMultiple = TransferCharge{1, 1, Basis::Assumed, kM3Trm},
    .storeMultiple = TransferCharge{1, 1, Basis::Assumed, kM3Trm},
    .loadDouble = Charge{3, Basis::Assumed, kM3Trm},
    .storeDouble = Charge{3, Basis::Assumed, kM3Trm},
    .longMultiply =
        Charge{4, Basis::Assumed,
               "Cortex-M3 TRM table 3-1: 3 to 5 by operands, 4 to 7 accumulating; a middle"},
    .divide = Charge{7, Basis::Assumed, kDivideM3}};
constexpr Corrections kM4Corrections = {
    .takenBranch = {2, Basis::Assumed, kRefillM4},
    .loadMultiple = TransferCharge{1, 1, Basis::Assumed, kM4Trm},
    .storeMultiple = TransferCharge{1, 1, Basis::Assumed, kM4Trm},
    .loadDouble = Charge{3, Basis::Assumed, kM4Trm},
    .storeDouble = Charge{3, Basis::Assumed, kM4Trm},
    .longMultiply = Charge{1, Basis::Datasheet, "Cortex-M4 TRM table 3-1: 1 cycle"},
    .divide = Charge{7, Basis::Assumed, kDivideM4}};
constexpr Corrections kM33Corrections = {
    .takenBranch = {2, Basis::Assumed, kStudy2},
    .loadMultiple = TransferCharge{1, 1, Basis::Assumed, kLikeM4},
    .storeMultiple = TransferCharge{1, 1, Basis::Assumed, kLikeM4},
    .loadDouble =
        Charge{2, Basis::Assumed, "no public cycle table; two words, the first overlapped"},
    .storeDouble = Charge{2, Basis::Assumed, "no public cycle table; two words"},
    .divide = Charge{7, Basis::Assumed, kLikeM4}};
constexpr Corrections kM7Corrections = {
    .takenBranch = {2, Basis::Assumed,
                    "a study used 2 on every board; predicted branches may cost nothing"},
    .loadMultiple = TransferCharge{0, 0.5, Basis::Assumed, kDual},
    .storeMultiple = TransferCharge{0, 0.5, Basis::Assumed, kDual},
    .it = {0, Basis::Assumed, kRejected}};
constexpr Corrections kM55Corrections = {
    .takenBranch = {2, Basis::Assumed, "no public cycle table; a study used 2 on every board"},
    .loadMultiple = TransferCharge{1, 1, Basis::Assumed, "no public cycle table; a word a cycle"},
    .storeMultiple = TransferCharge{1, 1, Basis::Assumed, "no public cycle table; a word a cycle"},
    .loadDouble = Charge{2, Basis::Assumed, "no public cycle table; a word a cycle"},
    .storeDouble = Charge{2, Basis::Assumed, "no public cycle table; a word a cycle"},
    .divide = Charge{7, Basis::Assumed, kLikeM4},
    .it = {0, Basis::Assumed, kRejected},
    .loop = {0, Basis::Assumed, kLob}};
constexpr Corrections kM85Corrections = {
    .takenBranch = {2, Basis::Assumed, "no public cycle table; a study used 2 on every board"},
    .loadMultiple = TransferCharge{0, 0.5, Basis::Assumed, kDual},
    .storeMultiple = TransferCharge{0, 0.5, Basis::Assumed, kDual},
    .it = {0, Basis::Assumed, kRejected},
    .loop = {0, Basis::Assumed, kLob}};
constexpr Corrections kRiscvCorrections = {
    .takenBranch = {2, Basis::Assumed, "no public figure; refill of a short in-order pipeline"}};

constexpr std::string_view kM33Note =
    "LLVM prices the Cortex-M33 as a Cortex-M4: its limited pairing of instructions is not "
    "modelled";
constexpr std::string_view kM4Note =
    "on this single-issue core the simulation is about as good as a table of cycles (see "
    "cortex-m4-table)";

constexpr auto kThumb = Architecture::Thumb;
constexpr auto kRiscv = Architecture::Riscv32;
constexpr auto kMca = PricingModel::Mca;
constexpr auto kTab = PricingModel::Table;

constexpr std::array kCores = {
    PricingCore{"cortex-m0", "m0", kThumb, "thumbv6m-none-eabi", "cortex-m0", "", kTab,
                kM0Corrections, &kM0Table, ""},
    PricingCore{"cortex-m0plus", "cortex-m0+", kThumb, "thumbv6m-none-eabi", "cortex-m0plus", "",
                kTab, kM0PlusCorrections, &kM0PlusTable, ""},
    PricingCore{"cortex-m3", "m3", kThumb, "thumbv7m-none-eabi", "cortex-m3", "", kMca,
                kM3Corrections, nullptr, kM4Note},
    PricingCore{"cortex-m4", "m4", kThumb, "thumbv7em-none-eabi", "cortex-m4", "", kMca,
                kM4Corrections, nullptr, kM4Note},
    PricingCore{"cortex-m4-table", "", kThumb, "thumbv7em-none-eabi", "cortex-m4", "", kTab,
                Corrections{.takenBranch = {2, Basis::Assumed, kRefillM4}}, &kM4Table, ""},
    PricingCore{"cortex-m7", "m7", kThumb, "thumbv7em-none-eabi", "cortex-m7", "", kMca,
                kM7Corrections, nullptr, "data is taken to hit the TCM or the cache"},
    PricingCore{"cortex-m23", "m23", kThumb, "thumbv8m.base-none-eabi", "cortex-m23", "", kTab,
                kM23Corrections, &kM23Table, ""},
    PricingCore{"cortex-m33", "m33", kThumb, "thumbv8m.main-none-eabi", "cortex-m33", "", kMca,
                kM33Corrections, nullptr, kM33Note},
    PricingCore{"cortex-m35p", "m35p", kThumb, "thumbv8m.main-none-eabi", "cortex-m35p", "", kMca,
                kM33Corrections, nullptr, kM33Note},
    PricingCore{"cortex-m52", "m52", kThumb, "thumbv8.1m.main-none-eabi", "cortex-m52", "", kMca,
                kM55Corrections, nullptr, ""},
    PricingCore{"cortex-m55", "m55", kThumb, "thumbv8.1m.main-none-eabi", "cortex-m55", "", kMca,
                kM55Corrections, nullptr, ""},
    PricingCore{"cortex-m85", "m85", kThumb, "thumbv8.1m.main-none-eabi", "cortex-m85", "", kMca,
                kM85Corrections, nullptr,
                "LLVM does not overlap the beats of vector instructions here"},
    PricingCore{"esp32-c3", "", kRiscv, "riscv32", "generic-rv32", "+m,+c,+zicsr,+zifencei", kTab,
                kRiscvCorrections, &kRiscvTable, ""},
    PricingCore{"rv32imc", "generic-rv32", kRiscv, "riscv32", "generic-rv32",
                "+m,+a,+f,+d,+c,+zicsr,+zifencei,+zba,+zbb,+zbs", kTab, kRiscvCorrections,
                &kRiscvTable, ""},
    PricingCore{"sifive-e21", "", kRiscv, "riscv32", "sifive-e21", "", kMca, kRiscvCorrections,
                nullptr, "LLVM prices all 32-bit SiFive cores but the E7 with its Rocket model"},
    PricingCore{"sifive-e31", "", kRiscv, "riscv32", "sifive-e31", "", kMca, kRiscvCorrections,
                nullptr, "LLVM prices all 32-bit SiFive cores but the E7 with its Rocket model"},
    PricingCore{"sifive-e76", "", kRiscv, "riscv32", "sifive-e76", "", kMca, kRiscvCorrections,
                nullptr, ""},
    PricingCore{"syntacore-scr1", "", kRiscv, "riscv32", "syntacore-scr1-max", "", kMca,
                kRiscvCorrections, nullptr, ""},
};

}  // namespace

std::string_view nameOf(PricingModel model) {
  switch (model) {
    case PricingModel::Mca:
      return "LLVM 19 scheduling model";
    case PricingModel::Table:
      return "instruction table";
  }
  return "";
}

std::span<const PricingCore> pricingCores() {
  return kCores;
}

Result<const PricingCore*> findPricingCore(std::string_view name) {
  for (const PricingCore& core : kCores) {
    if (core.name == name || (!core.alias.empty() && core.alias == name)) return &core;
  }
  std::string known;
  for (const PricingCore& core : kCores)
    known += fmt::format("{}{}", known.empty() ? "" : ", ", core.name);
  return Error{"", fmt::format("unknown core \"{}\"; there are {}", name, known)};
}

}  // namespace mcuprof
