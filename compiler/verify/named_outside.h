#pragma once

#include <set>
#include <string>
#include <string_view>

#include "ir/cluster/cluster.h"
#include "ir/flow/endpoint.h"
#include "ir/policy/policy_set.h"

namespace weir::compiler {

/// Somebody outside who is known by a DNS name and by no address, as access_of sees names.
[[nodiscard]] ir::Endpoint named_outside(const ir::Cluster&, const std::string& name);
/// A name that a pattern stands for: "x.example.com" of "*.example.com" (policy.md 5.5). Lower case, without a last dot.
[[nodiscard]] std::string sample_of(std::string_view pattern);
/// The same patterns and, where the sample of one is also in the way of another, a name of it that is not: so that what the
/// pattern alone takes has a name too.
[[nodiscard]] std::set<ir::NamePattern> told_apart(std::set<ir::NamePattern> patterns, ir::Dialect);

}  // namespace weir::compiler
