#include "analyzer/fitting/counts_file.hpp"

#include <charconv>

#include "analyzer/base/csv.hpp"

namespace mcuprof {
namespace {

/// What the counts file calls a metric; several columns are added up.
struct Column {
  CostMetric metric;
  std::string_view title;
};

constexpr Column kColumns[] = {
    {CostMetric::Instructions, "instructions"},
    {CostMetric::Loads, "loads"},
    {CostMetric::Stores, "stores"},
    {CostMetric::LoadWords, "load_words"},
    {CostMetric::StoreWords, "store_words"},
    {CostMetric::TakenBranches, "taken_branches"},
    {CostMetric::LoopBranches, "lob_loop_branches"},
    {CostMetric::Calls, "calls"},
    {CostMetric::Divides, "divides"},
    {CostMetric::Divides, "soft_divides"},
    {CostMetric::Multiplies, "mul_insts"},
    {CostMetric::WeightBytes, "weight_bytes_touched"},
    {CostMetric::ParameterBytes, "param_bytes_touched"},
    {CostMetric::InputBytes, "activation_bytes_loaded"},
    {CostMetric::OutputBytes, "activation_bytes_stored"},
    {CostMetric::OutputBytesRead, "output_bytes_loaded"},
    {CostMetric::ScratchBytesRead, "scratch_bytes_loaded"},
    {CostMetric::ScratchBytesWritten, "scratch_bytes_stored"},
    {CostMetric::StackBytesRead, "stack_bytes_loaded"},
    {CostMetric::StackBytesWritten, "stack_bytes_stored"},
    {CostMetric::ConstantBytes, "rodata_bytes_loaded"},
};

bool readNumber(std::string_view text, auto& value) {
  const auto [at, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && at == text.data() + text.size();
}

}  // namespace

Result<std::vector<CountedCall>> readCounts(std::string_view text, const std::string& name) {
  const auto csv = readCsv(text, name);
  if (!csv) return csv.error();
  std::string missing;
  const auto find = [&](std::string_view title) {
    const std::size_t column = csv->column(title);
    if (column == CsvTable::npos && missing.empty()) missing = title;
    return column;
  };
  const std::size_t core = find("cpu");
  const std::size_t opt = find("opt");
  const std::size_t kernel = find("kernel");
  const std::size_t cycles = find("mca_cycles_steady");
  std::vector<std::size_t> shape;
  shape.reserve(std::size(kKernelColumns));
  for (const std::string_view title : kKernelColumns) shape.push_back(find(title));
  std::vector<std::size_t> metrics;
  metrics.reserve(std::size(kColumns));
  for (const Column& column : kColumns) metrics.push_back(find(column.title));
  if (!missing.empty()) return Error{name + ":1", "there is no column \"" + missing + "\""};

  std::vector<CountedCall> calls;
  calls.reserve(csv->records.size());
  for (const CsvRecord& record : csv->records) {
    CountedCall call;
    call.core = record.fields[core];
    call.opt = record.fields[opt];
    call.kernel = record.fields[kernel];
    const auto bad = [&](std::size_t column) {
      return Error{name + ":" + std::to_string(record.line),
                   csv->header[column] + " is \"" + record.fields[column] + "\", wanted a number"};
    };
    for (std::size_t i = 0; i < shape.size(); ++i) {
      if (!readNumber(record.fields[shape[i]], call.row[i])) return bad(shape[i]);
    }
    if (const auto problem = rowProblem(call.row)) {
      return Error{name + ":" + std::to_string(record.line), *problem};
    }
    for (std::size_t i = 0; i < metrics.size(); ++i) {
      const std::string& field = record.fields[metrics[i]];
      double value = 0;
      if (!field.empty() && !readNumber(field, value)) return bad(metrics[i]);
      call.counted[static_cast<std::size_t>(kColumns[i].metric)] += value;
    }
    double& price = call.counted[static_cast<std::size_t>(CostMetric::Cycles)];
    call.hasCycles = !record.fields[cycles].empty();
    if (call.hasCycles && !readNumber(record.fields[cycles], price)) return bad(cycles);
    calls.push_back(std::move(call));
  }
  return calls;
}

}  // namespace mcuprof
