#include "compiler/lower/peer_classes.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <tuple>
#include <unordered_map>

// Every address leads to an identity through the longest prefix, every identity to a peer class. Prefixes are those that
// rules name and those that pods and nodes own; they nest and are never split (datapath.md 3 "peer classes").
// Test: tests/unit/compiler/lower/peer_classes_test.cpp.
namespace weir::compiler {
namespace {

// policy.md 1.7
constexpr std::uint32_t kHost = 1, kWorld = 2, kRemoteNode = 6, kApiServer = 7, kWorldV4 = 9, kWorldV6 = 10;
constexpr std::uint32_t kFirstPod = 256, kFirstCidr = (1u << 24) + 1;

ir::LabelSet with(ir::LabelSet set, std::string_view name) {
  set.set({"reserved", std::string(name), ""});
  return set;
}

std::vector<std::string> texts(const ir::LabelSet& set) {
  std::vector<std::string> result;
  for (const ir::Label& label : set.labels) result.push_back(to_text(label));
  std::sort(result.begin(), result.end());
  return result;
}

class Builder {
 public:
  Builder(const ir::Cluster& cluster, const Owners& owners, const std::vector<std::string>& nodes, PeerClassifier& peers)
      : cluster_(cluster), owners_(owners), nodes_(nodes), peers_(peers) {}

  ir::Result<PeerClasses> build() {
    add_world();
    add_hosts();
    number_pods();
    add_pods();
    for (const auto& [address, owner] : owners_.all()) add_owned(address, owner);
    const std::vector<ir::IpPrefix> named = peers_.prefixes();
    for (const ir::IpPrefix& prefix : named) add_cidr(prefix);
    // policy.md 1.5: an API server outside the cluster is more than world.
    for (const ir::IpAddress& address : cluster_.api_servers)
      if (!std::binary_search(named.begin(), named.end(), ir::prefix_of(address))) add_cidr(ir::prefix_of(address));
    std::sort(out_.prefixes.begin(), out_.prefixes.end());
    if (out_.classes.size() > 65535)
      return ir::failure("the rules of this node tell more than 65535 classes of peers apart, which the tables cannot hold", 3);
    return std::move(out_);
  }

 private:
  std::uint32_t add_identity(std::uint32_t number, std::string name, std::vector<std::string> labels, const PeerClass& peer) {
    const auto next = static_cast<std::uint32_t>(out_.classes.size());
    const auto [at, added] = class_numbers_.emplace(peer, next);
    if (added) out_.classes.push_back(peer);
    out_.identities.push_back({number, static_cast<std::uint16_t>(at->second), std::move(name), std::move(labels)});
    return static_cast<std::uint32_t>(out_.identities.size() - 1);
  }

  /// A peer that looks the same from every node.
  std::uint32_t add_plain(std::uint32_t number, std::string name, const ir::LabelSet& labels,
                          const std::optional<ir::IpPrefix>& prefix) {
    const ir::Signature signature = peers_.signature(labels, prefix);
    return add_identity(number, std::move(name), texts(labels), {signature, signature, kNowhere});
  }

  // Index 0 is world without any CIDR; in dual stack the other family needs a prefix of its own (policy.md 1.5).
  void add_world() {
    const bool dual = cluster_.settings.dual_stack;
    add_plain(dual ? kWorldV4 : kWorld, dual ? "world-ipv4" : "world",
              ir::world_labels(cluster_.settings, ir::IpFamily::V4), std::nullopt);
    if (!dual) return;
    const auto v6 = add_plain(kWorldV6, "world-ipv6", ir::world_labels(cluster_.settings, ir::IpFamily::V6), std::nullopt);
    const ir::IpPrefix all{{ir::IpFamily::V6, {}}, 0};
    const std::vector<ir::IpPrefix> named = peers_.prefixes();
    if (!std::binary_search(named.begin(), named.end(), all)) out_.prefixes.push_back({all, v6});
  }

  // The agent gives these to addresses that the inventory does not know.
  void add_hosts() {
    node_identity(kEverywhere, std::nullopt, {});
    node_identity(kNowhere, std::nullopt, {});
  }

  /// `labels`: those of the node beside host and remote-node.
  std::uint32_t node_identity(Locality locality, const std::optional<ir::IpPrefix>& address, const ir::LabelSet& labels) {
    const ir::Signature host_here = peers_.signature(with(labels, "host"), address);
    const ir::Signature remote = peers_.signature(with(labels, "remote-node"), address);
    // What no subject can see is left out, so that it tells no classes apart.
    const PeerClass peer{locality == kNowhere ? remote : host_here, locality == kEverywhere ? host_here : remote, locality};
    const auto [at, added] = node_identities_.emplace(std::pair(peer, labels), 0);
    if (!added) return at->second;
    const bool host = locality == kEverywhere;
    const std::string name = locality >= kFirstNode ? "node " + nodes_[locality - kFirstNode] : host ? "host" : "remote-node";
    at->second = add_identity(host ? kHost : labels.reserved("kube-apiserver") ? kApiServer : kRemoteNode, name, texts(with(labels, host ? "host" : "remote-node")), peer);
    return at->second;
  }

  /// Pods with equal labels share a number, as in Cilium; numbers follow the order of the labels.
  void number_pods() {
    std::unordered_map<ir::LabelSet, std::uint32_t, LabelSetHash> places;  // in `sets`
    std::vector<const ir::LabelSet*> sets;
    for (const ir::Pod& pod : cluster_.pods) {
      const auto [at, added] = places.emplace(pod.labels, static_cast<std::uint32_t>(sets.size()));
      if (added) sets.push_back(&pod.labels);
      pod_numbers_.push_back(at->second);
    }
    std::vector<std::uint32_t> order(sets.size()), numbers(sets.size());
    std::iota(order.begin(), order.end(), 0);
    std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) { return *sets[a] < *sets[b]; });
    for (std::size_t i = 0; i < order.size(); ++i) numbers[order[i]] = kFirstPod + static_cast<std::uint32_t>(i);
    for (std::uint32_t& number : pod_numbers_) number = numbers[number];
  }

  void add_pods() {
    for (const ir::Pod& pod : cluster_.pods) {
      std::optional<ir::IpPrefix> address;
      if (!pod.addresses.empty()) address = ir::prefix_of(pod.addresses.front());
      out_.identity_of_pod.push_back(pod.host_network ? 0 : pod_identity(pod, address));
    }
  }

  /// One identity for a number, or several where CIDRs tell its addresses apart (cidr_match_mode pods).
  std::uint32_t pod_identity(const ir::Pod& pod, const std::optional<ir::IpPrefix>& address) {
    const std::uint32_t number = pod_numbers_[static_cast<std::size_t>(&pod - cluster_.pods.data())];
    // policy.md 2.6: without that mode the address of a pod decides nothing.
    const bool by_labels = !cluster_.settings.cidr_match_pods;
    if (const auto known = identity_of_number_.find(number); by_labels && known != identity_of_number_.end()) return known->second;
    const ir::Signature signature = peers_.signature(pod.labels, address);
    const auto [at, added] = pod_identities_.emplace(std::tuple(number, signature), 0);
    if (added)
      at->second = add_identity(number, pod.namespace_name + "/" + pod.workload.name, texts(pod.labels),
                                {signature, signature, kNowhere});
    identity_of_number_.emplace(number, at->second);
    return at->second;
  }

  void add_owned(const ir::IpAddress& address, const Owners::Owner& owner) {
    const ir::IpPrefix prefix = ir::prefix_of(address);
    const std::uint32_t identity = owner.pod != nullptr ? pod_identity(*owner.pod, prefix)
                                                        : node_identity(node_locality(owner.node), prefix, ir::node_labels(cluster_, cluster_.find_node(owner.node)));
    out_.prefixes.push_back({prefix, identity});
  }

  /// With one node, "on the subject's node" is the same for all.
  [[nodiscard]] Locality node_locality(std::string_view node) const {
    const Locality locality = locality_of(nodes_, node);
    return locality != kNowhere && nodes_.size() == 1 ? kEverywhere : locality;
  }

  void add_cidr(const ir::IpPrefix& prefix) {
    // An address that a pod or a node owns is theirs (datapath.md 3, the owner order).
    if (prefix.length == prefix.address.bits() && owners_.all().count(prefix.address) > 0) return;
    const bool one = prefix.length == prefix.address.bits();
    const ir::LabelSet world = one ? ir::outside_labels(cluster_, prefix.address)
                                   : ir::world_labels(cluster_.settings, prefix.address.family);
    const ir::Signature signature = peers_.signature(world, prefix);
    std::vector<std::string> labels = texts(world);
    labels.insert(labels.begin(), "cidr:" + to_text(prefix));
    out_.prefixes.push_back({prefix, add_identity(kFirstCidr + cidrs_++, to_text(prefix), std::move(labels),
                                                  {signature, signature, kNowhere})});
  }

  const ir::Cluster& cluster_;
  const Owners& owners_;
  const std::vector<std::string>& nodes_;
  PeerClassifier& peers_;
  PeerClasses out_;
  std::uint32_t cidrs_ = 0;
  std::map<PeerClass, std::uint32_t> class_numbers_;
  std::map<std::pair<PeerClass, ir::LabelSet>, std::uint32_t> node_identities_;
  std::vector<std::uint32_t> pod_numbers_;  // by PodId
  std::map<std::tuple<std::uint32_t, ir::Signature>, std::uint32_t> pod_identities_;
  std::unordered_map<std::uint32_t, std::uint32_t> identity_of_number_;  // the first one
};

}  // namespace

Locality locality_of(const std::vector<std::string>& nodes, std::string_view node) {
  const auto at = std::lower_bound(nodes.begin(), nodes.end(), node);
  if (at == nodes.end() || *at != node) return kNowhere;
  return kFirstNode + static_cast<Locality>(at - nodes.begin());
}

ir::Result<PeerClasses> peer_classes(const ir::Cluster& cluster, const Owners& owners,
                                     const std::vector<std::string>& nodes, PeerClassifier& peers) {
  return Builder(cluster, owners, nodes, peers).build();
}

}  // namespace weir::compiler
