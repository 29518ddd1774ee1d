// The DSP forms compute what the portable kernels compute, bit for bit, and touch nothing but their
// buffers.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <random>

#include "tests/device-agent/dsp/calls.hpp"

namespace mcuprof::test {
namespace {

constexpr int kCases = 1000;

class Draw {
 public:
  explicit Draw(std::uint32_t seed) : m_random(seed) {}
  std::mt19937& random() { return m_random; }

  std::int32_t in(std::int32_t from, std::int32_t to) {
    return std::uniform_int_distribution(from, to)(m_random);
  }
  bool oneIn(std::int32_t n) { return in(1, n) == 1; }

  std::int32_t zeroPoint() {
    if (oneIn(4)) return oneIn(2) ? -128 : 127;
    return in(-128, 127);
  }
  template <class P>
  void clamp(P& p) {
    p.act_min = oneIn(3) ? in(-128, 127) : -128;
    p.act_max = oneIn(3) ? in(p.act_min, 127) : 127;
  }
  /// Kernel, stride, dilation, padding and output along both axes.
  template <class P>
  void window(P& p, std::int32_t dilation) {
    do {
      p.in_h = in(1, 8);
      p.in_w = in(1, 8);
      p.k_h = oneIn(3) ? 1 : in(1, 5);
      p.k_w = oneIn(3) ? p.k_h : in(1, 5);
      p.stride_h = in(1, 3);
      p.stride_w = in(1, 3);
      const std::int32_t dilH = in(1, dilation);
      const std::int32_t dilW = in(1, dilation);
      if constexpr (requires { p.dil_h; }) {
        p.dil_h = dilH;
        p.dil_w = dilW;
      }
      // Padding never exceeds the window, yet a dilated window may lie wholly in it.
      p.pad_h = in(0, (p.k_h - 1) * dilH);
      p.pad_w = in(0, (p.k_w - 1) * dilW);
      p.out_h = outExtent(p.in_h, p.k_h, p.stride_h, dilH, p.pad_h, in(0, (p.k_h - 1) * dilH));
      p.out_w = outExtent(p.in_w, p.k_w, p.stride_w, dilW, p.pad_w, in(0, (p.k_w - 1) * dilW));
    } while (p.out_h == 0 || p.out_w == 0);
  }
  std::int32_t channels() { return oneIn(3) ? in(1, 4) : oneIn(2) ? 4 * in(1, 6) : in(1, 23); }

  mcuprof_conv conv() {
    mcuprof_conv p{};
    p.batches = in(1, 2);
    window(p, oneIn(3) ? 3 : 1);
    const std::int32_t groups = oneIn(4) ? in(2, 3) : 1;
    p.filter_c = channels();
    p.in_c = groups * p.filter_c;
    p.out_c = groups * in(1, 9);
    p.in_offset = -zeroPoint();
    p.out_offset = zeroPoint();
    clamp(p);
    return p;
  }
  mcuprof_conv pointwise() {
    mcuprof_conv p = conv();
    p.k_h = p.k_w = p.dil_h = p.dil_w = 1;
    p.pad_h = p.pad_w = 0;
    p.out_h = outExtent(p.in_h, 1, p.stride_h, 1, 0, 0);
    p.out_w = outExtent(p.in_w, 1, p.stride_w, 1, 0, 0);
    return p;
  }
  /// No file has this; a layer program may.
  mcuprof_conv paddedPoints() {
    mcuprof_conv p = pointwise();
    p.pad_h = in(0, 2);
    p.pad_w = in(0, 2);
    p.out_h = outExtent(p.in_h, 1, p.stride_h, 1, p.pad_h, p.pad_h);
    p.out_w = outExtent(p.in_w, 1, p.stride_w, 1, p.pad_w, p.pad_w);
    return p;
  }
  mcuprof_depthwise depthwise() {
    mcuprof_depthwise p{};
    p.batches = in(1, 2);
    window(p, oneIn(3) ? 3 : 1);
    p.depth_multiplier = oneIn(3) ? in(2, 8) : 1;
    p.in_c = channels();
    p.out_c = p.in_c * p.depth_multiplier;
    p.in_offset = -zeroPoint();
    p.out_offset = zeroPoint();
    clamp(p);
    return p;
  }
  mcuprof_fully_connected fullyConnected() {
    mcuprof_fully_connected p{};
    p.rows = in(1, 3);
    p.in = oneIn(3) ? in(1, 9) : in(1, 150);
    p.out = in(1, 17);
    p.in_offset = -zeroPoint();
    p.filter_offset = oneIn(4) ? in(-127, 128) : 0;
    p.out_offset = zeroPoint();
    p.per_channel = in(0, 1);
    clamp(p);
    return p;
  }
  /// Every window has a tap inside: TFLite's padding sees to that.
  mcuprof_pool averagePool() {
    mcuprof_pool p{};
    p.batches = in(1, 2);
    if (oneIn(20)) {
      p.in_h = p.in_w = p.k_h = p.k_w = in(16, 18);
      p.stride_h = p.stride_w = p.out_h = p.out_w = 1;
    } else {
      window(p, 1);
      p.out_h = std::min(p.out_h, (p.in_h + p.pad_h - 1) / p.stride_h + 1);
      p.out_w = std::min(p.out_w, (p.in_w + p.pad_w - 1) / p.stride_w + 1);
    }
    p.channels = channels();
    clamp(p);
    return p;
  }
  AddCall add() {
    mcuprof_add p{};
    p.left_shift = oneIn(4) ? in(0, 20) : 20;
    p.in1_offset = -zeroPoint();
    p.in2_offset = -zeroPoint();
    p.out_offset = zeroPoint();
    p.in1_mult = in(1 << 30, INT32_MAX);
    p.in2_mult = in(1 << 30, INT32_MAX);
    p.out_mult = in(1 << 30, INT32_MAX);
    p.in1_shift = in(-8, 0);
    p.in2_shift = in(-8, 0);
    p.out_shift = -p.left_shift + in(-3, 3);
    clamp(p);
    return {p, in(1, 40)};
  }

 private:
  std::mt19937 m_random;
};

class OnEachCore : public testing::TestWithParam<const char*> {
 protected:
  OnEachCore()
      : m_emulator(GetParam(), std::filesystem::path(MCUPROF_KERNEL_IMAGES) / "dsp" /
                                   (GetParam() + std::string(".elf"))) {
    m_emulator.watchAccesses();
  }

  /// Runs random calls of one kind on core and host.
  template <class Make>
  void compare(std::uint32_t seed, Make make) {
    Draw draw(seed);
    for (int i = 0; i < kCases; ++i) {
      const KernelCall call =
          fill(make(draw), i % 2 == 0 ? Data::Usual : Data::Extreme, draw.random());
      const EmulatedRun run = runEmulated(m_emulator, call, MCUPROF_LIBRARY_DSP);
      ASSERT_EQ(m_emulator.fault(), "") << "case " << i << ": " << describe(call.parameters);
      ASSERT_EQ(run.out, runPortable(call)) << "case " << i << ": " << describe(call.parameters);
    }
  }

 private:
  Emulator m_emulator;
};

TEST_P(OnEachCore, ConvolutionEqualsThePortableKernel) {
  compare(1, [](Draw& draw) { return draw.conv(); });
}

TEST_P(OnEachCore, PointwiseConvolutionEqualsThePortableKernel) {
  compare(2, [](Draw& draw) { return draw.pointwise(); });
}

TEST_P(OnEachCore, PaddedPointwiseConvolutionEqualsThePortableKernel) {
  compare(7, [](Draw& draw) { return draw.paddedPoints(); });
}

TEST_P(OnEachCore, DepthwiseConvolutionEqualsThePortableKernel) {
  compare(3, [](Draw& draw) { return draw.depthwise(); });
}

TEST_P(OnEachCore, FullyConnectedEqualsThePortableKernel) {
  compare(4, [](Draw& draw) { return draw.fullyConnected(); });
}

TEST_P(OnEachCore, AveragePoolEqualsThePortableKernel) {
  compare(5, [](Draw& draw) { return draw.averagePool(); });
}

TEST_P(OnEachCore, AddEqualsThePortableKernel) {
  compare(6, [](Draw& draw) { return draw.add(); });
}

INSTANTIATE_TEST_SUITE_P(Cores, OnEachCore, testing::Values("cortex-m4", "cortex-m7", "cortex-m33"),
                         [](const auto& instance) {
                           return std::string(instance.param).substr(7);
                         });

}  // namespace
}  // namespace mcuprof::test
