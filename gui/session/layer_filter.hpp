#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/base/result.hpp"
#include "analyzer/report/report.hpp"

namespace mcuprof::gui {

/// A condition on layers, as the filter box takes it: terms with spaces between, all of which must
/// hold; "-" before a term turns it round.
///
///     conv                 operator, name or kernel contains it
///     op:conv name:block1  one of them contains it; also kernel: type: shape:
///     ws>200K ms<=5        a number compares: # ws in out w live scratch macs read written
///                          moved spill cycles ms mj; sizes take K and M of 1024, others of 1000
///     is:over              activations exceed the RAM; is:streams, is:unknown, is:spilling
///
/// Upper and lower case do not count. A layer without the number (unknown cost) matches no
/// comparison.
class LayerFilter {
 public:
  struct Term {
    enum class Kind : std::uint8_t { Text, Compare, State } kind = Kind::Text;
    bool negated = false;
    std::string field;  ///< empty: any text
    std::string text;   ///< lower case
    enum class Order : std::uint8_t { Less, LessEqual, Greater, GreaterEqual, Equal } order{};
    double number = 0;
  };

  bool empty() const { return m_terms.empty(); }
  /// `cost` is the layer's row of Report::costs, nullptr where it never runs.
  bool matches(const LayerRow& layer, const CostRow* cost) const;

 private:
  friend Result<LayerFilter> parseLayerFilter(std::string_view text);
  std::vector<Term> m_terms;
};

/// Errors name the term and what was wanted.
Result<LayerFilter> parseLayerFilter(std::string_view text);

/// The rows of `report.costs` by position in report.layers; nullptr where a layer never runs.
std::vector<const CostRow*> costsByLayer(const Report& report);

}  // namespace mcuprof::gui
