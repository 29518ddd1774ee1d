#include "gui/views/views.hpp"

#include <algorithm>
#include <array>

#include "gui/views/inspector_view.hpp"
#include "gui/views/layers_view.hpp"
#include "gui/views/working_set_view.hpp"

namespace mcuprof::gui {
namespace {

template <typename Made>
View* make(const Workbench& bench, QWidget* parent) {
  return new Made(bench, parent);
}

// One line a view; see view.hpp for how to add one.
constexpr std::array kViews = {
    ViewEntry{"working-set", "Working set", "Which layers need more RAM than there is?",
              kFit | kCompare, Place::Top, make<WorkingSetView>},
    ViewEntry{"layers", "Layers", "All numbers of all layers, to sort and filter.",
              kFit | kCost | kEnergy, Place::Bottom, make<LayersView>},
    ViewEntry{"inspector", "Inspector", "The sums behind the numbers of the selected layer.",
              kFit | kCost | kEnergy, Place::Side, make<InspectorView>},
};

}  // namespace

std::span<const ViewEntry> listViews() {
  return kViews;
}

const ViewEntry* findView(std::string_view id) {
  const auto found =
      std::ranges::find(kViews, id, [](const ViewEntry& e) { return std::string_view(e.id); });
  return found == kViews.end() ? nullptr : &*found;
}

}  // namespace mcuprof::gui
