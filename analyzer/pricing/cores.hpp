#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "analyzer/base/basis.hpp"
#include "analyzer/base/result.hpp"
#include "analyzer/pricing/elf.hpp"

namespace mcuprof {

/// How instructions of a core are priced before the corrections.
enum class PricingModel : std::uint8_t {
  Mca,    ///< LLVM's scheduling model, simulated by its machine-code analyzer
  Table,  ///< so many cycles an instruction; exact where the core has neither overlap nor hidden
          ///< latency
};
std::string_view nameOf(PricingModel model);

/// A number of cycles and where it comes from.
struct Charge {
  double cycles = 0;
  Basis basis = Basis::Assumed;
  std::string_view source;
};

/// A transfer of several words: `base` plus `perWord` for each.
struct TransferCharge {
  double base = 0;
  double perWord = 0;
  Basis basis = Basis::Assumed;
  std::string_view source;
};

/// What LLVM's model of a core leaves out or has wrong, stated in whole cycles of that instruction.
/// A charge that is absent leaves the model's own figure alone.
struct Corrections {
  /// Added to a branch, call or return each time it is taken: the refill of the pipeline.
  Charge takenBranch = {};
  std::optional<TransferCharge> loadMultiple = {};
  std::optional<TransferCharge> storeMultiple = {};
  std::optional<Charge> loadDouble = {};
  std::optional<Charge> storeDouble = {};
  std::optional<Charge> longMultiply = {};
  std::optional<Charge> divide = {};
  /// For an IT that the model rejects.
  Charge it = {};
  /// For a low-overhead-loop instruction (DLS, WLS, LE, LETP) that the model rejects.
  Charge loop = {};
};

/// Cycles by kind of instruction, of a core that issues one at a time.
struct InstructionTable {
  std::string_view source;
  Basis basis = Basis::Assumed;
  double simple = 1;
  double multiply = 1;
  double longMultiply = 1;
  double divide = 0;
  double load = 2;
  double loadAfterLoad = 2;  ///< a load or store right after a load or store
  double store = 1;
  double multipleBase = 1;  ///< LDM, STM, PUSH and POP of n words: base + n
  double popPc = 0;         ///< on top when the program counter is among them
  double floating = 1;
  double floatDivide = 14;
  double branch = 1;  ///< of any kind, not taken; `Corrections::takenBranch` is on top
  double call = 1;    ///< without the refill
  double system = 1;
  double it = 1;
};

/// A core as the pricing sees it.
struct PricingCore {
  std::string_view name;   ///< "cortex-m7"
  std::string_view alias;  ///< another name, may be empty
  Architecture architecture = Architecture::Thumb;
  std::string_view triple;  ///< LLVM's
  std::string_view
      llvmCpu;  ///< LLVM's name, for decoding and, under PricingModel::Mca, for its model
  std::string_view features;  ///< LLVM's "+a,-b"
  PricingModel model = PricingModel::Mca;
  Corrections corrections;
  const InstructionTable* table = nullptr;  ///< with PricingModel::Table
  std::string_view note;                    ///< what a reader of a price must know
};

/// All cores that can be priced, in the order they are listed to a user.
std::span<const PricingCore> pricingCores();

/// The core of this name or alias, or an error that lists those there are.
Result<const PricingCore*> findPricingCore(std::string_view name);

}  // namespace mcuprof
