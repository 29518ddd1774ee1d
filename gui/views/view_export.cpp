#include "gui/views/view_export.hpp"

#include <QBuffer>
#include <QImage>
#include <QPainter>
#include <QSvgGenerator>

#include "analyzer/cli/console.hpp"
#include "gui/views/view_inputs.hpp"

namespace mcuprof::gui {
namespace {

constexpr double kPngScale = 2;
constexpr int kFooter = 22;
constexpr QSize kLeast(640, 320);

QString footerOf(View& view, const SnapshotPtr& snapshot) {
  const Report& report = snapshot->report;
  const InputFile& model = report.provenance.model();
  return QStringLiteral("%1 (SHA-256 %2…) on %3, %4; mcuprof %5; %6")
      .arg(QString::fromStdString(model.name), QString::fromStdString(model.sha256.substr(0, 12)),
           QString::fromStdString(report.boardTitle), QString::fromStdString(report.runtimeName),
           QString::fromStdString(report.provenance.toolVersion), view.windowTitle());
}

QSize sizeOf(const View& view) {
  return view.size().expandedTo(kLeast);
}

void drawView(QPainter& painter, View& view, const QSize& size, const SnapshotPtr& snapshot) {
  const Theme& theme = Theme::of(view.palette());
  painter.fillRect(QRect(0, 0, size.width(), size.height() + kFooter),
                   theme.color(Ink::Background));
  if (const ChartBase* chart = view.chart()) {
    chart->draw(painter, size, theme);
  } else {
    view.resize(size);
    view.render(&painter);
  }
  if (!snapshot) return;
  painter.setFont(view.font());
  painter.setPen(theme.color(Ink::FaintText));
  painter.drawText(QRect(8, size.height(), size.width() - 16, kFooter),
                   Qt::AlignLeft | Qt::AlignVCenter,
                   painter.fontMetrics().elidedText(footerOf(view, snapshot), Qt::ElideRight,
                                                    size.width() - 16));
}

}  // namespace

QByteArray svgOf(View& view) {
  if (auto* inputs = dynamic_cast<ViewInputs*>(&view)) inputs->settle();
  const QSize size = sizeOf(view);
  const QSize all(size.width(), size.height() + kFooter);
  QByteArray bytes;
  QBuffer buffer(&bytes);
  buffer.open(QIODevice::WriteOnly);
  QSvgGenerator svg;
  svg.setOutputDevice(&buffer);
  svg.setSize(all);
  svg.setViewBox(QRect(QPoint(0, 0), all));
  svg.setTitle(view.windowTitle());
  QPainter painter(&svg);
  drawView(painter, view, size, view.shown());
  painter.end();
  return bytes;
}

Result<void> exportView(View& view, const QString& path) {
  if (auto* inputs = dynamic_cast<ViewInputs*>(&view)) inputs->settle();
  const auto write = [&](const QByteArray& bytes) {
    return cli::writeOutput(path.toStdString(), {bytes.constData(), std::size_t(bytes.size())});
  };
  if (path.endsWith(QLatin1String(".csv"))) {
    const std::string csv = view.csv();
    if (csv.empty()) return Error{path.toStdString(), "there is nothing to export"};
    return cli::writeOutput(path.toStdString(), csv);
  }
  if (path.endsWith(QLatin1String(".svg"))) return write(svgOf(view));
  if (path.endsWith(QLatin1String(".png"))) {
    const QSize size = sizeOf(view);
    QImage image((QSizeF(size.width(), size.height() + kFooter) * kPngScale).toSize(),
                 QImage::Format_RGB32);
    image.setDevicePixelRatio(kPngScale);
    QPainter painter(&image);
    drawView(painter, view, size, view.shown());
    painter.end();
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    image.save(&buffer, "PNG");
    return write(bytes);
  }
  return Error{path.toStdString(), "wanted a path that ends in .png, .svg or .csv"};
}

}  // namespace mcuprof::gui
