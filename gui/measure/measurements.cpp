#include "gui/measure/measurements.hpp"

#include <utility>

namespace mcuprof::gui {

Measurements& Measurements::of(QObject& session) {
  if (auto* there = session.findChild<Measurements*>(QString(), Qt::FindDirectChildrenOnly))
    return *there;
  return *new Measurements(&session);
}

void Measurements::setRun(MeasurementPtr run) {
  m_run = std::move(run);
  Q_EMIT runChanged();
}

void Measurements::setDatabase(std::string path) {
  m_database = std::move(path);
  Q_EMIT runsChanged();
}

}  // namespace mcuprof::gui
