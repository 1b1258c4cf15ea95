#pragma once

#include <optional>
#include <string>

#include "compiler/resolve/resolve.h"
#include "ir/flow/flow.h"
#include "simulator/ask/suggest.h"
#include "simulator/replay/admitting.h"

namespace weir::simulator {

// What suggest is made of: YAML that is compiled before anybody believes it, and PolicySets with one thing changed.

/// One side of a connection on its way to another verdict.
struct Draft {
  const compiler::Resolved& resolved;
  const ir::Files& files;
  const ir::Flow& flow;
  ir::PolicySet policies;  // with the edits so far
  Suggestion suggestion;

  [[nodiscard]] ir::Decision decide() const { return ir_decide(policies, resolved.cluster, flow); }
  static ir::Decision ir_decide(const ir::PolicySet&, const ir::Cluster&, const ir::Flow&);
};

[[nodiscard]] const ir::Endpoint& subject_of(const ir::Flow&, ir::Direction);
[[nodiscard]] const ir::Endpoint& peer_of(const ir::Flow&, ir::Direction);
[[nodiscard]] std::string namespace_of(const ir::Endpoint&);

/// The connection as an element of a rule list names it; `home` is the namespace of the policy, empty of a cluster-wide one.
[[nodiscard]] Admission admission_of(const Draft&, ir::Direction, const std::string& home);

/// A whole policy of one element that selects the subject: "apiVersion: ...". `deny`: the element denies and isolates
/// nobody.
[[nodiscard]] std::string policy_text(const Draft&, ir::Direction, const std::string& element, std::string_view kind, bool deny);

/// The rules that this text means under the settings of the run; nullopt when it is refused.
[[nodiscard]] std::optional<compiler::Resolved> compile_text(const Draft&, const std::string& yaml);

/// Puts a rule where decision order wants it.
void insert_rule(ir::PolicySet&, ir::Rule);
/// Adds the policies and rules of `more`.
void insert_all(ir::PolicySet&, const ir::PolicySet& more);
/// Whether two rules are pieces of one element.
[[nodiscard]] bool same_element(const ir::Rule&, const ir::Rule&);

/// "CiliumNetworkPolicy shop/backend ingress[0] (file:line:column)"
[[nodiscard]] std::string place_of(const Draft&, ir::RuleId);
/// The same of its policy: "CiliumNetworkPolicy shop/backend (file:line:column)"
[[nodiscard]] std::string policy_place(const Draft&, ir::RuleId);

}  // namespace weir::simulator
