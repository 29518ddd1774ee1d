#include "analyzer/pricing/macs.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace mcuprof {
namespace {

struct Known {
  std::string_view prefix;  ///< of LLVM's name
  int macs;                 ///< 0: by the width of the elements, as the end of the name tells
};

// The longer of two names that start alike comes first.
constexpr std::array kKnown = {
    Known{"t2SMLALD", 2},    Known{"t2SMLSLD", 2},       Known{"t2SMLAD", 2},
    Known{"t2SMLSD", 2},     Known{"t2SMLA", 1},         Known{"t2SMMLA", 1},
    Known{"t2SMMLS", 1},     Known{"t2UMLAL", 1},        Known{"t2UMAAL", 1},
    Known{"t2MLA", 1},       Known{"t2MLS", 1},          Known{"MVE_VMLA", 0},
    Known{"MVE_VMLS", 0},    Known{"MVE_VRMLALDAVH", 0}, Known{"MVE_VRMLSLDAVH", 0},
    Known{"MVE_VFMA", 0},    Known{"MVE_VFMS", 0},       Known{"MVE_VQDMLA", 0},
    Known{"MVE_VQRDMLA", 0}, Known{"VMLA", 1},           Known{"VMLS", 1},
    Known{"VNMLA", 1},       Known{"VNMLS", 1},          Known{"VFMA", 1},
    Known{"VFMS", 1},        Known{"VFNMA", 1},          Known{"VFNMS", 1},
    Known{"FMADD", 1},       Known{"FMSUB", 1},          Known{"FNMADD", 1},
    Known{"FNMSUB", 1},
};

/// Two products summed without an accumulator: each is half of a pair with an addition that
/// follows.
constexpr std::array kDualProducts = {std::string_view("t2SMUAD"), std::string_view("t2SMUSD")};

bool startsWith(std::string_view text, std::string_view start) {
  return text.substr(0, start.size()) == start;
}

/// A vector register has 128 bits; LLVM's names end in the width of an element: "...as8", "...f32".
int elementsOf(std::string_view opcode) {
  if (opcode.size() >= 2 && opcode.substr(opcode.size() - 2) == "16") return 8;
  if (opcode.size() >= 2 && opcode.substr(opcode.size() - 2) == "32") return 4;
  return 16;
}

bool isProduct(const Instruction& instruction, std::string_view opcode) {
  if (instruction.kind == InstructionKind::Multiply) return true;
  return startsWith(opcode, "VMUL") || startsWith(opcode, "FMUL");
}

bool isSum(std::string_view opcode) {
  return startsWith(opcode, "tADD") || startsWith(opcode, "t2ADD") || startsWith(opcode, "ADD") ||
         startsWith(opcode, "C_ADD") || startsWith(opcode, "VADD") || startsWith(opcode, "FADD");
}

bool has(const RegisterUnits& units, std::uint16_t unit) {
  return std::find(units.begin(), units.end(), unit) != units.end();
}

/// Whether the product of instruction `at` is later added to a register that accumulates: one that
/// the addition reads and writes.
bool isAccumulated(std::span<const InstructionDetail> details, std::size_t at) {
  if (details[at].writes.empty()) return false;
  const std::uint16_t product = details[at].writes.front();
  constexpr std::size_t kReach = 64;  // a product waits no longer in any kernel seen
  for (std::size_t i = at + 1; i < details.size() && i <= at + kReach; ++i) {
    const InstructionDetail& later = details[i];
    if (isSum(later.opcode) && has(later.reads, product) && !later.writes.empty()) {
      const std::uint16_t sum = later.writes.front();
      return sum != product && has(later.reads, sum);
    }
    if (has(later.writes, product)) return false;
  }
  return false;
}

}  // namespace

Macs countMacs(std::span<const Instruction> instructions,
               std::span<const InstructionDetail> details) {
  Macs macs;
  for (std::size_t i = 0; i < instructions.size(); ++i) {
    const std::string_view opcode = details[i].opcode;
    const auto known = std::find_if(kKnown.begin(), kKnown.end(),
                                    [&](const Known& k) { return startsWith(opcode, k.prefix); });
    if (known != kKnown.end()) {
      macs += Macs(known->macs != 0 ? known->macs : elementsOf(opcode));
    } else if (std::any_of(kDualProducts.begin(), kDualProducts.end(),
                           [&](std::string_view p) { return startsWith(opcode, p); })) {
      if (isAccumulated(details, i)) macs += Macs(2);
    } else if (isProduct(instructions[i], opcode) && isAccumulated(details, i)) {
      macs += Macs(1);
    }
  }
  return macs;
}

}  // namespace mcuprof
