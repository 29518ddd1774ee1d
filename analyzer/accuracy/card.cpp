#include "analyzer/accuracy/card.hpp"

#include <set>
#include <utility>

namespace mcuprof {

AccuracyCard makeCard(const std::vector<CardRow>& rows, std::map<std::string, std::size_t> left) {
  struct Group {
    std::set<std::string> models;
    std::vector<ComparedTime> times;
  };
  std::map<CardKey, Group> groups;
  for (const CardRow& row : rows) {
    Group& group = groups[row.key];
    group.models.insert(row.model);
    group.times.push_back(row.time);
  }
  AccuracyCard card;
  card.left = std::move(left);
  for (const auto& [key, group] : groups)
    card.lines.push_back({key, group.models.size(), summarise(group.times)});
  return card;
}

}  // namespace mcuprof
