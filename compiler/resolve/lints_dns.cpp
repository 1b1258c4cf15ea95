// Pods that may talk to others by name, and may not ask for the name. Only said where pods are given, and only of pods
// that some rule lets out to something people reach by name: who may reach nothing, or only addresses, needs no DNS.
// Tested by tests/unit/compiler/resolve/lints_rules_test.cpp.

#include <algorithm>
#include <optional>
#include <set>

#include "compiler/resolve/lint_parts.h"
#include "ir/base/code.h"

namespace weir::compiler {
namespace {

bool serves_dns(const ir::Pod& pod) {
  return std::any_of(pod.ports.begin(), pod.ports.end(), [](const ir::ContainerPort& port) { return port.port == 53; });
}

enum Flag : std::uint8_t { kIsolated = 1, kNeedsNames = 2, kLetsDns = 4 };

/// Whether a peer may be a DNS server. In doubt it is.
class DnsPeers {
 public:
  explicit DnsPeers(const Lint& lint) : lint_(lint) {
    const auto as_pod = [&](const char* space, const std::map<std::string, std::string>& labels, const char* account) {
      servers_.push_back(ir::identity_labels(lint.cluster, space, labels, account));
    };
    as_pod("kube-system", {{"k8s-app", "kube-dns"}}, "coredns");
    as_pod("kube-system", {{"k8s-app", "kube-dns"}, {"app.kubernetes.io/name", "coredns"}}, "kube-dns");
    as_pod("openshift-dns", {{"dns.operator.openshift.io/daemonset-dns", "default"}}, "dns");
    constexpr std::size_t kEnough = 16;
    for (const ir::Pod& pod : lint.cluster.pods)
      if (!pod.host_network && servers_.size() < kEnough && serves_dns(pod)) servers_.push_back(pod.labels);
  }

  [[nodiscard]] bool may_be(const ir::Peer& peer) const {
    if (std::holds_alternative<ir::CidrPeer>(peer)) return lint_.cluster.settings.cidr_match_pods;
    const auto* selector = std::get_if<ir::SelectorPeer>(&peer);
    return selector && may_be(selector->selector);
  }

 private:
  [[nodiscard]] bool may_be(const ir::Selector& selector) const {
    if (selector.everything()) return true;
    for (const ir::Requirement& r : selector.requirements) {
      // A cache on the host network is the node.
      if (r.source == "reserved") return r.key == "host" || r.key == "remote-node";
      // Labels of a namespace that was not given: nobody knows.
      if (r.key.starts_with(ir::kNamespaceLabelPrefix) && !r.key.ends_with("kubernetes.io/metadata.name") && !knows_system_) return true;
    }
    return std::any_of(servers_.begin(), servers_.end(), [&](const ir::LabelSet& labels) { return ir::matches(selector, labels); });
  }

  const Lint& lint_;
  std::vector<ir::LabelSet> servers_;
  bool knows_system_ = std::any_of(lint_.objects.inventory.namespaces.begin(), lint_.objects.inventory.namespaces.end(),
                                   [](const NamespaceObject& space) { return space.meta.name == "kube-system"; });
};

/// OpenShift's DNS pods listen on 5353.
bool is_dns_port(const ir::PortMatch& match) {
  const bool carries = match.protocol == ir::Protocol::Udp || match.protocol == ir::Protocol::Tcp;
  return carries && !match.ports.all() && (match.ports.contains(53) || match.ports.contains(5353));
}

bool all_ports(const ir::Rule& rule) {
  return !rule.ports || std::any_of(rule.ports->begin(), rule.ports->end(), [](const ir::PortMatch& match) {
    return match.ports.all() && match.protocol == ir::Protocol::Udp;
  });
}

bool by_name(const ir::Peer& peer) {
  const auto* selector = std::get_if<ir::SelectorPeer>(&peer);
  return std::holds_alternative<ir::FqdnPeer>(peer) || (selector && PodIndex::about_pods(selector->selector));
}

std::uint8_t flags_of(const ir::Rule& rule, const DnsPeers& dns) {
  std::uint8_t flags = rule.default_deny && !rule.audit ? kIsolated : 0;
  const bool lets = rule.action == ir::Action::Allow && !(rule.peers && rule.peers->empty()) && !(rule.ports && rule.ports->empty());
  if (!lets) return flags;
  if (rule.ports && std::any_of(rule.ports->begin(), rule.ports->end(), is_dns_port)) return flags | kLetsDns;
  const bool any = !rule.peers || std::any_of(rule.peers->begin(), rule.peers->end(), [&](const ir::Peer& p) { return dns.may_be(p); });
  if (all_ports(rule) && any) return flags | kLetsDns;
  const bool named = !rule.peers || std::any_of(rule.peers->begin(), rule.peers->end(), by_name);
  return named ? flags | kNeedsNames : flags;
}

bool concerns(const Lint& lint, const ir::Rule& rule) {
  return rule.direction == ir::Direction::Egress && !rule.subject_is_node &&
         lint.policies.policies[rule.policy.index].cluster.empty() &&
         (rule.subject.everything() || PodIndex::about_pods(rule.subject));
}

/// The flags of each rule, and of each pod what all its rules give.
class EgressFlags {
 public:
  explicit EgressFlags(const Lint& lint) : rules_(lint.policies.rules.size()), pods_(lint.cluster.pods.size()) {
    const DnsPeers dns(lint);
    const auto& rules = lint.policies.rules;
    for (std::size_t i = 0; known() && i < rules.size();) {
      // The rules of one policy follow each other: their pods are looked up once.
      const std::size_t first = i;
      std::uint8_t all = 0;
      for (; i < rules.size() && rules[i].policy == rules[first].policy && rules[i].subject == rules[first].subject &&
             rules[i].subject_is_node == rules[first].subject_is_node;
           ++i)
        if (concerns(lint, rules[i])) all |= rules_[i] = flags_of(rules[i], dns);
      if (all == 0) continue;
      lint.pods.visit(rules[first].subject, [&](std::uint32_t pod) {
        pods_[pod] |= all;
        return ++visits_ < kMostVisits;
      });
    }
  }

  /// False: there are too many pairs of pod and policy to tell in good time, and nothing is to be said.
  [[nodiscard]] bool known() const { return visits_ < kMostVisits; }
  [[nodiscard]] std::uint8_t rule(std::size_t rule) const { return rules_[rule]; }
  [[nodiscard]] std::uint8_t pod(std::uint32_t pod) const { return pods_[pod]; }

 private:
  static constexpr std::size_t kMostVisits = 20'000'000;

  std::size_t visits_ = 0;
  std::vector<std::uint8_t> rules_, pods_;
};

}  // namespace

void lint_dns(const Lint& lint) {
  if (lint.pods.empty() || lint.cluster.settings.enforcement == ir::Enforcement::Never) return;
  const EgressFlags flags(lint);
  const auto& rules = lint.policies.rules;
  std::set<ir::PolicyId> told;
  for (std::size_t i = 0; flags.known() && i < rules.size(); ++i) {
    const ir::Rule& rule = rules[i];
    if (!(flags.rule(i) & kNeedsNames) || told.contains(rule.policy)) continue;
    std::optional<std::uint32_t> found;
    lint.pods.visit(rule.subject, [&](std::uint32_t pod) {
      if ((flags.pod(pod) & (kIsolated | kLetsDns)) == kIsolated) found = pod;
      return !found;
    });
    if (!found) continue;
    told.insert(rule.policy);
    lint.report(ir::Code::NoDnsEgress, rule.origin,
                "no rule lets pod " + lint.pod_name(*found) + " ask DNS (port 53 of UDP and TCP), so it finds nobody by name",
                "allow port 53 of UDP and TCP to the pods of kube-dns");
  }
}

}  // namespace weir::compiler
