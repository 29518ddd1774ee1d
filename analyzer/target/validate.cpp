#include "analyzer/target/validate.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <set>
#include <string_view>

#include "analyzer/base/near_miss.hpp"

namespace mcuprof {
namespace {

constexpr std::size_t kMostMemories = 64;

void checkFpu(const std::string& fpu, const TomlTable& root) {
  constexpr std::array<std::string_view, 3> kFpus = {"none", "single", "double"};
  if (std::find(kFpus.begin(), kFpus.end(), fpu) == kFpus.end())
    root.problemAt("fpu", fmt::format("\"fpu\" is \"{}\"; wanted none, single or double", fpu));
}

// Names are typed on a command line and become file names.
bool isPlainName(std::string_view name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
  });
}

const Memory* findMemory(const Board& board, std::string_view name) {
  const auto found = std::find_if(board.memories.begin(), board.memories.end(),
                                  [&](const Memory& memory) { return memory.name == name; });
  return found == board.memories.end() ? nullptr : &*found;
}

void checkOneMemory(const Board& board, const Memory& memory, const TomlTable& place) {
  if (!isPlainName(memory.name) && place.has("name"))
    place.problemAt(
        "name", fmt::format("memory name \"{}\"; wanted lower-case letters, digits, '-', '_', '.'",
                            memory.name));
  if (memory.size.value == 0 && place.has(memory.base ? "size" : "capacity"))
    place.problemAt(memory.base ? "size" : "capacity",
                    fmt::format("memory \"{}\" has no bytes", memory.name));
  if (memory.kind == MemoryKind::Sd && memory.base)
    place.problemAt("kind", "a card has no addresses; wanted a table [sd]");
  if (memory.aliasOf.empty()) return;
  const Memory* original = findMemory(board, memory.aliasOf);
  if (original == nullptr || original == &memory)
    place.problemAt("alias_of", fmt::format("no other memory is named \"{}\"", memory.aliasOf));
  else if (!original->aliasOf.empty())
    place.problemAt("alias_of", fmt::format("\"{}\" is an alias itself; name \"{}\"",
                                            memory.aliasOf, original->aliasOf));
  if (memory.use.any())
    place.problemAt("use", fmt::format("\"{}\" is an alias; its bytes are used through \"{}\"",
                                       memory.name, memory.aliasOf));
}

// Regions by address: each must begin where those before it have ended. An alias has addresses of
// its own.
void checkOverlap(const Board& board, const BoardPlaces& places) {
  std::vector<RegionId> byBase;
  for (const RegionId id : board.memories.ids())
    if (board.memories[id].base) byBase.push_back(id);
  std::stable_sort(byBase.begin(), byBase.end(), [&](RegionId a, RegionId b) {
    return *board.memories[a].base < *board.memories[b].base;
  });
  const Memory* last = nullptr;
  for (const RegionId id : byBase) {
    const Memory& memory = board.memories[id];
    const auto end = [](const Memory& m) {
      return static_cast<std::int64_t>(*m.base) + m.size.value;
    };
    const bool alias =
        last != nullptr && (memory.aliasOf == last->name || last->aliasOf == memory.name);
    if (last != nullptr && !alias && static_cast<std::int64_t>(*memory.base) < end(*last)) {
      const std::int64_t shared =
          std::min(end(*last), end(memory)) - static_cast<std::int64_t>(*memory.base);
      if (shared > 0)
        places.memories[id.index()].problemAt(
            "base", fmt::format("memory \"{}\" overlaps \"{}\" by {} bytes", memory.name,
                                last->name, shared));
    }
    if (last == nullptr || end(memory) > end(*last)) last = &memory;
  }
}

void checkFlashTiming(const Board& board, const BoardPlaces& places) {
  const TomlTable& place = *places.flashLatency;
  const std::vector<FlashLatency>& steps = board.flashTiming->steps;
  if (!place.has("steps")) return;
  if (steps.empty()) {
    place.problemAt("steps",
                    "\"steps\" is empty; wanted [[up to this clock in Hz, wait states], ...]");
    return;
  }
  for (std::size_t i = 1; i < steps.size(); ++i)
    if (steps[i].maxHz <= steps[i - 1].maxHz || steps[i].waitStates <= steps[i - 1].waitStates) {
      place.problemAt("steps",
                      fmt::format("step {} does not rise in both clock and wait states", i + 1));
      return;
    }
  const std::int64_t busHz = board.clockHz.value / board.flashTiming->clockDivider;
  const auto step = std::find_if(steps.begin(), steps.end(), [&](const FlashLatency& latency) {
    return busHz <= latency.maxHz;
  });
  if (step == steps.end()) {
    place.problemAt("steps", fmt::format("the table ends at {} Hz; the rated clock needs {} Hz",
                                         steps.back().maxHz, busHz));
    return;
  }
  for (const RegionId id : board.memories.ids()) {
    const Memory& memory = board.memories[id];
    if (memory.kind != MemoryKind::Flash || !memory.waitStates) continue;
    if (memory.waitStates->value != step->waitStates)
      places.memories[id.index()].problemAt(
          "wait_states",
          fmt::format("memory \"{}\" has {} wait states; [flash_latency] says {} at {} Hz",
                      memory.name, memory.waitStates->value, step->waitStates, busHz));
  }
}

}  // namespace

void validateBoard(const Board& board, const BoardPlaces& places,
                   std::span<const std::string> cores) {
  const TomlTable& root = places.root;
  if (!isPlainName(board.name))
    root.problem(fmt::format("board name \"{}\"; wanted lower-case letters, digits, '-', '_', '.'",
                             board.name));
  std::set<std::string_view> names = {board.name};
  for (const std::string& alias : board.aliases) {
    if (!isPlainName(alias))
      root.problemAt(
          "aliases",
          fmt::format("alias \"{}\"; wanted lower-case letters, digits, '-', '_', '.'", alias));
    if (!names.insert(alias).second)
      root.problemAt("aliases", fmt::format("alias \"{}\" stands twice", alias));
  }
  if (!board.core.empty() && std::find(cores.begin(), cores.end(), board.core) == cores.end()) {
    const auto near = nearMiss(board.core, cores);
    root.problemAt("core", fmt::format("unknown core \"{}\"{}", board.core,
                                       near ? fmt::format(" (did you mean \"{}\"?)", *near) : ""));
  }
  if (board.fpu) checkFpu(board.fpu->value, root);
  if (board.memories.size() > kMostMemories) {
    root.problem(
        fmt::format("{} memories; wanted at most {}", board.memories.size(), kMostMemories));
    return;
  }
  std::set<std::string_view> memoryNames;
  bool ram = false;
  for (const RegionId id : board.memories.ids()) {
    const Memory& memory = board.memories[id];
    ram = ram || memory.use.activations;
    checkOneMemory(board, memory, places.memories[id.index()]);
    if (!memory.name.empty() && !memoryNames.insert(memory.name).second)
      places.memories[id.index()].problemAt("name",
                                            fmt::format("memory \"{}\" stands twice", memory.name));
  }
  if (!ram)
    root.problem(
        "no memory holds activations; wanted at least one [[memory]] with use = [\"activations\"]");
  checkOverlap(board, places);
  if (board.flashTiming) checkFlashTiming(board, places);
}

void validateCore(const Core& core, const TomlTable& root) {
  if (root.has("fpu") && !core.fpu.value.empty()) checkFpu(core.fpu.value, root);
}

}  // namespace mcuprof
