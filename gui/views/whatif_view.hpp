#pragma once

#include <map>

#include "gui/charts/whatif_chart.hpp"
#include "gui/views/background.hpp"
#include "gui/views/view.hpp"
#include "gui/views/view_inputs.hpp"

class QLabel;
class QLineEdit;

namespace mcuprof::gui {

/// The model as it is beside an edited one: working sets, and the latency that the edit adds, split
/// into compute and writing and reading spills.
class WhatIfView : public View, public ViewInputs {
  Q_OBJECT
 public:
  explicit WhatIfView(const Workbench& bench, QWidget* parent = nullptr);

  void refresh() override;
  /// Equal to `mcuprof whatif --format csv`.
  std::string csv() const override;
  std::string command() const override;
  void settle() override;
  /// A variable of `mcuprof sweep`, as text; empty: as it is.
  Result<void> setOption(const QString& name, const QString& value) override;

  const WhatIfPtr& result() const { return m_result; }
  QString summary() const;

 protected:
  void showEvent(QShowEvent* event) override;

 private:
  Result<Variant> edited() const;
  void compute();
  void show(WhatIfPtr result, const QString& problem);

  std::map<std::string, QLineEdit*, std::less<>> m_fields;  ///< by variable
  QLabel* m_summary;
  WhatIfMemoryChart* m_memory;
  AddedLatencyChart* m_latency;
  Background* m_work;
  WhatIfPtr m_result;
  bool m_stale = true;
};

}  // namespace mcuprof::gui
