#include "tests/device-agent/dsp/shapes.hpp"

#include <gtest/gtest.h>

#include <charconv>
#include <map>

#include "analyzer/base/csv.hpp"
#include "tests/support/files.hpp"

namespace mcuprof::test {
namespace {

/// The columns of one record as numbers.
class Row {
 public:
  Row(const CsvTable& table, const CsvRecord& record) : m_table(table), m_record(record) {}

  const std::string& text(std::string_view title) const {
    return m_record.fields.at(m_table.column(title));
  }
  std::int32_t operator[](std::string_view title) const {
    const std::string& field = text(title);
    std::int32_t value = 0;
    std::from_chars(field.data(), field.data() + field.size(), value);
    return value;
  }

 private:
  const CsvTable& m_table;
  const CsvRecord& m_record;
};

mcuprof_conv conv(const Row& row) {
  mcuprof_conv p{};
  p.batches = row["n"];
  p.in_h = row["ih"];
  p.in_w = row["iw"];
  p.in_c = row["ic"];
  p.out_h = row["oh"];
  p.out_w = row["ow"];
  p.out_c = row["oc"];
  p.k_h = row["kh"];
  p.k_w = row["kw"];
  p.stride_h = row["sh"];
  p.stride_w = row["sw"];
  p.dil_h = row["dh"];
  p.dil_w = row["dw"];
  p.pad_h = row["ph"];
  p.pad_w = row["pw"];
  p.filter_c = row["ic"] / row["gr"];
  p.in_offset = 128;
  p.out_offset = -5;
  p.act_min = -128;
  p.act_max = 127;
  return p;
}

mcuprof_depthwise depthwise(const Row& row) {
  mcuprof_depthwise p{};
  p.batches = row["n"];
  p.in_h = row["ih"];
  p.in_w = row["iw"];
  p.in_c = row["ic"];
  p.out_h = row["oh"];
  p.out_w = row["ow"];
  p.out_c = row["oc"];
  p.k_h = row["kh"];
  p.k_w = row["kw"];
  p.stride_h = row["sh"];
  p.stride_w = row["sw"];
  p.dil_h = row["dh"];
  p.dil_w = row["dw"];
  p.pad_h = row["ph"];
  p.pad_w = row["pw"];
  p.depth_multiplier = row["cm"];
  p.in_offset = 128;
  p.out_offset = -5;
  p.act_min = -128;
  p.act_max = 127;
  return p;
}

mcuprof_fully_connected fullyConnected(const Row& row) {
  mcuprof_fully_connected p{};
  p.rows = row["n"];
  p.in = row["ic"];
  p.out = row["oc"];
  p.in_offset = 128;
  p.out_offset = -5;
  p.act_min = -128;
  p.act_max = 127;
  p.per_channel = row["e0"];
  return p;
}

mcuprof_pool pool(const Row& row) {
  mcuprof_pool p{};
  p.batches = row["n"];
  p.in_h = row["ih"];
  p.in_w = row["iw"];
  p.channels = row["ic"];
  p.out_h = row["oh"];
  p.out_w = row["ow"];
  p.k_h = row["kh"];
  p.k_w = row["kw"];
  p.stride_h = row["sh"];
  p.stride_w = row["sw"];
  p.pad_h = row["ph"];
  p.pad_w = row["pw"];
  p.act_min = -128;
  p.act_max = 127;
  return p;
}

/// Scaled as TFLite scales sums of int8: 20 bits of head room, factors below 1.
AddCall add(const Row& row) {
  AddCall call{};
  call.parameters = {20, 128, 1518500250, -1, 3, 1073741824, 0, -5, 1431655765, -19, -128, 127};
  call.length = row["ic"];
  return call;
}

std::string convClass(const mcuprof_conv& p) {
  if (p.filter_c != p.in_c) return "conv, groups";
  if (p.k_h == 1 && p.k_w == 1) return p.stride_w == 1 ? "conv 1x1" : "conv 1x1, stride 2";
  if (p.in_h == 1 && p.k_h == 1) return "conv 1xN";
  return p.dil_h == 1 && p.dil_w == 1 ? "conv KxK" : "conv KxK, dilated";
}

std::string depthwiseClass(const mcuprof_depthwise& p) {
  std::string name = p.k_h == 3 && p.k_w == 3 ? "depthwise 3x3" : "depthwise KxK";
  if (p.depth_multiplier != 1) return name + ", multiplier";
  return p.in_c % 4 == 0 ? name : name + ", odd channels";
}

}  // namespace

std::vector<CountedShape> countedShapes(const std::string& core) {
  const auto file = sourceFolder() / "targets/kernels/cmsis-nn/counts.csv";
  const auto table = readCsv(contentOf(file), "counts.csv");
  std::vector<CountedShape> shapes;
  if (!table) {
    ADD_FAILURE() << table.error().text();
    return shapes;
  }
  const std::size_t firstColumn = table->column("shape_id");
  const std::size_t lastColumn = table->column("macs");
  for (const CsvRecord& record : table->records) {
    const Row row(*table, record);
    if (row.text("cpu") != core || row.text("opt") != "-O2") continue;
    CountedShape shape;
    shape.kernel = row.text("kernel");
    if (shape.kernel == "conv_s8") {
      const mcuprof_conv p = conv(row);
      shape.shapeClass = convClass(p);
      shape.parameters = p;
    } else if (shape.kernel == "dw_s8") {
      const mcuprof_depthwise p = depthwise(row);
      shape.shapeClass = depthwiseClass(p);
      shape.parameters = p;
    } else if (shape.kernel == "fc_s8") {
      const mcuprof_fully_connected p = fullyConnected(row);
      shape.shapeClass =
          p.per_channel != 0 ? "fully connected, per channel" : "fully connected, per tensor";
      shape.parameters = p;
    } else if (shape.kernel == "avgpool_s8") {
      shape.shapeClass = "average pool";
      shape.parameters = pool(row);
    } else if (shape.kernel == "add_s8") {
      shape.shapeClass = "add";
      shape.parameters = add(row);
    } else {
      continue;
    }
    for (std::size_t i = firstColumn; i <= lastColumn; ++i)
      shape.columns.push_back(record.fields[i]);
    shape.instructions = static_cast<std::uint64_t>(row["instructions"]);
    shapes.push_back(std::move(shape));
  }
  return shapes;
}

}  // namespace mcuprof::test
