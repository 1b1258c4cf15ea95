#pragma once

#include <string>
#include <string_view>

#include "ir/base/files.h"
#include "ir/flow/decision.h"
#include "ir/policy/policy_set.h"
#include "simulator/replay/actors.h"

namespace weir::simulator {

/// A denial and where it came from.
struct Denial {
  const ir::PolicySet& policies;
  const ir::Settings& settings;
  const ir::Files& files;
  const ir::SideDecision& decision;
  ir::Direction direction;
  ir::Protocol protocol;
  std::uint16_t port;
};

/// The smallest rule that would admit what `decision` denied, as one line of YAML for the policy that isolates the
/// subject, which the reference evaluator has confirmed to admit it; for an explicit deny the rule to narrow. Empty when no
/// simple rule says it.
[[nodiscard]] std::string smallest_rule(const Denial&, const Actor& subject, const Actor& peer);

}  // namespace weir::simulator
