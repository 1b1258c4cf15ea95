#pragma once

#include <cstdint>
#include <memory>

#include "compiler/resolve/resolve.h"
#include "ir/base/files.h"
#include "simulator/replay/actors.h"
#include "simulator/replay/connection.h"
#include "simulator/replay/report.h"

namespace weir::simulator {

/// Closed connections -> the numbers and edges of a report: predicts each, compares it with what is recorded, and
/// forgets it.
class Tally {
 public:
  /// `before` may be null: then what is recorded stands for it.
  Tally(const compiler::Resolved& after, const compiler::Resolved* before, const Parties&, LabelSource);
  ~Tally();

  /// Looks at the ends of a record until the recording's name for this cluster is known. True once it is.
  bool observe(const Record&);
  void add(const ConnectionKey&, const Connection&);
  /// A line that belongs to no connection.
  void add_loose(Excuse);
  void add_not_policy();
  /// The policy changed at this time: connections that were open then are not compared.
  void policy_changed(std::int64_t time);
  /// Fills in everything but what was read (flows.read, window, nodes ...).
  void finish(const ir::Files&, ReplayReport&);
  [[nodiscard]] const Actors& actors() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace weir::simulator
