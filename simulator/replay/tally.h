#pragma once

#include <cstdint>
#include <memory>

#include "compiler/resolve/resolve.h"
#include "ir/base/files.h"
#include "simulator/replay/actors.h"
#include "simulator/replay/gathered.h"
#include "simulator/replay/report.h"

namespace weir::simulator {

/// Shapes of finished connections -> the numbers and edges of a report: each is predicted once and compared with what is
/// recorded.
class Tally {
 public:
  /// `before` may be null: then what is recorded stands for it.
  Tally(const compiler::Resolved& after, const compiler::Resolved* before, const Gathered&, LabelSource, std::vector<PodLabel> changes = {});
  ~Tally();

  /// Everything but what was read (flows.read, window, nodes ...).
  [[nodiscard]] ReplayReport report(const ir::Files&);
  [[nodiscard]] const Actors& actors() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace weir::simulator
