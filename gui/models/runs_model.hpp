#pragma once

#include <QAbstractTableModel>
#include <vector>

#include "db/run.hpp"

namespace mcuprof::gui {

/// The runs of a database, a row each, in the order given. Raw values are under kRawRole.
class RunsModel : public QAbstractTableModel {
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

  using QAbstractTableModel::QAbstractTableModel;

  void setRuns(std::vector<db::RunSummary> runs);
  const std::vector<db::RunSummary>& runs() const { return m_runs; }
  /// The run that is shown in bold: what the session is held against. 0: none.
  void setAttached(std::int64_t id);
  std::int64_t idAt(int row) const { return m_runs[static_cast<std::size_t>(row)].id; }

  int rowCount(const QModelIndex& parent = {}) const override;
  int columnCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
  QVariant headerData(int section, Qt::Orientation orientation,
                      int role = Qt::DisplayRole) const override;

 private:
  QVariant raw(const db::RunSummary& run, int column) const;
  QString shown(const db::RunSummary& run, int column) const;

  std::vector<db::RunSummary> m_runs;
  std::int64_t m_attached = 0;
};

}  // namespace mcuprof::gui
