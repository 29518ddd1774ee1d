// Scratch of the kernel libraries, as far as it can be told without them.
#include "device-agent/firmware/kernels/scratch.h"

#include <gtest/gtest.h>

#include <cstring>
#include <vector>

#include "device-agent/firmware/parameters.h"
#include "device-agent/host/lowering/program_builder.hpp"
#include "device-agent/host/reference/reference.hpp"

namespace mcuprof {
namespace {

mcuprof_tensor tensorOf(std::uint8_t space, std::uint32_t offset, std::int32_t channels) {
  mcuprof_tensor t{};
  t.space = space;
  t.offset = offset;
  t.type = MCUPROF_S8;
  t.rank = 4;
  for (std::int32_t& extent : t.dims) extent = 1;
  t.dims[3] = channels;
  t.bytes = static_cast<std::uint32_t>(channels);
  return t;
}

/// A program of one 1x1 convolution of 20 channels to one, with `scratch` bytes.
std::vector<std::byte> makeProgram(mcuprof_library library, std::int64_t scratch) {
  ProgramBuilder builder;
  mcuprof_conv_layer layer{};
  layer.conv = {1, 1, 1, 20, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 20, 0, 0, -128, 127};
  const std::vector<std::int32_t> one(1);
  layer.mult = builder.addConstants<std::int32_t>(one);
  layer.shift = builder.addConstants<std::int32_t>(one);
  const std::vector<std::byte> weights(20);
  ProgramLayer l;
  l.kind = MCUPROF_KIND_CONV_S8;
  l.inputs = {builder.addTensor(tensorOf(MCUPROF_SPACE_ARENA, 0, 20), "in"),
              builder.addTensor(tensorOf(MCUPROF_SPACE_PROGRAM, builder.addConstant(weights), 20),
                                "weights")};
  l.outputs = {builder.addTensor(tensorOf(MCUPROF_SPACE_ARENA, 32, 1), "out")};
  l.parameters = bytesOf(layer);
  l.scratchOffset = Bytes(48);
  l.scratchBytes = Bytes(scratch);
  builder.addLayer(l);
  return builder.build(l.inputs, l.outputs, library, Bytes(48 + scratch), {});
}

TEST(Scratch, OfAProgramIsWhatItsLibraryWantsAtLeast) {
  EXPECT_TRUE(Reference::load(makeProgram(MCUPROF_LIBRARY_PORTABLE, 0)));
  // Two columns of 20 values of 16 bits.
  EXPECT_TRUE(Reference::load(makeProgram(MCUPROF_LIBRARY_DSP, 80)));
  const auto dsp = Reference::load(makeProgram(MCUPROF_LIBRARY_DSP, 64));
  ASSERT_FALSE(dsp);
  EXPECT_EQ(dsp.error().text(), "layer program: layer 0: its scratch is too small or lies outside");
  // CMSIS-NN fills up to 16 values.
  EXPECT_TRUE(Reference::load(makeProgram(MCUPROF_LIBRARY_CMSIS_NN, 128)));
  EXPECT_FALSE(Reference::load(makeProgram(MCUPROF_LIBRARY_CMSIS_NN, 112)));
}

TEST(Scratch, OfCmsisNnCoversItsLargestPath) {
  // 2 columns of 3x3x3 = 27 values, filled up to 28, of 16 bits: CMSIS-NN asks for 112.
  mcuprof_conv conv{};
  conv.k_h = conv.k_w = conv.in_c = conv.filter_c = 3;
  EXPECT_EQ(mcuprof_scratch_conv_s8(MCUPROF_LIBRARY_CMSIS_NN, &conv), 128);
  // 5x5 weights of 8 channels with 16 bits.
  mcuprof_depthwise depthwise{};
  depthwise.k_h = depthwise.k_w = 5;
  depthwise.in_c = depthwise.out_c = 8;
  EXPECT_EQ(mcuprof_scratch_depthwise_s8(MCUPROF_LIBRARY_CMSIS_NN, &depthwise), 400);
  // A 32-bit sum a channel.
  mcuprof_pool pool{};
  pool.channels = 10;
  EXPECT_EQ(mcuprof_scratch_average_pool_s8(MCUPROF_LIBRARY_CMSIS_NN, &pool), 40);
}

}  // namespace
}  // namespace mcuprof
