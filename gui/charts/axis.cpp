#include "gui/charts/axis.hpp"

#include <QLocale>
#include <algorithm>
#include <array>
#include <cmath>

namespace mcuprof::gui {
namespace {

struct Scale {
  double factor;
  const char* suffix;
};

/// "190.3", "34.4", "1,465": enough digits to compare, few enough to read.
QString shortNumber(double value) {
  const double size = std::abs(value);
  const int decimals = size >= 100 ? 0 : size >= 10 ? 1 : 2;
  QString text = QLocale::c().toString(value, 'f', decimals);
  if (decimals > 0) {
    while (text.endsWith(QLatin1Char('0'))) text.chop(1);
    if (text.endsWith(QLatin1Char('.'))) text.chop(1);
  }
  return text;
}

QString scaled(double value, std::initializer_list<Scale> scales) {
  const Scale* chosen = scales.begin();
  for (const Scale& scale : scales) {
    // 999.6 would be written as 1000 of the smaller unit.
    if (std::abs(value) >= scale.factor * 0.9995) chosen = &scale;
  }
  return shortNumber(value / chosen->factor) + QString::fromUtf8(chosen->suffix);
}

/// The smallest of 1, 2, 5 times a power of ten that is not below `least`.
double roundStep(double least) {
  const double power = std::pow(10.0, std::floor(std::log10(least)));
  for (const double digit : {1.0, 2.0, 5.0}) {
    if (digit * power >= least * (1 - 1e-9)) return digit * power;
  }
  return 10 * power;
}

double tickStep(double span, double most, Unit unit) {
  const double least = span / std::max(1.0, most);
  if (unit == Unit::Bytes) return std::exp2(std::ceil(std::log2(std::max(1.0, least)) - 1e-9));
  return roundStep(least);
}

}  // namespace

QString human(double value, Unit unit) {
  if (value == 0 && unit != Unit::Percent) {
    return unit == Unit::Bytes ? QStringLiteral("0 B") : QStringLiteral("0");
  }
  switch (unit) {
    case Unit::Bytes:
      return scaled(value, {{1, " B"}, {1024, " KiB"}, {1048576, " MiB"}, {1073741824, " GiB"}});
    case Unit::Milliseconds:
      return scaled(value, {{1e-6, " ns"}, {1e-3, " µs"}, {1, " ms"}, {1e3, " s"}});
    case Unit::Millijoules:
      return scaled(value, {{1e-6, " nJ"}, {1e-3, " µJ"}, {1, " mJ"}, {1e3, " J"}});
    case Unit::Milliwatts:
      return scaled(value, {{1e-6, " nW"}, {1e-3, " µW"}, {1, " mW"}, {1e3, " W"}});
    case Unit::Count:
    case Unit::Cycles:
      return scaled(value, {{1, ""}, {1e3, " k"}, {1e6, " M"}, {1e9, " G"}, {1e12, " T"}});
    case Unit::Percent:
      return shortNumber(value) + QStringLiteral(" %");
  }
  return {};
}

QString exact(double value, Unit unit) {
  const QLocale c = QLocale(QLocale::English);
  switch (unit) {
    case Unit::Bytes:
      return c.toString(static_cast<qlonglong>(std::llround(value))) + QStringLiteral(" B");
    case Unit::Milliseconds:
      return c.toString(value, 'f', 3) + QStringLiteral(" ms");
    case Unit::Millijoules:
      return c.toString(value, 'f', 3) + QStringLiteral(" mJ");
    case Unit::Milliwatts:
      return c.toString(value, 'f', 3) + QStringLiteral(" mW");
    case Unit::Count:
    case Unit::Cycles:
      return c.toString(static_cast<qlonglong>(std::llround(value)));
    case Unit::Percent:
      return c.toString(value, 'f', 1) + QStringLiteral(" %");
  }
  return {};
}

QString signedHuman(double value, Unit unit) {
  return value > 0 ? QStringLiteral("+") + human(value, unit) : human(value, unit);
}

QString signedPercent(double share) {
  return (share < 0 ? QStringLiteral("−") : QStringLiteral("+")) +
         QString::number(std::abs(share) * 100, 'f', 0) + QStringLiteral(" %");
}

ValueAxis ValueAxis::linear(double most, Unit unit, double top, double bottom) {
  ValueAxis axis{0, 1, top, bottom, false, unit};
  if (most > 0) {
    // Room above the tallest bar for its mark.
    axis.high = most * 1.06;
  }
  return axis;
}

ValueAxis ValueAxis::logarithmic(double least, double most, Unit unit, double top, double bottom) {
  ValueAxis axis{1, 10, top, bottom, true, unit};
  if (most > 0) {
    axis.low = std::max(least, most * 1e-9);
    if (axis.low <= 0) axis.low = most / 1000;
    if (axis.low >= most) axis.low = most / 10;
    axis.high = most * std::pow(most / axis.low, 0.06);
  }
  return axis;
}

double ValueAxis::y(double value) const {
  if (!log) return bottom - (value - low) / (high - low) * (bottom - top);
  if (value <= low) return bottom;
  return bottom - std::log(value / low) / std::log(high / low) * (bottom - top);
}

double ValueAxis::valueAt(double pixel) const {
  const double share = (bottom - pixel) / (bottom - top);
  if (!log) return low + share * (high - low);
  return low * std::pow(high / low, share);
}

std::vector<Tick> ValueAxis::ticks(double pixelsApart) const {
  std::vector<Tick> out;
  const double most = std::max(1.0, std::floor((bottom - top) / pixelsApart));
  if (!log) {
    const double step = tickStep(high - low, most, unit);
    for (double v = std::ceil(low / step - 1e-9) * step; v <= high * (1 + 1e-9); v += step) {
      out.push_back({v, human(std::abs(v) < step * 1e-6 ? 0 : v, unit)});
    }
    return out;
  }
  // Whole powers of the base, every n-th of them.
  const double base = unit == Unit::Bytes ? 4 : 10;
  const double powers = std::log(high / low) / std::log(base);
  const double every = std::max(1.0, std::ceil(powers / most));
  for (double p = std::ceil(std::log(low) / std::log(base) - 1e-9); std::pow(base, p) <= high;
       p += every) {
    out.push_back({std::pow(base, p), human(std::pow(base, p), unit)});
  }
  return out;
}

int LayerAxis::firstVisible() const {
  return std::max(0, static_cast<int>(std::floor(range.first + 1e-9)));
}

int LayerAxis::lastVisible(int count) const {
  return std::min(count, static_cast<int>(std::ceil(range.last - 1e-9)));
}

std::vector<int> LayerAxis::labelled(int count, double labelWidth) const {
  // Numbers are shown from 1: with a step of 5, layers 1, 5, 10, 15 carry theirs.
  const double least = std::max(1.0, labelWidth / slot());
  const int step = static_cast<int>(std::ceil(roundStep(least) - 1e-9));
  std::vector<int> out;
  for (int layer = firstVisible(); layer < lastVisible(count); ++layer) {
    const int number = layer + 1;
    if (number % step == 0 || (number == 1 && step * slot() > 1.6 * labelWidth && step > 2) ||
        step == 1) {
      out.push_back(layer);
    }
  }
  return out;
}

}  // namespace mcuprof::gui
