// A change without a file is a change of the objects: everything behind them (resolve, index, judge) stays as it is, so that
// a what-if and the same change written down give the same report. Tested by tests/unit/simulator/replay/whatif_test.cpp.

#include "simulator/replay/whatif.h"

#include <algorithm>
#include <set>
#include <string_view>

namespace weir::simulator {
namespace {

using compiler::ObjectMeta;
using compiler::Objects;

constexpr std::string_view kEnforcement = "weir.dev/enforcement";

/// Calls `visit` with each list of policies.
template <class Policies, class Visit>
void for_each_list(Policies& policies, Visit visit) {
  visit(policies.network_policies);
  visit(policies.cilium_network_policies);
  visit(policies.admin_policies);
}

std::string name_of(const ObjectMeta& meta) { return meta.namespace_name.empty() ? meta.name : meta.namespace_name + "/" + meta.name; }

/// A policy as `--without` names it.
struct PolicyName {
  std::string kind;  // empty: any
  std::string name;  // "NS/NAME", "NAME"

  [[nodiscard]] bool names(const ObjectMeta& meta) const {
    return meta.cluster.empty() && (kind.empty() || kind == meta.kind) && name == name_of(meta);
  }
};

PolicyName parse_name(std::string text) {
  PolicyName out;
  const std::size_t slash = text.find('/');
  // A kind begins with a capital letter, which no namespace has.
  if (slash != std::string::npos && slash != 0 && text[0] >= 'A' && text[0] <= 'Z') {
    out.kind = text.substr(0, slash);
    text.erase(0, slash + 1);
  }
  out.name = !text.empty() && text[0] == '/' ? text.substr(1) : text;
  return out;
}

std::string did_you_mean(const std::string& name, const std::set<std::string>& known) {
  const std::string near = compiler::nearest(name, {known.begin(), known.end()});
  if (!near.empty()) return "; did you mean `" + near + "`?";
  // A short list is an answer of its own.
  if (known.empty() || known.size() > 5) return "";
  std::string text = "; there is";
  for (const std::string& one : known) text += (one == *known.begin() ? " " : ", ") + compiler::show(one);
  return text;
}

tl::unexpected<ir::Error> no_policy(const std::string& asked, const PolicyName& name, const Objects& objects) {
  std::set<std::string> known;
  for_each_list(objects.policies, [&](const auto& list) {
    for (const auto& policy : list)
      if (policy.meta.cluster.empty()) known.insert(name_of(policy.meta));
  });
  std::string hint = did_you_mean(name.name, known);
  if (known.contains(name.name)) hint = "; `" + name.name + "` is of another kind";
  return ir::failure("`--without " + asked + "`: the input has no policy of that name" + hint, 2);
}

ir::Result<Objects> without(const std::string& asked, Objects objects) {
  const PolicyName name = parse_name(asked);
  std::size_t removed = 0;
  for_each_list(objects.policies, [&](auto& list) { removed += std::erase_if(list, [&](const auto& policy) { return name.names(policy.meta); }); });
  if (removed == 0) return no_policy(asked, name, objects);
  return objects;
}

/// policies.cpp: the label of a policy beats that of its namespace.
void remark_own_stage(const Objects& objects, const std::string& space, const std::string& stage, Remarks& remarks) {
  for_each_list(objects.policies, [&](const auto& list) {
    for (const auto& policy : list) {
      const auto own = policy.meta.labels.find(std::string(kEnforcement));
      if (policy.meta.cluster.empty() && policy.meta.namespace_name == space && own != policy.meta.labels.end() && own->second != stage)
        remarks.push_back(policy.meta.kind + " " + name_of(policy.meta) + " keeps its own label `" + own->first + ": " + own->second + "`");
    }
  });
}

ir::Result<Objects> staged(Objects objects, const std::vector<std::string>& spaces, const std::string& stage, const std::string& flag,
                           Remarks& remarks) {
  const std::vector<std::string> known = local_namespaces(objects);
  for (const std::string& space : spaces) {
    if (!std::binary_search(known.begin(), known.end(), space))
      return ir::failure("`" + flag + " " + space + "`: the input has no namespace of that name" + did_you_mean(space, {known.begin(), known.end()}), 2);
    set_stage(objects, space, stage);
    remark_own_stage(objects, space, stage, remarks);
  }
  return objects;
}

/// The empty text, or what is wrong with the pod of a label.
std::string unknown_pod(const PodLabel& change, const Objects& objects) {
  std::set<std::string> pods;
  for (const compiler::PodObject& pod : objects.inventory.pods)
    if (pod.meta.cluster.empty() && pod.meta.namespace_name == change.namespace_name) pods.insert(name_of(pod.meta));
  const std::string asked = change.namespace_name + "/" + change.pod;
  const std::vector<std::string> spaces = local_namespaces(objects);
  const bool known = std::binary_search(spaces.begin(), spaces.end(), change.namespace_name);
  if (pods.contains(asked) || (known && pods.empty())) return {};
  return "`--label-pod " + asked + "`: the input has no pod of that name" + did_you_mean(asked, known ? pods : std::set<std::string>(spaces.begin(), spaces.end()));
}

auto key_of(const ObjectMeta& meta) { return std::tie(meta.cluster, meta.kind, meta.namespace_name, meta.name); }

template <class T>
void put(std::vector<T>& list, const std::vector<T>& more) {
  for (const T& one : more) {
    const auto same = std::find_if(list.begin(), list.end(), [&](const T& old) { return key_of(old.meta) == key_of(one.meta); });
    if (same == list.end())
      list.push_back(one);
    else
      *same = one;
  }
}

}  // namespace

ir::Result<PodLabel> parse_pod_label(const std::string& pod, const std::string& label) {
  const std::string flag = "`--label-pod " + pod + " " + label + "`";
  const std::size_t slash = pod.find('/'), equals = label.find('=');
  if (slash == std::string::npos || slash == 0 || slash + 1 == pod.size()) return ir::failure(flag + " wants NS/POD first", 2);
  PodLabel out{pod.substr(0, slash), pod.substr(slash + 1), label.substr(0, equals), std::nullopt};
  if (equals != std::string::npos)
    out.value = label.substr(equals + 1);
  else if (label.ends_with('-'))
    out.key.pop_back();
  else
    return ir::failure(flag + " wants KEY=VALUE, or KEY- to take the label away", 2);
  if (out.key.empty()) return ir::failure(flag + " names no label", 2);
  return out;
}

ir::Result<Objects> apply(const WhatIf& change, Objects objects, Remarks& remarks) {
  for (const std::string& name : change.without) {
    auto fewer = without(name, std::move(objects));
    if (!fewer) return fewer;
    objects = std::move(*fewer);
  }
  for (const std::string& space : change.enforce)
    if (std::find(change.audit.begin(), change.audit.end(), space) != change.audit.end())
      return ir::failure("`--enforce " + space + "` and `--audit " + space + "` contradict each other", 2);
  auto enforced = staged(std::move(objects), change.enforce, "enforce", "--enforce", remarks);
  if (!enforced) return enforced;
  auto audited = staged(std::move(*enforced), change.audit, "audit", "--audit", remarks);
  if (!audited) return audited;
  for (const PodLabel& label : change.labels)
    if (const std::string wrong = unknown_pod(label, *audited); !wrong.empty()) return ir::failure(wrong, 2);
  return audited;
}

Objects with_objects(Objects objects, const Objects& more) {
  put(objects.policies.network_policies, more.policies.network_policies);
  put(objects.policies.cilium_network_policies, more.policies.cilium_network_policies);
  put(objects.policies.cidr_groups, more.policies.cidr_groups);
  put(objects.policies.admin_policies, more.policies.admin_policies);
  put(objects.inventory.namespaces, more.inventory.namespaces);
  put(objects.inventory.pods, more.inventory.pods);
  put(objects.inventory.workloads, more.inventory.workloads);
  put(objects.inventory.nodes, more.inventory.nodes);
  put(objects.inventory.services, more.inventory.services);
  put(objects.inventory.endpoints, more.inventory.endpoints);
  put(objects.inventory.secrets, more.inventory.secrets);
  put(objects.gateway.classes, more.gateway.classes);
  put(objects.gateway.gateways, more.gateway.gateways);
  put(objects.gateway.listener_sets, more.gateway.listener_sets);
  put(objects.gateway.routes, more.gateway.routes);
  put(objects.gateway.grants, more.gateway.grants);
  put(objects.gateway.tls_policies, more.gateway.tls_policies);
  put(objects.gateway.secrets, more.gateway.secrets);
  put(objects.gateway.config_maps, more.gateway.config_maps);
  return objects;
}

void set_stage(Objects& objects, const std::string& space, const std::string& stage) {
  auto& spaces = objects.inventory.namespaces;
  auto found = std::find_if(spaces.begin(), spaces.end(), [&](const compiler::NamespaceObject& one) { return one.meta.cluster.empty() && one.meta.name == space; });
  if (found == spaces.end()) {
    compiler::NamespaceObject fresh;
    fresh.meta.kind = "Namespace";
    fresh.meta.name = space;
    found = spaces.insert(spaces.end(), std::move(fresh));
  }
  found->meta.labels[std::string(kEnforcement)] = stage;
}

void clear_policy_stages(Objects& objects) {
  for_each_list(objects.policies, [](auto& list) {
    for (auto& policy : list)
      if (policy.meta.cluster.empty()) policy.meta.labels.erase(std::string(kEnforcement));
  });
}

std::vector<std::string> local_namespaces(const Objects& objects) {
  std::set<std::string> names;
  const auto add = [&](const auto& list) {
    for (const auto& one : list)
      if (one.meta.cluster.empty() && !one.meta.namespace_name.empty()) names.insert(one.meta.namespace_name);
  };
  for_each_list(objects.policies, add);
  add(objects.inventory.pods);
  add(objects.inventory.workloads);
  for (const compiler::NamespaceObject& space : objects.inventory.namespaces)
    if (space.meta.cluster.empty()) names.insert(space.meta.name);
  return {names.begin(), names.end()};
}

}  // namespace weir::simulator
