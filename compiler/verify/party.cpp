#include "compiler/verify/party.h"

#include <algorithm>

namespace weir::compiler {
namespace {

using Ends = std::vector<EndBox>;

void collect(const ir::Selector& selector, std::set<std::string>& keys) {
  for (const ir::Requirement& requirement : selector.requirements)
    if (std::string key = ir::box_key(requirement); !key.empty()) keys.insert(std::move(key));
}

class PartyEnds {
 public:
  PartyEnds(const Space& space, const std::set<std::string>& keys) : space_(space), keys_(keys) {}

  ir::Result<Ends> operator()(const ir::Party& party) const {
    switch (party.kind) {
      case ir::PartyKind::Pod: return pods(party, [&](const ir::Pod& pod) { return pod.name == party.name; });
      case ir::PartyKind::Workload: return pods(party, [&](const ir::Pod& pod) { return pod.workload.name == party.name; });
      case ir::PartyKind::Labels: return labels(party.namespace_name, party.labels, party.cluster);
      case ir::PartyKind::Ip: return address(*party.address);
      case ir::PartyKind::Entity: return entity(party.name);
      case ir::PartyKind::Fqdn: return name(party);
    }
    return ir::failure("what `" + to_text(party) + "` resolves to is not known");
  }

  ir::Result<Ends> operator()(const NamespaceParty& party) const { return labels(party.name, {}); }

  ir::Result<Ends> operator()(const ClusterParty& party) const {
    const auto& remotes = cluster().remotes;
    const bool known = party.name == cluster().settings.cluster_name || std::find(remotes.begin(), remotes.end(), party.name) != remotes.end();
    if (!known) return ir::failure("the input has no cluster `" + party.name + "`");
    ir::Selector selector;
    selector.add(ir::equals("k8s", ir::kClusterKey, party.name));
    auto box = space_.pods_of(selector);
    return box ? Ends{std::move(*box)} : Ends{};
  }

  /// As the inventory has them. Policy tells nodes apart by their labels only when a setting lets it (policy.md 2.8).
  ir::Result<Ends> operator()(const NodeParty& party) const {
    if (cluster().settings.node_selector_labels) return ir::failure("with `node_selector_labels` nothing is proven about nodes by label");
    Ends ends;
    for (const ir::Node& node : cluster().nodes) {
      const auto at = node.labels.find(party.key);
      if (at == node.labels.end() || at->second != party.value) continue;
      for (const ir::IpAddress& address : node.addresses) append(ends, of_node(ir::AddressSet::of(address, address), &node));
    }
    if (ends.empty()) return ir::failure("the inventory has no node with the label `" + party.key + "=" + party.value + "`");
    return ends;
  }

  /// The outside addresses of the prefix, and what the inventory has inside it.
  ir::Result<Ends> operator()(const CidrParty& party) const {
    Ends ends = outside(addresses_of(party.prefix));
    const auto inside = [&](const auto& addresses) {
      return std::any_of(addresses.begin(), addresses.end(), [&](const ir::IpAddress& a) { return contains(party.prefix, a); });
    };
    for (const ir::Pod& pod : cluster().pods)
      if (inside(pod.addresses)) append(ends, exactly(pod));
    for (const ir::Node& node : cluster().nodes)
      if (inside(node.addresses)) append(ends, of_node(addresses_of(party.prefix), &node));
    return ends;
  }

 private:
  [[nodiscard]] const ir::Cluster& cluster() const { return space_.cluster(); }
  static void append(Ends& ends, Ends more) { ends.insert(ends.end(), more.begin(), more.end()); }

  template <class Fits>
  [[nodiscard]] ir::Result<Ends> pods(const ir::Party& party, Fits fits) const {
    Ends ends;
    for (const ir::Pod& pod : cluster().pods)
      if (pod.namespace_name == party.namespace_name && pod.cluster == party.cluster && fits(pod)) append(ends, exactly(pod));
    if (ends.empty()) return ir::failure("the inventory has no `" + to_text(party) + "`");
    return ends;
  }

  /// Boxes of a kind, at these addresses when its address matters.
  [[nodiscard]] Ends of_kinds(const ir::AddressSet& addresses, auto wanted) const {
    Ends ends;
    for (EndBox& box : space_.everyone()) {
      const EndKind& kind = space_.kinds()[box.kind];
      if (!wanted(kind)) continue;
      if (kind.addressed) box.addresses = box.addresses.intersect(addresses);
      if (!space_.empty(box)) ends.push_back(std::move(box));
    }
    return ends;
  }

  /// A node is host to the pods on it and remote-node to all others (policy.md 1.4).
  [[nodiscard]] Ends of_node(const ir::AddressSet& addresses, const ir::Node* node) const {
    const bool apiserver = node_labels(cluster(), node).reserved("kube-apiserver");
    return of_kinds(addresses, [&](const EndKind& kind) {
      return kind.kind == ir::EndpointKind::Node && kind.labels.reserved("kube-apiserver") == apiserver;
    });
  }

  /// Today's API servers show themselves (policy.md 1.5).
  [[nodiscard]] Ends outside(const ir::AddressSet& addresses) const {
    Ends ends = of_kinds(addresses, [](const EndKind& kind) { return kind.labels.world() && !kind.labels.reserved("kube-apiserver"); });
    std::vector<ir::AddressSet::Interval> servers;
    for (const ir::IpAddress& address : cluster().api_servers) servers.push_back({address, address});
    const ir::AddressSet here = addresses.intersect(ir::AddressSet::joined(std::move(servers)));
    if (!here.empty())
      append(ends, of_kinds(here, [](const EndKind& kind) { return kind.labels.world() && kind.labels.reserved("kube-apiserver"); }));
    return ends;
  }

  [[nodiscard]] ir::AddressSet addresses_of_pod(const ir::Pod& pod) const {
    std::vector<ir::AddressSet::Interval> raw;
    for (const ir::IpAddress& address : pod.addresses) raw.push_back({address, address});
    return raw.empty() ? ir::every_address() : ir::AddressSet::joined(std::move(raw));
  }

  /// Today's labels of the pod and no others.
  [[nodiscard]] Ends exactly(const ir::Pod& pod) const {
    if (pod.host_network) return of_node(addresses_of_pod(pod), cluster().find_node(pod.node));
    EndBox box = space_.everyone().front();
    bool some = true;
    for (const ir::Label& label : pod.labels.labels)
      some = some && box.labels.constrain(ir::box_key({label.source, label.key, ir::Operator::Exists, {}}), ir::ValueSet::one(label.value));
    for (const std::string& key : keys_)
      if (const ir::Label label = ir::box_label(key, ""); !pod.labels.has(label.source, label.key)) some = some && box.labels.constrain(key, ir::ValueSet::of(ir::Operator::DoesNotExist, {}));
    if (space_.kinds().front().addressed) box.addresses = addresses_of_pod(pod);
    return some && !space_.empty(box) ? Ends{std::move(box)} : Ends{};
  }

  [[nodiscard]] ir::Result<Ends> labels(const std::string& namespace_name,
                                        const std::map<std::string, std::string>& wanted, const std::string& remote = {}) const {
    ir::Selector selector;
    selector.add(ir::equals("k8s", ir::kNamespaceKey, namespace_name));
    selector.add(ir::equals("k8s", ir::kClusterKey, remote.empty() ? cluster().settings.cluster_name : remote));
    for (const auto& [key, value] : wanted)
      // policy.md 1.3: the pod may have it, but no identity shows it.
      if (is_identity_label(cluster().settings, key)) selector.add(ir::equals("k8s", key, value));
    auto box = space_.pods_of(selector);
    if (!box) return ir::failure("no pod with these labels can exist in `" + namespace_name + "`");
    return Ends{std::move(*box)};
  }

  [[nodiscard]] ir::Result<Ends> address(const ir::IpAddress& address) const {
    if (const auto pod = cluster().pod_at(address)) return exactly(cluster().pod(*pod));
    const ir::AddressSet here = ir::AddressSet::of(address, address);
    const ir::Node* node = cluster().node_at(address);
    return node ? of_node(here, node) : outside(here);
  }

  /// What the input says that the name resolves to.
  [[nodiscard]] ir::Result<Ends> name(const ir::Party& party) const {
    const auto at = cluster().names.find(party.name);
    if (at == cluster().names.end()) return ir::failure("no input says what `" + to_text(party) + "` resolves to");
    std::vector<ir::AddressSet::Interval> raw;
    for (const ir::IpAddress& address : at->second) raw.push_back({address, address});
    return outside(ir::AddressSet::joined(std::move(raw)));
  }

  [[nodiscard]] ir::Result<Ends> entity(const std::string& name) const {
    return of_kinds(ir::every_address(), [&](const EndKind& kind) {
      return name == "world" ? kind.labels.world() : kind.labels.reserved(name);
    });
  }

  const Space& space_;
  const std::set<std::string>& keys_;
};

}  // namespace

std::set<std::string> label_keys(const ir::PolicySet& policies) {
  std::set<std::string> keys;
  for (const ir::Rule& rule : policies.rules) {
    collect(rule.subject, keys);
    for (const ir::Peer& peer : rule.peers.value_or(std::vector<ir::Peer>{}))
      if (const auto* selector = std::get_if<ir::SelectorPeer>(&peer)) collect(selector->selector, keys);
  }
  return keys;
}

ir::Result<std::vector<EndBox>> ends_of(const Space& space, const std::set<std::string>& keys, const InvariantParty& party) {
  return std::visit(PartyEnds(space, keys), party);
}

ir::Result<std::vector<EndBox>> ends_of(const Space& space, const std::set<std::string>& keys, const Parties& parties) {
  Ends all;
  for (const InvariantParty& party : parties) {
    auto ends = ends_of(space, keys, party);
    if (!ends) return ends;
    all.insert(all.end(), ends->begin(), ends->end());
  }
  // Pods of one workload are one box where addresses do not matter: each is asked about once, in the order met.
  std::set<EndBox> met;
  std::erase_if(all, [&](const EndBox& end) { return !met.insert(end).second; });
  // A claim about nobody holds, and tells nothing.
  if (all.empty()) return ir::failure("no end that may exist is `" + to_text(parties) + "`");
  return all;
}

}  // namespace weir::compiler
