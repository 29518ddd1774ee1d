#include "gui/views/views.hpp"

#include <algorithm>
#include <array>

#include "gui/views/arena_view.hpp"
#include "gui/views/assumptions_view.hpp"
#include "gui/views/graph_view.hpp"
#include "gui/views/inspector_view.hpp"
#include "gui/views/layers_view.hpp"
#include "gui/views/memories_view.hpp"
#include "gui/views/movement_view.hpp"
#include "gui/views/time_view.hpp"
#include "gui/views/timeline_view.hpp"
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
    ViewEntry{"arena", "Arena map", "Which buffer lies where in RAM, and where are holes?", kFit,
              Place::Top, make<ArenaView>},
    ViewEntry{"movement", "Data movement", "How many bytes move, and what does moving them cost?",
              kCost | kEnergy, Place::Top, make<MovementView>},
    ViewEntry{"time", "Time and energy", "Which layers cost time and energy, and what binds them?",
              kCost | kEnergy | kCompare, Place::Top, make<TimeView>},
    ViewEntry{"timeline", "Timeline", "When does each layer run, and what does it wait for?", kCost,
              Place::Top, make<TimelineView>},
    ViewEntry{"graph", "Graph", "How do the layers hang together, and which are expensive?", kCost,
              Place::Top, make<GraphView>},
    ViewEntry{"memories", "Memories", "What does it cost to read and write each memory?", kEnergy,
              Place::Top, make<MemoriesView>},
    ViewEntry{"layers", "Layers", "All numbers of all layers, to sort and filter.",
              kFit | kCost | kEnergy, Place::Bottom, make<LayersView>},
    ViewEntry{"assumptions", "Assumptions", "What do the numbers rest on, and where is it from?",
              kEnergy | kCi, Place::Bottom, make<AssumptionsView>},
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
