#include "analyzer/target/runtime_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "analyzer/target/facts.hpp"
#include "analyzer/target/kernel_shape.hpp"
#include "analyzer/target/toml_reader.hpp"

namespace mcuprof {
namespace {

constexpr std::int64_t kLargestStruct = 1 << 20;
constexpr Bytes kLargestMemory = Bytes(std::int64_t{1} << 40);
constexpr int kMostExtensions = 4;

std::optional<OpKind> kindNamed(std::string_view name) {
  struct Entry {
    std::string_view name;
    OpKind kind;
  };
  static constexpr Entry kAll[] = {
#define MCUPROF_OP(enumerator, schemaName, code) {#schemaName, OpKind::enumerator},
#include "analyzer/model/op_kinds.def"
#undef MCUPROF_OP
  };
  for (const Entry& entry : kAll) {
    if (entry.name == name) return entry.kind;
  }
  return std::nullopt;
}

/// Reads one runtime file on top of what it extends.
class RuntimeReader {
 public:
  RuntimeReader(TomlDocument& document, Runtime base, bool extends)
      : m_document(document),
        m_root(document.root()),
        m_facts(m_root),
        m_runtime(std::move(base)),
        m_extends(extends) {}

  Result<Runtime> read() {
    m_runtime.name = m_root.requireString("name");
    m_runtime.title = m_root.requireString("title");
    m_runtime.version = m_root.requireString("version");
    m_runtime.library = m_root.requireString("library");
    m_runtime.libraryVersion = m_root.string("library_version").value_or("");
    readOtherLibrary();
    m_runtime.source = m_root.requireString("source");
    if (const auto level = m_root.word("opt", kOptLevelNames))
      m_runtime.opt = static_cast<OptLevel>(*level);
    static_cast<void>(m_root.string("extends"));  // was followed before
    if (!m_extends || m_root.has("arena")) readArena();
    if (!m_extends || m_root.has("memory")) readMemoryAndFee();
    if (const auto operators = m_root.requireTable("operators")) readOperators(*operators);
    if (const auto custom = m_root.table("custom")) readCustom(*custom);
    m_facts.noteUnusedSources();
    if (const auto checked = m_document.check(); !checked) return checked.error();
    return std::move(m_runtime);
  }

 private:
  void readOtherLibrary() {
    m_runtime.otherLibrary = m_root.string("other_library").value_or("");
    m_runtime.libraryOperators.clear();
    for (const TomlValue& value : m_root.array("library_operators")) {
      const auto name = value.string();
      if (!name) continue;
      if (const auto kind = kindOf(value, *name)) m_runtime.libraryOperators.push_back(*kind);
    }
    if (m_root.has("other_library") != m_root.has("library_operators")) {
      const bool other = m_root.has("other_library");
      m_root.problemAt(
          other ? "other_library" : "library_operators",
          fmt::format("wants \"{}\" beside it", other ? "library_operators" : "other_library"));
    }
  }

  static std::optional<OpKind> kindOf(const TomlValue& value, std::string_view name) {
    const auto kind = kindNamed(name);
    if (!kind) value.problem(fmt::format("no builtin operator is called \"{}\"", name));
    return kind;
  }

  void readArena() {
    const auto arena = m_root.requireTable("arena");
    if (!arena) return;
    m_runtime.bufferAlignment = readAlignment(*arena, "buffer_alignment");
    m_runtime.persistentAlignment = readAlignment(*arena, "persistent_alignment");
    m_runtime.create = readLayouts(*arena, "create");
    m_runtime.start = readLayouts(*arena, "start");
    m_runtime.subgraphAllocations = readLayout(*arena, "subgraph");
    m_runtime.evalTensor = readLayout(*arena, "eval_tensor");
    m_runtime.node = readLayout(*arena, "node");
    m_runtime.tensor = readLayout(*arena, "tensor");
    m_runtime.affineQuantization = readLayout(*arena, "affine_quantization");
    m_runtime.scratchHandle = readLayout(*arena, "scratch_handle");
    m_runtime.resourceVariables = readLayout(*arena, "resource_variables");
    m_runtime.resourceVariable = readLayout(*arena, "resource_variable");
    m_runtime.pointer = Bytes(arena->requireInteger("pointer", 1, 16));
    m_runtime.scratchRequest = Bytes(arena->requireInteger("scratch_request", 0, kLargestStruct));
    m_runtime.scratchRequestsPerOp = arena->requireInteger("scratch_requests_per_op", 0, 4096);
    m_runtime.subgraphOffset = Bytes(arena->requireInteger("subgraph_offset", 0, kLargestStruct));
    m_runtime.allocationInfo = Bytes(arena->requireInteger("allocation_info", 0, kLargestStruct));
    m_runtime.plannerPerBuffer =
        Bytes(arena->requireInteger("planner_per_buffer", 0, kLargestStruct));
  }

  void readMemoryAndFee() {
    const auto memory = m_root.requireTable("memory");
    if (!memory) return;
    const auto required = [&](std::string_view key) {
      const auto fact = m_facts.bytes(*memory, key, kLargestMemory);
      if (!fact && !memory->has(key)) memory->problem(fmt::format("\"{}\" is missing", key));
      return fact.value_or(Sourced<std::int64_t>{});
    };
    m_runtime.staticBytes = required("static");
    m_runtime.stackBytes = required("stack");
    m_runtime.codeBytes = m_facts.bytes(*memory, "code", kLargestMemory);
    m_runtime.operatorFeeCycles = m_facts.integer(m_root, "operator_fee_cycles", 0, 1'000'000);
  }

  void readOperators(const TomlTable& operators) {
    m_structures = m_facts.citation(operators, "source");
    for (const std::string& name : operators.keys()) {
      if (name == "source") continue;
      const auto value = operators.value(name);
      const auto kind = value ? kindOf(*value, name) : std::nullopt;
      if (!kind) continue;
      if (const auto table = operators.table(name)) add(readOperator(*table, *kind, {}));
    }
  }

  void readCustom(const TomlTable& custom) {
    for (const std::string& name : custom.keys()) {
      if (const auto table = custom.table(name)) add(readOperator(*table, OpKind::Custom, name));
    }
  }

  OperatorRules readOperator(const TomlTable& table, OpKind kind, std::string customName) {
    OperatorRules rules;
    rules.kind = kind;
    rules.customName = std::move(customName);
    if (table.has("parse")) rules.parse = readLayout(table, "parse");
    if (const auto init = table.integer("init", 1, kLargestStruct)) rules.init = Bytes(*init);
    if (const auto value = table.value("borrowed")) rules.borrowed = readExpression(*value);
    const auto cited = table.has("source") ? m_facts.citation(table, "source") : m_structures;
    rules.basis = cited.basis;
    rules.source = cited.text;
    for (const TomlTable& kernel : table.tables("kernels")) {
      KernelRule rule = readKernel(kernel);
      const bool repeated = std::ranges::find(rules.kernels, rule.variant, &KernelRule::variant) !=
                            rules.kernels.end();
      if (repeated) {
        kernel.problemAt("variant", fmt::format("\"{}\" is there twice", rule.variant));
      }
      rules.kernels.push_back(std::move(rule));
    }
    return rules;
  }

  KernelRule readKernel(const TomlTable& table) {
    KernelRule rule;
    rule.variant = table.requireString("variant");
    if (const auto when = table.value("when")) rule.when = readExpression(*when);
    rule.init = readExpressions(table, "init");
    rule.scratch = readExpressions(table, "scratch");
    rule.persistent = readExpressions(table, "persistent");
    rule.refused = table.string("refused").value_or("");
    rule.unknown = table.string("unknown").value_or("");
    const auto cited = m_facts.citation(table, "source");
    rule.basis = cited.basis;
    rule.source = cited.text;
    return rule;
  }

  std::vector<Expression> readExpressions(const TomlTable& table, std::string_view key) {
    std::vector<Expression> expressions;
    for (const TomlValue& value : table.array(key)) {
      if (auto expression = readExpression(value)) expressions.push_back(std::move(*expression));
    }
    return expressions;
  }

  std::optional<Expression> readExpression(const TomlValue& value) {
    const auto text = value.string();
    if (!text) return std::nullopt;
    auto expression = Expression::parse(*text, kernelVariables());
    if (!expression) {
      value.problem(fmt::format("column {} of the formula: {}", expression.error().where,
                                expression.error().what));
      return std::nullopt;
    }
    return std::move(*expression);
  }

  Bytes readAlignment(const TomlTable& table, std::string_view key) {
    return asAlignment(table, key, table.requireInteger(key, 1, 4096));
  }

  Bytes asAlignment(const TomlTable& table, std::string_view key, std::int64_t alignment) {
    if (alignment > 0 && (alignment & (alignment - 1)) == 0) return Bytes(alignment);
    table.problemAt(key, fmt::format("the alignment {} is no power of two", alignment));
    return Bytes(1);
  }

  StructLayout readLayout(const TomlTable& table, std::string_view key) {
    const auto value = table.requireValue(key);
    return value ? layoutOf(table, key, *value) : StructLayout{};
  }

  std::vector<StructLayout> readLayouts(const TomlTable& table, std::string_view key) {
    std::vector<StructLayout> layouts;
    for (const TomlValue& value : table.array(key)) layouts.push_back(layoutOf(table, key, value));
    return layouts;
  }

  StructLayout layoutOf(const TomlTable& table, std::string_view key, const TomlValue& value) {
    const auto pair = value.elements();
    if (pair.size() != 2) {
      value.problem(fmt::format("\"{}\" wants [size, alignment]", key));
      return {};
    }
    const auto size = pair[0].integer(0, kLargestStruct);
    const auto alignment = pair[1].integer(1, 4096);
    return {Bytes(size.value_or(0)), asAlignment(table, key, alignment.value_or(1))};
  }

  void add(OperatorRules rules) {
    auto& all = m_runtime.operators;
    const auto key = [](const OperatorRules& r) { return std::tie(r.kind, r.customName); };
    const auto at = std::ranges::lower_bound(all, key(rules), {}, key);
    if (at != all.end() && key(*at) == key(rules)) {
      *at = std::move(rules);
    } else {
      all.insert(at, std::move(rules));
    }
  }

  TomlDocument& m_document;
  TomlTable m_root;
  FactReader m_facts;
  Runtime m_runtime;
  bool m_extends;
  FactReader::Citation m_structures;
};

std::string folderOf(const std::string& path) {
  const auto slash = path.rfind('/');
  return slash == std::string::npos ? std::string(".") : path.substr(0, slash);
}

Result<Runtime> loadFrom(const std::string& path, int extensions);

Result<Runtime> readDocument(TomlDocument document, const std::string& folder, int extensions) {
  const TomlTable root = document.root();
  Runtime base;
  const auto parent = root.string("extends");
  if (parent) {
    const bool isName = !parent->empty() && std::ranges::all_of(*parent, [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    });
    const std::string where = root.value("extends")->where();
    if (!isName) return Error{where, fmt::format("\"{}\" is no name of a runtime", *parent)};
    if (extensions >= kMostExtensions) {
      return Error{where, "runtimes extend each other in a circle, or more than four deep"};
    }
    auto loaded = loadFrom(fmt::format("{}/{}.toml", folder, *parent), extensions + 1);
    if (!loaded) return loaded.error();
    base = std::move(*loaded);
  }
  return RuntimeReader(document, std::move(base), parent.has_value()).read();
}

Result<Runtime> loadFrom(const std::string& path, int extensions) {
  auto document = TomlDocument::load(path);
  if (!document) return document.error();
  auto runtime = readDocument(std::move(*document), folderOf(path), extensions);
  if (runtime) runtime->files.insert(runtime->files.begin(), path);
  return runtime;
}

}  // namespace

Result<Runtime> loadRuntime(const std::string& path) {
  return loadFrom(path, 0);
}

Result<Runtime> readRuntime(std::string_view text, const std::string& name,
                            const std::string& folder) {
  auto document = TomlDocument::parse(text, name);
  if (!document) return document.error();
  return readDocument(std::move(*document), folder, 0);
}

}  // namespace mcuprof
