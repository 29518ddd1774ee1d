#include "gui/charts/theme.hpp"

namespace mcuprof::gui {
namespace {

// Okabe and Ito, "Color Universal Design", 2008.
constexpr QRgb kOrange = 0xffe69f00;
constexpr QRgb kSkyBlue = 0xff56b4e9;
constexpr QRgb kGreen = 0xff009e73;
constexpr QRgb kYellow = 0xfff0e442;
constexpr QRgb kBlue = 0xff0072b2;
constexpr QRgb kVermilion = 0xffd55e00;
constexpr QRgb kPurple = 0xffcc79a7;

struct Shade {
  QRgb light;
  QRgb dark;
};

Shade shadeOf(Ink ink) {
  switch (ink) {
    case Ink::Weights:
    case Ink::Compute:
    case Ink::Series0:
      return {kBlue, 0xff2f8fc7};  // lighter on dark, where the original has too little contrast
    case Ink::Bias:
    case Ink::Series1:
      return {kSkyBlue, kSkyBlue};
    case Ink::Input:
    case Ink::SpillWrite:
    case Ink::Series2:
      return {kOrange, kOrange};
    case Ink::Output:
    case Ink::Series3:
      return {kGreen, 0xff12b184};
    case Ink::Scratch:
    case Ink::SpillRead:
    case Ink::Series4:
      return {kPurple, kPurple};
    case Ink::Stall:
    case Ink::Series5:
      return {kYellow, kYellow};
    case Ink::Card:
    case Ink::Series6:
      return {kVermilion, 0xffe8762a};
    case Ink::Good:
      return {0xff007a59, 0xff2fc79b};
    case Ink::Warning:
      return {0xff9a6a00, 0xfff0b429};
    case Ink::Bad:
      return {0xffb3420a, 0xffff8a4c};
    case Ink::Limit:
      return {0xffb3420a, 0xffff8a4c};
    case Ink::Selected:
      return {0xff1f2933, 0xfff5f7fa};
    case Ink::Hovered:
      return {0xff7b8794, 0xff9aa5b1};
    case Ink::Background:
      return {0xffffffff, 0xff1b1f24};
    case Ink::Panel:
      return {0xfff4f5f7, 0xff252a31};
    case Ink::Grid:
      return {0xffe4e7eb, 0xff343b44};
    case Ink::Axis:
      return {0xff616e7c, 0xff9aa5b1};
    case Ink::Text:
      return {0xff1f2933, 0xffe9edf2};
    case Ink::FaintText:
      return {0xff52606d, 0xffa9b4c0};
    case Ink::Unknown:
      return {0xff9aa5b1, 0xff6b7785};
  }
  return {0xff000000, 0xffffffff};
}

}  // namespace

const Theme& Theme::light() {
  static const Theme theme(false);
  return theme;
}

const Theme& Theme::dark() {
  static const Theme theme(true);
  return theme;
}

const Theme& Theme::of(const QPalette& palette) {
  return palette.color(QPalette::Window).lightness() < 128 ? dark() : light();
}

QColor Theme::color(Ink ink) const {
  const Shade shade = shadeOf(ink);
  return QColor::fromRgba(m_dark ? shade.dark : shade.light);
}

QColor Theme::textOn(Ink ink) const {
  const QColor c = color(ink);
  const double luminance = 0.299 * c.redF() + 0.587 * c.greenF() + 0.114 * c.blueF();
  return luminance > 0.55 ? QColor(0x1f, 0x29, 0x33) : QColor(Qt::white);
}

QPalette Theme::palette() const {
  QPalette out;
  out.setColor(QPalette::Window, color(Ink::Panel));
  out.setColor(QPalette::WindowText, color(Ink::Text));
  out.setColor(QPalette::Base, color(Ink::Background));
  out.setColor(QPalette::AlternateBase, color(Ink::Panel));
  out.setColor(QPalette::Text, color(Ink::Text));
  out.setColor(QPalette::Button, color(Ink::Panel));
  out.setColor(QPalette::ButtonText, color(Ink::Text));
  out.setColor(QPalette::BrightText, color(Ink::Bad));
  out.setColor(QPalette::ToolTipBase, color(Ink::Background));
  out.setColor(QPalette::ToolTipText, color(Ink::Text));
  out.setColor(QPalette::PlaceholderText, color(Ink::FaintText));
  out.setColor(QPalette::Highlight, QColor::fromRgba(0xff0072b2));
  out.setColor(QPalette::HighlightedText, Qt::white);
  out.setColor(QPalette::Link, color(Ink::Weights));
  out.setColor(QPalette::Light, color(Ink::Background));
  out.setColor(QPalette::Midlight, color(Ink::Grid));
  out.setColor(QPalette::Mid, color(Ink::Hovered));
  out.setColor(QPalette::Dark, color(Ink::Axis));
  for (const QPalette::ColorRole role :
       {QPalette::WindowText, QPalette::Text, QPalette::ButtonText}) {
    out.setColor(QPalette::Disabled, role, color(Ink::Unknown));
  }
  return out;
}

}  // namespace mcuprof::gui
