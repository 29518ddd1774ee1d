#include "analyzer/target/kernel_trips.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <tuple>

namespace mcuprof {
namespace {

std::int64_t trip(const Trips& trips, std::string_view name) {
  const auto at = std::find(kTripNames.begin(), kTripNames.end(), name);
  EXPECT_NE(at, kTripNames.end()) << name;
  return trips[static_cast<std::size_t>(at - kTripNames.begin())];
}

/// A 5 by 4 input under a 3 by 3 window with one row and column of padding.
KernelRow smallRow() {
  return {1, 5, 4, 3, 5, 4, 8, 3, 3, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0};
}

TEST(CountTrips, CountsTapsInsideAndOutsideByHand) {
  const Trips trips = countTrips(smallRow(), kTripRows | kTripColumns, MemoryCalls::None);
  // 5 rows of 3 taps; the first and the last position lose one.
  EXPECT_EQ(trip(trips, "vy"), 13);
  EXPECT_EQ(trip(trips, "by"), 1);
  EXPECT_EQ(trip(trips, "ay"), 1);
  EXPECT_EQ(trip(trips, "byn"), 1);
  EXPECT_EQ(trip(trips, "vyn"), 5);
  EXPECT_EQ(trip(trips, "vx"), 10);
}

TEST(CountTrips, CountsWhatWasNotAskedForAsZero) {
  const Trips trips = countTrips(smallRow(), kTripRows, MemoryCalls::Im2col);
  EXPECT_EQ(trip(trips, "vx"), 0);
  EXPECT_EQ(trip(trips, "cp"), 0);
}

TEST(CountTrips, CountsCopiesOfAlignedBytesInBlocks) {
  KernelRow row = smallRow();
  row[3] = 84;  // bytes a tap: one block of 64, one of 16, one word
  const Trips trips = countTrips(row, kTripMemory, MemoryCalls::Im2col);
  EXPECT_EQ(trip(trips, "cp"), 13 * 10);
  EXPECT_EQ(trip(trips, "st"), 5 * 4 * 9 - 13 * 10);
  EXPECT_EQ(trip(trips, "cpMis"), 0);
  EXPECT_EQ(trip(trips, "cp64"), 130);
  EXPECT_EQ(trip(trips, "cp16"), 130);
  EXPECT_EQ(trip(trips, "cp4"), 130);
  EXPECT_EQ(trip(trips, "cp16c"), 130 * 6);
}

/// The calls themselves, one by one, as the sources make them.
class Calls {
 public:
  void copy(std::int64_t bytes, std::int64_t to, std::int64_t from) {
    ++count["cp"];
    count["cpMis"] += to % 4 != 0 || from % 4 != 0;
    count["cp16c"] += (bytes + 15) / 16;
    if (to % 4 != 0 && from % 4 != 0 && bytes >= 8) count[to % 4 == 3 ? "cpF1" : "cpF2"] += 1;
    if (to % 4 != 0 && from % 4 == 0 && bytes >= 8) count["cpS"] += 1;
    const bool single = bytes < 16 || to % 4 != 0 || from % 4 != 0;
    count["cpB"] += single ? bytes : bytes % 4;
  }
  void set(std::int64_t bytes, std::int64_t to) {
    ++count["st"];
    const std::int64_t fix = std::min((4 - to % 4) % 4, bytes);
    count["stFix"] += fix;
    count["st16"] += (bytes - fix) / 16;
    count["st1"] += (bytes - fix) % 4;
  }
  std::map<std::string, std::int64_t> count = {
      {"cp", 0},  {"cpMis", 0}, {"cp16c", 0}, {"cpF1", 0}, {"cpF2", 0}, {"cpS", 0},
      {"cpB", 0}, {"st", 0},    {"stFix", 0}, {"st16", 0}, {"st1", 0}};
};

struct Shape {
  std::int64_t n, ih, iw, ic, oh, ow, oc, kh, kw, sh, sw, ph, pw, dh, dw, cm, gr, e0, e1;
  KernelRow row() const {
    return {n, ih, iw, ic, oh, ow, oc, kh, kw, sh, sw, ph, pw, dh, dw, cm, gr, e0, e1};
  }
};

Shape randomShape(std::mt19937& random) {
  const auto pick = [&](int low, int high) {
    return static_cast<std::int64_t>(std::uniform_int_distribution(low, high)(random));
  };
  Shape s{};
  s.n = pick(1, 3);
  s.ih = pick(1, 9);
  s.iw = pick(1, 9);
  s.gr = pick(1, 3);
  s.ic = s.gr * pick(1, 25);
  s.oh = pick(1, 9);
  s.ow = pick(1, 9);
  s.oc = 1;
  s.kh = pick(1, 5);
  s.kw = pick(1, 5);
  s.sh = pick(1, 3);
  s.sw = pick(1, 3);
  s.ph = pick(0, 3);
  s.pw = pick(0, 3);
  s.dh = pick(1, 2);
  s.dw = pick(1, 2);
  s.cm = 1;
  return s;
}

void expectSame(const Calls& calls, const Trips& trips, std::string_view what) {
  for (const auto& [name, count] : calls.count) EXPECT_EQ(trip(trips, name), count) << what << name;
}

TEST(CountTrips, AgreesWithTheLoopsOfIm2col) {
  std::mt19937 random(7);
  for (int round = 0; round < 300; ++round) {
    const Shape s = randomShape(random);
    const std::int64_t element = round % 2 + 1;
    Calls calls;
    std::int64_t rows = 0, before = 0, behind = 0;
    const std::int64_t depth = s.ic / s.gr;
    for (std::int64_t b = 0; b < s.n; ++b) {
      for (std::int64_t g = 0; g < s.gr; ++g) {
        std::int64_t to = 0;
        std::int64_t columns = 0;
        for (std::int64_t y = 0; y < s.oh; ++y) {
          for (std::int64_t x = 0; x < s.ow; ++x) {
            for (std::int64_t ky = 0; ky < s.kh; ++ky) {
              for (std::int64_t kx = 0; kx < s.kw; ++kx) {
                const std::int64_t iy = y * s.sh - s.ph + ky * s.dh;
                const std::int64_t ix = x * s.sw - s.pw + kx * s.dw;
                const bool inside = iy >= 0 && iy < s.ih && ix >= 0 && ix < s.iw;
                const std::int64_t from = ((b * s.ih + iy) * s.iw + ix) * s.ic + g * depth;
                if (inside) calls.copy(depth * element, to, from * element);
                if (!inside) calls.set(depth * element, to);
                to += depth * element;
              }
            }
            if (++columns % 2 == 0) to = 0;
          }
        }
      }
    }
    for (std::int64_t y = 0; y < s.oh; ++y) {
      for (std::int64_t ky = 0; ky < s.kh; ++ky) {
        const std::int64_t iy = y * s.sh - s.ph + ky * s.dh;
        rows += iy >= 0 && iy < s.ih;
        before += iy < 0;
        behind += iy >= s.ih;
      }
    }
    const Trips trips = countTrips(s.row(), kTripRows | kTripMemory,
                                   element == 1 ? MemoryCalls::Im2col : MemoryCalls::Im2col16);
    expectSame(calls, trips, "im2col ");
    EXPECT_EQ(trip(trips, "vy"), rows);
    EXPECT_EQ(trip(trips, "by"), before);
    EXPECT_EQ(trip(trips, "ay"), behind);
  }
}

TEST(CountTrips, AgreesWithTheLoopsOfPadding) {
  std::mt19937 random(8);
  for (int round = 0; round < 300; ++round) {
    Shape s = randomShape(random);
    s.e0 = round % 3 == 0 ? 1 : 0;
    s.e1 = round % 4 == 0 ? 2 : 0;
    Calls calls;
    std::int64_t to = 0, from = 0;
    const auto set = [&](std::int64_t bytes) {
      calls.set(bytes, to);
      to += bytes;
    };
    const auto copy = [&](std::int64_t bytes) {
      calls.copy(bytes, to, from);
      to += bytes;
      from += bytes;
    };
    const std::int64_t channels = s.e0 + s.ic + s.e1;
    const std::int64_t width = s.pw + s.iw + s.sw;
    set(0);
    for (std::int64_t b = 0; b < s.n; ++b) {
      set(s.ph * width * channels);
      for (std::int64_t y = 0; y < s.ih; ++y) {
        set(s.pw * channels);
        if (channels == s.ic) copy(s.iw * s.ic);
        for (std::int64_t x = 0; channels != s.ic && x < s.iw; ++x) {
          set(s.e0);
          copy(s.ic);
          set(s.e1);
        }
        set(s.sw * channels);
      }
      set(s.sh * width * channels);
    }
    set(0);
    expectSame(calls, countTrips(s.row(), kTripMemory, MemoryCalls::Pad), "pad ");
  }
}

TEST(CountTrips, AgreesWithTheLoopsOfPoolingAndDepthwise) {
  std::mt19937 random(9);
  for (int round = 0; round < 300; ++round) {
    Shape s = randomShape(random);
    Calls pool;
    for (std::int64_t b = 0; b < s.n; ++b) {
      for (std::int64_t y = 0; y < s.oh; ++y) {
        for (std::int64_t x = 0; x < s.ow; ++x) {
          const std::int64_t iy = std::max<std::int64_t>(0, y * s.sh - s.ph);
          const std::int64_t ix = std::max<std::int64_t>(0, x * s.sw - s.pw);
          pool.copy(s.ic, ((b * s.oh + y) * s.ow + x) * s.ic, ((b * s.ih + iy) * s.iw + ix) * s.ic);
        }
      }
    }
    expectSame(pool, countTrips(s.row(), kTripMemory, MemoryCalls::Pool), "pool ");

    s.n = s.dh = s.dw = 1;
    s.ph = std::min(s.ph, s.kh - 1);  // the sources assume that a window meets the input
    s.ih = std::max(s.ih, (s.oh - 1) * s.sh - s.ph + 1);
    Calls depthwise;
    const std::int64_t bytes = 2 * s.ic;
    for (std::int64_t y = 0; y < s.oh; ++y) {
      for (std::int64_t x = 0; x < s.ow; ++x) {
        const std::int64_t top = std::max<std::int64_t>(0, s.ph - y * s.sh);
        const std::int64_t end = std::min(s.kh, s.ih - (y * s.sh - s.ph));
        if (top > 0) depthwise.set(top * s.kw * bytes, 0);
        for (std::int64_t ky = top; ky < end; ++ky) {
          for (std::int64_t kx = 0; kx < s.kw; ++kx) {
            const std::int64_t ix = x * s.sw - s.pw + kx;
            if (ix < 0 || ix >= s.iw) depthwise.set(bytes, (ky * s.kw + kx) * bytes);
          }
        }
        if (end < s.kh) depthwise.set((s.kh - end) * s.kw * bytes, end * s.kw * bytes);
      }
    }
    expectSame(depthwise, countTrips(s.row(), kTripMemory, MemoryCalls::Depthwise), "depthwise ");
  }
}

TEST(RowProblem, NamesTheColumnAndWhatIsWanted) {
  KernelRow row = smallRow();
  EXPECT_EQ(rowProblem(row), std::nullopt);
  row[1] = 0;
  EXPECT_EQ(rowProblem(row), "ih is 0, wanted 1 to 65535");
  row = smallRow();
  row[16] = 2;
  EXPECT_EQ(rowProblem(row), "ic is 3, which 2 groups do not divide");
  row = smallRow();
  row[4] = row[7] = 60000;
  EXPECT_EQ(rowProblem(row), "the window has more than 4194304 taps along an axis");
  row = smallRow();
  row[0] = row[3] = std::int64_t{1} << 31;
  EXPECT_EQ(rowProblem(row), "the call has more than 2^50 steps");
}

}  // namespace
}  // namespace mcuprof
