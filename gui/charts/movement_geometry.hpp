#pragma once

#include <QRectF>
#include <QString>
#include <vector>

#include "analyzer/report/energy_parts.hpp"
#include "gui/charts/chart_base.hpp"

namespace mcuprof::gui {

struct MovedPart {
  int memory = 0;   ///< index into Movement::memories
  int purpose = 0;  ///< index into Movement::purposes
  std::int64_t read = 0;
  std::int64_t written = 0;
};

struct LayerMovement {
  std::vector<MovedPart> parts;  ///< by memory, then purpose
  std::int64_t read = 0;
  std::int64_t written = 0;
  bool known = false;  ///< its energy
  EnergyParts energy;
};

/// Bytes that each layer moves, each address once, and what its energy goes to.
struct Movement {
  std::vector<QString> memories;  ///< those that are used, in the order of the board
  std::vector<QString> purposes;
  std::vector<LayerMovement> layers;  ///< by position in Report::layers
  QString noEnergy;                   ///< why there is no energy; empty where there is
};

Movement movementOf(const Analysis& analysis, const Report& report);

enum class MovementMode : std::uint8_t {
  Purpose,  ///< bytes, coloured by what they are for
  Memory,   ///< bytes, coloured by where they lie
  Energy,   ///< millijoules of moving against computing
};

struct MovementPiece {
  QRectF rect;
  int layer = 0;
  int kind = 0;  ///< purpose, memory, or part of the energy in the order of EnergyParts
  bool read = true;
};

/// A bar that reaches beyond the plot.
struct MovementCut {
  QRectF bar;  ///< what is seen of it
  bool read = true;
  double value = 0;  ///< of the whole bar
};

/// Where things of the chart are, in pixels. Bytes read are stacked upwards from `zero` and bytes
/// written downwards, on one scale; energy upwards only. The height of a piece is its value times
/// (zero - up.top) / up.high.
struct MovementGeometry {
  ValueAxis up;
  double zero = 0;
  std::vector<MovementPiece> pieces;
  std::vector<MovementCut> cuts;  ///< up to three layers in a direction that tower over the others
};

MovementGeometry layOutMovement(const Movement& data, MovementMode mode, const ChartFrame& frame,
                                double valueZoom);

}  // namespace mcuprof::gui
