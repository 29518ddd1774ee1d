#include "gui/views/views.hpp"

#include <algorithm>
#include <array>

#include "gui/views/arena_view.hpp"
#include "gui/views/assumptions_view.hpp"
#include "gui/views/budgets_view.hpp"
#include "gui/views/fit_view.hpp"
#include "gui/views/graph_view.hpp"
#include "gui/views/inspector_view.hpp"
#include "gui/views/layers_view.hpp"
#include "gui/views/measure_view.hpp"
#include "gui/views/measured_view.hpp"
#include "gui/views/memories_view.hpp"
#include "gui/views/movement_view.hpp"
#include "gui/views/power_view.hpp"
#include "gui/views/runs_view.hpp"
#include "gui/views/sweep_view.hpp"
#include "gui/views/time_view.hpp"
#include "gui/views/timeline_view.hpp"
#include "gui/views/whatif_view.hpp"
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
    ViewEntry{"runs", "Runs", "What was measured; choosing a run compares it with its prediction.",
              kCompare, Place::Bottom, make<RunsView>},
    ViewEntry{"measured", "Predicted and measured", "How far are predictions off, and where?",
              kCompare, Place::Top, make<MeasuredView>},
    ViewEntry{"power", "Power trace", "What did the power meter see, and when?", kEnergy,
              Place::Top, make<PowerView>},
    ViewEntry{"measure", "Measure", "Run the model on a board, or on the virtual one.", kCompare,
              Place::Bottom, make<MeasureView>},
    ViewEntry{"whatif", "What if", "What would a change of model, machine or placement cost?",
              kCompare, Place::Top, make<WhatIfView>},
    ViewEntry{"sweep", "Sweep", "Where are the cliffs?", kCompare, Place::Top, make<SweepView>},
    ViewEntry{"fit", "Board fit", "Which boards does the model fit, and why not the others?", kCi,
              Place::Top, make<FitView>},
    ViewEntry{"budgets", "Budgets", "Which limits hold, and with how much headroom?", kCi,
              Place::Bottom, make<BudgetsView>},
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
