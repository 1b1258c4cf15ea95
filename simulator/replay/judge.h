#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "compiler/resolve/resolve.h"
#include "ir/base/id.h"
#include "ir/flow/decision.h"
#include "simulator/replay/actors.h"

namespace weir::simulator {

using JudgementId = ir::Id<struct JudgementTag>;

/// One side of a connection, ready to be decided.
struct Question {
  ir::Direction direction = ir::Direction::Ingress;
  ActorId subject, peer;
  ir::IpAddress peer_address;
  ir::Protocol protocol = ir::Protocol::Tcp;
  std::uint16_t port = 0;      // the type for ICMP
  std::uint8_t icmp_code = 0;
};

/// One set of policies that answers questions through the rule index. Each distinct (subject class, signature, protocol,
/// port) is decided once.
class Judge {
 public:
  /// `before`: of the policies before a change, for whom pods have the labels they had.
  Judge(const compiler::Resolved&, const Actors&, bool before = false);
  ~Judge();

  [[nodiscard]] JudgementId decide(const Question&);
  [[nodiscard]] const ir::SideDecision& at(JudgementId) const;
  /// Whether policy selects a pod in a direction at all.
  [[nodiscard]] bool enforced(const ir::LabelSet&, ir::Direction);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace weir::simulator
