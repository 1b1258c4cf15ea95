#pragma once

#include <vector>

#include "compiler/api/gateway.h"
#include "compiler/api/reader.h"

namespace weir::compiler {

// What rules of the kinds of routes share.

/// A rule at this place with the one match that matches everything.
[[nodiscard]] RouteRuleObject default_rule(ir::Span origin);
/// `name`, which is a section name.
void read_rule_name(const FieldReader& rule, RouteRuleObject&);
/// At most 16 rules, 128 matches in all, no name twice.
void check_rules(const FieldReader& spec, const std::vector<RouteRuleObject>&);
/// `hostnames`, at most `most`.
void read_hostnames(const FieldReader& spec, std::size_t most, RouteObject&);

/// `timeouts`: the request is not shorter than each try (gateway.md 34).
void read_timeouts(const Node&, RouteRuleObject&, ir::Diagnostics&);
/// `retry` and `sessionPersistence`: checked, and named as not simulated.
void read_retry(const FieldReader& rule);
void read_session(const FieldReader& rule);

}  // namespace weir::compiler
