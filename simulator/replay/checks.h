#pragma once

#include <array>
#include <functional>
#include <optional>

#include "ir/cluster/settings.h"
#include "simulator/replay/actors.h"
#include "simulator/replay/judge.h"
#include "simulator/replay/shape.h"

namespace weir::simulator {

/// One side of a connection (flows.md 1.5 "Check"): it is one when its subject is a managed pod.
struct Check {
  bool applies = false;
  Question question;
  SideEvidence evidence;  // rank None: nothing is recorded of this side
  [[nodiscard]] bool recorded() const { return applies && evidence.rank != Rank::None; }
};

/// A connection with a known client, its ends looked up.
struct Checked {
  ActorId source, destination;
  std::array<Check, 2> sides;     // by ir::Direction
  Excuse excuse = Excuse::None;   // why it cannot be compared
};

/// Whether the policies deny what a node sends to its own pod: it is let in unless a rule denies it (policy.md 4.3).
using DeniesHost = std::function<bool(const Question&)>;

/// A finished connection -> its checks, or an excuse.
/// `backend`: who is at `shape.server`, a pod behind the Service that was recorded there.
[[nodiscard]] Checked make_checks(const Shape&, const ir::Settings&, Actors&, const DeniesHost&, std::optional<ActorId> backend = {});

}  // namespace weir::simulator
