#include "compiler/lower/enforceable.h"

#include <string>

namespace weir::compiler {
namespace {

std::string rule_text(const ir::PolicySet& policies, const ir::Files& files, std::uint32_t rule) {
  return rule < policies.rules.size() ? ir::to_text(ir::rule_ref(policies, files, ir::RuleId{rule})) : std::string("a rule");
}

/// The rule of the cell, or the one of its policies whose requests are checked: a wider allow may stand before it.
std::uint32_t request_rule(const ir::PolicySet& policies, std::uint32_t rule) {
  if (rule < policies.rules.size() && policies.rules[rule].l7) return rule;
  for (std::uint32_t i = 0; i < policies.rules.size(); ++i)
    if (policies.rules[i].l7) return i;
  return rule;
}

std::uint32_t authentication_rule(const ir::PolicySet& policies, std::uint32_t rule) {
  if (rule < policies.rules.size() && policies.rules[rule].auth == ir::Auth::Required) return rule;
  for (std::uint32_t i = 0; i < policies.rules.size(); ++i)
    if (policies.rules[i].auth == ir::Auth::Required) return i;
  return rule;
}

}  // namespace

ir::Result<void> enforceable(const ir::TableSet& tables, const ir::PolicySet& policies, const ir::Cluster& cluster,
                             const ir::Files& files) {
  for (std::uint32_t i = 0; i < policies.rules.size(); ++i)
    if (cluster.settings.host_firewall && policies.rules[i].subject_is_node)
      return ir::failure(rule_text(policies, files, i) + " selects nodes, and the agent enforces policy on pods alone; "
                         "set host_firewall=false to leave such rules out", 3);
  for (const ir::Cell& cell : tables.cells) {
    if (cell.redirect)
      return ir::failure(rule_text(policies, files, request_rule(policies, cell.rule)) + " checks requests, which needs a proxy, "
                         "and the agent has none; without it every request would pass", 3);
    if (cell.authenticate)
      return ir::failure(rule_text(policies, files, authentication_rule(policies, cell.rule)) + " requires authentication, which "
                         "the agent cannot do; without it every peer would pass", 3);
  }
  return {};
}

}  // namespace weir::compiler
