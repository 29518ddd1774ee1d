#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "analyzer/report/render_diff.hpp"

namespace mcuprof::test {

/// The one change is the negative of the other.
inline void expectNegative(const Difference& a, const Difference& b) {
  ASSERT_EQ(a.change.has_value(), b.change.has_value());
  EXPECT_EQ(a.base, b.fresh);
  EXPECT_EQ(a.fresh, b.base);
  if (!a.change) return;
  EXPECT_EQ(a.change->value, -b.change->value);
  EXPECT_EQ(a.change->low, -b.change->high);
  EXPECT_EQ(a.change->high, -b.change->low);
}

/// diff(a, b) against diff(b, a): every total and every layer.
inline void expectOpposite(const ReportDiff& ab, const ReportDiff& ba) {
  const std::vector<DiffLine> one = linesOf(ab);
  const std::vector<DiffLine> other = linesOf(ba);
  ASSERT_EQ(one.size(), other.size());
  for (std::size_t i = 0; i < one.size(); ++i) {
    SCOPED_TRACE(one[i].key);
    expectNegative(*one[i].difference, *other[i].difference);
  }
  ASSERT_EQ(ab.layers.size(), ba.layers.size());
  for (const LayerDifference& row : ab.layers) {
    const auto twin = std::ranges::find_if(ba.layers, [&](const LayerDifference& candidate) {
      return candidate.baseNumber == row.freshNumber && candidate.freshNumber == row.baseNumber;
    });
    ASSERT_NE(twin, ba.layers.end());
    expectNegative(row.cycles, twin->cycles);
    expectNegative(row.milliseconds, twin->milliseconds);
    expectNegative(row.workingSet, twin->workingSet);
    expectNegative(row.live, twin->live);
    expectNegative(row.macs, twin->macs);
    expectNegative(row.moved, twin->moved);
  }
}

}  // namespace mcuprof::test
