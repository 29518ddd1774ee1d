#include "gui/script/script.hpp"

#include <fmt/format.h>

#include <QAction>
#include <QApplication>
#include <QDir>
#include <QDockWidget>
#include <QProcess>
#include <algorithm>
#include <array>

#include "analyzer/base/near_miss.hpp"
#include "analyzer/base/size_text.hpp"
#include "analyzer/cli/exit_status.hpp"
#include "analyzer/whatif/variant.hpp"
#include "gui/views/view_export.hpp"
#include "gui/views/view_inputs.hpp"

namespace mcuprof::gui {
namespace {

using cli::kBadInput;
using cli::kOk;
using cli::kUsage;

struct Outcome {
  int status = kOk;
  std::string error;
};

Outcome wrong(std::string what, int status = kUsage) {
  return {status, std::move(what)};
}

Outcome outcomeOf(const Result<void>& result, int status = kUsage) {
  return result ? Outcome{} : wrong(result.error().text(), status);
}

Outcome afterAnalysis(MainWindow& window) {
  window.session().waitUntilIdle();
  if (const auto& failure = window.session().failure()) {
    return wrong(failure->error.text(), failure->status);
  }
  return {};
}

Outcome setVariable(MainWindow& window, std::string_view name, const QString& value) {
  Variant variant;
  variant.placement = window.session().setup().placement;
  variant.machine = window.session().setup().machine;
  if (auto done = mcuprof::setVariable(variant, name, value.toStdString()); !done)
    return wrong(done.error().text());
  window.session().change([&](Setup& s) {
    s.placement = variant.placement;
    s.machine = variant.machine;
  });
  return afterAnalysis(window);
}

Result<View*> viewOf(MainWindow& window, const QString& id) {
  if (View* view = window.view(id.toStdString())) return view;
  std::vector<std::string> names;
  for (const ViewEntry& entry : listViews()) names.emplace_back(entry.id);
  std::string what = fmt::format("no view \"{}\"", id.toStdString());
  if (const auto near = nearMiss(id.toStdString(), names))
    what += fmt::format("; did you mean \"{}\"?", *near);
  return Error{"", what};
}

struct ScriptCommand {
  const char* name;
  int arguments;
  const char* usage;
  Outcome (*run)(MainWindow& window, const QStringList& arguments);
};

constexpr std::array kCommands = {
    ScriptCommand{"open", 1, "open FILE",
                  [](MainWindow& w, const QStringList& a) {
                    w.open(a[0]);
                    return afterAnalysis(w);
                  }},
    ScriptCommand{"board", 1, "board NAME",
                  [](MainWindow& w, const QStringList& a) {
                    w.session().change([&](Setup& s) { s.board = a[0].toStdString(); });
                    return afterAnalysis(w);
                  }},
    ScriptCommand{"runtime", 1, "runtime NAME",
                  [](MainWindow& w, const QStringList& a) {
                    w.session().change([&](Setup& s) { s.runtime = a[0].toStdString(); });
                    return afterAnalysis(w);
                  }},
    ScriptCommand{"set", 2, "set VARIABLE VALUE",
                  [](MainWindow& w, const QStringList& a) {
                    return setVariable(w, a[0].toStdString(), a[1]);
                  }},
    ScriptCommand{"baseline", 1, "baseline FILE|keep|none",
                  [](MainWindow& w, const QStringList& a) {
                    std::string why;
                    const auto failed =
                        QObject::connect(&w.session(), &Session::baselineFailed, &w,
                                         [&why](const QString& text) { why = text.toStdString(); });
                    if (a[0] == QLatin1String("keep")) {
                      w.session().keepAsBaseline();
                    } else if (a[0] == QLatin1String("none")) {
                      w.session().dropBaseline();
                    } else {
                      w.session().openBaseline(a[0]);
                    }
                    Outcome outcome = afterAnalysis(w);
                    QObject::disconnect(failed);
                    return why.empty() ? outcome : wrong(why, kBadInput);
                  }},
    ScriptCommand{"side", 1, "side A|B|difference",
                  [](MainWindow& w, const QStringList& a) {
                    const QStringList sides = {QStringLiteral("A"), QStringLiteral("B"),
                                               QStringLiteral("difference")};
                    const auto side = sides.indexOf(a[0]);
                    if (side < 0) return wrong("side takes A, B or difference");
                    if (!w.session().baseline()) return wrong("there is no baseline");
                    w.session().setSide(static_cast<Side>(side));
                    return Outcome{};
                  }},
    ScriptCommand{"layout", 1, "layout fit|cost|energy|compare|ci",
                  [](MainWindow& w, const QStringList& a) {
                    for (QAction* action : w.actionList()) {
                      if (action->objectName() != QStringLiteral("layout-") + a[0]) continue;
                      action->trigger();
                      return Outcome{};
                    }
                    return wrong("layout takes fit, cost, energy, compare or ci");
                  }},
    ScriptCommand{
        "report", 1, "report FILE.html",
        [](MainWindow& w, const QStringList& a) { return outcomeOf(w.saveReport(a[0])); }},
    ScriptCommand{"select", 1, "select LAYER",
                  [](MainWindow& w, const QStringList& a) {
                    bool ok = false;
                    const int number = a[0].toInt(&ok);
                    if (!ok || number < 1 || number > w.selection().count()) {
                      return wrong(fmt::format("no layer \"{}\"; the model has {}",
                                               a[0].toStdString(), w.selection().count()));
                    }
                    w.selection().select(number - 1);
                    w.selection().reveal(number - 1);
                    return Outcome{};
                  }},
    ScriptCommand{"violation", 1, "violation next|previous",
                  [](MainWindow& w, const QStringList& a) {
                    if (a[0] != QLatin1String("next") && a[0] != QLatin1String("previous"))
                      return wrong("violation takes next or previous");
                    if (!w.selection().selectViolation(a[0] == QLatin1String("next") ? 1 : -1))
                      return wrong("no layer exceeds the RAM", cli::kAnswerIsNo);
                    return Outcome{};
                  }},
    ScriptCommand{"zoom", 2, "zoom FIRST LAST",
                  [](MainWindow& w, const QStringList& a) {
                    bool first = false;
                    bool last = false;
                    const LayerRange range{a[0].toDouble(&first) - 1, a[1].toDouble(&last)};
                    if (!first || !last || range.span() <= 0)
                      return wrong("zoom takes the first and the last layer to show");
                    w.selection().setRange(range);
                    return Outcome{};
                  }},
    ScriptCommand{"filter", 1, "filter TERMS",
                  [](MainWindow& w, const QStringList& a) {
                    return outcomeOf(w.selection().setFilter(a[0]));
                  }},
    ScriptCommand{"view", 1, "view ID",
                  [](MainWindow& w, const QStringList& a) {
                    if (auto view = viewOf(w, a[0]); !view) return wrong(view.error().text());
                    w.showView(a[0].toStdString());
                    return Outcome{};
                  }},
    ScriptCommand{"option", 3, "option ID NAME VALUE",
                  [](MainWindow& w, const QStringList& a) {
                    auto view = viewOf(w, a[0]);
                    if (!view) return wrong(view.error().text());
                    auto* inputs = dynamic_cast<ViewInputs*>(*view);
                    if (inputs == nullptr) return wrong(a[0].toStdString() + " has no options");
                    const auto done = inputs->setOption(a[1], a[2]);
                    inputs->settle();
                    return outcomeOf(done);
                  }},
    ScriptCommand{"mode", 2, "mode ID MODE",
                  [](MainWindow& w, const QStringList& a) {
                    auto view = viewOf(w, a[0]);
                    if (!view) return wrong(view.error().text());
                    if (!(*view)->modes().contains(a[1])) {
                      return wrong(
                          fmt::format("{} has no mode \"{}\"; there are {}", a[0].toStdString(),
                                      a[1].toStdString(),
                                      (*view)->modes().join(QStringLiteral(", ")).toStdString()));
                    }
                    (*view)->setMode(a[1]);
                    return Outcome{};
                  }},
    ScriptCommand{"theme", 1, "theme light|dark",
                  [](MainWindow& w, const QStringList& a) {
                    if (a[0] != QLatin1String("light") && a[0] != QLatin1String("dark"))
                      return wrong("theme takes light or dark");
                    w.setTheme(a[0] == QLatin1String("dark") ? Theme::dark() : Theme::light());
                    return Outcome{};
                  }},
    ScriptCommand{"size", 2, "size WIDTH HEIGHT",
                  [](MainWindow& w, const QStringList& a) {
                    const int width = a[0].toInt();
                    const int height = a[1].toInt();
                    if (width < 200 || height < 200 || width > 8192 || height > 8192)
                      return wrong("size takes width and height, 200 to 8192");
                    w.resize(width, height);
                    return Outcome{};
                  }},
    ScriptCommand{"screenshot", 2, "screenshot ID|window FILE",
                  [](MainWindow& w, const QStringList& a) {
                    return outcomeOf(saveScreenshot(w, a[0], a[1]));
                  }},
    ScriptCommand{"export", 2, "export ID FILE.png|.svg|.csv",
                  [](MainWindow& w, const QStringList& a) {
                    auto view = viewOf(w, a[0]);
                    if (!view) return wrong(view.error().text());
                    return outcomeOf(exportView(**view, a[1]));
                  }},
};

Outcome runLine(MainWindow& window, QStringList words) {
  const std::string name = words.takeFirst().toStdString();
  const auto found = std::ranges::find(
      kCommands, name, [](const ScriptCommand& c) { return std::string_view(c.name); });
  if (found == kCommands.end()) {
    std::vector<std::string> names = {"quit"};
    for (const ScriptCommand& command : kCommands) names.emplace_back(command.name);
    std::string what = fmt::format("no command \"{}\"", name);
    if (const auto near = nearMiss(name, names))
      what += fmt::format("; did you mean \"{}\"?", *near);
    return wrong(what);
  }
  if (name == "filter") words = {words.join(QLatin1Char(' '))};
  if (words.size() != found->arguments) return wrong(std::string("wanted: ") + found->usage);
  return found->run(window, words);
}

}  // namespace

ScriptEnd runScript(MainWindow& window, const QString& text, const std::string& name) {
  int number = 0;
  for (const QString& line : text.split(QLatin1Char('\n'))) {
    ++number;
    const QString trimmed = line.trimmed();
    if (trimmed.isEmpty() || trimmed.startsWith(QLatin1Char('#'))) continue;
    const QStringList words = QProcess::splitCommand(trimmed);
    if (words.first() == QLatin1String("quit")) return {kOk, {}, true};
    const Outcome outcome = runLine(window, words);
    if (!outcome.error.empty()) {
      return {outcome.status, fmt::format("{}:{}: {}", name, number, outcome.error), true};
    }
  }
  return {};
}

Result<void> saveScreenshot(MainWindow& window, const QString& view, const QString& path) {
  QWidget* widget = &window;
  if (view != QLatin1String("window")) {
    auto found = viewOf(window, view);
    if (!found) return found.error();
    window.showView(view.toStdString());
    widget = *found;
  }
  window.session().waitUntilIdle();
  for (const ViewEntry& entry : listViews()) {
    if (auto* inputs = dynamic_cast<ViewInputs*>(window.view(entry.id));
        inputs != nullptr && window.view(entry.id)->isVisible())
      inputs->settle();
  }
  // Layouts settle in the event loop.
  QApplication::processEvents();
  QApplication::sendPostedEvents();
  QApplication::processEvents();
  if (!widget->grab().save(path)) {
    return Error{path.toStdString(), "cannot be written as an image; wanted a path ending in .png"};
  }
  return {};
}

}  // namespace mcuprof::gui
