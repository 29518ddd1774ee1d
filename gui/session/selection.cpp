#include "gui/session/selection.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace mcuprof::gui {
namespace {

constexpr std::size_t kMostSteps = 200;

}  // namespace

void Selection::setReport(std::shared_ptr<const Report> report) {
  m_report = std::move(report);
  const int layers = m_report ? static_cast<int>(m_report->layers.size()) : 0;
  match();
  if (layers == m_count) return;
  m_count = layers;
  m_past.clear();
  m_future.clear();
  m_view.range = {0, double(layers)};
  hover(-1);
  if (m_layer >= layers) select(layers - 1);
  Q_EMIT rangeChanged();
}

void Selection::select(int layer) {
  layer = m_count == 0 ? -1 : std::clamp(layer, -1, m_count - 1);
  if (layer == m_layer) return;
  m_layer = layer;
  Q_EMIT layerChanged(layer);
}

bool Selection::isViolation(const LayerRow& layer) {
  return !layer.fit.activationsFit || !layer.fit.workingSetFits;
}

bool Selection::selectViolation(int direction) {
  for (int i = 1; i <= m_count; ++i) {
    const int start = m_layer < 0 && direction < 0 ? 0 : m_layer;
    const int layer = ((start + direction * i) % m_count + m_count) % m_count;
    if (!isViolation(m_report->layers[static_cast<std::size_t>(layer)])) continue;
    select(layer);
    reveal(layer);
    return true;
  }
  return false;
}

bool Selection::matches(int layer) const {
  return m_matches.empty() || m_matches[static_cast<std::size_t>(layer)];
}

int Selection::matchCount() const {
  if (m_matches.empty()) return m_count;
  return static_cast<int>(std::ranges::count(m_matches, true));
}

void Selection::match() {
  m_matches.clear();
  if (!m_report || m_filter.empty()) return;
  const std::vector<const CostRow*> costs = costsByLayer(*m_report);
  for (std::size_t i = 0; i < m_report->layers.size(); ++i) {
    m_matches.push_back(m_filter.matches(m_report->layers[i], costs[i]));
  }
}

void Selection::hover(int layer) {
  if (layer < 0 || layer >= m_count) layer = -1;
  if (layer == m_hovered) return;
  m_hovered = layer;
  Q_EMIT hoverChanged(layer);
}

LayerRange Selection::cut(LayerRange range) const {
  const double all = m_count;
  const double span = std::clamp(range.span(), std::min(1.0, all), all);
  const double middle = (range.first + range.last) / 2;
  const double first = std::clamp(middle - span / 2, 0.0, all - span);
  return {first, first + span};
}

void Selection::remember() {
  m_past.push_back(m_view);
  if (m_past.size() > kMostSteps) m_past.erase(m_past.begin());
  m_future.clear();
}

void Selection::setRange(LayerRange range, Step step) {
  range = cut(range);
  if (range == m_view.range) return;
  if (step == Step::New || m_past.empty()) remember();
  apply({range, m_view.filter});
}

void Selection::zoom(double factor, double around, Step step) {
  const double span = std::clamp(range().span() * factor, 1.0, std::max(1.0, double(m_count)));
  const double share = range().span() > 0 ? (around - range().first) / range().span() : 0.5;
  const double first = std::clamp(around - share * span, 0.0, std::max(0.0, m_count - span));
  setRange({first, first + span}, step);
}

void Selection::reveal(int layer) {
  if (layer < 0) return;
  LayerRange next = range();
  const double span = next.span();
  if (layer < next.first) next = {double(layer), layer + span};
  if (layer + 1 > next.last) next = {layer + 1 - span, double(layer + 1)};
  setRange(next, Step::Continued);
}

Result<void> Selection::setFilter(const QString& text) {
  const QString trimmed = text.trimmed();
  if (trimmed == m_view.filter) return {};
  auto filter = parseLayerFilter(trimmed.toStdString());
  if (!filter) return filter.error();
  remember();
  apply({m_view.range, trimmed});
  return {};
}

void Selection::apply(ViewState next) {
  const ViewState before = std::exchange(m_view, std::move(next));
  if (before.filter != m_view.filter) {
    // Only what was parsed before gets here.
    if (auto filter = parseLayerFilter(m_view.filter.toStdString())) m_filter = std::move(*filter);
    match();
    Q_EMIT filterChanged();
  }
  if (before.range != m_view.range) Q_EMIT rangeChanged();
}

void Selection::undo() {
  if (m_past.empty()) return;
  m_future.push_back(m_view);
  ViewState state = std::move(m_past.back());
  m_past.pop_back();
  apply(std::move(state));
}

void Selection::redo() {
  if (m_future.empty()) return;
  m_past.push_back(m_view);
  ViewState state = std::move(m_future.back());
  m_future.pop_back();
  apply(std::move(state));
}

QString Selection::trail() const {
  QString out = QStringLiteral("all");
  if (!m_view.filter.isEmpty()) out += QStringLiteral(" › ") + m_view.filter;
  if (!showsAll() && m_count > 0) {
    out += QStringLiteral(" › layers %1 to %2")
               .arg(static_cast<int>(std::floor(range().first + 1e-9)) + 1)
               .arg(static_cast<int>(std::ceil(range().last - 1e-9)));
  }
  return out;
}

}  // namespace mcuprof::gui
