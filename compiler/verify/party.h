#pragma once

#include <set>
#include <string>
#include <vector>

#include "compiler/invariants/invariants.h"
#include "compiler/verify/space.h"
#include "ir/base/result.h"

namespace weir::compiler {

/// The pod label keys that any rule asks for: all other labels of a pod change no verdict.
[[nodiscard]] std::set<std::string> label_keys(const ir::PolicySet&);

/// Every end that a party of a property may be. `pod:`, `workload:` and `ip:` are what the inventory says today;
/// `labels:` and `namespace:` are all pods that may exist there, with whatever further labels. An error when the inventory
/// does not have the party: then the property is unknown, not good.
[[nodiscard]] ir::Result<std::vector<EndBox>> ends_of(const Space&, const std::set<std::string>& keys,
                                                      const InvariantParty&);
/// Of any of them; an error when one has one, or when there is nobody.
[[nodiscard]] ir::Result<std::vector<EndBox>> ends_of(const Space&, const std::set<std::string>& keys, const Parties&);

}  // namespace weir::compiler
