// Kernels that move elements: every output element is the input element that the definition names.
#include <gtest/gtest.h>

#include <array>
#include <cstring>
#include <utility>

#include "device-agent/firmware/kernels/move.h"
#include "tests/device-agent/kernels/naive.hpp"

namespace mcuprof {
namespace {

using test::Dice;
using test::forSeeds;

constexpr std::size_t kRank = MCUPROF_MOVE_RANK;
using Index = std::array<std::int32_t, kRank>;

/// Elements whose bytes tell their number.
std::vector<std::uint8_t> numbered(std::int64_t count, std::int32_t elementBytes) {
  std::vector<std::uint8_t> bytes;
  for (std::int64_t i = 0; i < count; ++i) {
    for (std::int32_t b = 0; b < elementBytes; ++b) {
      bytes.push_back(
          static_cast<std::uint8_t>(static_cast<std::uint64_t>(i * 8 + b) >> (b % 2 * 4)));
    }
  }
  return bytes;
}

std::int64_t product(const std::int32_t (&extents)[kRank]) {
  std::int64_t count = 1;
  for (const std::int32_t extent : extents) count *= extent;
  return count;
}

/// Calls f(index) in the order of a dense array.
template <typename F>
void forEach(const std::int32_t (&extents)[kRank], F f) {
  for (std::int64_t i = 0; i < product(extents); ++i) {
    Index index{};
    std::int64_t rest = i;
    for (std::size_t a = kRank; a-- > 0;) {
      index[a] = static_cast<std::int32_t>(rest % extents[a]);
      rest /= extents[a];
    }
    f(index);
  }
}

std::int32_t elementBytes(Dice& dice) {
  constexpr std::int32_t kSizes[] = {1, 2, 4, 8};
  return kSizes[dice.between(0, 3)];
}

bool isElement(const std::vector<std::uint8_t>& one, std::int64_t i,
               const std::vector<std::uint8_t>& two, std::int64_t k, std::int32_t bytes) {
  return std::memcmp(one.data() + i * bytes, two.data() + k * bytes,
                     static_cast<std::size_t>(bytes)) == 0;
}

void checkPad(std::uint32_t seed) {
  Dice dice(seed);
  mcuprof_pad p{};
  p.element_bytes = elementBytes(dice);
  p.value[0] = 0xA1B2C3D4;
  p.value[1] = 0xE5F60718;
  for (std::size_t a = 0; a < kRank; ++a) {
    p.in[a] = dice.oneIn(2) ? 1 : dice.between(1, 3);
    p.before[a] = dice.oneIn(4) ? dice.between(1, 2) : 0;
    p.out[a] = p.in[a] + p.before[a] + (dice.oneIn(4) ? dice.between(1, 2) : 0);
  }
  const auto in = numbered(product(p.in), p.element_bytes);
  std::vector<std::uint8_t> out(static_cast<std::size_t>(product(p.out) * p.element_bytes));
  std::vector<std::uint8_t> value(8);
  std::memcpy(value.data(), p.value, 8);
  mcuprof_move_pad(&p, in.data(), out.data());
  std::int64_t at = 0;
  forEach(p.out, [&](const Index& index) {
    bool isInside = true;
    std::int64_t from = 0;
    for (std::size_t a = 0; a < kRank; ++a) {
      const std::int32_t i = index[a] - p.before[a];
      isInside = isInside && i >= 0 && i < p.in[a];
      from = from * p.in[a] + i;
    }
    EXPECT_TRUE(isInside ? isElement(out, at, in, from, p.element_bytes)
                         : isElement(out, at, value, 0, p.element_bytes))
        << "seed " << seed;
    ++at;
  });
}

/// Slices with steps of either sign along permuted axes, which covers STRIDED_SLICE and TRANSPOSE.
void checkView(std::uint32_t seed) {
  Dice dice(seed);
  std::int32_t extents[kRank];
  std::int32_t strides[kRank];
  std::int32_t first[kRank];
  std::int32_t step[kRank];
  for (auto& extent : extents) extent = dice.between(1, 4);
  std::int32_t stride = 1;
  for (std::size_t a = kRank; a-- > 0; stride *= extents[a]) strides[a] = stride;
  std::array<std::size_t, kRank> order{0, 1, 2, 3, 4, 5};
  for (std::size_t a = kRank; a-- > 1;) {
    std::swap(order[a], order[static_cast<std::size_t>(dice.between(0, static_cast<int>(a)))]);
  }
  mcuprof_view p{};
  p.element_bytes = elementBytes(dice);
  for (std::size_t a = 0; a < kRank; ++a) {
    const std::size_t from = order[a];
    first[a] = dice.between(0, extents[from] - 1);
    step[a] = dice.oneIn(2) ? dice.between(1, 2) : -dice.between(1, 2);
    const std::int32_t room = step[a] > 0 ? extents[from] - 1 - first[a] : first[a];
    p.extent[a] = dice.between(1, room / std::abs(step[a]) + 1);
    p.start += first[a] * strides[from];
    p.stride[a] = step[a] * strides[from];
  }
  const auto in = numbered(product(extents), p.element_bytes);
  std::vector<std::uint64_t> aligned((in.size() + 7) / 8);
  std::memcpy(aligned.data(), in.data(), in.size());
  std::vector<std::uint64_t> result(
      (static_cast<std::size_t>(product(p.extent) * p.element_bytes) + 7) / 8);
  mcuprof_move_view(&p, aligned.data(), result.data());
  std::vector<std::uint8_t> out(static_cast<std::size_t>(product(p.extent) * p.element_bytes));
  std::memcpy(out.data(), result.data(), out.size());
  std::int64_t at = 0;
  forEach(p.extent, [&](const Index& index) {
    std::array<std::int32_t, kRank> source{};
    for (std::size_t a = 0; a < kRank; ++a) source[order[a]] = first[a] + index[a] * step[a];
    std::int64_t from = 0;
    for (std::size_t a = 0; a < kRank; ++a) from = from * extents[a] + source[a];
    EXPECT_TRUE(isElement(out, at, in, from, p.element_bytes)) << "seed " << seed;
    ++at;
  });
}

void checkRows(std::uint32_t seed) {
  Dice dice(seed);
  const std::int32_t rows = dice.between(1, 6);
  const std::int32_t inputs = dice.between(1, 4);
  std::vector<std::int32_t> widths;
  std::int32_t width = 0;
  for (std::int32_t i = 0; i < inputs; ++i) {
    widths.push_back(dice.between(1, 9));
    width += widths.back();
  }
  std::vector<std::uint8_t> out(static_cast<std::size_t>(rows * width));
  std::vector<std::vector<std::uint8_t>> parts;
  std::int32_t before = 0;
  for (const std::int32_t w : widths) {
    parts.push_back(dice.values<std::uint8_t>(rows * w));
    mcuprof_move_rows(parts.back().data(), out.data() + before, rows, w, width);
    before += w;
  }
  std::size_t at = 0;
  for (std::int32_t r = 0; r < rows; ++r) {
    for (std::size_t i = 0; i < parts.size(); ++i) {
      for (std::int32_t c = 0; c < widths[i]; ++c) {
        ASSERT_EQ(out[at++], parts[i][static_cast<std::size_t>(r * widths[i] + c)])
            << "seed " << seed;
      }
    }
  }
}

TEST(MoveKernels, PadPutsEveryElementInItsPlace) {
  forSeeds(0, 10000, checkPad);
}
TEST(MoveKernels, ViewsTakeTheElementsThatTheirIndicesName) {
  forSeeds(0, 10000, checkView);
}
TEST(MoveKernels, RowsOfInputsLieSideBySide) {
  forSeeds(0, 10000, checkRows);
}

}  // namespace
}  // namespace mcuprof
