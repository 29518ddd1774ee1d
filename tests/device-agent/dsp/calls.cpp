#include "tests/device-agent/dsp/calls.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstring>

#include "device-agent/firmware/kernels/scratch.h"

namespace mcuprof::test {
namespace {

using Bytes = std::vector<std::int8_t>;
using Words = std::vector<std::int32_t>;

std::int32_t pick(std::mt19937& random, std::int32_t from, std::int32_t to) {
  return std::uniform_int_distribution(from, to)(random);
}

Bytes someBytes(std::size_t count, std::mt19937& random) {
  Bytes bytes(count);
  // Now and then all at one end, where sums are largest.
  const std::int32_t kind = pick(random, 0, 9);
  for (std::int8_t& byte : bytes) {
    const std::int32_t value = kind == 0 ? -128 : kind == 1 ? 127 : pick(random, -128, 127);
    byte = static_cast<std::int8_t>(value);
  }
  return bytes;
}

std::size_t product(std::initializer_list<std::int32_t> extents) {
  std::size_t result = 1;
  for (const std::int32_t extent : extents) result *= static_cast<std::size_t>(extent);
  return result;
}

/// Scaling of `channels` sums of `depth` products each.
void scaling(KernelCall& call, std::size_t channels, std::size_t scales, std::size_t depth,
             Data data, std::mt19937& random) {
  const auto bits = static_cast<std::int32_t>(std::bit_width(depth));
  if (data == Data::Usual || pick(random, 0, 3) != 0) {
    const std::int32_t limit = data == Data::Usual ? 2000 : 1 << pick(random, 1, 30);
    for (std::size_t i = 0; i < channels; ++i) call.bias.push_back(pick(random, -limit, limit));
  }
  for (std::size_t i = 0; i < scales; ++i) {
    std::int32_t mult = pick(random, 1 << 30, INT32_MAX);
    std::int32_t shift = -(6 + bits / 2) + pick(random, -1, 1);
    if (data == Data::Extreme) {
      const std::int32_t kind = pick(random, 0, 7);
      if (kind == 0) mult = 0;
      if (kind == 1) mult = pick(random, 0, INT32_MAX);
      if (kind == 2) mult = kind == 2 ? INT32_MAX : mult;
      if (pick(random, 0, 1) == 0) shift = pick(random, -31, 8);
    }
    call.mult.push_back(mult);
    call.shift.push_back(shift);
  }
}

struct Filler {
  Data data;
  std::mt19937& random;
  KernelCall call{};

  void operator()(const mcuprof_conv& p) {
    call.in = someBytes(product({p.batches, p.in_h, p.in_w, p.in_c}), random);
    call.second = someBytes(product({p.out_c, p.k_h, p.k_w, p.filter_c}), random);
    call.outSize = product({p.batches, p.out_h, p.out_w, p.out_c});
    const auto channels = static_cast<std::size_t>(p.out_c);
    scaling(call, channels, channels, product({p.k_h, p.k_w, p.filter_c}), data, random);
  }
  void operator()(const mcuprof_depthwise& p) {
    call.in = someBytes(product({p.batches, p.in_h, p.in_w, p.in_c}), random);
    call.second = someBytes(product({p.k_h, p.k_w, p.out_c}), random);
    call.outSize = product({p.batches, p.out_h, p.out_w, p.out_c});
    const auto channels = static_cast<std::size_t>(p.out_c);
    scaling(call, channels, channels, product({p.k_h, p.k_w}), data, random);
  }
  void operator()(const mcuprof_fully_connected& p) {
    call.in = someBytes(product({p.rows, p.in}), random);
    call.second = someBytes(product({p.in, p.out}), random);
    call.outSize = product({p.rows, p.out});
    const auto channels = static_cast<std::size_t>(p.out);
    scaling(call, channels, p.per_channel != 0 ? channels : 1, product({p.in}), data, random);
  }
  void operator()(const mcuprof_pool& p) {
    call.in = someBytes(product({p.batches, p.in_h, p.in_w, p.channels}), random);
    call.outSize = product({p.batches, p.out_h, p.out_w, p.channels});
  }
  void operator()(const AddCall& p) {
    call.in = someBytes(product({p.length}), random);
    call.second = someBytes(product({p.length}), random);
    call.outSize = product({p.length});
  }
};

template <class T>
const T* orNull(const std::vector<T>& values) {
  return values.empty() ? nullptr : values.data();
}

struct PortableRunner {
  const KernelCall& call;
  Bytes out = Bytes(call.outSize);

  void operator()(const mcuprof_conv& p) {
    mcuprof_conv_s8(&p, call.in.data(), call.second.data(), orNull(call.bias), call.mult.data(),
                    call.shift.data(), out.data(), nullptr);
  }
  void operator()(const mcuprof_depthwise& p) {
    mcuprof_depthwise_s8(&p, call.in.data(), call.second.data(), orNull(call.bias),
                         call.mult.data(), call.shift.data(), out.data(), nullptr);
  }
  void operator()(const mcuprof_fully_connected& p) {
    mcuprof_fully_connected_s8(&p, call.in.data(), call.second.data(), orNull(call.bias),
                               call.mult.data(), call.shift.data(), out.data(), nullptr);
  }
  void operator()(const mcuprof_pool& p) {
    mcuprof_average_pool_s8(&p, call.in.data(), out.data(), nullptr);
  }
  void operator()(const AddCall& p) {
    mcuprof_add_s8(&p.parameters, call.in.data(), 1, call.second.data(), 1, out.data(), p.length);
  }
};

/// The struct of image/invoke.c, as a 32-bit core sees it.
struct CallInMemory {
  std::uint32_t parameters, in, second, bias, mult, shift, out, scratch;
  std::int32_t length;
};

struct Invocation {
  std::string function;
  std::vector<std::byte> parameters;
  std::int64_t scratch = 0;
  std::int32_t length = 0;
};

template <class T>
std::vector<std::byte> bytesOf(const T& value) {
  std::vector<std::byte> bytes(sizeof value);
  std::memcpy(bytes.data(), &value, sizeof value);
  return bytes;
}

struct Invoker {
  std::uint32_t library;

  Invocation operator()(const mcuprof_conv& p) const {
    return {"invoke_conv_s8", bytesOf(p), mcuprof_scratch_conv_s8(library, &p)};
  }
  Invocation operator()(const mcuprof_depthwise& p) const {
    return {"invoke_depthwise_s8", bytesOf(p), mcuprof_scratch_depthwise_s8(library, &p)};
  }
  Invocation operator()(const mcuprof_fully_connected& p) const {
    return {"invoke_fully_connected_s8", bytesOf(p),
            mcuprof_scratch_fully_connected_s8(library, &p)};
  }
  Invocation operator()(const mcuprof_pool& p) const {
    return {"invoke_average_pool_s8", bytesOf(p), mcuprof_scratch_average_pool_s8(library, &p)};
  }
  Invocation operator()(const AddCall& p) const {
    return {"invoke_add_s8", bytesOf(p.parameters), 0, p.length};
  }
};

struct Describer {
  std::string operator()(const mcuprof_conv& p) const {
    return fmt::format(
        "conv_s8 {}x{}x{}x{} -> {}x{}x{}, kernel {}x{}, stride {},{}, pad {},{}, dilation {},{}, "
        "filter of {} channels, offsets {} and {}, clamp {}..{}",
        p.batches, p.in_h, p.in_w, p.in_c, p.out_h, p.out_w, p.out_c, p.k_h, p.k_w, p.stride_h,
        p.stride_w, p.pad_h, p.pad_w, p.dil_h, p.dil_w, p.filter_c, p.in_offset, p.out_offset,
        p.act_min, p.act_max);
  }
  std::string operator()(const mcuprof_depthwise& p) const {
    return fmt::format(
        "depthwise_s8 {}x{}x{}x{} -> {}x{}x{}, kernel {}x{}, stride {},{}, pad {},{}, dilation "
        "{},{}, offsets {} and {}, clamp {}..{}",
        p.batches, p.in_h, p.in_w, p.in_c, p.out_h, p.out_w, p.out_c, p.k_h, p.k_w, p.stride_h,
        p.stride_w, p.pad_h, p.pad_w, p.dil_h, p.dil_w, p.in_offset, p.out_offset, p.act_min,
        p.act_max);
  }
  std::string operator()(const mcuprof_fully_connected& p) const {
    return fmt::format("fully_connected_s8 {}x{} -> {}, offsets {}, {} and {}, clamp {}..{}, {}",
                       p.rows, p.in, p.out, p.in_offset, p.filter_offset, p.out_offset, p.act_min,
                       p.act_max, p.per_channel != 0 ? "per channel" : "per tensor");
  }
  std::string operator()(const mcuprof_pool& p) const {
    return fmt::format(
        "average_pool_s8 {}x{}x{}x{} -> {}x{}, kernel {}x{}, stride {},{}, pad {},{}, clamp {}..{}",
        p.batches, p.in_h, p.in_w, p.channels, p.out_h, p.out_w, p.k_h, p.k_w, p.stride_h,
        p.stride_w, p.pad_h, p.pad_w, p.act_min, p.act_max);
  }
  std::string operator()(const AddCall& p) const {
    return fmt::format("add_s8 of {} elements", p.length);
  }
};

}  // namespace

KernelCall fill(const Parameters& parameters, Data data, std::mt19937& random) {
  Filler filler{data, random};
  std::visit(filler, parameters);
  filler.call.parameters = parameters;
  return std::move(filler.call);
}

std::vector<std::int8_t> runPortable(const KernelCall& call) {
  PortableRunner runner{call};
  std::visit(runner, call.parameters);
  return runner.out;
}

EmulatedRun runEmulated(Emulator& emulator, const KernelCall& call, mcuprof_library library) {
  const Invocation invocation = std::visit(Invoker{library}, call.parameters);
  emulator.reset();
  CallInMemory memory{};
  memory.parameters = emulator.place(invocation.parameters);
  // The agent places weights at multiples of 16; tensors of the arena are where the plan puts them.
  memory.in = emulator.place(call.in);
  memory.second = emulator.place(call.second);
  memory.bias = call.bias.empty() ? 0 : emulator.place(call.bias);
  memory.mult = emulator.place(call.mult);
  memory.shift = emulator.place(call.shift);
  memory.out = emulator.place(Bytes(call.outSize, 0x55));
  memory.scratch = invocation.scratch > 0
                       ? emulator.place(Bytes(static_cast<std::size_t>(invocation.scratch), 0x5A))
                       : 0;
  memory.length = invocation.length;
  const std::uint32_t argument = emulator.place(bytesOf(memory));
  EmulatedRun run;
  run.instructions = emulator.call(invocation.function, argument);
  const std::vector<std::byte> out = emulator.read(memory.out, call.outSize);
  run.out.resize(out.size());
  if (!out.empty()) std::memcpy(run.out.data(), out.data(), out.size());
  return run;
}

std::string describe(const Parameters& parameters) {
  return std::visit(Describer{}, parameters);
}

std::int32_t outExtent(std::int32_t in, std::int32_t kernel, std::int32_t stride,
                       std::int32_t dilation, std::int32_t before, std::int32_t after) {
  const std::int32_t window = (kernel - 1) * dilation + 1;
  const std::int32_t room = in + before + after - window;
  return room < 0 ? 0 : room / stride + 1;
}

}  // namespace mcuprof::test
