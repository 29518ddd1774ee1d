#include "analyzer/fitting/features_file.hpp"

#include <algorithm>
#include <cctype>
#include <map>
#include <optional>
#include <set>

#include "analyzer/target/toml_reader.hpp"

namespace mcuprof {
namespace {

using Definitions = std::vector<std::pair<std::string, std::string>>;

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(separator), text.size());
    if (end > 0) parts.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return parts;
}

std::string trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '*')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '*')) text.remove_suffix(1);
  return std::string(text);
}

/// Multiplies out one `{group}` after the other: "P2*{k}" with k = "1 K" is P2 and P2*K.
void expand(const std::string& term, const std::map<std::string, std::vector<std::string>>& groups,
            std::vector<std::string>& terms, std::string& unknown) {
  const std::size_t open = term.find('{');
  const std::size_t close = term.find('}', open == std::string::npos ? 0 : open);
  if (open == std::string::npos || close == std::string::npos) {
    if (std::find(terms.begin(), terms.end(), term) == terms.end()) terms.push_back(term);
    return;
  }
  const auto group = groups.find(term.substr(open + 1, close - open - 1));
  if (group == groups.end()) {
    unknown = term.substr(open + 1, close - open - 1);
    return;
  }
  const std::string before = trimmed(term.substr(0, open));
  const std::string behind = trimmed(term.substr(close + 1));
  for (const std::string& member : group->second) {
    std::string product;
    for (const std::string& factor : {before, member == "1" ? std::string() : member, behind}) {
      if (factor.empty()) continue;
      if (!product.empty()) product += '*';
      product += factor;
    }
    expand(product.empty() ? "1" : product, groups, terms, unknown);
  }
}

Definitions readDefinitions(const TomlTable& table) {
  Definitions definitions;
  for (const std::string& name : table.keys()) {
    definitions.emplace_back(name, table.requireString(name));
  }
  return definitions;
}

/// Common definitions with a variant's own: one of the same name replaces it where it stands, so
/// that what is built on it follows.
Definitions merge(Definitions common, const Definitions& own) {
  for (const auto& definition : own) {
    const auto at = std::find_if(common.begin(), common.end(), [&](const auto& known) {
      return known.first == definition.first;
    });
    if (at == common.end()) {
      common.push_back(definition);
    } else {
      at->second = definition.second;
    }
  }
  return common;
}

FeatureCore readCore(const TomlTable& table) {
  static constexpr std::string_view kCycles[] = {"table", "mca"};
  static constexpr std::string_view kBases[] = {"counted", "measured", "datasheet", "fitted",
                                                "assumed"};
  FeatureCore core;
  core.name = table.requireString("name");
  core.isa = table.requireString("isa");
  core.countsOf = table.string("counts_of").value_or("");
  core.cyclesFromMca = table.requireWord("cycles", kCycles) == 1;
  core.cyclesBasis = static_cast<Basis>(table.requireWord("cycles_basis", kBases));
  core.cyclesSource = table.requireString("cycles_source");
  return core;
}

}  // namespace

bool FeatureVariant::isFor(std::string_view coreIsa) const {
  return isa.empty() || std::find(isa.begin(), isa.end(), coreIsa) != isa.end();
}

Result<FeaturesFile> readFeatures(std::string_view text, const std::string& name) {
  auto document = TomlDocument::parse(text, name);
  if (!document) return document.error();
  const TomlTable root = document->root();
  FeaturesFile features;
  features.library = root.requireString("library");
  features.version = root.requireString("version");
  features.sameAs = root.string("same_as").value_or("");
  features.compiler = root.requireString("compiler");
  features.source = root.requireString("source");
  for (const TomlTable& core : root.tables("core")) features.cores.push_back(readCore(core));

  Definitions common;
  if (const auto table = root.table("define")) common = readDefinitions(*table);
  std::map<std::string, std::vector<std::string>> groups;
  if (const auto table = root.table("group")) {
    for (const std::string& key : table->keys()) {
      groups[key] = split(table->requireString(key), ' ');
    }
  }
  for (const TomlTable& kernel : root.tables("kernel")) {
    const std::string kernelName = kernel.requireString("name");
    for (const TomlTable& table : kernel.tables("variant")) {
      FeatureVariant variant;
      variant.text.kernel = kernelName;
      variant.text.name = table.requireString("name");
      variant.text.when = table.string("when").value_or("");
      if (const auto memory = table.word("memory", kMemoryCallNames)) {
        variant.text.memory = static_cast<MemoryCalls>(*memory);
      }
      variant.isa = table.strings("isa");
      variant.pool = table.string("pool").value_or("");
      Definitions own;
      if (const auto define = table.table("define")) own = readDefinitions(*define);
      variant.text.define = merge(common, own);
      const auto addTerms = [&](std::string_view key) {
        for (const std::string& term : table.strings(key)) {
          std::string unknown;
          expand(term, groups, variant.text.terms, unknown);
          if (!unknown.empty()) table.problemAt(key, "unknown group \"" + unknown + "\"");
        }
      };
      addTerms("terms");
      variant.firstByteTerm = variant.text.terms.size();
      addTerms("bytes");
      const auto compiled = KernelVariant::compile(variant.text);
      if (!compiled) table.problem(compiled.error().text());
      features.variants.push_back(std::move(variant));
    }
  }
  if (const auto ok = document->check(); !ok) return ok.error();
  return features;
}

VariantText onlyNeeded(const VariantText& text, std::vector<std::string> terms) {
  std::set<std::string, std::less<>> needed;
  const auto need = [&](const std::string& formula) {
    for (std::size_t at = 0; at < formula.size();) {
      const std::size_t start = at;
      while (at < formula.size() &&
             (std::isalnum(static_cast<unsigned char>(formula[at])) || formula[at] == '_')) {
        ++at;
      }
      if (at == start) {
        ++at;
      } else {
        needed.insert(formula.substr(start, at - start));
      }
    }
  };
  need(text.when);
  for (const std::string& term : terms) need(term);
  VariantText result = text;
  result.terms = std::move(terms);
  result.define.clear();
  // A definition uses only those before it: backwards, one pass finds all.
  for (std::size_t i = text.define.size(); i-- > 0;) {
    if (!needed.contains(text.define[i].first)) continue;
    need(text.define[i].second);
    result.define.push_back(text.define[i]);
  }
  std::reverse(result.define.begin(), result.define.end());
  return result;
}

}  // namespace mcuprof
