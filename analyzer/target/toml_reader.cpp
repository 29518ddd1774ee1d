#include "analyzer/target/toml_reader.hpp"

#include <fmt/core.h>
#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <tuple>
#include <unordered_map>
#include <unordered_set>

#include "analyzer/base/checked_math.hpp"
#include "analyzer/base/near_miss.hpp"

// toml++ is compiled into this file alone, without exceptions (see CMakeLists.txt): parsing gives a
// result that is either a table or an error.
static_assert(!TOML_EXCEPTIONS && TOML_HEADER_ONLY);

namespace mcuprof {
namespace {

constexpr std::size_t kLongestText = 4U << 20;
constexpr std::size_t kLongestString = 1000;
constexpr std::size_t kMostProblems = 1000;

struct Position {
  std::uint32_t line = 1;
  std::uint32_t column = 1;
  friend auto operator<=>(const Position&, const Position&) = default;
};

Position positionOf(const toml::source_region& source) {
  return {std::max(1U, source.begin.line), std::max(1U, source.begin.column)};
}

const toml::node& nodeOf(const void* node) {
  return *static_cast<const toml::node*>(node);
}
const toml::table& tableOf(const void* node) {
  return *nodeOf(node).as_table();
}

std::string_view typeName(const toml::node& node) {
  switch (node.type()) {
    case toml::node_type::none:
      return "nothing";
    case toml::node_type::table:
      return "a table";
    case toml::node_type::array:
      return "an array";
    case toml::node_type::string:
      return "a string";
    case toml::node_type::integer:
      return "a whole number";
    case toml::node_type::floating_point:
      return "a fractional number";
    case toml::node_type::boolean:
      return "a boolean";
    case toml::node_type::date:
      return "a date";
    case toml::node_type::time:
      return "a time";
    case toml::node_type::date_time:
      return "a date and time";
  }
  return "";
}

// What came from the file is shown in errors: short, and in one line.
std::string quoted(std::string_view text) {
  constexpr std::size_t kShown = 60;
  std::string shown = "\"";
  for (const char c : text.substr(0, kShown))
    shown += static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? '?' : c;
  return shown + (text.size() > kShown ? "...\"" : "\"");
}

struct Unit {
  std::string_view name;
  std::int64_t bytes;
};
constexpr Unit kUnits[] = {{"B", 1}, {"KiB", 1 << 10}, {"MiB", 1 << 20}, {"GiB", 1 << 30}};

std::optional<Bytes> parseSize(std::string_view text) {
  std::int64_t count = 0;
  std::size_t at = 0;
  for (; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at) {
    const auto tens = checkedMultiply(count, 10);
    const auto next = tens ? checkedAdd(*tens, text[at] - '0') : std::nullopt;
    if (!next) return std::nullopt;
    count = *next;
  }
  if (at == 0) return std::nullopt;
  if (at < text.size() && text[at] == ' ') ++at;
  for (const Unit& unit : kUnits) {
    if (text.substr(at) != unit.name) continue;
    const auto bytes = checkedMultiply(count, unit.bytes);
    return bytes ? std::optional(Bytes(*bytes)) : std::nullopt;
  }
  return std::nullopt;
}

}  // namespace

struct TomlDocument::State {
  std::string name;
  toml::table root;

  struct Problem {
    Position at;
    std::string what;
  };
  std::vector<Problem> problems;
  /// Tables that were handed out, with the keys that were asked for in vain.
  std::unordered_map<const void*, std::vector<std::string>> missed;
  /// Values that were asked for.
  std::unordered_set<const void*> read;

  void note(Position at, std::string what) {
    if (problems.size() < kMostProblems) problems.push_back({at, std::move(what)});
  }
  void note(const toml::node& node, std::string what) {
    note(positionOf(node.source()), std::move(what));
  }
  std::string where(Position at) const { return fmt::format("{}:{}:{}", name, at.line, at.column); }

  void findUnknownKeys(const toml::node& node, std::vector<Problem>& found) const {
    if (const toml::array* array = node.as_array()) {
      for (const toml::node& element : *array) findUnknownKeys(element, found);
      return;
    }
    const toml::table* table = node.as_table();
    if (table == nullptr) return;
    // A table that was never handed out is an error of its own: its key is unknown, or its type was
    // wrong.
    const auto known = missed.find(table);
    if (known == missed.end()) return;
    for (const auto& [key, value] : *table) {
      if (read.contains(&value)) {
        findUnknownKeys(value, found);
        continue;
      }
      if (found.size() >= kMostProblems) return;
      std::string what = "unknown key " + quoted(key.str());
      if (const auto near = nearMiss(key.str(), known->second))
        what += fmt::format(" (did you mean \"{}\"?)", *near);
      found.push_back({positionOf(key.source()), std::move(what)});
    }
  }
};

TomlDocument::TomlDocument(std::unique_ptr<State> state) : m_state(std::move(state)) {}
TomlDocument::TomlDocument(TomlDocument&&) noexcept = default;
TomlDocument& TomlDocument::operator=(TomlDocument&&) noexcept = default;
TomlDocument::~TomlDocument() = default;

Result<TomlDocument> TomlDocument::parse(std::string_view text, std::string name) {
  if (text.size() > kLongestText)
    return Error{
        name, fmt::format("the file has {} bytes; at most {} are read", text.size(), kLongestText)};
  if (text.find('\0') != std::string_view::npos)
    return Error{name, "not a text file: it holds a 0 byte"};
  toml::parse_result parsed = toml::parse(text, std::string_view{});
  if (!parsed) {
    const Position at = positionOf(parsed.error().source());
    std::string what(parsed.error().description());
    for (char& c : what)
      if (static_cast<unsigned char>(c) < 0x20) c = '?';
    return Error{fmt::format("{}:{}:{}", name, at.line, at.column), std::move(what)};
  }
  auto state = std::make_unique<State>();
  state->name = std::move(name);
  state->root = std::move(parsed).table();
  return TomlDocument(std::move(state));
}

Result<TomlDocument> TomlDocument::load(const std::string& path) {
  const auto closeFile = [](std::FILE* file) { std::fclose(file); };
  const std::unique_ptr<std::FILE, decltype(closeFile)> file(std::fopen(path.c_str(), "rb"),
                                                             closeFile);
  if (!file) return Error{path, "cannot open the file"};
  std::string text;
  char buffer[16384];
  while (const std::size_t got = std::fread(buffer, 1, sizeof buffer, file.get())) {
    text.append(buffer, got);
    if (text.size() > kLongestText)
      return Error{path, fmt::format("the file has more than {} bytes", kLongestText)};
  }
  if (std::ferror(file.get()) != 0) return Error{path, "cannot read the file"};
  return parse(text, path);
}

TomlTable TomlDocument::root() {
  return TomlTable(m_state.get(), &m_state->root, {});
}

const std::string& TomlDocument::name() const {
  return m_state->name;
}

std::vector<Error> TomlDocument::problems() const {
  std::vector<State::Problem> all = m_state->problems;
  m_state->findUnknownKeys(m_state->root, all);
  std::stable_sort(all.begin(), all.end(),
                   [](const auto& a, const auto& b) { return a.at < b.at; });
  std::vector<Error> errors;
  errors.reserve(all.size());
  for (State::Problem& problem : all)
    errors.push_back({m_state->where(problem.at), std::move(problem.what)});
  return errors;
}

Result<void> TomlDocument::check() const {
  std::vector<Error> all = problems();
  if (all.empty()) return {};
  return std::move(all.front());
}

// --- TomlValue
// ---------------------------------------------------------------------------------------

TomlValue::TomlValue(TomlDocument::State* state, const void* node, std::string name)
    : m_state(state), m_node(node), m_name(std::move(name)) {}

bool TomlValue::isString() const {
  return nodeOf(m_node).is_string();
}
bool TomlValue::isInteger() const {
  return nodeOf(m_node).is_integer();
}
bool TomlValue::isBoolean() const {
  return nodeOf(m_node).is_boolean();
}
bool TomlValue::isNumber() const {
  return nodeOf(m_node).is_number();
}
bool TomlValue::isArray() const {
  return nodeOf(m_node).is_array();
}
bool TomlValue::isTable() const {
  return nodeOf(m_node).is_table();
}

void TomlValue::problem(std::string what) const {
  m_state->note(nodeOf(m_node), std::move(what));
}

std::string TomlValue::where() const {
  return m_state->where(positionOf(nodeOf(m_node).source()));
}

void TomlValue::wrongType(std::string_view wanted) const {
  problem(fmt::format("{} is {}; wanted {}", quoted(m_name), typeName(nodeOf(m_node)), wanted));
}

std::optional<std::string> TomlValue::string() const {
  const auto* node = nodeOf(m_node).as_string();
  if (node == nullptr) {
    wrongType("a string");
    return std::nullopt;
  }
  if (node->get().size() > kLongestString) {
    problem(fmt::format("{} has {} characters; wanted at most {}", quoted(m_name),
                        node->get().size(), kLongestString));
    return std::nullopt;
  }
  return node->get();
}

std::optional<std::int64_t> TomlValue::integer(std::int64_t least, std::int64_t most) const {
  const auto* node = nodeOf(m_node).as_integer();
  if (node == nullptr) {
    wrongType("a whole number");
    return std::nullopt;
  }
  if (node->get() < least || node->get() > most) {
    problem(fmt::format("{} is {}; wanted {} to {}", quoted(m_name), node->get(), least, most));
    return std::nullopt;
  }
  return node->get();
}

std::optional<bool> TomlValue::boolean() const {
  const auto* node = nodeOf(m_node).as_boolean();
  if (node != nullptr) return node->get();
  wrongType("true or false");
  return std::nullopt;
}

std::optional<double> TomlValue::number(double least, double most) const {
  const toml::node& node = nodeOf(m_node);
  if (!node.is_number()) {
    wrongType("a number");
    return std::nullopt;
  }
  const double value = node.is_integer() ? static_cast<double>(node.as_integer()->get())
                                         : node.as_floating_point()->get();
  if (!(value >= least && value <= most)) {  // NaN too
    problem(fmt::format("{} is {}; wanted {} to {}", quoted(m_name), value, least, most));
    return std::nullopt;
  }
  return value;
}

std::optional<Bytes> TomlValue::size(Bytes most) const {
  const toml::node& node = nodeOf(m_node);
  std::optional<Bytes> size;
  std::string shown;
  if (const auto* count = node.as_integer()) {
    shown = fmt::format("{}", count->get());
    if (count->get() >= 0) size = Bytes(count->get());
  } else if (const auto* text = node.as_string()) {
    shown = quoted(text->get());
    size = parseSize(text->get());
  } else {
    wrongType("a size such as \"128 KiB\"");
    return std::nullopt;
  }
  if (!size) {
    problem(fmt::format(
        "{} is {}; wanted a size such as \"128 KiB\" (B, KiB, MiB, GiB) or a number of bytes",
        quoted(m_name), shown));
    return std::nullopt;
  }
  if (*size > most) {
    problem(fmt::format("{} is {}; wanted at most {} bytes", quoted(m_name), shown, most.value));
    return std::nullopt;
  }
  return size;
}

std::optional<TomlTable> TomlValue::table() const {
  if (nodeOf(m_node).is_table()) return TomlTable(m_state, m_node, m_name);
  wrongType("a table");
  return std::nullopt;
}

std::vector<TomlValue> TomlValue::elements() const {
  std::vector<TomlValue> values;
  const toml::array* array = nodeOf(m_node).as_array();
  if (array == nullptr) {
    wrongType("an array");
    return values;
  }
  values.reserve(array->size());
  for (const toml::node& element : *array) values.push_back(TomlValue(m_state, &element, m_name));
  return values;
}

std::vector<std::string> TomlValue::strings() const {
  std::vector<std::string> texts;
  for (const TomlValue& element : elements())
    if (auto text = element.string()) texts.push_back(std::move(*text));
  return texts;
}

// --- TomlTable
// ---------------------------------------------------------------------------------------

TomlTable::TomlTable(TomlDocument::State* state, const void* node, std::string name)
    : m_state(state), m_node(&tableOf(node)), m_name(std::move(name)) {
  m_state->missed.try_emplace(m_node);
}

bool TomlTable::has(std::string_view key) const {
  return tableOf(m_node).contains(key);
}

std::vector<std::string> TomlTable::keys() const {
  std::vector<std::pair<Position, std::string>> found;
  for (const auto& [key, value] : tableOf(m_node))
    found.emplace_back(positionOf(key.source()), key.str());
  std::sort(found.begin(), found.end());
  std::vector<std::string> names;
  names.reserve(found.size());
  for (auto& [at, name] : found) names.push_back(std::move(name));
  return names;
}

std::optional<TomlValue> TomlTable::value(std::string_view key) const {
  const toml::node* node = tableOf(m_node).get(key);
  if (node == nullptr) {
    std::vector<std::string>& missed = m_state->missed[m_node];
    if (std::find(missed.begin(), missed.end(), key) == missed.end()) missed.emplace_back(key);
    return std::nullopt;
  }
  m_state->read.insert(node);
  return TomlValue(m_state, node, std::string(key));
}

std::optional<std::string> TomlTable::string(std::string_view key) const {
  const auto found = value(key);
  return found ? found->string() : std::nullopt;
}

std::optional<std::int64_t> TomlTable::integer(std::string_view key, std::int64_t least,
                                               std::int64_t most) const {
  const auto found = value(key);
  return found ? found->integer(least, most) : std::nullopt;
}

std::optional<bool> TomlTable::boolean(std::string_view key) const {
  const auto found = value(key);
  return found ? found->boolean() : std::nullopt;
}

std::optional<double> TomlTable::number(std::string_view key, double least, double most) const {
  const auto found = value(key);
  return found ? found->number(least, most) : std::nullopt;
}

std::optional<Bytes> TomlTable::size(std::string_view key, Bytes most) const {
  const auto found = value(key);
  return found ? found->size(most) : std::nullopt;
}

std::optional<TomlTable> TomlTable::table(std::string_view key) const {
  const auto found = value(key);
  return found ? found->table() : std::nullopt;
}

std::vector<TomlTable> TomlTable::tables(std::string_view key) const {
  std::vector<TomlTable> found;
  for (const TomlValue& element : array(key))
    if (auto table = element.table()) found.push_back(std::move(*table));
  return found;
}

std::vector<TomlValue> TomlTable::array(std::string_view key) const {
  const auto found = value(key);
  return found ? found->elements() : std::vector<TomlValue>();
}

std::vector<std::string> TomlTable::strings(std::string_view key) const {
  const auto found = value(key);
  return found ? found->strings() : std::vector<std::string>();
}

std::optional<TomlValue> TomlTable::requireValue(std::string_view key) const {
  auto found = value(key);
  if (!found) problem(fmt::format("key \"{}\" is missing", key));
  return found;
}

std::string TomlTable::requireString(std::string_view key) const {
  const auto found = requireValue(key);
  return found ? found->string().value_or("") : "";
}

std::int64_t TomlTable::requireInteger(std::string_view key, std::int64_t least,
                                       std::int64_t most) const {
  const auto found = requireValue(key);
  return (found ? found->integer(least, most) : std::nullopt).value_or(least);
}

bool TomlTable::requireBoolean(std::string_view key) const {
  const auto found = requireValue(key);
  return (found ? found->boolean() : std::nullopt).value_or(false);
}

double TomlTable::requireNumber(std::string_view key, double least, double most) const {
  const auto found = requireValue(key);
  return (found ? found->number(least, most) : std::nullopt).value_or(least);
}

Bytes TomlTable::requireSize(std::string_view key, Bytes most) const {
  const auto found = requireValue(key);
  return (found ? found->size(most) : std::nullopt).value_or(Bytes(0));
}

std::optional<TomlTable> TomlTable::requireTable(std::string_view key) const {
  const auto found = requireValue(key);
  return found ? found->table() : std::nullopt;
}

std::optional<std::size_t> TomlTable::word(std::string_view key,
                                           std::span<const std::string_view> words) const {
  const auto found = value(key);
  const auto text = found ? found->string() : std::nullopt;
  if (!text) return std::nullopt;
  const auto at = std::find(words.begin(), words.end(), *text);
  if (at != words.end()) return static_cast<std::size_t>(at - words.begin());
  found->problem(fmt::format("{} is {}; wanted one of {}", quoted(key), quoted(*text),
                             fmt::join(words, ", ")));
  return std::nullopt;
}

std::size_t TomlTable::requireWord(std::string_view key,
                                   std::span<const std::string_view> words) const {
  if (!requireValue(key)) return 0;
  return word(key, words).value_or(0);
}

void TomlTable::problem(std::string what) const {
  m_state->note(tableOf(m_node), std::move(what));
}

void TomlTable::problemAt(std::string_view key, std::string what) const {
  const toml::node* node = tableOf(m_node).get(key);
  m_state->note(node != nullptr ? *node : tableOf(m_node), std::move(what));
}

std::string TomlTable::where() const {
  return m_state->where(positionOf(tableOf(m_node).source()));
}

}  // namespace mcuprof
