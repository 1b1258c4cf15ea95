#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "compiler/resolve/resolve.h"
#include "ir/base/id.h"
#include "ir/flow/decision.h"
#include "ir/flow/request.h"
#include "simulator/replay/actors.h"
#include "simulator/replay/known_names.h"

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
  PartyId subject_party;       // whose names the peer's address may have
};

/// What is said of a request inside a connection.
struct RequestJudgement {
  JudgementId connection;                     // of the side that was asked
  std::optional<ir::L7Decision> request;      // absent: no request rule speaks about it
};

/// One set of policies that answers questions through the rule index. Each distinct (subject class, signature, protocol,
/// port) is decided once.
class Judge {
 public:
  /// `before`: of the policies before a change, for whom pods have the labels they had.
  Judge(const compiler::Resolved&, const Actors&, const KnownNames&, bool before = false);
  ~Judge();

  [[nodiscard]] JudgementId decide(const Question&);
  /// A request that the proxy of this side sees.
  [[nodiscard]] RequestJudgement decide(const Question&, const ir::L7Request&);
  [[nodiscard]] const ir::SideDecision& at(JudgementId) const;
  /// Whether policy selects a pod in a direction at all.
  [[nodiscard]] bool enforced(const ir::LabelSet&, ir::Direction);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace weir::simulator
