#pragma once

#include <QString>

#include "analyzer/base/result.hpp"

namespace mcuprof::gui {

/// What a view has besides the session: inputs of its own, and work of its own on a worker. A view
/// that has such things inherits this beside View; exports and scripts look for it.
class ViewInputs {
 public:
  virtual ~ViewInputs() = default;
  /// Waits for what is under way and shows it; before an export or a picture.
  virtual void settle() = 0;
  /// Sets one input by name, for scripts. The error says what was wanted.
  virtual Result<void> setOption(const QString& name, const QString& value);
};

inline Result<void> ViewInputs::setOption(const QString&, const QString&) {
  return Error{"", "the view has no options"};
}

}  // namespace mcuprof::gui
