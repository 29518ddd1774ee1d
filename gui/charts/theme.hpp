#pragma once

#include <QColor>
#include <QPalette>
#include <cstdint>

namespace mcuprof::gui {

/// What a colour stands for. The series colours are those of Okabe and Ito, which people with any
/// kind of colour vision can tell apart; nothing is told by colour alone.
enum class Ink : std::uint8_t {
  // Parts of a layer's memory, the same in every view.
  Weights,
  Bias,
  Input,
  Output,
  Scratch,
  // What time and energy go to, and what moves.
  Compute,
  Stall,
  SpillWrite,
  SpillRead,
  Card,
  // Series without a meaning of their own.
  Series0,
  Series1,
  Series2,
  Series3,
  Series4,
  Series5,
  Series6,
  // Marks.
  Good,
  Warning,
  Bad,
  Limit,
  Selected,
  Hovered,
  // Paper.
  Background,
  Panel,
  Grid,
  Axis,
  Text,
  FaintText,
  Unknown,
};

/// Colours of the charts, for a light or a dark window.
class Theme {
 public:
  static const Theme& light();
  static const Theme& dark();
  /// The one that suits a palette, by the lightness of its background.
  static const Theme& of(const QPalette& palette);

  bool isDark() const { return m_dark; }
  QColor color(Ink ink) const;
  /// Black or white, whichever reads better on the ink.
  QColor textOn(Ink ink) const;
  /// The palette of the whole window.
  QPalette palette() const;

 private:
  explicit Theme(bool dark) : m_dark(dark) {}
  bool m_dark;
};

}  // namespace mcuprof::gui
