#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "analyzer/base/quantity.hpp"
#include "analyzer/base/result.hpp"
#include "device-agent/firmware/program.h"

namespace mcuprof {

/// What goes into the model's inputs.
enum class InputFill {
  Zeros,     ///< every byte 0
  Xorshift,  ///< mcuprof_fill_xorshift, one generator through all inputs from state 1
};

/// An output of a layer after it ran.
struct OutputHash {
  std::uint32_t layer = 0;
  std::uint32_t output = 0;    ///< position in the layer's list
  std::uint32_t tensorId = 0;  ///< index in subgraph 0 of the file
  std::uint32_t fnv1a = 0;
  /// False where this layer or one that it depends on is not supported: the bytes then say nothing.
  bool isComputed = true;
};

/// Runs a layer program with the agent's own C sources on this machine, in an arena of its own.
/// What it computes is what the agent computes, byte for byte.
class Reference {
 public:
  /// Copies the program and checks it. The error names the layer or tensor that the check refused.
  static Result<Reference> load(std::span<const std::byte> program);

  /// State tensors as at a device's start, everything else zero.
  void reset();
  void fill(InputFill fill);
  /// Bytes of all inputs in their order, as one file holds them. The error says how many are
  /// wanted.
  Result<void> fill(std::span<const std::byte> bytes);

  /// Runs one layer and hashes its outputs. `layer` is below layerCount().
  std::vector<OutputHash> run(std::uint32_t layer);
  /// Runs all layers in order.
  std::vector<OutputHash> runAll();

  std::uint32_t layerCount() const { return m_program.header->layer_count; }
  Bytes inputBytes() const;
  const mcuprof_program& program() const { return m_program; }
  /// A tensor's bytes as they are now.
  std::span<const std::byte> tensor(std::uint32_t number) const;

 private:
  Reference() = default;

  struct Block {
    alignas(16) std::byte bytes[16];
  };
  std::vector<Block> m_bytes;
  std::vector<Block> m_arena;
  std::vector<bool> m_isComputed;  ///< by tensor number
  mcuprof_program m_program{};
};

/// What mcuprof_program_check found, in words: "layer 3 (CONV_2D conv1): its parameters are wrong".
std::string textOf(const mcuprof_problem& problem);

}  // namespace mcuprof
