#pragma once

#include <vector>

#include "db/run.hpp"
#include "gui/models/column_table.hpp"

namespace mcuprof::gui {

/// The runs of a database, a row each, in the order given. Raw values are under kRawRole.
class RunsModel : public ColumnTable {
  Q_OBJECT
 public:
  enum Column : std::uint8_t {
    Id,
    Started,
    ProvenanceWord,
    Model,
    Board,
    Runtime,
    Cycles,
    Milliseconds,
    Predicted,
    Residual,
    Layers,
    kColumnCount,
  };

  explicit RunsModel(QObject* parent = nullptr);

  void setRuns(std::vector<db::RunSummary> runs);
  const std::vector<db::RunSummary>& runs() const { return m_runs; }
  /// The run that is shown in bold: what the session is held against. 0: none.
  void setAttached(std::int64_t id);
  std::int64_t idAt(int row) const { return m_runs[static_cast<std::size_t>(row)].id; }

 protected:
  int countRows() const override { return static_cast<int>(m_runs.size()); }
  QVariant raw(int row, int column) const override;
  QString shown(int row, int column) const override;
  QVariant extra(int row, int column, int role) const override;

 private:
  std::vector<db::RunSummary> m_runs;
  std::int64_t m_attached = 0;
};

}  // namespace mcuprof::gui
