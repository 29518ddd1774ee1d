#pragma once

#include <cstdio>
#include <cstdlib>
#include <utility>

#include "analyzer/base/result.hpp"

namespace mcuprof::bench {

/// The value; ends the program with the error when there is none, since nothing can be measured
/// then.
template <typename T>
T expect(Result<T> result) {
  if (result) return *std::move(result);
  std::fprintf(stderr, "%s\n", result.error().text().c_str());
  std::exit(1);
}

}  // namespace mcuprof::bench
