// Budgets: the findings of mcuprof check, with headroom.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <QAbstractItemModelTester>
#include <QLabel>
#include <QTableView>
#include <fstream>

#include "gui/models/budget_model.hpp"
#include "gui/models/headroom_delegate.hpp"
#include "gui/views/budgets_view.hpp"
#include "tests/gui/fixture.hpp"

namespace mcuprof::gui {
namespace {

using testing::HasSubstr;

class BudgetsTest : public testing::Test {
 protected:
  BudgetsTest() : m_view({m_session, m_selection}) {
    QObject::connect(&m_session, &Session::changed, [this] {
      const SnapshotPtr& now = m_session.snapshot();
      m_selection.setReport(now ? std::shared_ptr<const Report>(now, &now->report) : nullptr);
    });
    m_session.open(QString::fromStdString(test::largeMobilenetFile()));
    m_session.waitUntilIdle();
    m_view.resize(1000, 400);
    m_view.refresh();
  }
  void judge(const std::string& budget) {
    const std::string path = (m_folder.path() / "limits.toml").string();
    std::ofstream(path) << budget;
    ASSERT_TRUE(m_view.setOption(QStringLiteral("file"), QString::fromStdString(path)));
    m_view.settle();
  }

  test::TemporaryFolder m_folder;
  Session m_session;
  Selection m_selection;
  BudgetsView m_view;
};

TEST_F(BudgetsTest, AMissingFileTellsHowOneIsMade) {
  ASSERT_TRUE(m_view.setOption(QStringLiteral("file"), QStringLiteral("/no/such.toml")));
  m_view.settle();
  EXPECT_THAT(m_view.summary().toStdString(), HasSubstr("There is no budget /no/such.toml"));
  EXPECT_THAT(m_view.summary().toStdString(), HasSubstr("mcuprof check --init"));
  EXPECT_TRUE(m_view.csv().empty());
}

TEST_F(BudgetsTest, AWrongFileIsNamedWithItsLine) {
  judge("[limits]\narena = \"12 apples\"\n");
  EXPECT_THAT(m_view.summary().toStdString(), HasSubstr("limits.toml:2:"));
}

TEST_F(BudgetsTest, FindingsEqualThoseOfCheck) {
  judge("[limits]\narena = \"600KiB\"\nflash = \"1MiB\"\nlatency = \"1ms\"\n");
  ASSERT_TRUE(m_view.report()) << m_view.summary().toStdString();
  int status = -1;
  std::string errors;
  const std::string json =
      test::outputOf(MCUPROF_PROGRAM,
                     {"check", "--budget", (m_folder.path() / "limits.toml").string(), "--boards",
                      "nucleo-f767zi", "--format", "json", test::largeMobilenetFile()},
                     &status, &errors);
  EXPECT_EQ(status, 1) << errors;
  for (const Finding& finding : m_view.report()->findings)
    EXPECT_THAT(json, HasSubstr(finding.message)) << finding.rule;
  EXPECT_EQ(m_view.report()->findings.size(), 3U);
  EXPECT_THAT(m_view.summary().toStdString(), HasSubstr("2 failed"));
  const QAbstractItemModel* rows = m_view.table()->model();
  EXPECT_EQ(rows->index(0, BudgetModel::OutcomeWord).data().toString(), QStringLiteral("fail"));
  for (int row = 0; row < rows->rowCount(); ++row) {
    const Finding& finding = m_view.report()->findings[std::size_t(row)];
    const double share = rows->index(row, BudgetModel::Used).data(kShareRole).toDouble();
    EXPECT_DOUBLE_EQ(share, finding.value->value / *finding.limit);
    EXPECT_EQ(share > 1, finding.outcome == Outcome::Fail);
  }
  EXPECT_THAT(m_view.csv(), HasSubstr("outcome,rule,model,board,runtime,subject"));
}

TEST_F(BudgetsTest, AnEstimateCarriesItsInterval) {
  judge("[limits]\nlatency = \"1s\"\n");
  ASSERT_TRUE(m_view.report());
  const QAbstractItemModel* rows = m_view.table()->model();
  const QPointF ends = rows->index(0, BudgetModel::Used).data(kShareIntervalRole).toPointF();
  const Estimate& value = *m_view.report()->findings[0].value;
  EXPECT_DOUBLE_EQ(ends.x(), value.low / 1000);
  EXPECT_DOUBLE_EQ(ends.y(), value.high / 1000);
}

TEST(BudgetModel, TurnsMinimumsRound) {
  Finding finding;
  finding.rule = "battery";
  finding.value = Estimate{40, 30, 50, Basis::Fitted};
  finding.limit = 20;
  EXPECT_DOUBLE_EQ(*usedShare(finding), 0.5);
  finding.rule = "latency";
  EXPECT_DOUBLE_EQ(*usedShare(finding), 2);
  finding.limit.reset();
  EXPECT_FALSE(usedShare(finding));
}

TEST(BudgetModel, IsASoundItemModel) {
  BudgetModel model;
  const QAbstractItemModelTester tester(&model,
                                        QAbstractItemModelTester::FailureReportingMode::Fatal);
  auto report = std::make_shared<CheckReport>();
  report->findings.resize(3);
  report->findings[1].value = Estimate{1, 1, 1, Basis::Counted};
  report->findings[1].limit = 0;
  model.setReport(report);
  EXPECT_EQ(model.index(1, BudgetModel::Used).data().toString(), QStringLiteral("–"));
  EXPECT_EQ(model.layerAt(2), -1);
  model.setReport(nullptr);
  EXPECT_EQ(model.rowCount(), 0);
}

}  // namespace
}  // namespace mcuprof::gui
