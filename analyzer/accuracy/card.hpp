#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "analyzer/accuracy/comparison.hpp"

namespace mcuprof {

/// What an accuracy is of. Times of different kinds are never averaged.
struct CardKey {
  std::string provenance;  ///< "measured", "imported", "virtual"
  std::string board;
  std::string runtime;
  std::string kernels;   ///< library and, of our own, the version of the agent
  std::string compiler;  ///< empty: nobody says
  bool layers = false;   ///< of layers, not of whole models

  friend auto operator<=>(const CardKey&, const CardKey&) = default;
};

struct CardRow {
  CardKey key;
  std::string model;
  ComparedTime time;
};

/// One line of the accuracy card.
struct CardLine {
  CardKey key;
  std::size_t models = 0;
  ErrorSummary errors;
};

struct AccuracyCard {
  std::vector<CardLine> lines;              ///< by key
  std::map<std::string, std::size_t> left;  ///< runs that were not predicted, by reason
};

AccuracyCard makeCard(const std::vector<CardRow>& rows, std::map<std::string, std::size_t> left);

}  // namespace mcuprof
