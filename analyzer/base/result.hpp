#pragma once

#include <cassert>
#include <string>
#include <utility>
#include <variant>

namespace mcuprof {

/// Why something from outside could not be used, in one line: where it was found, what was found
/// and what was wanted.
struct Error {
  std::string where;  ///< "model.tflite:0x1c", "f746.toml:31:9"; may be empty.
  std::string what;

  std::string text() const { return where.empty() ? what : where + ": " + what; }
};

/// A value, or the reason why there is none.
template <typename T>
class [[nodiscard]] Result {
 public:
  Result(T value) : m_state(std::in_place_index<0>, std::move(value)) {}
  Result(Error error) : m_state(std::in_place_index<1>, std::move(error)) {}

  explicit operator bool() const { return m_state.index() == 0; }

  T& operator*() & { return std::get<0>(checked()); }
  const T& operator*() const& { return std::get<0>(checked()); }
  T&& operator*() && { return std::get<0>(std::move(checked())); }
  T* operator->() { return &**this; }
  const T* operator->() const { return &**this; }

  const Error& error() const {
    assert(!*this);
    return std::get<1>(m_state);
  }

 private:
  auto& checked() {
    assert(*this);
    return m_state;
  }
  auto& checked() const {
    assert(*this);
    return m_state;
  }

  std::variant<T, Error> m_state;
};

/// Success, or the reason why not.
template <>
class [[nodiscard]] Result<void> {
 public:
  Result() = default;
  Result(Error error) : m_error(std::move(error)), m_ok(false) {}

  explicit operator bool() const { return m_ok; }
  const Error& error() const {
    assert(!m_ok);
    return m_error;
  }

 private:
  Error m_error;
  bool m_ok = true;
};

}  // namespace mcuprof
