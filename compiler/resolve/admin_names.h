#pragma once

#include <set>
#include <string>
#include <vector>

#include "compiler/api/policy.h"

namespace weir::compiler {

/// Adds the port names that these policies use, lower case: those of their rules, and those that Cilium's own lookups of
/// `domainNames` use (policy.md 8.5, 8.6).
void add_port_names(const std::vector<AdminPolicy>&, std::set<std::string>&);

}  // namespace weir::compiler
