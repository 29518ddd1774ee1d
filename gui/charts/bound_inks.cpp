#include "gui/charts/bound_inks.hpp"

#include <vector>

#include "gui/session/qt_text.hpp"

namespace mcuprof::gui {
namespace {

constexpr std::array<BoundStyle, 6> kStyles = {{
    {Bound::Compute, Ink::Compute, Pattern::Solid},
    {Bound::Flash, Ink::Stall, Pattern::Solid},
    {Bound::Ram, Ink::Output, Pattern::Solid},
    {Bound::Card, Ink::Card, Pattern::Hatched},
    {Bound::Fee, Ink::Scratch, Pattern::Solid},
    {Bound::Unknown, Ink::Unknown, Pattern::CrossHatched},
}};

}  // namespace

std::span<const BoundStyle> boundStyles() {
  return kStyles;
}

BoundStyle styleOfBound(std::string_view name) {
  for (const BoundStyle& style : kStyles) {
    if (nameOf(style.bound) == name) return style;
  }
  return kStyles.back();
}

std::array<double, 5> cyclesByBound(const CycleTerms& terms) {
  const auto t = [&](CycleTerm term) { return terms[static_cast<std::size_t>(term)]; };
  return {t(CycleTerm::Instructions) + t(CycleTerm::Branches) + t(CycleTerm::Unmodelled),
          t(CycleTerm::FlashStalls), t(CycleTerm::RamStalls), t(CycleTerm::CardTransfer),
          t(CycleTerm::OperatorFee)};
}

void addBoundLegend(Scene& scene, const ChartFrame& frame, const std::array<bool, 6>& used) {
  std::vector<LegendEntry> entries;
  for (std::size_t i = 0; i < kStyles.size(); ++i) {
    if (!used[i]) continue;
    entries.push_back({toQt(nameOf(kStyles[i].bound)), kStyles[i].ink, kStyles[i].pattern});
  }
  addLegend(scene, frame, entries);
}

}  // namespace mcuprof::gui
