#pragma once

#include <span>

#include "gui/views/view.hpp"

namespace mcuprof::gui {

/// Arrangements of views for one question each; a view may be part of several.
enum Preset : unsigned {
  kNone = 0,
  kFit = 1,
  kCost = 2,
  kEnergy = 4,
  kCompare = 8,
  kCi = 16,
};

/// Where a view's dock starts.
enum class Place : std::uint8_t { Top, Side, Bottom };

struct ViewEntry {
  const char* id;     ///< "working-set", for scripts and files
  const char* title;  ///< "Working set"
  const char* about;  ///< one sentence: the question that it answers
  unsigned presets;
  Place place;
  View* (*make)(const Workbench& bench, QWidget* parent);
};

/// All views in the order of the menu.
std::span<const ViewEntry> listViews();
/// nullptr: none of this id.
const ViewEntry* findView(std::string_view id);

}  // namespace mcuprof::gui
