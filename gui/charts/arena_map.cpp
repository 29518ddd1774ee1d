#include "gui/charts/arena_map.hpp"

#include <QStringList>
#include <algorithm>

#include "gui/session/qt_text.hpp"

namespace mcuprof::gui {
namespace {

/// Turns steps into layers. Layers are numbered by subgraph, steps by execution, so the layers of
/// a life are one piece only where no subgraph is called.
class StepsToLayers {
 public:
  explicit StepsToLayers(const Schedule& schedule) {
    std::vector<std::int32_t> layerAt(static_cast<std::size_t>(schedule.stepCount) + 1, -1);
    for (const OpId op : schedule.order) {
      layerAt[static_cast<std::size_t>(schedule.step[op])] = op.value;
    }
    for (std::int32_t step = 0; step <= schedule.stepCount; ++step) {
      const std::int32_t layer = layerAt[static_cast<std::size_t>(step)];
      if (layer < 0) continue;
      if (!m_runs.empty() && step == m_runs.back().step + m_runs.back().count &&
          layer == m_runs.back().layer + m_runs.back().count) {
        ++m_runs.back().count;
      } else {
        m_runs.push_back({step, layer, 1});
      }
    }
  }

  /// Calls `add(first, end)` for each piece of layers in which something with this life is alive.
  template <typename Add>
  void forEach(const Lifetime& life, Add add) const {
    auto run = std::ranges::upper_bound(m_runs, life.first, {}, &Run::step);
    if (run != m_runs.begin()) --run;
    for (; run != m_runs.end() && run->step <= life.last; ++run) {
      const std::int32_t from = std::max(life.first, run->step);
      const std::int32_t to = std::min(life.last, run->step + run->count - 1);
      if (from <= to) add(run->layer + from - run->step, run->layer + to - run->step + 1);
    }
  }

 private:
  struct Run {
    std::int32_t step;
    std::int32_t layer;
    std::int32_t count;
  };
  std::vector<Run> m_runs;
};

QString nameOfBuffer(const Graph& graph, const PlannedBuffer& buffer) {
  if (buffer.tensor.valid()) return QString::fromStdString(graph.tensors[buffer.tensor].name);
  if (!buffer.op.valid()) return QStringLiteral("scratch");
  const std::string_view kind = graph.kindName(graph.ops[buffer.op]);
  return QStringLiteral("scratch of layer %1 %2").arg(buffer.op.value + 1).arg(toQt(kind));
}

ArenaStay::Kind kindOf(const PlannedBuffer& buffer) {
  return buffer.tensor.valid() ? ArenaStay::Kind::Tensor : ArenaStay::Kind::Scratch;
}

ArenaLane laneOf(const RegionBudget& budget, const Board& board) {
  ArenaLane lane;
  lane.name = QString::fromStdString(board.memories[budget.region].name);
  for (const RegionId more : budget.joined) {
    lane.name += QLatin1Char('+') + QString::fromStdString(board.memories[more].name);
  }
  lane.size = budget.size.value;
  lane.limit = budget.usable.value;
  lane.limitText = QStringLiteral("usable");
  // What is taken before the arena is drawn at the top, where it is out of the way.
  QStringList what;
  for (const auto& [bytes, name] :
       {std::pair(budget.staticBytes, "static"), std::pair(budget.stack, "stack"),
        std::pair(budget.reserve, "reserve"), std::pair(budget.weights, "weights"),
        std::pair(budget.streamBuffer, "block buffer")}) {
    if (bytes > Bytes(0)) what << QLatin1String(name);
  }
  if (lane.size > lane.limit && !what.isEmpty()) {
    lane.fixed.push_back(
        {what.join(QStringLiteral(", ")), lane.limit, lane.size - lane.limit, false});
  }
  return lane;
}

void addArena(ArenaMap& map, std::int32_t lane, const Analysis& analysis,
              const StepsToLayers& layers) {
  const ArenaPlan& arena = analysis.arena;
  for (std::size_t i = 0; i < arena.buffers.size(); ++i) {
    const PlannedBuffer& buffer = arena.buffers[i];
    if (buffer.life.first < 0 || buffer.size == Bytes(0)) continue;
    layers.forEach(buffer.life, [&](std::int32_t first, std::int32_t end) {
      map.stays.push_back({lane, std::int32_t(i), first, end, buffer.offset.value,
                           buffer.size.value, kindOf(buffer)});
    });
  }
  if (arena.tailBytes > Bytes(0)) {
    map.lanes[static_cast<std::size_t>(lane)].fixed.push_back(
        {QStringLiteral("persistent"), (arena.smallest - arena.tailBytes).value,
         arena.tailBytes.value, true});
  }
}

void addPlaces(ArenaMap& map, const std::vector<std::int32_t>& laneOfRegion,
               const Analysis& analysis, const StepsToLayers& layers) {
  const ArenaPlan& arena = analysis.arena;
  for (std::size_t i = 0; i < analysis.memory.places.size(); ++i) {
    const PlannedBuffer& buffer = arena.buffers[i];
    for (const BufferPlace& place : analysis.memory.places[i]) {
      const std::int32_t lane = laneOfRegion[place.region.index()];
      if (lane < 0 || place.size == Bytes(0)) continue;
      layers.forEach(place.life, [&](std::int32_t first, std::int32_t end) {
        map.stays.push_back({lane, std::int32_t(i), first, end, place.offset.value,
                             place.size.value,
                             place.streamed ? ArenaStay::Kind::Block : kindOf(buffer)});
      });
    }
  }
  if (const auto& tail = analysis.memory.tailPlace; tail && tail->size > Bytes(0)) {
    const std::int32_t lane = laneOfRegion[tail->region.index()];
    if (lane >= 0) {
      map.lanes[static_cast<std::size_t>(lane)].fixed.push_back(
          {QStringLiteral("persistent"), tail->offset.value, tail->size.value, true});
    }
  }
}

}  // namespace

void findHoles(ArenaMap& map, int layers) {
  for (ArenaLane& lane : map.lanes) {
    lane.water.assign(static_cast<std::size_t>(layers), 0);
    lane.head = 0;
  }
  map.holes.clear();
  // Stays by the layer in which they begin; those alive are kept in order of address.
  std::vector<std::size_t> order(map.stays.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::ranges::sort(order, {}, [&](std::size_t i) { return map.stays[i].first; });
  const auto byAddress = [&](std::size_t i) {
    return std::pair(map.stays[i].lane, map.stays[i].offset);
  };
  std::vector<std::size_t> alive;
  std::vector<std::size_t> open;  // holes of the layer before
  std::vector<std::size_t> next;
  std::size_t begin = 0;
  for (std::int32_t layer = 0; layer < layers; ++layer) {
    std::erase_if(alive, [&](std::size_t i) { return map.stays[i].end <= layer; });
    for (; begin < order.size() && map.stays[order[begin]].first <= layer; ++begin) {
      const std::size_t stay = order[begin];
      alive.insert(std::ranges::upper_bound(alive, byAddress(stay), {}, byAddress), stay);
    }
    next.clear();
    std::int32_t lane = -1;
    std::int64_t top = 0;
    for (const std::size_t i : alive) {
      const ArenaStay& stay = map.stays[i];
      if (stay.lane != lane) top = 0;
      lane = stay.lane;
      if (stay.offset > top) {
        const ArenaHole hole{lane, layer, layer + 1, top, stay.offset - top};
        const auto same = std::ranges::find_if(open, [&](std::size_t h) {
          const ArenaHole& old = map.holes[h];
          return old.lane == hole.lane && old.offset == hole.offset && old.size == hole.size;
        });
        if (same != open.end()) {
          map.holes[*same].end = layer + 1;
          next.push_back(*same);
        } else {
          next.push_back(map.holes.size());
          map.holes.push_back(hole);
        }
      }
      top = std::max(top, stay.offset + stay.size);
      ArenaLane& used = map.lanes[static_cast<std::size_t>(lane)];
      used.water[static_cast<std::size_t>(layer)] = top;
      used.head = std::max(used.head, top);
    }
    std::swap(open, next);
  }
}

ArenaMap mapOfArena(const Analysis& analysis, ArenaMode mode) {
  const StepsToLayers layers(analysis.schedule);
  const Board& board = analysis.target->board;
  const MemoryPlan& memory = analysis.memory;
  ArenaMap map;
  for (const PlannedBuffer& buffer : analysis.arena.buffers) {
    map.names.push_back(nameOfBuffer(*analysis.graph, buffer));
  }
  const bool oneArena = mode == ArenaMode::Arena || memory.form == PlacementForm::OneArena ||
                        memory.form == PlacementForm::Impossible;
  if (mode == ArenaMode::Memories) {
    std::vector<std::int32_t> laneOfRegion(board.memories.size(), -1);
    for (const RegionBudget& budget : memory.sram.regions) {
      laneOfRegion[budget.region.index()] = std::int32_t(map.lanes.size());
      for (const RegionId more : budget.joined) {
        laneOfRegion[more.index()] = std::int32_t(map.lanes.size());
      }
      map.lanes.push_back(laneOf(budget, board));
    }
    if (!oneArena) addPlaces(map, laneOfRegion, analysis, layers);
    if (oneArena && memory.arenaRegion.valid()) {
      addArena(map, laneOfRegion[memory.arenaRegion.index()], analysis, layers);
    }
  }
  if (mode == ArenaMode::Arena || (oneArena && !memory.arenaRegion.valid())) {
    ArenaLane lane;
    lane.name = memory.arenaRegion.valid() ? QStringLiteral("arena")
                                           : QStringLiteral("arena, which no memory holds");
    lane.size = analysis.arena.smallest.value;
    lane.limit = memory.sram.largestRegion.value;
    lane.limitText = QStringLiteral("largest usable region");
    map.lanes.insert(map.lanes.begin(), lane);
    for (ArenaStay& stay : map.stays) ++stay.lane;
    addArena(map, 0, analysis, layers);
  }
  findHoles(map, static_cast<int>(analysis.graph->ops.size()));
  return map;
}

}  // namespace mcuprof::gui
