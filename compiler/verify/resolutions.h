#pragma once

#include <optional>
#include <string>
#include <vector>

#include "compiler/verify/any_diff.h"
#include "ir/policy/policy_set.h"

namespace weir::compiler {

/// One way in which the peers of two policy sets that only others can resolve, DNS names and groups of a provider, turn out
/// for an address outside. Both sets share it: what a name resolves to does not depend on who asks.
struct Resolution {
  std::vector<ir::Peer> holding;    // those that match the address; sorted
  std::optional<std::string> name;  // a DNS name of the address that makes the name peers so, "" when none does
};

/// Whether a set has such peers.
[[nodiscard]] bool has_unresolved(const ir::PolicySet&);

/// As many as tell the two sets apart, should any way do so: none holds, all hold, those that allow, each name that own
/// rules speak of (one for each way in which patterns overlap, those of lookups too; one of all that the same rules hold and
/// let look up) and each of their groups. Why that is enough: the rule of the highest precedence that matches decides
/// (policy.md 4.2), so one name and what is no name decide a difference; with tiers the names that both share may stand
/// between, and where lookups differ each that waits for one may, so these are asked too. `unknown` says why there may be more.
[[nodiscard]] std::vector<Resolution> resolutions(const ir::PolicySet& before, const ir::PolicySet& after, const OwnRules&, const ir::Cluster&,
                                                  std::string& unknown);

/// The same rules with their unresolved peers replaced by all addresses outside, or by none; with a name, for those subjects
/// that some rule of `all` lets look it up. Rules that this takes are at the end.
[[nodiscard]] ir::PolicySet resolved(const Space&, const ir::PolicySet&, const Resolution&, const ir::PolicySet& all);
/// Whether the own rules mean the same with it, so that nothing can differ.
[[nodiscard]] bool alike(const Space&, const ir::PolicySet& before, const ir::PolicySet& after, const OwnRules&, const Resolution&);

}  // namespace weir::compiler
