#pragma once

#include <cstddef>
#include <span>
#include <utility>
#include <vector>

namespace mcuprof {

/// Lists of values, one behind the other in one piece of memory: for many short lists that are
/// filled in order and then only read.
template <typename T>
class Lists {
 public:
  Lists() = default;

  /// Sorts values into `count` lists. `forEach(visit)` must call visit(list, value) for each value
  /// and is called twice; values of one list keep their order.
  template <typename ForEach>
  static Lists grouped(std::size_t count, const ForEach& forEach) {
    Lists lists;
    std::vector<std::size_t> next(count + 1);
    forEach([&](std::size_t list, const T&) { ++next[list + 1]; });
    for (std::size_t i = 1; i <= count; ++i) next[i] += next[i - 1];
    lists.m_ends.assign(next.begin() + 1, next.end());
    lists.m_values.resize(next.back());
    forEach([&](std::size_t list, const T& value) { lists.m_values[next[list]++] = value; });
    return lists;
  }

  void reserve(std::size_t lists, std::size_t values) {
    m_ends.reserve(lists);
    m_values.reserve(values);
  }
  /// Begins the next list, which add() then fills.
  void open() { m_ends.push_back(m_values.size()); }
  void add(T value) {
    m_values.push_back(std::move(value));
    ++m_ends.back();
  }
  /// The value added last, which must belong to the list that was begun last.
  T& back() { return m_values.back(); }

  std::size_t size() const { return m_ends.size(); }
  bool empty() const { return m_ends.empty(); }
  std::span<const T> operator[](std::size_t list) const {
    const std::size_t start = list == 0 ? 0 : m_ends[list - 1];
    return std::span(m_values).subspan(start, m_ends[list] - start);
  }
  /// The values of all lists.
  std::span<const T> values() const { return m_values; }

 private:
  std::vector<std::size_t> m_ends;
  std::vector<T> m_values;
};

}  // namespace mcuprof
