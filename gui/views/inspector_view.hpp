#pragma once

#include "gui/views/view.hpp"

class QTextBrowser;

namespace mcuprof::gui {

/// The sums behind the selected layer's numbers; of the whole model while none is selected.
class InspectorView : public View {
  Q_OBJECT
 public:
  explicit InspectorView(const Workbench& bench, QWidget* parent = nullptr);

  void refresh() override;
  /// Bytes moved, by term and memory; of the selected layer, or of all while none is selected.
  std::string csv() const override;
  std::string command() const override;
  QString text() const;

 private:
  QTextBrowser* m_text;
};

}  // namespace mcuprof::gui
