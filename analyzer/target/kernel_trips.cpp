#include "analyzer/target/kernel_trips.hpp"

#include <algorithm>
#include <cassert>
#include <vector>

namespace mcuprof {
namespace {

using enum KernelColumn::At;

using TripSpan = std::span<std::int64_t, kTripNames.size()>;

/// The position of a name, found by the compiler; a name that is none does not compile.
consteval std::size_t indexOf(std::string_view name) {
  std::size_t i = 0;
  while (kTripNames[i] != name) ++i;
  return i;
}

constexpr std::size_t kRows = indexOf("vy");
constexpr std::size_t kColumns = indexOf("vx");
constexpr std::size_t kTransposed = indexOf("uy");
constexpr std::size_t kCopies = indexOf("cp");
constexpr std::size_t kSets = indexOf("st");

std::int64_t ceilDivide(std::int64_t a, std::int64_t b) {
  return (a + b - 1) / b;
}

/// One axis of a sliding window.
struct Axis {
  std::int64_t input, output, kernel, stride, padding, dilation;

  std::int64_t start(std::int64_t position) const { return position * stride - padding; }
  /// Taps before the input's first element, for a window that starts at `at`.
  std::int64_t before(std::int64_t at) const {
    return at >= 0 ? 0 : std::min(kernel, ceilDivide(-at, dilation));
  }
  /// Taps behind its last element.
  std::int64_t behind(std::int64_t at) const {
    const std::int64_t room = input - at;  // the window's extent that is not behind
    return room <= 0 ? kernel : kernel - std::min(kernel, ceilDivide(room, dilation));
  }
  /// Positions whose window lies wholly inside: [first, last].
  std::int64_t firstInside() const { return ceilDivide(padding, stride); }
  std::int64_t lastInside() const {
    const std::int64_t room = input - 1 - (kernel - 1) * dilation + padding;
    return room < 0 ? -1 : std::min(output - 1, room / stride);
  }
};

Axis rowsOf(const KernelRow& row) {
  return {row[Ih], row[Oh], row[Kh], std::max<std::int64_t>(1, row[Sh]), row[Ph], row[Dh]};
}
Axis columnsOf(const KernelRow& row) {
  return {row[Iw], row[Ow], row[Kw], std::max<std::int64_t>(1, row[Sw]), row[Pw], row[Dw]};
}

/// Adds v, b, a, bn, an, vn. Only positions at the border are looked at one by one.
void countAxis(const Axis& axis, std::int64_t* trips) {
  const std::int64_t first = axis.firstInside();
  const std::int64_t last = axis.lastInside();
  const std::int64_t inside = std::max<std::int64_t>(0, last - first + 1);
  trips[0] += inside * axis.kernel;
  trips[5] += inside;
  for (std::int64_t position = 0; position < axis.output; ++position) {
    if (inside > 0 && position == first) position = last + 1;
    if (position >= axis.output) break;
    const std::int64_t at = axis.start(position);
    const std::int64_t before = axis.before(at);
    const std::int64_t behind = std::min(axis.behind(at), axis.kernel - before);
    const std::int64_t valid = axis.kernel - before - behind;
    trips[0] += valid;
    trips[1] += before;
    trips[2] += behind;
    trips[3] += before > 0;
    trips[4] += behind > 0;
    trips[5] += valid > 0;
  }
}

/// Taps of one axis of a transposed convolution, computed as a convolution over the upscaled input,
/// that meet an element: inside, and at a multiple of the stride where that is 2.
std::int64_t countUpscaledTaps(const Axis& axis) {
  const std::int64_t padding = axis.kernel - 1 - axis.padding;
  const std::int64_t extent = axis.input * axis.stride;
  std::int64_t taps = 0;
  for (std::int64_t position = 0; position < axis.output; ++position) {
    const std::int64_t low = std::max<std::int64_t>(0, position - padding);
    const std::int64_t high = std::min(extent, position - padding + axis.kernel);
    if (high <= low) continue;
    taps += axis.stride == 2 ? (high + 1) / 2 - (low + 1) / 2 : high - low;
  }
  return taps;
}

/// Kernel rows that the direct form of a transposed convolution adds, over all input rows.
std::int64_t countTransposedRows(const Axis& axis) {
  std::int64_t rows = 0;
  for (std::int64_t j = 0; j < axis.input; ++j) {
    const std::int64_t top = std::max<std::int64_t>(0, axis.padding - j * axis.stride);
    const std::int64_t bottom =
        std::max<std::int64_t>(0, j * axis.stride + axis.kernel - (axis.padding + axis.output) - 1);
    rows += std::max<std::int64_t>(0, axis.kernel - top - bottom);
  }
  return rows;
}

/// Sums calls of memcpy and memset by what decides the number of instructions in newlib 3.3:
///
/// memcpy for ARMv7-M copies blocks of 64, 16 and 4 bytes, then a tail; a destination that is not
/// aligned (cpF1: one byte, cpF2: two or three) is aligned first, except when the source is aligned
/// (cpS) or the destination was (cpD); of misaligned copies below 8 bytes (cpSmall) those of 4 and
/// more (cpSmall4) go byte by byte. For ARMv6-M blocks of 16 and 4 are used when both sides are
/// aligned and at least 16 bytes are copied (cpA), else single bytes (cpB).
/// memset aligns first (stFix bytes), then sets 16, 4 and 1 bytes at a time.
/// With MVE both run in steps of 16 bytes (cp16c, st16c).
class CallSums {
 public:
  explicit CallSums(TripSpan trips) : m_trips(trips) {}

  void copy(std::int64_t calls, std::int64_t bytes, std::int64_t to, std::int64_t from) {
    if (calls == 0) return;
    const bool misaligned = to != 0 || from != 0;
    add(indexOf("cp"), calls);
    add(indexOf("cp16c"), calls * ceilDivide(bytes, 16));
    if (misaligned) add(indexOf("cpMis"), calls);
    copyBlocks(calls, bytes, to, from);
    if (bytes < 16 || misaligned) {
      add(indexOf("cpB"), calls * bytes);
      if (bytes > 0) add(indexOf("cpBnz"), calls);
      if (bytes >= 16) add(indexOf("cpMis16"), calls);
      return;
    }
    add(indexOf("cpA"), calls);
    add(indexOf("cpA16"), calls * (bytes / 16));
    add(indexOf("cpA4"), calls * (bytes % 16 / 4));
    if (bytes % 16 >= 4) add(indexOf("cpA4nz"), calls);
    add(indexOf("cpB"), calls * (bytes % 4));
    if (bytes % 4 > 0) add(indexOf("cpBnz"), calls);
  }

  void set(std::int64_t calls, std::int64_t bytes, std::int64_t to) {
    if (calls == 0) return;
    const std::int64_t wanted = (4 - to) % 4;
    const std::int64_t fix = std::min(wanted, bytes);
    const std::int64_t rest = bytes - fix;
    add(indexOf("st"), calls);
    add(indexOf("st16c"), calls * ceilDivide(bytes, 16));
    if (to > 0) add(indexOf("stMis"), calls);
    add(indexOf("stFix"), calls * fix);
    add(indexOf("st16"), calls * (rest / 16));
    add(indexOf("st4"), calls * (rest % 16 / 4));
    add(indexOf("st1"), calls * (rest % 4));
    const bool blocks = rest >= 16;
    const bool words = rest % 16 >= 4;
    const bool tail = rest % 4 > 0;
    if (blocks) add(indexOf("st16nz"), calls);
    if (words) add(indexOf("st4nz"), calls);
    if (tail) add(indexOf("st1nz"), calls);
    if (rest >= 4) add(indexOf("stW"), calls);
    if (bytes < wanted) add(indexOf("stCut"), calls);
    if (blocks && !words) add(indexOf("stX"), calls);
    if (blocks && !words && tail) add(indexOf("stX1"), calls);
  }

 private:
  void copyBlocks(std::int64_t calls, std::int64_t bytes, std::int64_t to, std::int64_t from) {
    std::int64_t rest = bytes;
    if ((to != 0 || from != 0) && bytes < 8) {
      add(indexOf("cpSmall"), calls);
      if (bytes >= 4) {
        add(indexOf("cpSmall4"), calls);
        add(indexOf("cpSmallB"), calls * (bytes - 3));
        return;
      }
    } else {
      if (to != 0 && from == 0) add(indexOf("cpS"), calls);
      if (to == 0 && from != 0) add(indexOf("cpD"), calls);
      if (to != 0 && from != 0) {
        rest -= 4 - to;
        add(to == 3 ? indexOf("cpF1") : indexOf("cpF2"), calls);
      }
      add(indexOf("cp64"), calls * (rest / 64));
      add(indexOf("cp16"), calls * (rest % 64 / 16));
      add(indexOf("cp4"), calls * (rest % 16 / 4));
    }
    if (rest % 4 == 1) add(indexOf("cpT1"), calls);
    if (rest % 4 >= 2) add(indexOf("cpT2"), calls);
  }

  void add(std::size_t trip, std::int64_t calls) { m_trips[trip] += calls; }

  TripSpan m_trips;
};

/// Numbers of calls by address modulo 4, of the destination and of the source.
struct Residues {
  struct Bin {
    std::int64_t calls;
    std::int64_t parity;
    std::int64_t to;
    std::int64_t from;
  };
  std::array<std::int64_t, 32> counts{};

  void add(std::int64_t calls, std::int64_t parity, std::int64_t to, std::int64_t from) {
    counts[static_cast<std::size_t>((parity & 1) * 16 + (to & 3) * 4 + (from & 3))] += calls;
  }
  template <typename Visit>
  void each(Visit visit) const {
    for (std::size_t i = 0; i < counts.size(); ++i) {
      if (counts[i] == 0) continue;
      const auto bin = static_cast<std::int64_t>(i);
      visit(Bin{counts[i], bin / 16, bin / 4 % 4, bin % 4});
    }
  }
};

/// im2col: each tap of each window is copied, or set when it lies outside. The buffer holds two
/// columns one behind the other, so the destination depends on the parity of the position;
/// positions start anew with each batch and group.
void countIm2col(const KernelRow& row, std::int64_t element, CallSums& sums) {
  const std::int64_t groups = row[Gr];
  const std::int64_t depth = row[Ic] / groups;
  const std::int64_t bytes = depth * element;
  const std::int64_t columnBytes = row[Kh] * row[Kw] * bytes;
  const Axis ys = rowsOf(row);
  const Axis xs = columnsOf(row);
  if (bytes % 4 == 0 && row[Ic] * element % 4 == 0) {
    std::array<std::int64_t, 6> y{};
    std::array<std::int64_t, 6> x{};
    countAxis(ys, y.data());
    countAxis(xs, x.data());
    const std::int64_t inside = y[0] * x[0];
    const std::int64_t taps = row[Oh] * row[Kh] * row[Ow] * row[Kw];
    sums.copy(row[N] * groups * inside, bytes, 0, 0);
    sums.set(row[N] * groups * (taps - inside), bytes, 0);
    return;
  }
  Residues yInside, yAll, xInside, xAll;
  for (std::int64_t oy = 0; oy < row[Oh]; ++oy) {
    const std::int64_t parity = oy * row[Ow];
    for (std::int64_t ky = 0; ky < row[Kh]; ++ky) {
      const std::int64_t at = ys.start(oy) + ky * row[Dh];
      const std::int64_t to = ky * row[Kw] * bytes;
      yAll.add(1, parity, to, 0);
      if (at >= 0 && at < row[Ih]) yInside.add(1, parity, to, at * row[Iw] * row[Ic] * element);
    }
  }
  for (std::int64_t ox = 0; ox < row[Ow]; ++ox) {
    for (std::int64_t kx = 0; kx < row[Kw]; ++kx) {
      const std::int64_t at = xs.start(ox) + kx * row[Dw];
      xAll.add(1, ox, kx * bytes, 0);
      if (at >= 0 && at < row[Iw]) xInside.add(1, ox, kx * bytes, at * row[Ic] * element);
    }
  }
  // Where batches and groups start in the input.
  std::array<std::int64_t, 4> starts{};
  const std::int64_t batchBytes = row[Ih] * row[Iw] * row[Ic] * element;
  for (std::int64_t batch = 0; batch < std::min<std::int64_t>(4, row[N]); ++batch) {
    const std::int64_t batches = (row[N] - batch + 3) / 4;
    for (std::int64_t group = 0; group < std::min<std::int64_t>(4, groups); ++group) {
      const std::int64_t alike = (groups - group + 3) / 4;
      starts[static_cast<std::size_t>((batch * batchBytes + group * bytes) % 4)] += batches * alike;
    }
  }
  std::array<std::int64_t, 4> setAt{};
  std::array<std::array<std::int64_t, 4>, 4> copyAt{};
  const auto destination = [&](const Residues::Bin& y, const Residues::Bin& x) {
    return static_cast<std::size_t>((((y.parity + x.parity) % 2) * columnBytes + y.to + x.to) % 4);
  };
  yAll.each([&](const Residues::Bin& y) {
    xAll.each([&](const Residues::Bin& x) { setAt[destination(y, x)] += y.calls * x.calls; });
  });
  yInside.each([&](const Residues::Bin& y) {
    xInside.each([&](const Residues::Bin& x) {
      const std::size_t to = destination(y, x);
      setAt[to] -= y.calls * x.calls;
      copyAt[to][static_cast<std::size_t>((y.from + x.from) % 4)] += y.calls * x.calls;
    });
  });
  for (std::size_t to = 0; to < 4; ++to) {
    sums.set(row[N] * groups * setAt[to], bytes, static_cast<std::int64_t>(to));
    for (std::size_t from = 0; from < 4; ++from) {
      for (std::size_t start = 0; start < 4; ++start) {
        sums.copy(copyAt[to][from] * starts[start], bytes, static_cast<std::int64_t>(to),
                  static_cast<std::int64_t>((from + start) % 4));
      }
    }
  }
}

/// Depthwise with a widened column: rows above and below the input are set at once, taps beside it
/// one by one.
void countDepthwise(const KernelRow& row, CallSums& sums) {
  const Axis ys = rowsOf(row);
  const Axis xs = columnsOf(row);
  const std::int64_t bytes = 2 * row[Ic];
  const std::int64_t rowBytes = row[Kw] * bytes;
  std::vector<std::int64_t> outside(static_cast<std::size_t>(row[Kw]));
  std::int64_t anyOutside = 0;
  for (std::int64_t ox = 0; ox < row[Ow]; ++ox) {
    const std::int64_t at = xs.start(ox);
    if (at >= 0 && at + row[Kw] <= row[Iw]) continue;
    for (std::int64_t kx = 0; kx < row[Kw]; ++kx) {
      const bool out = at + kx < 0 || at + kx >= row[Iw];
      outside[static_cast<std::size_t>(kx)] += out;
      anyOutside += out;
    }
  }
  for (std::int64_t oy = 0; oy < row[Oh]; ++oy) {
    const std::int64_t at = ys.start(oy);
    const std::int64_t top = std::max<std::int64_t>(0, -at);
    const std::int64_t end = std::min(row[Kh], row[Ih] - at);
    const std::int64_t bottom = row[Kh] - end;
    if (top > 0) sums.set(row[Ow], rowBytes * top, 0);
    if (bottom > 0) sums.set(row[Ow], rowBytes * bottom, std::max(top, end) * rowBytes % 4);
    if (anyOutside == 0) continue;
    for (std::int64_t ky = top; ky < end; ++ky) {
      for (std::int64_t kx = 0; kx < row[Kw]; ++kx) {
        sums.set(outside[static_cast<std::size_t>(kx)], bytes, (ky * row[Kw] + kx) * bytes % 4);
      }
    }
  }
}

/// Calls fn(index, times) for 0 to 3, `times` being how many of [0, count) leave that remainder by
/// 4: what happens at an address depends on it modulo 4 only.
template <typename Fn>
void eachRemainder(std::int64_t count, Fn fn) {
  for (std::int64_t i = 0; i < std::min<std::int64_t>(4, count); ++i) fn(i, (count - i + 3) / 4);
}

void countPad(const KernelRow& row, CallSums& sums) {
  const std::int64_t channels = row[E0] + row[Ic] + row[E1];
  const std::int64_t rowBytes = (row[Pw] + row[Iw] + row[Sw]) * channels;
  const std::int64_t batchBytes = (row[Ph] + row[Ih] + row[Sh]) * rowBytes;
  const std::int64_t inRow = row[Iw] * row[Ic];
  sums.set(2, 0, 0);  // batches are padded by none
  eachRemainder(row[N], [&](std::int64_t batch, std::int64_t batches) {
    const std::int64_t out = batch * batchBytes;
    sums.set(batches, rowBytes * row[Ph], out % 4);
    sums.set(batches, rowBytes * row[Sh], (out + (row[Ph] + row[Ih]) * rowBytes) % 4);
    eachRemainder(row[Ih], [&](std::int64_t y, std::int64_t rows) {
      const std::int64_t times = batches * rows;
      std::int64_t to = out + (row[Ph] + y) * rowBytes;
      const std::int64_t from = batch * row[Ih] * inRow + y * inRow;
      sums.set(times, channels * row[Pw], to % 4);
      to += channels * row[Pw];
      if (channels == row[Ic]) {
        sums.copy(times, inRow, to % 4, from % 4);
      } else {
        eachRemainder(row[Iw], [&](std::int64_t x, std::int64_t columns) {
          const std::int64_t at = to + x * channels;
          sums.set(times * columns, row[E0], at % 4);
          sums.copy(times * columns, row[Ic], (at + row[E0]) % 4, (from + x * row[Ic]) % 4);
          sums.set(times * columns, row[E1], (at + row[E0] + row[Ic]) % 4);
        });
      }
      sums.set(times, channels * row[Sw], (to + row[Iw] * channels) % 4);
    });
  });
}

/// Pooling copies the first tap of each position.
void countPool(const KernelRow& row, std::int64_t element, CallSums& sums) {
  const std::int64_t bytes = row[Ic] * element;
  if (bytes % 4 == 0) {
    sums.copy(row[N] * row[Oh] * row[Ow], bytes, 0, 0);
    return;
  }
  const Axis ys = rowsOf(row);
  const Axis xs = columnsOf(row);
  Residues y, x;
  for (std::int64_t oy = 0; oy < row[Oh]; ++oy) {
    y.add(1, 0, oy * row[Ow] * bytes, std::max<std::int64_t>(0, ys.start(oy)) * row[Iw] * bytes);
  }
  for (std::int64_t ox = 0; ox < row[Ow]; ++ox) {
    x.add(1, 0, ox * bytes, std::max<std::int64_t>(0, xs.start(ox)) * bytes);
  }
  eachRemainder(row[N], [&](std::int64_t batch, std::int64_t batches) {
    const std::int64_t to = batch * row[Oh] * row[Ow] * bytes;
    const std::int64_t from = batch * row[Ih] * row[Iw] * bytes;
    y.each([&](const Residues::Bin& a) {
      x.each([&](const Residues::Bin& b) {
        sums.copy(batches * a.calls * b.calls, bytes, (to + a.to + b.to) % 4,
                  (from + a.from + b.from) % 4);
      });
    });
  });
}

void countMemoryCalls(const KernelRow& row, MemoryCalls calls, TripSpan trips) {
  CallSums sums(trips);
  switch (calls) {
    case MemoryCalls::None:
      break;
    case MemoryCalls::Im2col:
      countIm2col(row, 1, sums);
      break;
    case MemoryCalls::Im2col16:
      countIm2col(row, 2, sums);
      break;
    case MemoryCalls::Depthwise:
      countDepthwise(row, sums);
      break;
    case MemoryCalls::Pad:
      countPad(row, sums);
      break;
    case MemoryCalls::Pool:
      countPool(row, 1, sums);
      break;
    case MemoryCalls::Pool16:
      countPool(row, 2, sums);
      break;
    case MemoryCalls::Flat:
      sums.copy(1, row[Ic], 0, 0);
      break;
  }
}

struct RowLimits {
  KernelRow least{};
  KernelRow most{};
};

/// Libraries keep dimensions in 16 bits; vectors are as long as memory. Padding and the two free
/// numbers may be 0. With these bounds no product of a kernel's loops leaves 63 bits, and none of
/// ours runs long.
constexpr RowLimits rowLimits() {
  constexpr std::int64_t kDimension = 65535;
  constexpr std::int64_t kVector = std::int64_t{1} << 31;
  RowLimits limits;
  for (std::size_t i = 0; i < limits.least.size(); ++i) {
    const bool mayBeZero = i == Ph || i == Pw || i == E0 || i == E1 || i == Sh || i == Sw;
    limits.least[i] = mayBeZero ? 0 : 1;
    limits.most[i] = i == Ic || i == Oc || i == N ? kVector : kDimension;
  }
  return limits;
}

}  // namespace

unsigned tripGroupOf(std::size_t trip) {
  if (trip < kColumns) return kTripRows;
  if (trip < kTransposed) return kTripColumns;
  return trip < kCopies ? kTripTransposed : kTripMemory;
}

void countTrips(const KernelRow& row, unsigned groups, MemoryCalls calls, TripSpan trips) {
  static_assert(kRows == 0 && kSets > kCopies);
  assert(!rowProblem(row));
  if (groups & kTripRows) {
    std::fill_n(&trips[kRows], kColumns - kRows, 0);
    countAxis(rowsOf(row), &trips[kRows]);
  }
  if (groups & kTripColumns) {
    std::fill_n(&trips[kColumns], kTransposed - kColumns, 0);
    countAxis(columnsOf(row), &trips[kColumns]);
  }
  if (groups & kTripTransposed) {
    trips[kTransposed] = countUpscaledTaps(rowsOf(row));
    trips[kTransposed + 1] = countUpscaledTaps(columnsOf(row));
    trips[kTransposed + 2] = countTransposedRows(rowsOf(row));
  }
  if (groups & kTripMemory) {
    std::fill(trips.begin() + kCopies, trips.end(), 0);
    countMemoryCalls(row, calls, trips);
  }
}

std::optional<std::string> rowProblem(const KernelRow& row) {
  static constexpr RowLimits kLimits = rowLimits();
  for (std::size_t i = 0; i < row.size(); ++i) {
    if (row[i] < kLimits.least[i] || row[i] > kLimits.most[i]) {
      return std::string(kKernelColumns[i]) + " is " + std::to_string(row[i]) + ", wanted " +
             std::to_string(kLimits.least[i]) + " to " + std::to_string(kLimits.most[i]);
    }
  }
  if (row[Ic] % row[Gr] != 0) {
    return "ic is " + std::to_string(row[Ic]) + ", which " + std::to_string(row[Gr]) +
           " groups do not divide";
  }
  constexpr std::int64_t kTurns = 1 << 22;
  if (row[Oh] * row[Kh] > kTurns || row[Ow] * row[Kw] > kTurns || row[Kh] * row[Kw] > kTurns) {
    return "the window has more than " + std::to_string(kTurns) + " taps along an axis";
  }
  double steps = 1;
  for (const KernelColumn::At column : {N, Oh, Ow, Kh, Kw, Ic})
    steps *= static_cast<double>(row[column]);
  const double input = static_cast<double>(row[N]) * static_cast<double>(row[Ih] * row[Iw]) *
                       static_cast<double>(row[Ic]);
  if (std::max(steps, input) > 0x1p50) return "the call has more than 2^50 steps";
  return std::nullopt;
}

}  // namespace mcuprof
