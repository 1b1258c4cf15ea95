#pragma once

#include <optional>
#include <string>
#include <vector>

#include "compiler/verify/rule_space.h"
#include "compiler/verify/solver.h"
#include "compiler/verify/verify.h"
#include "ir/flow/decision.h"
#include "ir/route/route_table.h"

namespace weir::compiler {

/// What every check works with.
struct CheckContext {
  const RuleSpace& rules;        // of what is enforced, for any pod that may come
  const ir::PolicySet& written;  // with what is in audit
  const ir::PolicySet& of_today; // what is enforced, for the pods of the inventory
  Solver& solver;
  const ir::Files& files;
  const VerifyLimits& limits;
  ir::Diagnostics& diagnostics;
  VerifyReport& report;
  const ir::RouteTable* routes = nullptr;  // absent: nothing is known of routes
  std::string today = {};                  // "2026-11-23"; empty: no exception has expired
  const std::vector<ir::RouteTable>* other_routes = nullptr;  // absent: no dialects are compared

  [[nodiscard]] const ir::PolicySet& policies() const { return rules.policies(); }
  [[nodiscard]] const ir::Cluster& cluster() const { return rules.space().cluster(); }
};

/// What a finding speaks about: every pod that may come, with whatever labels its namespace allows; the inventory; every request
/// that a client can send.
enum class World : std::uint8_t { AnyPod, Today, AnyRequest };
/// Reports the finding with a note that says so.
void tell(const CheckContext&, ir::Diagnostic, World);

/// "CiliumNetworkPolicy shop/backend ingress[1]", "... ingressDeny[0]"
[[nodiscard]] std::string rule_name(const ir::PolicySet&, ir::RuleId);
/// Keeps a check of one rule that was not finished: which, about which rule and where, why.
void give_up(const CheckContext&, ir::Code, ir::RuleId, const std::string& why);

/// The rules that one written element became: same policy, list and place in it. By first id.
[[nodiscard]] std::vector<std::vector<ir::RuleId>> elements_of(const ir::PolicySet&);
[[nodiscard]] bool same_element(const ir::Rule&, const ir::Rule&);

/// "`A`", "`A` and `B`", "`A`, `B` and 3 more"
[[nodiscard]] std::string rule_names(const ir::PolicySet&, const std::vector<ir::RuleId>&);

/// The connection in the terms of `trace`, as a JSON object.
[[nodiscard]] std::string witness_json(const ConnectionWitness&, std::string_view verdict,
                                       std::optional<ir::Direction> side);
/// The same for people, and what its text cannot say.
[[nodiscard]] std::vector<std::string> witness_notes(const ConnectionWitness&, std::string_view verdict);

/// Whether (tier, priority) of `a` is asked before that of `b` (policy.md 4.2).
[[nodiscard]] bool asked_before(const ir::Rule& a, const ir::Rule& b);

}  // namespace weir::compiler
