#pragma once

#include <cassert>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace mcuprof {

/// A position in one kind of table. Ids of different kinds do not mix.
template <typename Tag>
struct Id {
  std::int32_t value = -1;

  constexpr Id() = default;
  constexpr explicit Id(std::int32_t index) : value(index) {}
  constexpr explicit Id(std::size_t index) : value(static_cast<std::int32_t>(index)) {}

  constexpr bool valid() const { return value >= 0; }
  constexpr std::size_t index() const {
    assert(valid());
    return static_cast<std::size_t>(value);
  }
  // clang-tidy 14 objects to the 0 that the compiler compares with.
  friend constexpr auto operator<=>(Id, Id) = default;  // NOLINT(modernize-use-nullptr)
};

using OpId = Id<struct OpTag>;
using TensorId = Id<struct TensorTag>;
using RegionId = Id<struct RegionTag>;
using SubgraphId = Id<struct SubgraphTag>;

/// A vector that is indexed by one kind of id only.
template <typename Key, typename Value>
class Table {
 public:
  Table() = default;
  explicit Table(std::size_t size, const Value& value = Value()) : m_rows(size, value) {}

  auto&& operator[](Key key) { return m_rows[key.index()]; }
  auto&& operator[](Key key) const { return m_rows[key.index()]; }

  Key add(Value value) {
    m_rows.push_back(std::move(value));
    return Key(m_rows.size() - 1);
  }
  void reserve(std::size_t size) { m_rows.reserve(size); }
  std::size_t size() const { return m_rows.size(); }
  bool empty() const { return m_rows.empty(); }
  bool contains(Key key) const { return key.valid() && key.index() < m_rows.size(); }

  auto begin() { return m_rows.begin(); }
  auto end() { return m_rows.end(); }
  auto begin() const { return m_rows.begin(); }
  auto end() const { return m_rows.end(); }
  const std::vector<Value>& rows() const { return m_rows; }

  /// The ids of all rows, in order: `for (OpId op : graph.ops.ids())`.
  class IdRange {
   public:
    explicit IdRange(std::size_t size) : m_size(size) {}
    struct Iterator {
      std::int32_t at;
      Key operator*() const { return Key(at); }
      Iterator& operator++() {
        ++at;
        return *this;
      }
      bool operator!=(const Iterator& other) const { return at != other.at; }
    };
    Iterator begin() const { return {0}; }
    Iterator end() const { return {static_cast<std::int32_t>(m_size)}; }

   private:
    std::size_t m_size;
  };
  IdRange ids() const { return IdRange(m_rows.size()); }

 private:
  std::vector<Value> m_rows;
};

}  // namespace mcuprof
