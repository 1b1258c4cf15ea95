#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "ir/base/ip.h"
#include "ir/base/ports.h"
#include "ir/cluster/settings.h"
#include "ir/flow/decision.h"
#include "ir/policy/policy_set.h"

namespace weir::ir {

using SubjectClass = Id<struct SubjectClassTag>;  // endpoints selected by exactly the same rules
using Signature = Id<struct SignatureTag>;        // peers that satisfy exactly the same peer matchers

/// One rule as the index reads it: peer matchers are bits of a signature.
struct IndexedRule {
  RuleId rule;
  Action action = Action::Allow;
  bool any_peer = false;                // names no peer, or every one
  std::vector<std::uint32_t> matchers;  // bits, any of which admits the peer
  std::vector<FqdnPeer> names;          // any of which admits an outside peer by its DNS names (policy.md 5.6)
  bool unresolved = false;              // an outside peer may be admitted by what only a provider knows (policy.md 2.10)
  bool any_port = false;
  std::vector<PortMatch> ports;
  Auth auth = Auth::Unset;
  bool l7 = false;                      // its requests are checked
  std::uint8_t precedence = 0;          // redirect_precedence (policy.md 6.2)
  bool conflict = false;                // unknown where it decides
};

/// What the signature of a peer does not hold, for rules by name.
struct PeerNames {
  bool outside = false;            // it carries a world label
  std::vector<std::string> names;  // sorted; empty and outside: a name may exist that nobody recorded
};

/// Rules of one (tier, priority), in RuleId order.
struct IndexedGroup {
  Tier tier = Tier::Normal;
  std::int32_t priority = 0;
  std::vector<IndexedRule> rules;
};

/// What applies to one (subject class, direction): the walk of policy.md 4.2, ready to run.
struct RuleList {
  bool enforced = false, default_deny = false;
  std::vector<RuleId> isolating;  // the rules that cause the default deny, by id
  std::vector<IndexedGroup> groups;
  std::vector<NamePattern> lookups;    // what DNS rules let the subject look up
  std::vector<RuleList> enforced_only; // none, or one: without the rules in audit
};

/// A rule and whom it selects: what a Classifier makes the lists of a new subject class from.
struct SubjectRule {
  Selector subject;
  Direction direction = Direction::Ingress;
  Tier tier = Tier::Normal;
  std::int32_t priority = 0;
  bool default_deny = true;
  bool node = false, audit = false;
  std::vector<NamePattern> lookups;
  IndexedRule indexed;
};

/// The rules of a whole cluster, fast (datapath.md 3 "The simulator needs no class tables"). Built by
/// compiler/lower; read only after that.
struct RuleIndex {
  Settings settings;
  std::vector<Peer> matchers;                    // bit number -> matcher
  std::vector<SubjectRule> rules;                // by id
  std::vector<std::array<RuleList, 2>> subjects;  // [subject class][direction]; may grow with the Classifier
  std::vector<std::vector<std::uint64_t>> signatures;  // [signature] -> bits; may grow with the Classifier
};

/// The verdict of one side. `peer_is_local_host`: policy.md 4.2, allow localhost. `names` null: a peer inside the cluster.
[[nodiscard]] SideDecision decide(const RuleIndex&, SubjectClass, Direction, const std::vector<std::uint64_t>& signature,
                                  bool peer_is_local_host, Protocol, std::uint16_t port, std::uint8_t icmp_code,
                                  const PeerNames* names = nullptr);
/// The rules of one level that match for sure (policy.md 4.2): what request rules are asked at.
struct MatchedLevel {
  Tier tier = Tier::Normal;
  std::vector<const IndexedRule*> deny, allow;  // by id
  bool pass = false;
};
/// Every level of a list, in decision order.
[[nodiscard]] std::vector<MatchedLevel> matched_levels(const RuleIndex&, const RuleList&, const std::vector<std::uint64_t>& signature,
                                                       Protocol, std::uint16_t port, const PeerNames*);

/// Whether some rule of this side asks for the DNS names of a peer, so that `names` matters.
[[nodiscard]] bool asks_for_names(const RuleIndex&, SubjectClass, Direction);
/// Whether the answer of this side may be unknown.
[[nodiscard]] bool may_be_unknown(const RuleIndex&, SubjectClass, Direction);

}  // namespace weir::ir
