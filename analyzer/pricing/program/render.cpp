#include "analyzer/pricing/program/render.hpp"

#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace mcuprof {
namespace {

/// A name from a file may hold any byte; a terminal gets letters only.
std::string printable(std::string_view name) {
  std::string result;
  for (const char letter : name) result += letter >= ' ' && letter < 127 ? letter : '?';
  return result;
}

std::string_view plural(std::size_t count) {
  return count == 1 ? "" : "s";
}

/// What a reader must know before trusting the list.
std::vector<std::string> remarksOn(const FirmwarePrice& price) {
  std::vector<std::string> remarks;
  if (!price.core->note.empty()) remarks.emplace_back(price.core->note);
  if (price.core->table) {
    remarks.push_back(fmt::format("cycles by a table ({}): {}", nameOf(price.core->table->basis),
                                  price.core->table->source));
  }
  if (price.stripped) {
    remarks.push_back(
        fmt::format("no symbols: {} function{} found by calls, entry and vectors, named by "
                    "address; some may be missing",
                    price.functions, plural(price.functions)));
  }
  if (price.relocatable) remarks.emplace_back("object file before linking: calls lead nowhere yet");
  if (price.armState != 0) {
    remarks.push_back(fmt::format("{} function{} of 32-bit Arm code left out", price.armState,
                                  plural(price.armState)));
  }
  if (price.undecoded != 0) {
    remarks.push_back(fmt::format("{} place{} reached that hold{} no instruction of {}",
                                  price.undecoded, plural(price.undecoded),
                                  price.undecoded == 1 ? "s" : "", price.core->name));
  }
  if (price.unresolvedJumps != 0) {
    remarks.push_back(fmt::format("{} computed jump{} not followed", price.unresolvedJumps,
                                  plural(price.unresolvedJumps)));
  }
  return remarks;
}

std::string bottleneckText(const BlockPrice& path) {
  switch (path.bottleneck) {
    case Bottleneck::Dependency:
      return "results that others wait for (dependency)";
    case Bottleneck::Resource:
      return fmt::format("unit {} (resource)", path.bottleneckUnit);
    case Bottleneck::FrontEnd:
      return path.model == PricingModel::Table ? "one instruction after the other"
                                               : "issue width (front end)";
  }
  return "";
}

std::string macsText(const LoopPrice& price) {
  if (price.macs.value == 0) return "no MACs recognised";
  return fmt::format("{}{} MAC{}, {}{:.2f} cycles/MAC", price.macsAreUpperBound ? "up to " : "",
                     price.macs.value, plural(static_cast<std::size_t>(price.macs.value)),
                     price.macsAreUpperBound ? "at least " : "",
                     price.cycles / static_cast<double>(price.macs.value));
}

std::string instructionsText(const BlockPrice& path) {
  std::string text = fmt::format("     {:>10} {:>7} {:>7} {:>6}  {:<34} {}\n", "address", "issue",
                                 "latency", "wait", "instruction", "why it waits");
  for (const PricedInstruction& each : path.instructions) {
    std::string line =
        fmt::format("     {:>#10x} {:>7} {:>7} {:>6}  {:<34} {}", each.address,
                    each.modelled ? fmt::format("{:.1f}", each.issueCycle) : "-",
                    each.modelled ? fmt::format("{:g}", each.latency) : "-",
                    each.stallCycles > 0 ? fmt::format("{:.1f}", each.stallCycles) : "",
                    printable(each.text), printable(each.stall));
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + "\n";
  }
  return text;
}

std::string sumText(const BlockPrice& path) {
  std::string text = fmt::format("     {:8.2f}  {}\n", path.modelCycles, nameOf(path.model));
  for (const Correction& each : path.corrections) {
    text += fmt::format("     {:+8.2f}  {} ({}: {})\n", each.cycles, printable(each.what),
                        nameOf(each.basis), each.source);
  }
  if (!path.resources.empty()) {
    text += "     busy:";
    for (const ResourceUsage& each : path.resources)
      text += fmt::format(" {} {:.1f}", each.name, each.cycles);
    text += fmt::format("; issue width allows {:.1f}\n", path.issueCycles);
  }
  return text;
}

std::string loopText(std::size_t number, const PricedLoop& loop) {
  const LoopPrice& price = loop.price;
  const std::string range = price.shortestCycles < price.cycles
                                ? fmt::format(" (shortest way {:.2f})", price.shortestCycles)
                                : "";
  std::string text = fmt::format(
      "{:>3}. {}+{:#x} at {:#x}, {}depth {}: {:.2f} cycles/iteration{}, {}\n", number,
      printable(loop.function), price.address - loop.functionAddress, price.address,
      price.innermost ? "" : "outer, ", price.depth, price.cycles, range, macsText(price));
  text += fmt::format("     bound by {}", bottleneckText(price.path));
  if (price.calls != 0)
    text += fmt::format("; {} call{} not included", price.calls, plural(price.calls));
  if (price.innerLoops != 0) {
    text +=
        fmt::format("; {} inner loop{} not included", price.innerLoops, plural(price.innerLoops));
  }
  return text + "\n" + sumText(price.path) + instructionsText(price.path);
}

nlohmann::ordered_json pathJson(const BlockPrice& path) {
  nlohmann::ordered_json json;
  json["modelCycles"] = path.modelCycles;
  json["singleCycles"] = path.singleCycles;
  json["issueCycles"] = path.issueCycles;
  json["bottleneck"] = nameOf(path.bottleneck);
  if (!path.bottleneckUnit.empty()) json["bottleneckUnit"] = path.bottleneckUnit;
  auto& corrections = json["corrections"] = nlohmann::ordered_json::array();
  for (const Correction& each : path.corrections) {
    corrections.push_back({{"what", printable(each.what)},
                           {"cycles", each.cycles},
                           {"basis", nameOf(each.basis)},
                           {"source", each.source}});
  }
  auto& resources = json["resources"] = nlohmann::ordered_json::array();
  for (const ResourceUsage& each : path.resources) {
    resources.push_back({{"name", each.name}, {"cycles", each.cycles}});
  }
  auto& instructions = json["instructions"] = nlohmann::ordered_json::array();
  for (const PricedInstruction& each : path.instructions) {
    nlohmann::ordered_json row = {{"address", each.address}, {"text", printable(each.text)}};
    if (each.modelled) {
      row["issueCycle"] = each.issueCycle;
      row["latency"] = each.latency;
    }
    if (each.stallCycles > 0) {
      row["stallCycles"] = each.stallCycles;
      row["stall"] = printable(each.stall);
    }
    instructions.push_back(std::move(row));
  }
  return json;
}

}  // namespace

std::string renderPriceText(const FirmwarePrice& price, std::string_view file) {
  std::string text =
      fmt::format("{} on {}: {} function{}, {} loop{}; {} shown, priced by {}\n", printable(file),
                  price.core->name, price.functions, plural(price.functions), price.loops,
                  plural(price.loops), price.hot.size(), nameOf(price.core->model));
  for (const std::string& remark : remarksOn(price)) text += "  note: " + printable(remark) + "\n";
  for (std::size_t i = 0; i < price.hot.size(); ++i) text += "\n" + loopText(i + 1, price.hot[i]);
  for (const PricedBlock& block : price.blocks) {
    text += fmt::format(
        "\nblock at {:#x}: {:.2f} cycles repeated, {:.2f} once, {:.2f} more when its branch is "
        "taken\n",
        block.address, block.price.cycles, block.price.singleCycles, block.price.takenBranchCycles);
    text += sumText(block.price) + instructionsText(block.price);
  }
  return text;
}

std::string renderPriceJson(const FirmwarePrice& price, std::string_view file) {
  nlohmann::ordered_json json;
  json["schema"] = "mcuprof-price/1";
  json["file"] = printable(file);
  json["core"] = price.core->name;
  json["model"] = nameOf(price.core->model);
  json["stripped"] = price.stripped;
  json["functions"] = price.functions;
  json["loopsFound"] = price.loops;
  json["notes"] = remarksOn(price);
  auto& loops = json["loops"] = nlohmann::ordered_json::array();
  for (const PricedLoop& loop : price.hot) {
    nlohmann::ordered_json row;
    row["function"] = printable(loop.function);
    row["address"] = loop.price.address;
    row["depth"] = loop.price.depth;
    row["innermost"] = loop.price.innermost;
    row["cyclesPerIteration"] = loop.price.cycles;
    row["shortestCycles"] = loop.price.shortestCycles;
    row["macsPerIteration"] = loop.price.macs.value;
    row["macsAreUpperBound"] = loop.price.macsAreUpperBound;
    if (loop.price.macs.value != 0) {
      row["cyclesPerMac"] = loop.price.cycles / static_cast<double>(loop.price.macs.value);
    }
    row["callsNotIncluded"] = loop.price.calls;
    row["innerLoopsNotIncluded"] = loop.price.innerLoops;
    row["path"] = pathJson(loop.price.path);
    loops.push_back(std::move(row));
  }
  auto& blocks = json["blocks"] = nlohmann::ordered_json::array();
  for (const PricedBlock& block : price.blocks) {
    blocks.push_back({{"address", block.address},
                      {"cycles", block.price.cycles},
                      {"takenBranchCycles", block.price.takenBranchCycles},
                      {"path", pathJson(block.price)}});
  }
  return json.dump(2) + "\n";
}

}  // namespace mcuprof
