#include "analyzer/target/kernel_table_file.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <filesystem>

#include "analyzer/base/mapped_file.hpp"

namespace mcuprof {
namespace {

constexpr std::size_t kMaxText = std::size_t{4} << 20;
constexpr std::size_t kMaxTerms = 200;

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t' || text.back() == '\r')) {
    text.remove_suffix(1);
  }
  return text;
}

/// Reads a finite number at the start of a text and returns its length, or 0. Nearly all are short
/// whole numbers, which need none of from_chars' care.
std::size_t readNumber(std::string_view text, double& value) {
  std::size_t digits = 0;
  std::int64_t whole = 0;
  while (digits < text.size() && digits < 15 && text[digits] >= '0' && text[digits] <= '9') {
    whole = whole * 10 + (text[digits++] - '0');
  }
  const char next = digits < text.size() ? text[digits] : ',';
  if (digits > 0 && (next == ',' || next == ' ')) {
    value = static_cast<double>(whole);
    return digits;
  }
  const auto [at, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || !std::isfinite(value)) return 0;
  return static_cast<std::size_t>(at - text.data());
}

/// One `key = value` line.
struct Entry {
  std::string_view key;
  std::string_view value;
};

class Reader {
 public:
  Reader(std::string_view text, std::string_view name, std::span<const std::string_view> kernels)
      : m_text(text), m_name(name), m_kernels(kernels) {}

  Result<KernelTable> read() {
    if (m_text.size() > kMaxText) return Error{std::string(m_name), "larger than 4 MiB"};
    while (!m_error && nextLine()) {
      if (m_content.front() == '[') {
        header();
      } else if (!m_skipping) {
        entry();
      }
    }
    finishVariant();
    if (!m_error && m_table.core.empty()) refuse("found no \"core\"");
    if (m_error) return *m_error;
    return std::move(m_table);
  }

 private:
  enum class Section { Root, Scale, Variant, Define, Terms };

  bool nextLine() {
    while (m_at < m_text.size()) {
      const std::size_t end = std::min(m_text.find('\n', m_at), m_text.size());
      m_content = trimmed(m_text.substr(m_at, end - m_at));
      m_at = end + 1;
      ++m_line;
      if (!m_content.empty() && m_content.front() != '#') return true;
    }
    return false;
  }

  void header() {
    const std::string_view name = m_content;
    if (name == "[[variant]]") {
      finishVariant();
      m_section = Section::Variant;
      m_variantLine = m_line;
      m_open = true;
      m_skipping = false;
    } else if (name == "[[scale]]") {
      finishVariant();
      m_section = Section::Scale;
      m_table.scales.emplace_back();
      m_skipping = false;
    } else if (name == "[variant.define]" && m_open) {
      m_section = Section::Define;
    } else if (name == "[variant.terms]" && m_open) {
      m_section = Section::Terms;
    } else if (!m_skipping) {
      refuse("unknown table " + std::string(name.substr(0, 60)));
    }
  }

  void entry() {
    std::string_view rest = m_content;
    Entry entry;
    if (rest.front() == '"') {
      const std::size_t end = rest.find('"', 1);
      if (end == std::string_view::npos) return refuse("the key has no closing quote");
      entry.key = rest.substr(1, end - 1);
      rest = trimmed(rest.substr(end + 1));
    } else {
      const std::size_t end = std::min(rest.find_first_of(" \t="), rest.size());
      entry.key = rest.substr(0, end);
      rest = trimmed(rest.substr(end));
    }
    if (rest.empty() || rest.front() != '=') return refuse("found no \"=\" behind the key");
    entry.value = trimmed(rest.substr(1));
    switch (m_section) {
      case Section::Root:
        return root(entry);
      case Section::Scale:
        return scale(entry);
      case Section::Variant:
        return variant(entry);
      case Section::Define:
        return m_words.define.emplace_back(entry.key, string(entry)), void();
      case Section::Terms:
        return term(entry);
    }
  }

  void root(const Entry& entry) {
    const std::string_view key = entry.key;
    if (key == "library") return set(m_table.library, entry);
    if (key == "version") return set(m_table.version, entry);
    if (key == "same_as") return set(m_table.sameAs, entry);
    if (key == "core") return set(m_table.core, entry);
    if (key == "opt") return set(m_table.opt, entry);
    if (key == "compiler") return set(m_table.compiler, entry);
    if (key == "source") return set(m_table.source, entry);
    if (key == "cycles_source") return set(m_table.cyclesSource, entry);
    if (key == "counts_of") return set(m_table.countsOf, entry);
    if (key == "basis") return set(m_table.basis, entry);
    if (key == "cycles_basis") return set(m_table.cyclesBasis, entry);
    if (key == "metrics") return metrics(entry);
    unknown(entry);
  }

  void scale(const Entry& entry) {
    OptScale& scale = m_table.scales.back();
    if (entry.key == "kernel") return set(scale.kernel, entry);
    if (entry.key == "opt") return set(scale.opt, entry);
    if (entry.key != "factors") return unknown(entry);
    std::array<double, 3> factors{};
    numbers(entry, factors, 3);
    if (factors[0] <= 0 || factors[1] < factors[0] || factors[2] < factors[1]) {
      return refuse("\"factors\" must be positive and rise");
    }
    scale.low = factors[0];
    scale.middle = factors[1];
    scale.high = factors[2];
  }

  void variant(const Entry& entry) {
    const std::string_view key = entry.key;
    if (key == "kernel") {
      set(m_words.kernel, entry);
      // The rest of a variant nobody wants is passed over unread.
      m_skipping = !m_kernels.empty() &&
                   std::find(m_kernels.begin(), m_kernels.end(), m_words.kernel) == m_kernels.end();
      return;
    }
    if (key == "name") return set(m_words.name, entry);
    if (key == "when") return set(m_words.when, entry);
    if (key == "memory") return memory(entry);
    if (key == "shapes") return set(m_cost.shapes, entry);
    if (key == "exact") return set(m_cost.exact, entry);
    if (key == "instruction_spread") return set(m_cost.instructionSpread, entry);
    if (key == "instruction_error") return numbers(entry, m_cost.instructionError, 3);
    if (key == "cycle_spread") {
      m_cost.hasCycles = true;
      return set(m_cost.cycleSpread, entry);
    }
    if (key == "cycle_error") return numbers(entry, m_cost.cycleError, 3);
    if (key == "least") return limits(entry, true);
    if (key == "most") return limits(entry, false);
    unknown(entry);
  }

  void term(const Entry& entry) {
    if (m_words.terms.size() == kMaxTerms) {
      return refuse("a variant has more than " + std::to_string(kMaxTerms) + " terms");
    }
    m_words.terms.emplace_back(entry.key);
    CostValues row{};
    CostValues ordered{};
    numbers(entry, row, 0);
    for (std::size_t i = 0; i < m_metricCount; ++i) ordered[m_metrics[i]] = row[i];
    if (std::any_of(row.begin() + static_cast<std::ptrdiff_t>(m_metricCount), row.end(),
                    [](double value) { return value != 0; })) {
      return refuse("more coefficients than \"metrics\"");
    }
    m_cost.coefficients.push_back(ordered);
  }

  void finishVariant() {
    if (!m_open || m_error) return;
    m_open = false;
    VariantText words = std::move(m_words);
    Parts cost = std::move(m_cost);
    m_words = {};
    m_cost = {};
    if (m_skipping) return;
    m_line = m_variantLine;
    if (words.kernel.empty() || words.name.empty()) {
      return refuse("a variant wants a \"kernel\" and a \"name\"");
    }
    auto compiled = KernelVariant::compile(std::move(words));
    if (!compiled) return refuse(compiled.error().text());
    KernelVariant& variant = *compiled;
    variant.coefficients = std::move(cost.coefficients);
    variant.instructionSpread = cost.instructionSpread;
    variant.cycleSpread = cost.cycleSpread;
    variant.instructionError = cost.instructionError;
    variant.cycleError = cost.cycleError;
    variant.shapes = cost.shapes;
    variant.exact = cost.exact;
    variant.hasCycles = cost.hasCycles;
    variant.range = cost.range;
    m_table.variants.push_back(std::move(variant));
  }

  std::string string(const Entry& entry) {
    const std::string_view value = entry.value;
    if (value.size() < 2 || value.front() != '"' || value.back() != '"') {
      refuse("\"" + std::string(entry.key) + "\" must be a string");
      return {};
    }
    const std::string_view inner = value.substr(1, value.size() - 2);
    if (inner.find_first_of("\"\\") != std::string_view::npos) {
      refuse("\"" + std::string(entry.key) + "\" has a quote or backslash inside");
      return {};
    }
    return std::string(inner);
  }

  void set(std::string& target, const Entry& entry) { target = string(entry); }
  void set(int& target, const Entry& entry) {
    const auto end = entry.value.data() + entry.value.size();
    const auto [at, error] = std::from_chars(entry.value.data(), end, target);
    if (error != std::errc() || at != end || target < 0) {
      refuse("\"" + std::string(entry.key) + "\" must be a whole number, at least 0");
    }
  }
  void set(bool& target, const Entry& entry) {
    target = entry.value == "true";
    if (!target && entry.value != "false") {
      refuse("\"" + std::string(entry.key) + "\" must be true or false");
    }
  }
  void set(Basis& target, const Entry& entry) {
    const std::string word = string(entry);
    for (const Basis basis : {Basis::Counted, Basis::Measured, Basis::Datasheet, Basis::Fitted,
                              Basis::Assumed, Basis::Virtual}) {
      if (nameOf(basis) != word) continue;
      target = basis;
      return;
    }
    refuse("\"" + std::string(entry.key) + "\" is no basis: \"" + word + "\"");
  }
  void set(Spread& target, const Entry& entry) {
    std::array<double, 2> bounds{};
    numbers(entry, bounds, 2);
    if (bounds[0] < 0 || bounds[0] > 1 || bounds[1] < 1) {
      return refuse("\"" + std::string(entry.key) + "\" must be two numbers around 1");
    }
    target = {bounds[0], bounds[1]};
  }

  void memory(const Entry& entry) {
    const std::string word = string(entry);
    const auto at = std::find(kMemoryCallNames.begin(), kMemoryCallNames.end(), word);
    if (at == kMemoryCallNames.end()) return refuse("unknown \"memory\": \"" + word + "\"");
    m_words.memory = static_cast<MemoryCalls>(at - kMemoryCallNames.begin());
  }

  void limits(const Entry& entry, bool least) {
    std::array<double, kKernelColumns.size()> values{};
    numbers(entry, values, values.size());
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (std::abs(values[i]) > 1e15) return refuse("a limit is out of bounds");
      const auto limit = static_cast<std::int64_t>(values[i]);
      (least ? m_cost.range[i].first : m_cost.range[i].second) = limit;
    }
  }

  /// Fills `values` from an array of exactly `wanted` numbers, or of any number up to its size when
  /// that is 0; what is missing stays 0.
  template <std::size_t Size>
  void numbers(const Entry& entry, std::array<double, Size>& values, std::size_t wanted) {
    std::string_view rest = entry.value;
    const auto bad = [&](const std::string& what) {
      refuse("\"" + std::string(entry.key.substr(0, 80)) + "\" " + what);
    };
    if (rest.size() < 2 || rest.front() != '[' || rest.back() != ']')
      return bad("must be an array");
    rest = trimmed(rest.substr(1, rest.size() - 2));
    std::size_t count = 0;
    while (!rest.empty()) {
      if (count == Size) return bad("has more than " + std::to_string(Size) + " numbers");
      const std::size_t length = readNumber(rest, values[count]);
      if (length == 0) return bad("must hold numbers");
      ++count;
      rest = trimmed(rest.substr(length));
      if (rest.empty()) break;
      if (rest.front() != ',') return bad("wants a comma between numbers");
      rest = trimmed(rest.substr(1));
    }
    if (wanted != 0 && count != wanted) return bad("wants " + std::to_string(wanted) + " numbers");
  }

  void metrics(const Entry& entry) {
    std::string_view rest = entry.value;
    if (rest.size() < 2 || rest.front() != '[' || rest.back() != ']') {
      return refuse("\"metrics\" must be an array");
    }
    rest = trimmed(rest.substr(1, rest.size() - 2));
    m_metricCount = 0;
    while (!rest.empty()) {
      const std::size_t end = std::min(rest.find(','), rest.size());
      std::string_view word = trimmed(rest.substr(0, end));
      rest = trimmed(rest.substr(std::min(end + 1, rest.size())));
      if (word.size() >= 2 && word.front() == '"' && word.back() == '"') {
        word = word.substr(1, word.size() - 2);
      }
      const auto at = std::find(kCostMetricNames.begin(), kCostMetricNames.end(), word);
      if (at == kCostMetricNames.end()) {
        return refuse("unknown metric \"" + std::string(word.substr(0, 60)) + "\"");
      }
      if (m_metricCount == m_metrics.size()) return refuse("too many \"metrics\"");
      m_metrics[m_metricCount++] = static_cast<std::size_t>(at - kCostMetricNames.begin());
    }
  }

  void unknown(const Entry& entry) {
    refuse("unknown key \"" + std::string(entry.key.substr(0, 60)) + "\"");
  }

  /// Keeps the first problem.
  void refuse(std::string what) {
    if (m_error) return;
    m_error = Error{std::string(m_name) + ":" + std::to_string(m_line), std::move(what)};
  }

  /// What is read of a variant before its terms can be compiled.
  struct Parts {
    std::vector<CostValues> coefficients;
    Spread instructionSpread;
    Spread cycleSpread;
    std::array<double, 3> instructionError{};
    std::array<double, 3> cycleError{};
    int shapes = 0;
    bool exact = false;
    bool hasCycles = false;
    std::array<std::pair<std::int64_t, std::int64_t>, kKernelColumns.size()> range{};
  };

  std::string_view m_text;
  std::string_view m_name;
  std::span<const std::string_view> m_kernels;
  std::size_t m_at = 0;
  std::size_t m_line = 0;
  std::size_t m_variantLine = 0;
  std::string_view m_content;
  Section m_section = Section::Root;
  bool m_open = false;
  bool m_skipping = false;
  VariantText m_words;
  Parts m_cost;
  std::array<std::size_t, kCostMetricNames.size()> m_metrics{};
  std::size_t m_metricCount = 0;
  KernelTable m_table;
  std::optional<Error> m_error;
};

void appendNumber(std::string& out, double value) {
  std::array<char, 40> buffer;
  const auto [end, error] = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value);
  out.append(buffer.data(), error == std::errc() ? end : buffer.data());
}

template <typename Values>
void appendArray(std::string& out, std::string_view key, const Values& values, std::size_t count) {
  out += key;
  out += " = [";
  for (std::size_t i = 0; i < count; ++i) {
    if (i > 0) out += ", ";
    appendNumber(out, static_cast<double>(values[i]));
  }
  out += "]\n";
}

void appendString(std::string& out, std::string_view key, std::string_view value) {
  out.append(key).append(" = \"").append(value).append("\"\n");
}

void appendVariant(std::string& out, const KernelVariant& variant) {
  const VariantText& words = variant.text();
  out += "\n[[variant]]\n";
  appendString(out, "kernel", words.kernel);
  appendString(out, "name", words.name);
  if (!words.when.empty()) appendString(out, "when", words.when);
  if (words.memory != MemoryCalls::None) {
    appendString(out, "memory", kMemoryCallNames[static_cast<std::size_t>(words.memory)]);
  }
  out += "shapes = " + std::to_string(variant.shapes) + "\n";
  if (variant.exact) out += "exact = true\n";
  const std::array<double, 2> instructions = {variant.instructionSpread.low,
                                              variant.instructionSpread.high};
  appendArray(out, "instruction_spread", instructions, 2);
  appendArray(out, "instruction_error", variant.instructionError, 3);
  if (variant.hasCycles) {
    const std::array<double, 2> cycles = {variant.cycleSpread.low, variant.cycleSpread.high};
    appendArray(out, "cycle_spread", cycles, 2);
    appendArray(out, "cycle_error", variant.cycleError, 3);
  }
  std::array<std::int64_t, kKernelColumns.size()> least{};
  std::array<std::int64_t, kKernelColumns.size()> most{};
  for (std::size_t i = 0; i < least.size(); ++i) {
    least[i] = variant.range[i].first;
    most[i] = variant.range[i].second;
  }
  appendArray(out, "least", least, least.size());
  appendArray(out, "most", most, most.size());
  if (!words.define.empty()) out += "[variant.define]\n";
  for (const auto& [name, formula] : words.define) appendString(out, name, formula);
  out += "[variant.terms]\n";
  for (std::size_t i = 0; i < words.terms.size(); ++i) {
    const CostValues& row = variant.coefficients[i];
    std::size_t count = row.size();
    while (count > 1 && row[count - 1] == 0) --count;  // what is missing is 0
    appendArray(out, "\"" + words.terms[i] + "\"", row, count);
  }
}

}  // namespace

Result<KernelTable> readKernelTable(std::string_view text, std::string_view name,
                                    std::span<const std::string_view> kernels) {
  return Reader(text, name, kernels).read();
}

std::string kernelTableName(const std::string& folder, std::string_view core,
                            std::string_view opt) {
  if (opt.starts_with("-") && opt != "-O2") {
    std::string counted = std::string(core) + "." + std::string(opt.substr(1)) + ".toml";
    if (std::filesystem::exists(folder + "/" + counted)) return counted;
  }
  return std::string(core) + ".toml";
}

Result<KernelTable> loadKernelTable(const std::string& folder, std::string_view core,
                                    std::string_view opt,
                                    std::span<const std::string_view> kernels) {
  const std::string name = kernelTableName(folder, core, opt);
  const auto file = MappedFile::open(folder + "/" + name);
  if (!file) return file.error();
  const auto bytes = (*file)->bytes();
  return readKernelTable({reinterpret_cast<const char*>(bytes.data()), bytes.size()}, name,
                         kernels);
}

std::string writeKernelTable(const KernelTable& table) {
  std::string out =
      "# Kernel costs, see docs/kernel-tables.md. Made by mcuprof-fit; change features.toml "
      "instead.\n";
  appendString(out, "library", table.library);
  appendString(out, "version", table.version);
  if (!table.sameAs.empty()) appendString(out, "same_as", table.sameAs);
  appendString(out, "core", table.core);
  appendString(out, "opt", table.opt);
  appendString(out, "compiler", table.compiler);
  if (!table.countsOf.empty()) appendString(out, "counts_of", table.countsOf);
  appendString(out, "basis", nameOf(table.basis));
  appendString(out, "source", table.source);
  appendString(out, "cycles_basis", nameOf(table.cyclesBasis));
  appendString(out, "cycles_source", table.cyclesSource);
  out += "metrics = [";
  for (std::size_t i = 0; i < kCostMetricNames.size(); ++i) {
    out.append(i == 0 ? "\"" : ", \"").append(kCostMetricNames[i]).append("\"");
  }
  out += "]\n";
  for (const OptScale& scale : table.scales) {
    out += "\n[[scale]]\n";
    appendString(out, "kernel", scale.kernel);
    appendString(out, "opt", scale.opt);
    const std::array<double, 3> factors = {scale.low, scale.middle, scale.high};
    appendArray(out, "factors", factors, 3);
  }
  for (const KernelVariant& variant : table.variants) appendVariant(out, variant);
  return out;
}

}  // namespace mcuprof
