#pragma once

#include <map>

#include "gui/charts/whatif_chart.hpp"
#include "gui/views/lazy_view.hpp"

class QLabel;
class QLineEdit;

namespace mcuprof::gui {

/// The model as it is beside an edited one: working sets, and the latency that the edit adds, split
/// into compute and writing and reading spills.
class WhatIfView : public LazyView {
  Q_OBJECT
 public:
  explicit WhatIfView(const Workbench& bench, QWidget* parent = nullptr);

  /// Equal to `mcuprof whatif --format csv`.
  std::string csv() const override;
  std::string command() const override;
  /// A variable of `mcuprof sweep`, as text; empty: as it is.
  Result<void> setOption(const QString& name, const QString& value) override;

  const WhatIfPtr& result() const { return m_result; }
  QString summary() const;

 protected:
  void compute() override;

 private:
  Result<Variant> edited() const;
  void show(WhatIfPtr result, const QString& problem);

  std::map<std::string, QLineEdit*, std::less<>> m_fields;  ///< by variable
  QLabel* m_summary;
  WhatIfChart* m_memory;
  WhatIfChart* m_latency;
  WhatIfPtr m_result;
};

}  // namespace mcuprof::gui
