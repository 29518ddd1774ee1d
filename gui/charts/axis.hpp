#pragma once

#include <QString>
#include <cstdint>
#include <vector>

#include "gui/session/selection.hpp"

namespace mcuprof::gui {

enum class Unit : std::uint8_t {
  Bytes,
  Milliseconds,
  Millijoules,
  Milliwatts,
  Count,
  Cycles,
  Percent
};

/// A number as people read it: "190.3 KiB", "34.4 ms", "2.64 J", "1.77 M", "12 %"; three to four
/// digits.
QString human(double value, Unit unit);
/// All digits: "194,868 B", "34.415 ms", "1,769,472".
QString exact(double value, Unit unit);
/// human() of a change: "+1.5 KiB".
QString signedHuman(double value, Unit unit);
/// A share of 1 with its sign: "+12 %", "−3 %".
QString signedPercent(double share);

struct Tick {
  double value = 0;
  QString text;
};

/// Maps values to pixels upwards: `bottom` is where `low` is drawn.
struct ValueAxis {
  double low = 0;   ///< above 0 on a logarithmic axis
  double high = 1;  ///< above low
  double top = 0;
  double bottom = 1;
  bool log = false;
  Unit unit = Unit::Count;

  /// From 0 to `most`, rounded up to a tick and a little air.
  static ValueAxis linear(double most, Unit unit, double top, double bottom);
  /// From `least` above 0 to `most`.
  static ValueAxis logarithmic(double least, double most, Unit unit, double top, double bottom);

  /// Not cut: a value above `high` lies above `top`. On a logarithmic axis, values up to `low` lie
  /// at the bottom.
  double y(double value) const;
  double valueAt(double y) const;
  /// At round values of the unit (sizes: powers of two), as many as fit `pixelsApart`.
  std::vector<Tick> ticks(double pixelsApart = 44) const;
};

/// Maps layers to pixels; layer i takes [x(i), x(i + 1)).
struct LayerAxis {
  LayerRange range;
  double left = 0;
  double right = 1;

  double x(double layer) const {
    return left + (layer - range.first) / range.span() * (right - left);
  }
  double layerAt(double pixel) const {
    return range.first + (pixel - left) / (right - left) * range.span();
  }
  double slot() const { return (right - left) / range.span(); }
  /// Whole layers that are at least partly visible: [first, last).
  int firstVisible() const;
  int lastVisible(int count) const;
  /// Positions whose numbers are written, so that labels of this width do not touch.
  std::vector<int> labelled(int count, double labelWidth) const;
};

}  // namespace mcuprof::gui
