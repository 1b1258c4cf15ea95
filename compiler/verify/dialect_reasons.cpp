#include "compiler/verify/dialect_reasons.h"

#include <algorithm>
#include <array>

namespace weir::compiler {
namespace {

struct Meaning {
  std::string_view key, item, text;
};

constexpr std::array kMeanings = {
    Meaning{"allow_localhost", "4.2", "whether a pod's own node needs a rule"},
    Meaning{"audit_mode", "6.9", "in audit mode policies are reported, not enforced"},
    Meaning{"cidr_match_mode", "2.6", "whether CIDRs match pods and nodes"},
    Meaning{"default_local_cluster", "2.4c", "since 1.19 a selector without a cluster label selects pods of the local cluster alone"},
    Meaning{"derived.baseline_before_default_deny", "8.2", "in 1.20 a Baseline rule can admit what a default deny would drop"},
    Meaning{"derived.icmp_type_zero_is_all", "3.9", "type 0 of ICMP stands for every type"},
    Meaning{"derived.np_rules_isolate_unlisted_types", "7.5d", "rules of a direction that policyTypes does not list are imported"},
    Meaning{"dual_stack", "1.5", "the outside is world-ipv4 and world-ipv6 instead of world"},
    Meaning{"enforcement", "4.2", "whom policy is enforced for"},
    Meaning{"host_firewall", "4.2", "whether policy is enforced for nodes"},
    Meaning{"k8s_cluster_network_policy", "8", "whether ClusterNetworkPolicies are enforced"},
    Meaning{"node_selector_labels", "2.8", "whether nodes carry their labels"},
    Meaning{"non_default_deny_policies", "4.1", "whether enableDefaultDeny is read"},
};

bool is_deep(const ir::NamePattern& pattern) { return !pattern.literal && pattern.text.starts_with("**"); }

bool asks_generated(const ir::Selector& selector) {
  return std::any_of(selector.requirements.begin(), selector.requirements.end(), [](const auto& r) { return r.source == "gen"; });
}

// policy.md 3.8
bool has_named_port(const ir::Rule& rule) {
  if (asks_generated(rule.subject)) return true;
  return rule.peers && std::any_of(rule.peers->begin(), rule.peers->end(), [](const ir::Peer& peer) {
    const auto* selector = std::get_if<ir::SelectorPeer>(&peer);
    return selector && asks_generated(selector->selector);
  });
}

bool any_element(const CiliumNetworkPolicy* written, auto wanted) {
  if (written == nullptr) return false;
  for (const CiliumRule& rule : written->rules)
    for (const CiliumElements* list : {&rule.ingress, &rule.ingress_deny, &rule.egress, &rule.egress_deny})
      if (*list && std::any_of((*list)->begin(), (*list)->end(), wanted)) return true;
  return false;
}

bool has_requirements(const CiliumElement& element) { return element.requirements && !element.requirements->empty(); }

bool has_parser(const CiliumElement& element) {
  return element.port_rules && std::any_of(element.port_rules->begin(), element.port_rules->end(), [](const CiliumPortRule& rule) {
    return rule.l7 && !rule.l7->parser.empty();
  });
}

bool names_mesh(const CiliumElement& element) {
  return element.entities && std::any_of(element.entities->begin(), element.entities->end(),
                                         [](const auto& entity) { return entity.value == "cluster-mesh"; });
}

bool names_port(const CiliumElement& element) {
  return element.port_rules && std::any_of(element.port_rules->begin(), element.port_rules->end(), [](const CiliumPortRule& rule) {
    return std::any_of(rule.ports.begin(), rule.ports.end(), [](const PortSpec& port) { return !port.name.empty(); });
  });
}

std::vector<DialectReason> explain_dialect(const CiliumNetworkPolicy* written, const RuleList& from, const RuleList& to,
                                           const ir::Settings& settings) {
  std::vector<DialectReason> reasons;
  const auto add = [&](bool holds, const char* item, const char* text) {
    if (holds) reasons.push_back({"dialect", item, text});
  };
  const auto some = [&](auto wanted) {
    return std::any_of(from.begin(), from.end(), wanted) || std::any_of(to.begin(), to.end(), wanted);
  };
  const auto deep = [](const ir::Rule* rule) { return has_deep_pattern(*rule); };
  add(some(deep), "5.5", "since 1.19 `**.` at the start of a DNS pattern stands for one or more labels; before, for a part of one like `*`");
  add(any_element(written, has_requirements), "3.4", "fromRequires and toRequires narrow the peers up to 1.18 and must be empty since 1.19");
  add(any_element(written, has_parser), "3.5", "rules.kafka and rules.l7proto are gone in 1.20");
  add(any_element(written, names_mesh), "2.7", "the entity cluster-mesh is new in 1.20");
  const bool named = any_element(written, names_port) || some([](const ir::Rule* rule) { return has_named_port(*rule); });
  add(named, "3.8", "up to 1.19 a named port that pods give different numbers breaks on egress; since 1.20 each peer has its own");
  add(settings.enforcement == ir::Enforcement::Always, "4.3",
      "with enforcement=always and no rule at all, 1.20 does not let in the pod's own node (issue 48444)");
  if (reasons.empty()) reasons.push_back({"dialect", "0", "the dialects read it differently"});
  return reasons;
}

}  // namespace

bool has_deep_pattern(const ir::Rule& rule) {
  if (rule.l7 && std::any_of(rule.l7->dns.begin(), rule.l7->dns.end(), is_deep)) return true;
  return rule.peers && std::any_of(rule.peers->begin(), rule.peers->end(), [](const ir::Peer& peer) {
    const auto* name = std::get_if<ir::FqdnPeer>(&peer);
    return name && is_deep(name->name);
  });
}

std::vector<DialectReason> explain(const std::string& key, const CiliumNetworkPolicy* written, const RuleList& from,
                                   const RuleList& to, const ir::Settings& settings) {
  if (key == "dialect") return explain_dialect(written, from, to, settings);
  const auto known = std::find_if(kMeanings.begin(), kMeanings.end(), [&](const Meaning& meaning) { return meaning.key == key; });
  if (known == kMeanings.end()) return {{key, "0", "the setting differs"}};
  return {{key, std::string(known->item), std::string(known->text)}};
}

}  // namespace weir::compiler
