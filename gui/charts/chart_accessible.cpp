#include "gui/charts/chart_accessible.hpp"

#include <QAccessibleWidget>
#include <QHash>

#include "gui/charts/chart_base.hpp"

namespace mcuprof::gui {
namespace {

class ItemInterface : public QAccessibleInterface {
 public:
  ItemInterface(ChartBase* chart, int item) : m_chart(chart), m_item(item) {}

  bool isValid() const override { return m_chart && m_item < m_chart->itemCount(); }
  QObject* object() const override { return nullptr; }
  QAccessibleInterface* parent() const override {
    return QAccessible::queryAccessibleInterface(m_chart);
  }
  QAccessibleInterface* child(int) const override { return nullptr; }
  int childCount() const override { return 0; }
  int indexOfChild(const QAccessibleInterface*) const override { return -1; }
  QAccessibleInterface* childAt(int, int) const override { return nullptr; }
  QString text(QAccessible::Text kind) const override {
    if (kind != QAccessible::Name || !isValid()) return {};
    return m_chart->itemText(m_item);
  }
  void setText(QAccessible::Text, const QString&) override {}
  QRect rect() const override {
    if (!isValid()) return {};
    const QRectF at = m_chart->itemRect(m_item, m_chart->frameFor(m_chart->size()));
    if (at.isEmpty()) return {};
    const QRect local = at.toAlignedRect();
    return {m_chart->mapToGlobal(local.topLeft()), local.size()};
  }
  QAccessible::Role role() const override { return QAccessible::ListItem; }
  QAccessible::State state() const override {
    QAccessible::State out;
    if (!isValid()) {
      out.invalid = true;
      return out;
    }
    out.selectable = out.focusable = true;
    out.selected = m_chart->selectedItem() == m_item;
    out.focused = out.selected && m_chart->hasFocus();
    out.offscreen = rect().isEmpty();
    return out;
  }

 private:
  QPointer<ChartBase> m_chart;
  int m_item;
};

class ChartInterface : public QAccessibleWidget {
 public:
  explicit ChartInterface(ChartBase* chart)
      : QAccessibleWidget(chart, QAccessible::List, chart->name()), m_chart(chart) {}
  ~ChartInterface() override {
    for (const QAccessible::Id id : std::as_const(m_items))
      QAccessible::deleteAccessibleInterface(id);
  }
  ChartInterface(const ChartInterface&) = delete;
  ChartInterface& operator=(const ChartInterface&) = delete;

  int childCount() const override { return m_chart->itemCount(); }
  QAccessibleInterface* child(int index) const override {
    if (index < 0 || index >= childCount()) return nullptr;
    const auto known = m_items.constFind(index);
    if (known != m_items.constEnd()) return QAccessible::accessibleInterface(*known);
    auto* made = new ItemInterface(m_chart, index);  // Qt's table owns it
    m_items.insert(index, QAccessible::registerAccessibleInterface(made));
    return made;
  }
  int indexOfChild(const QAccessibleInterface* child) const override {
    for (auto it = m_items.constBegin(); it != m_items.constEnd(); ++it) {
      if (QAccessible::accessibleInterface(*it) == child) return it.key();
    }
    return -1;
  }
  QAccessibleInterface* childAt(int x, int y) const override {
    const QPoint local = m_chart->mapFromGlobal(QPoint(x, y));
    if (!m_chart->rect().contains(local) || childCount() == 0) return nullptr;
    return child(m_chart->itemAt(local, m_chart->frameFor(m_chart->size())));
  }
  QAccessibleInterface* focusChild() const override { return child(m_chart->selectedItem()); }

 private:
  ChartBase* m_chart;
  mutable QHash<int, QAccessible::Id> m_items;
};

QAccessibleInterface* makeInterface(const QString&, QObject* object) {
  auto* chart = qobject_cast<ChartBase*>(object);
  return chart == nullptr ? nullptr : new ChartInterface(chart);
}

}  // namespace

void installChartAccessibility() {
  QAccessible::installFactory(makeInterface);
}

}  // namespace mcuprof::gui
