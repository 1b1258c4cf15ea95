#pragma once

#include <vector>

#include "compiler/invariants/invariants.h"
#include "compiler/verify/finding.h"

namespace weir::compiler {

/// WEIR0207: tiers that nothing reaches. Returns one flag for each rule: it is told.
[[nodiscard]] std::vector<bool> check_dead_tiers(const CheckContext&);

/// WEIR0201, 0203, 0204: elements that can never decide a connection; those that are `told` are left out. Returns one flag
/// for each rule: nothing of its element is left.
[[nodiscard]] std::vector<bool> check_shadowed(const CheckContext&, std::vector<bool> told);

/// WEIR0202: elements that an explicit deny takes some, but not all, traffic from. `shadowed` ones are told already.
void check_conflicts(const CheckContext&, const std::vector<bool>& shadowed);

/// WEIR0205: ports that other ports of the same rule match already.
void check_idle_ports(const CheckContext&);

/// WEIR0206: cluster policies of one priority that do different things with one connection.
void check_priority_ties(const CheckContext&);

/// WEIR0209: allows whose mode of authentication a more specific allow replaces.
void check_authentication(const CheckContext&);

/// WEIR0220: endpoints whose policy map comes near its size in Cilium.
void check_capacity(const CheckContext&);

/// WEIR0430: matches of routes that no request reaches.
void check_unreachable_routes(const CheckContext&);

/// WEIR0431: requests that another dialect sends elsewhere.
void check_route_dialects(const CheckContext&);

/// WEIR0210 and the proofs: what is written holds, is violated, or is unknown.
void check_invariants(const CheckContext&, const Invariants&);

}  // namespace weir::compiler
