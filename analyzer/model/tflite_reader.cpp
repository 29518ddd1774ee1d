#include "analyzer/model/tflite_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <filesystem>
#include <optional>
#include <utility>

#include "analyzer/model/foreign_file.hpp"
#include "analyzer/model/in_quotes.hpp"
#include "analyzer/model/tflite_options.hpp"
#include "tflite_generated.h"

namespace mcuprof {
namespace {

// The deepest chain of tables in the format: model, subgraph, tensor, sparsity, dimension, indices.
constexpr flatbuffers::uoffset_t kDeepestTables = 16;
// A table takes at least 8 bytes with the reference to it; no model has two million of them.
constexpr std::size_t kSmallestTable = 8;
constexpr std::size_t kMostTables = 2'000'000;
constexpr std::uint32_t kVersion = 3;
static_assert(std::endian::native == std::endian::little);

template <typename T>
using Vector = flatbuffers::Vector<T>;
template <typename T>
using Tables = flatbuffers::Vector<flatbuffers::Offset<T>>;

/// Calls `read(table, index)` for each table of a vector that may be absent, until one fails.
template <typename T, typename Read>
bool forEach(const Tables<T>* tables, Read read) {
  if (tables == nullptr) return true;
  for (flatbuffers::uoffset_t i = 0; i < tables->size(); ++i) {
    if (!read(*tables->Get(i), i)) return false;
  }
  return true;
}

template <typename T>
std::size_t countOf(const Vector<T>* values) {
  return values == nullptr ? 0 : values->size();
}

/// Copies a verified FlatBuffer into a Model. The first complaint ends it.
class Reader {
 public:
  explicit Reader(std::shared_ptr<const MappedFile> file)
      : m_file(std::move(file)),
        m_bytes(m_file->bytes()),
        // Tables may be referred to more than once, so a small file can unfold to a large model.
        // Real ones do not; this much copying is taken for an attack.
        m_copyBudget(8 * m_bytes.size() + 65536) {}

  Result<Model> read() {
    if (auto foreign = describeForeignFile(m_bytes)) return Error{m_file->name(), *foreign};
    if (!verify()) return *m_error;
    const tflite::Model& model = *tflite::GetModel(m_bytes.data());
    if (!readModel(model)) return *m_error;
    m_model.source = m_file->name();
    m_model.fileBytes = m_bytes.size();
    m_model.storage.push_back(m_file);
    if (auto checked = checkModel(m_model); !checked) return checked.error();
    return std::move(m_model);
  }

 private:
  bool fail(std::string what) {
    if (!m_error) m_error = Error{m_file->name(), std::move(what)};
    return false;
  }

  /// With the byte offset of the table in question.
  bool failAt(const void* table, std::string what) {
    const auto offset = static_cast<const std::byte*>(table) - m_bytes.data();
    if (!m_error) m_error = Error{fmt::format("{}:{:#x}", m_file->name(), offset), std::move(what)};
    return false;
  }

  bool verify() {
    const std::size_t size = std::min<std::size_t>(m_bytes.size(), FLATBUFFERS_MAX_BUFFER_SIZE - 1);
    const std::size_t tables = std::min(size / kSmallestTable + 64, kMostTables);
    flatbuffers::Verifier verifier(reinterpret_cast<const std::uint8_t*>(m_bytes.data()), size,
                                   kDeepestTables, static_cast<flatbuffers::uoffset_t>(tables));
    if (tflite::VerifyModelBuffer(verifier)) return true;
    return fail(fmt::format("is damaged or cut short: its {} bytes are not a complete FlatBuffer",
                            m_bytes.size()));
  }

  bool charge(std::size_t bytes) {
    if (bytes <= m_copyBudget) {
      m_copyBudget -= bytes;
      return true;
    }
    return fail(fmt::format(
        "refers to the same structure so often that its {} bytes would unfold without bound",
        m_bytes.size()));
  }

  bool copy(const flatbuffers::String* from, std::string& to) {
    if (from == nullptr) return true;
    if (!charge(from->size())) return false;
    to.assign(from->c_str(), from->size());
    return true;
  }

  /// As bytes: the verifier has not looked at the alignment of elements. The format is
  /// little-endian, as the machines are that we run on.
  template <typename T>
  bool copy(const Vector<T>* from, std::vector<T>& to) {
    if (from == nullptr || from->size() == 0) return true;
    const std::size_t bytes = from->size() * sizeof(T);
    if (!charge(bytes)) return false;
    to.resize(from->size());
    std::memcpy(to.data(), from->Data(), bytes);
    return true;
  }

  bool readModel(const tflite::Model& from) {
    if (from.version() != kVersion) {
      return fail(fmt::format("has schema version {}, wanted {}", from.version(), kVersion));
    }
    m_model.version = from.version();
    m_operatorCodes = from.operator_codes();
    m_model.buffers.reserve(countOf(from.buffers()));
    m_model.subgraphs.reserve(countOf(from.subgraphs()));
    return copy(from.description(), m_model.description) &&
           forEach(from.buffers(), [&](const auto& b, auto i) { return readBuffer(b, i); }) &&
           forEach(from.subgraphs(), [&](const auto& s, auto i) { return readSubgraph(s, i); }) &&
           forEach(from.metadata(), [&](const auto& m, auto) { return readMetadata(m); }) &&
           forEach(from.signature_defs(), [&](const auto& s, auto) { return readSignature(s); });
  }

  /// Data lies in the FlatBuffer or, with an offset above 1, anywhere in the file.
  bool readBuffer(const tflite::Buffer& from, std::size_t index) {
    std::span<const std::byte> data;
    if (countOf(from.data()) > 0) {
      data = {reinterpret_cast<const std::byte*>(from.data()->data()), from.data()->size()};
    } else if (from.offset() > 1) {
      if (from.offset() > m_bytes.size() || from.size() > m_bytes.size() - from.offset()) {
        return failAt(&from, fmt::format("buffer {} is {} bytes at offset {}, but the file has {}",
                                         index, from.size(), from.offset(), m_bytes.size()));
      }
      data = m_bytes.subspan(from.offset(), from.size());
    }
    m_model.buffers.push_back(data);
    return true;
  }

  bool readSubgraph(const tflite::SubGraph& from, std::size_t index) {
    m_model.subgraphs.emplace_back();
    Subgraph& to = m_model.subgraphs.back();
    to.tensors.reserve(countOf(from.tensors()));
    to.operators.reserve(countOf(from.operators()));
    m_subgraph = index;
    return copy(from.name(), to.name) && copy(from.inputs(), to.inputs) &&
           copy(from.outputs(), to.outputs) &&
           forEach(from.tensors(),
                   [&](const auto& t, auto i) { return readTensor(t, i, to.tensors); }) &&
           forEach(from.operators(),
                   [&](const auto& o, auto i) { return readOperator(o, i, to.operators); });
  }

  bool readTensor(const tflite::Tensor& from, std::size_t index, std::vector<Tensor>& tensors) {
    tensors.emplace_back();
    Tensor& to = tensors.back();
    to.type = static_cast<ElementType>(from.type());
    to.buffer = from.buffer();
    to.isVariable = from.is_variable();
    if (!copy(from.name(), to.name) || !copy(from.shape(), to.shape) ||
        !copy(from.shape_signature(), to.shapeSignature)) {
      return false;
    }
    if (from.external_buffer() != 0) {
      return failAt(&from,
                    fmt::format("subgraph {}, tensor {} {} keeps its data in another file "
                                "(external buffer {}), wanted one file with all data",
                                m_subgraph, index, inQuotes(to.name), from.external_buffer()));
    }
    if (const auto* quantization = from.quantization()) {
      Quantization& q = to.quantization.emplace();
      q.dimension = quantization->quantized_dimension();
      if (!copy(quantization->scale(), q.scales) ||
          !copy(quantization->zero_point(), q.zeroPoints)) {
        return false;
      }
    }
    if (const auto* sparsity = from.sparsity()) {
      Sparsity& s = to.sparsity.emplace();
      s.dimensions = countOf(sparsity->dim_metadata());
      return copy(sparsity->traversal_order(), s.traversalOrder) &&
             copy(sparsity->block_map(), s.blockMap);
    }
    return true;
  }

  bool readOperator(const tflite::Operator& from, std::size_t index,
                    std::vector<Operator>& operators) {
    if (from.opcode_index() >= countOf(m_operatorCodes)) {
      return failAt(&from,
                    fmt::format("subgraph {}, operator {} has operator code {}, but the "
                                "model has {}",
                                m_subgraph, index, from.opcode_index(), countOf(m_operatorCodes)));
    }
    operators.emplace_back();
    Operator& to = operators.back();
    const tflite::OperatorCode& code = *m_operatorCodes->Get(from.opcode_index());
    // Whichever of the two fields is not in use is 0, or 127 in the old one.
    to.kind = static_cast<OpKind>(std::max(static_cast<std::int32_t>(code.builtin_code()),
                                           std::int32_t{code.deprecated_builtin_code()}));
    to.version = code.version();
    auto options = readOptions(to.kind, from);
    if (const auto* complaint = std::get_if<std::string>(&options)) {
      return failAt(&from, fmt::format("subgraph {}, operator {} ({}): {}", m_subgraph, index,
                                       nameOf(to.kind), *complaint));
    }
    to.attributes = std::get<Attributes>(std::move(options));
    if (const auto* names = std::get_if<VariableAttributes>(&to.attributes)) {
      if (!charge(names->container.size() + names->sharedName.size())) return false;
    }
    if (to.kind == OpKind::Custom) {
      if (!copy(code.custom_code(), to.customName) ||
          !copy(from.custom_options(), to.customOptions)) {
        return false;
      }
    }
    return copy(from.inputs(), to.inputs) && copy(from.outputs(), to.outputs) &&
           copy(from.intermediates(), to.intermediates);
  }

  bool readMetadata(const tflite::Metadata& from) {
    m_model.metadata.emplace_back();
    m_model.metadata.back().buffer = from.buffer();
    return copy(from.name(), m_model.metadata.back().name);
  }

  bool readSignature(const tflite::SignatureDef& from) {
    m_model.signatures.emplace_back();
    Signature& to = m_model.signatures.back();
    to.subgraph = from.subgraph_index();
    const auto argument = [&](std::vector<Signature::Argument>& arguments) {
      return [&](const tflite::TensorMap& map, auto) {
        arguments.emplace_back();
        arguments.back().tensor = map.tensor_index();
        return copy(map.name(), arguments.back().name);
      };
    };
    return copy(from.signature_key(), to.key) && forEach(from.inputs(), argument(to.inputs)) &&
           forEach(from.outputs(), argument(to.outputs));
  }

  std::shared_ptr<const MappedFile> m_file;
  std::span<const std::byte> m_bytes;
  std::size_t m_copyBudget;
  const Tables<tflite::OperatorCode>* m_operatorCodes = nullptr;
  std::size_t m_subgraph = 0;
  Model m_model;
  std::optional<Error> m_error;
};

}  // namespace

Result<Model> readTflite(std::shared_ptr<const MappedFile> file) {
  return Reader(std::move(file)).read();
}

Result<Model> loadTflite(const std::string& path) {
  std::error_code ignored;
  if (std::filesystem::exists(std::filesystem::path(path) / "saved_model.pb", ignored)) {
    return Error{path, "is a TensorFlow SavedModel; convert it to .tflite first"};
  }
  auto file = MappedFile::open(path);
  if (!file) return file.error();
  return readTflite(*std::move(file));
}

}  // namespace mcuprof
