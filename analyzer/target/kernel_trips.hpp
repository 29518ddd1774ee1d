#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace mcuprof {

/// What a kernel library calls a shape: batch, input, output, kernel, stride, padding before,
/// dilation, channel multiplier, groups, and two numbers whose meaning the kernel decides
/// (docs/kernel-tables.md).
inline constexpr std::array<std::string_view, 19> kKernelColumns = {
    "n",  "ih", "iw", "ic", "oh", "ow", "oc", "kh", "kw", "sh",
    "sw", "ph", "pw", "dh", "dw", "cm", "gr", "e0", "e1"};

using KernelRow = std::array<std::int64_t, kKernelColumns.size()>;

/// Positions in a KernelRow, in the order of kKernelColumns; for `using enum`.
struct KernelColumn {
  enum At : std::size_t {
    N,
    Ih,
    Iw,
    Ic,
    Oh,
    Ow,
    Oc,
    Kh,
    Kw,
    Sh,
    Sw,
    Ph,
    Pw,
    Dh,
    Dw,
    Cm,
    Gr,
    E0,
    E1
  };
};

/// How often the loops of kernels run whose number of turns is no formula of the shape alone: the
/// taps of a window that lie inside the input, before and behind it, and the calls of memcpy and
/// memset by size and alignment. All are exact counts.
///
/// v: taps inside, summed over the output positions of one axis; b, a: taps before and behind;
/// bn, an: positions that have such; vn: positions with a tap inside. y is the vertical axis, x the
/// horizontal one. uy, ux: taps of a transposed convolution that meet an input element after
/// upscaling; ry: kernel rows its direct form adds up.
/// cp...: calls of memcpy, st...: calls of memset, see kernel_trips.cpp.
inline constexpr std::array<std::string_view, 51> kTripNames = {
    // The two axes.
    "vy", "by", "ay", "byn", "ayn", "vyn", "vx", "bx", "ax", "bxn", "axn", "vxn",
    // Transposed convolution.
    "uy", "ux", "ry",
    // memcpy.
    "cp", "cp16c", "cpMis", "cpSmall", "cpSmall4", "cpSmallB", "cpS", "cpD", "cpF1", "cpF2", "cp64",
    "cp16", "cp4", "cpT1", "cpT2", "cpB", "cpBnz", "cpMis16", "cpA", "cpA16", "cpA4", "cpA4nz",
    // memset.
    "st", "st16c", "stMis", "stFix", "st16", "st4", "st1", "st16nz", "st4nz", "st1nz", "stW",
    "stCut", "stX", "stX1"};

/// Which routine's calls of memcpy and memset are counted.
enum class MemoryCalls : std::uint8_t {
  None,
  Im2col,     ///< of 8-bit elements, two columns a buffer
  Im2col16,   ///< of 16-bit elements
  Depthwise,  ///< one widened column, only padding is set
  Pad,
  Pool,    ///< the first tap of each position is copied
  Pool16,  ///< the same for 16-bit elements
  Flat,    ///< one copy of ic bytes
};
inline constexpr std::array<std::string_view, 8> kMemoryCallNames = {
    "none", "im2col", "im2col16", "depthwise", "pad", "pool", "pool16", "flat"};

/// Groups of trips that are computed together; a bit set says which ones are wanted.
enum TripGroup : unsigned {
  kTripRows = 1,
  kTripColumns = 2,
  kTripTransposed = 4,
  kTripMemory = 8,
};
unsigned tripGroupOf(std::size_t trip);

/// Values of kTripNames; what was not asked for is 0.
using Trips = std::array<std::int64_t, kTripNames.size()>;

/// `row` must have passed rowProblem(). Only the groups that are wanted are written.
void countTrips(const KernelRow& row, unsigned groups, MemoryCalls calls,
                std::span<std::int64_t, kTripNames.size()> trips);
inline Trips countTrips(const KernelRow& row, unsigned groups, MemoryCalls calls) {
  Trips trips{};
  countTrips(row, groups, calls, trips);
  return trips;
}

/// Why a row cannot be a kernel call: "ih is 0, wanted 1 to 65535". Nothing when it can.
std::optional<std::string> rowProblem(const KernelRow& row);

}  // namespace mcuprof
