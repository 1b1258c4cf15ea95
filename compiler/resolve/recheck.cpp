// Tested by tests/unit/compiler/resolve/recheck_test.cpp against whole runs.

#include "compiler/resolve/recheck.h"

#include <algorithm>

#include "compiler/api/secret.h"
#include "compiler/resolve/cluster.h"
#include "compiler/resolve/lint_parts.h"
#include "compiler/resolve/lints_cidr.h"
#include "compiler/resolve/lints_ports.h"
#include "compiler/resolve/lints_selectors.h"
#include "compiler/resolve/policies.h"
#include "compiler/resolve/rule_findings.h"
#include "compiler/resolve/used_ports.h"

namespace weir::compiler {
namespace {

std::size_t size_of(const PolicyObjects& policies) {
  return policies.network_policies.size() + policies.cilium_network_policies.size() + policies.admin_policies.size();
}

/// Of the one policy in `edited`.
const ObjectMeta& meta_of(const PolicyObjects& edited) {
  if (!edited.network_policies.empty()) return edited.network_policies.front().meta;
  if (!edited.admin_policies.empty()) return edited.admin_policies.front().meta;
  return edited.cilium_network_policies.front().meta;
}

/// Exchanges it with the object of its name. False: there is none.
template <class T>
bool exchange(std::vector<T>& list, T& edited) {
  const auto at = std::find_if(list.begin(), list.end(), [&](const T& one) {
    return one.meta.kind == edited.meta.kind && one.meta.namespace_name == edited.meta.namespace_name &&
           one.meta.name == edited.meta.name && one.meta.cluster == edited.meta.cluster;
  });
  if (at == list.end()) return false;
  std::swap(*at, edited);
  return true;
}

/// `edited` holds one policy.
bool exchange(PolicyObjects& all, PolicyObjects& edited) {
  if (!edited.network_policies.empty()) return exchange(all.network_policies, edited.network_policies.front());
  if (!edited.admin_policies.empty()) return exchange(all.admin_policies, edited.admin_policies.front());
  return exchange(all.cilium_network_policies, edited.cilium_network_policies.front());
}

}  // namespace

/// The indexes over the inventory stay while the policies use the same port names: the only thing of a policy that shows
/// in the labels of pods.
struct Recheck::State {
  State(Objects o, Resolved r) : objects(std::move(o)), resolved(std::move(r)) {}

  /// Nullopt: the dialect leaves the policy out.
  [[nodiscard]] std::optional<ir::PolicyId> id_of(const ObjectMeta& meta) const {
    const auto& all = resolved.policies.policies;
    const auto at = std::find_if(all.begin(), all.end(), [&](const ir::PolicyObject& one) {
      return one.name == meta.name && one.namespace_name == meta.namespace_name && one.kind == meta.kind &&
             one.cluster == meta.cluster;
    });
    if (at == all.end()) return std::nullopt;
    return ir::PolicyId{static_cast<std::uint32_t>(at - all.begin())};
  }

  void resolve_edited(const PolicyObjects& edited) {
    rules.before_edit(id_of(meta_of(edited)));
    if (!replace_policy(edited, objects.policies, resolved.cluster, named_ports, resolved.policies, found))
      resolved.policies = resolve_policies(objects.policies, resolved.cluster, found);
    rules.after_edit(id_of(meta_of(edited)));
  }

  void look_at(const PolicyObjects& edited) {
    // Fresh, for its bound on what one run may compare.
    SelectorLint selectors(lint);
    visit_policies(lint, edited, [&](const WrittenPolicy& policy) {
      selectors.look(policy);
      blocks.look(policy);
      ports.look(policy);
    });
    lint_stages(objects, found);
    for (const ir::Diagnostic& one : rules.list()) found.report(one);
  }

  Objects objects;
  Resolved resolved;
  ir::Diagnostics found;
  std::set<std::string> port_names = used_port_names(objects.policies);
  std::set<ir::SecretName> secrets = secret_names(objects.policies);
  NamedPorts named_ports{resolved.cluster};
  Lint lint{objects, resolved.cluster, resolved.policies, found};
  BlockLint blocks{lint};
  PortLint ports{lint};
  RuleFindings rules{lint};
};

Recheck::Recheck(Objects objects, Resolved resolved)
    : state_(std::make_unique<State>(std::move(objects), std::move(resolved))) {}
Recheck::~Recheck() = default;

const Objects& Recheck::objects() const { return state_->objects; }
const Resolved& Recheck::resolved() const { return state_->resolved; }

ir::Result<ir::Diagnostics> Recheck::replace(Objects edited) {
  const bool alone = size_of(edited.policies) == 1 && edited.policies.cidr_groups.empty() &&
                     edited.inventory == InventoryObjects{} && edited.gateway == GatewayObjects{};
  if (!alone) return ir::failure("the text is not one policy without mistakes");
  PolicyObjects other = edited.policies;
  PolicyObjects& all = state_->objects.policies;
  if (!exchange(all, other)) return ir::failure("there is no policy of this name to replace");
  // `other` is what was there before. Seldom do all policies have to be asked.
  if (secret_names(edited.policies) != secret_names(other) && secret_names(all) != state_->secrets) {
    exchange(all, other);
    return ir::failure("the policy names other Secrets than before: they have to be read");
  }
  if (used_port_names(edited.policies) == used_port_names(other) || used_port_names(all) == state_->port_names) {
    state_->found = {};
    state_->resolve_edited(edited.policies);
  } else {
    Resolved resolved = std::move(state_->resolved);
    ir::Diagnostics found;
    resolved.cluster = resolve_cluster(state_->objects, resolved.cluster.settings);
    resolved.policies = resolve_policies(all, resolved.cluster, found);
    state_ = std::make_unique<State>(std::move(state_->objects), std::move(resolved));
    state_->found = std::move(found);
  }
  state_->look_at(edited.policies);
  return std::move(state_->found);
}

}  // namespace weir::compiler
