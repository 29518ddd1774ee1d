#include "analyzer/pricing/hot_loops.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>
#include <utility>

#include <fmt/format.h>

#include "analyzer/base/near_miss.hpp"
#include "analyzer/pricing/functions.hpp"
#include "analyzer/pricing/macs.hpp"

namespace mcuprof {
namespace {

struct Candidate {
  std::size_t function = 0;
  std::size_t loop = 0;  ///< in the function's control flow
  std::uint32_t depth = 1;
  std::int64_t macs = 0;
  std::size_t instructions = 0;
};

/// How often a loop runs is not in the code; ten times for each level of nesting is the usual
/// guess, and it only orders the list.
double hotness(std::uint32_t depth, double work) {
  return std::pow(10.0, std::min(depth, 6u)) * work;
}

auto rank(const Candidate& c) {
  return std::tuple(c.macs > 0, hotness(c.depth, static_cast<double>(c.macs)),
                    hotness(c.depth, static_cast<double>(c.instructions)));
}

auto rank(const LoopPrice& price) {
  return std::tuple(price.macs.value > 0,
                    hotness(price.depth, static_cast<double>(price.macs.value)),
                    hotness(price.depth, price.cycles));
}

/// The name that was most likely meant: a slip of the fingers away, or the shortest that contains
/// what was asked for, as "conv" is contained in "arm_convolve_s8".
std::optional<std::string> nearestName(const std::vector<Function>& functions,
                                       const std::string& wanted) {
  std::vector<std::string> names;
  for (const Function& function : functions) {
    names.push_back(function.name);
    names.insert(names.end(), function.otherNames.begin(), function.otherNames.end());
  }
  if (auto near = nearMiss(wanted, names)) return near;
  std::optional<std::string> shortest;
  for (const std::string& name : names) {
    if (name.find(wanted) == std::string::npos) continue;
    if (!shortest || name.size() < shortest->size()) shortest = name;
  }
  return shortest;
}

const Function* findFunction(const std::vector<Function>& functions, std::string_view name) {
  for (const Function& function : functions) {
    if (function.name == name) return &function;
    if (std::find(function.otherNames.begin(), function.otherNames.end(), name) !=
        function.otherNames.end()) {
      return &function;
    }
  }
  return nullptr;
}

class Survey {
 public:
  Survey(const PricingCore& core, const FunctionList& list) : m_pricer(core), m_list(list) {}

  FirmwarePrice wholeFile(const PriceRequest& request) {
    for (std::size_t f = 0; f < m_list.functions.size(); ++f) {
      const ControlFlow flow = controlFlow(m_list.functions[f]);
      for (std::size_t l = 0; l < flow.loops.size(); ++l) {
        if (flow.loops[l].innermost) m_candidates.push_back(candidate(flow, f, l));
      }
    }
    m_price.loops = m_candidates.size();
    std::stable_sort(m_candidates.begin(), m_candidates.end(),
                     [](const auto& a, const auto& b) { return rank(a) > rank(b); });
    // Some more than asked for are priced, since cycles may order them otherwise than instructions
    // do.
    m_candidates.resize(std::min(m_candidates.size(), std::max<std::size_t>(64, request.top * 2)));
    priceCandidates();
    if (m_price.hot.size() > request.top) m_price.hot.resize(request.top);
    return std::move(m_price);
  }

  FirmwarePrice oneFunction(const Function& function, const PriceRequest& request) {
    const ControlFlow flow = controlFlow(function);
    m_price.loops = flow.loops.size();
    for (const Loop& loop : flow.loops) {
      m_price.hot.push_back(
          {function.name, function.address, m_pricer.priceLoop(flow, loop, true)});
      if (m_price.hot.size() == kMostLoops) break;
    }
    std::stable_sort(m_price.hot.begin(), m_price.hot.end(),
                     [](const auto& a, const auto& b) { return rank(a.price) > rank(b.price); });
    if (m_price.hot.size() > request.top) m_price.hot.resize(request.top);
    if (flow.loops.empty()) {
      for (const BasicBlock& block : flow.blocks) {
        const auto run = std::span(flow.instructions).subspan(block.first, block.count);
        m_price.blocks.push_back({run.front().address, run.size(), m_pricer.priceRun(run, true)});
        if (m_price.blocks.size() == kMostLoops) break;
      }
    }
    return std::move(m_price);
  }

 private:
  static constexpr std::size_t kMostLoops = 1024;

  ControlFlow controlFlow(const Function& function) {
    ControlFlow flow = findControlFlow(function, m_pricer.disassembler());
    m_price.undecoded += flow.undecoded;
    m_price.unresolvedJumps += flow.unresolvedJumps;
    return flow;
  }

  Candidate candidate(const ControlFlow& flow, std::size_t function, std::size_t index) const {
    const Loop& loop = flow.loops[index];
    Candidate result{function, index, loop.depth, 0, 0};
    for (const std::uint32_t b : loop.blocks) {
      const BasicBlock& block = flow.blocks[b];
      const auto run = std::span(flow.instructions).subspan(block.first, block.count);
      result.macs += countMacs(run, m_pricer.disassembler().details(run)).value;
      result.instructions += block.count;
    }
    return result;
  }

  void priceCandidates() {
    std::stable_sort(m_candidates.begin(), m_candidates.end(), [](const auto& a, const auto& b) {
      return std::pair(a.function, a.loop) < std::pair(b.function, b.loop);
    });
    for (std::size_t i = 0; i < m_candidates.size();) {
      const Function& function = m_list.functions[m_candidates[i].function];
      const ControlFlow flow = findControlFlow(function, m_pricer.disassembler());
      for (const std::size_t f = m_candidates[i].function;
           i < m_candidates.size() && m_candidates[i].function == f; ++i) {
        m_price.hot.push_back({function.name, function.address,
                               m_pricer.priceLoop(flow, flow.loops[m_candidates[i].loop], true)});
      }
    }
    std::stable_sort(m_price.hot.begin(), m_price.hot.end(),
                     [](const auto& a, const auto& b) { return rank(a.price) > rank(b.price); });
  }

  Pricer m_pricer;
  const FunctionList& m_list;
  FirmwarePrice m_price;
  std::vector<Candidate> m_candidates;
};

}  // namespace

Result<FirmwarePrice> priceFirmware(const Elf& elf, std::string_view name, const PricingCore& core,
                                    const PriceRequest& request) {
  if (elf.architecture != core.architecture) {
    return Error{std::string(name),
                 fmt::format("code is {}, core {} runs {}", nameOf(elf.architecture), core.name,
                             nameOf(core.architecture))};
  }
  const FunctionList list = findFunctions(elf);
  if (list.functions.empty()) {
    return Error{
        std::string(name),
        list.armState != 0
            ? fmt::format("all {} functions are 32-bit Arm code; wanted Thumb", list.armState)
            : "no function with code in it"};
  }
  FirmwarePrice price;
  if (request.function) {
    const Function* function = findFunction(list.functions, *request.function);
    if (!function) {
      const auto nearest = nearestName(list.functions, *request.function);
      return Error{std::string(name),
                   fmt::format("no function \"{}\"{}{}", *request.function,
                               nearest ? fmt::format("; did you mean \"{}\"?", *nearest) : "",
                               list.stripped ? " (no symbols: names are sub_ADDRESS)" : "")};
    }
    price = Survey(core, list).oneFunction(*function, request);
  } else {
    price = Survey(core, list).wholeFile(request);
  }
  price.core = &core;
  price.stripped = list.stripped;
  price.relocatable = elf.relocatable;
  price.functions = list.functions.size();
  price.armState = list.armState;
  return price;
}

}  // namespace mcuprof
