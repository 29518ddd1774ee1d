#include "analyzer/report/render_csv.hpp"

#include <fmt/format.h>

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string_view>

namespace mcuprof {
namespace {

/// Writes rows cell by cell.
class CsvWriter {
 public:
  CsvWriter& cell(std::string_view text) {
    begin();
    if (text.find_first_of(",\"\r\n") == std::string_view::npos) {
      m_out += text;
      return *this;
    }
    m_out += '"';
    for (const char c : text) {
      if (c == '"') m_out += '"';
      m_out += c;
    }
    m_out += '"';
    return *this;
  }
  CsvWriter& cell(std::int64_t number) {
    begin();
    m_out += std::to_string(number);
    return *this;
  }
  CsvWriter& real(double number, int decimals) {
    begin();
    m_out += fmt::format("{:.{}f}", number, decimals);
    return *this;
  }
  CsvWriter& cell(Bytes bytes) { return cell(bytes.value); }
  template <typename Unit>
  CsvWriter& cell(const std::optional<Quantity<Unit>>& number) {
    return number ? cell(number->value) : cell(std::string_view());
  }
  void endRow() {
    m_out += "\r\n";
    m_first = true;
  }
  void header(std::initializer_list<std::string_view> titles) {
    for (std::string_view title : titles) cell(title);
    endRow();
  }
  std::string take() { return std::move(m_out); }

 private:
  void begin() {
    if (!m_first) m_out += ',';
    m_first = false;
  }
  std::string m_out;
  bool m_first = true;
};

}  // namespace

std::string renderCsv(const Report& report) {
  CsvWriter csv;
  csv.header({"layer",
              "subgraph",
              "operator_index",
              "operator",
              "name",
              "kernel",
              "output_shape",
              "output_type",
              "macs",
              "weight_bytes",
              "bias_bytes",
              "input_bytes",
              "output_bytes",
              "working_set_bytes",
              "live_bytes",
              "scratch_bytes",
              "activations_missing_bytes",
              "working_set_missing_bytes",
              "read_bytes",
              "written_bytes",
              "spill_written_bytes",
              "spill_read_bytes",
              "worst_case_bytes",
              "cost_unknown",
              "cycles",
              "cycles_low",
              "cycles_high",
              "ms",
              "mj",
              "bound",
              "cost_kernel",
              "outside_fit"});
  std::vector<const CostRow*> costs(report.layers.size());
  for (const CostRow& cost : report.costs.layers)
    costs[static_cast<std::size_t>(cost.number - 1)] = &cost;
  for (const LayerRow& row : report.layers) {
    csv.cell(row.number)
        .cell(row.subgraph)
        .cell(row.index)
        .cell(row.kind)
        .cell(row.name)
        .cell(row.kernel);
    csv.cell(row.shape).cell(row.type).cell(row.macs).cell(row.parts.weights).cell(row.parts.bias);
    csv.cell(row.parts.input).cell(row.parts.output).cell(row.parts.total()).cell(row.live);
    csv.cell(row.parts.scratch).cell(row.fit.activationsMissing).cell(row.fit.workingSetMissing);
    csv.cell(row.read)
        .cell(row.written)
        .cell(row.spillWritten)
        .cell(row.spillRead)
        .cell(row.worstCase);
    csv.cell(row.unknown);
    const CostRow* cost = costs[static_cast<std::size_t>(row.number - 1)];
    if (cost != nullptr && cost->known) {
      csv.real(cost->cycles.value, 0)
          .real(cost->cycles.low, 0)
          .real(cost->cycles.high, 0)
          .real(cost->milliseconds.value, 6);
      if (cost->millijoules) {
        csv.real(cost->millijoules->value, 6);
      } else {
        csv.cell(std::string_view());
      }
      csv.cell(cost->bound).cell(cost->kernel).cell(cost->outsideFit ? "yes" : "no");
    } else {
      for (int i = 0; i < 8; ++i) csv.cell(std::string_view());
    }
    csv.endRow();
  }
  return csv.take();
}

std::string renderCsv(const ArenaReport& report) {
  CsvWriter csv;
  csv.header({"kind", "subgraph", "index", "name", "offset_bytes", "size_bytes", "first_step",
              "last_step", "offline"});
  for (const ArenaBufferRow& row : report.buffers) {
    csv.cell(row.scratch ? "scratch" : "tensor").cell(row.subgraph).cell(row.index).cell(row.name);
    csv.cell(row.offset).cell(row.size).cell(row.life.first).cell(row.life.last);
    csv.cell(row.offline ? "yes" : "no").endRow();
  }
  return csv.take();
}

std::string renderCsv(const ModelReport& report) {
  CsvWriter csv;
  csv.header({"layer", "subgraph", "operator_index", "operator", "name", "options", "input_shape",
              "output_shape", "output_type", "quantization", "macs", "weight_bytes", "bias_bytes",
              "input_bytes", "output_bytes", "working_set_bytes"});
  for (const OperatorRow& row : report.operators) {
    csv.cell(row.number).cell(row.subgraph).cell(row.index).cell(row.kind).cell(row.name);
    csv.cell(row.options)
        .cell(row.inputShape)
        .cell(row.shape)
        .cell(row.type)
        .cell(row.quantization);
    csv.cell(row.macs).cell(row.parts.weights).cell(row.parts.bias).cell(row.parts.input);
    csv.cell(row.parts.output).cell(row.parts.total()).endRow();
  }
  return csv.take();
}

std::string renderCsv(const FitReport& report) {
  CsvWriter csv;
  csv.header({"model", "board", "verdict", "arena_bytes", "largest_region_bytes",
              "flash_needed_bytes", "flash_bytes", "reason"});
  for (const FitCell& cell : report.cells) {
    csv.cell(report.models[cell.model].name)
        .cell(report.boards[cell.board])
        .cell(nameOf(cell.verdict));
    csv.cell(cell.arenaUsed).cell(cell.largestRegion).cell(cell.flashNeeded).cell(cell.flashSize);
    csv.cell(cell.reason).endRow();
  }
  return csv.take();
}

}  // namespace mcuprof
