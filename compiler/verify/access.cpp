#include "compiler/verify/access.h"

#include <algorithm>
#include <cctype>
#include <map>
#include <set>

#include "compiler/lower/lower.h"
#include "compiler/verify/named_outside.h"
#include "ir/flow/endpoint.h"

namespace weir::compiler {
namespace {

/// Where the prefixes that hold an address, or what else is known of it, may change; per family.
std::vector<ir::IpAddress> cuts_of(const ir::RuleIndex& index, const ir::Cluster& cluster) {
  std::set<ir::IpAddress> cuts{{ir::IpFamily::V4, {}}, {ir::IpFamily::V6, {}}};
  const auto cut = [&](const ir::IpPrefix& prefix) {
    cuts.insert(prefix.address);
    if (const auto after = ir::next(ir::last_address(prefix))) cuts.insert(*after);
  };
  for (const ir::Peer& peer : index.matchers) {
    const auto* cidr = std::get_if<ir::CidrPeer>(&peer);
    if (cidr == nullptr) continue;
    cut(cidr->cidr);
    for (const ir::IpPrefix& except : cidr->except) cut(except);
  }
  for (const ir::IpAddress& address : cluster.api_servers) cut(ir::prefix_of(address));
  for (const auto& [name, addresses] : cluster.names)
    for (const ir::IpAddress& address : addresses) cut(ir::prefix_of(address));
  return {cuts.begin(), cuts.end()};
}

ir::LabelSet reserved(std::initializer_list<const char*> keys) {
  ir::LabelSet set;
  for (const char* key : keys) set.set({"reserved", key, ""});
  return set;
}

class Builder {
 public:
  Builder(const ir::PolicySet& policies, const ir::Cluster& cluster)
      : policies_(policies), cluster_(cluster), index_(index_rules(policies, cluster)), classifier_(index_) {}

  Access build(const std::vector<ir::LabelSet>& further, const std::set<ir::NamePattern>& names) {
    add_entities();
    add_world();
    add_names(names);
    for (const ir::LabelSet& labels : further) access_.further.push_back(peer(labels, std::nullopt));
    add_pods();
    add_nodes();
    make_rows();
    merge_classes();
    return std::move(access_);
  }

 private:
  PeerId peer(const ir::LabelSet& labels, const std::optional<ir::IpAddress>& address,
              const std::vector<std::string>& dns_names = {}) {
    PeerClass entry{classifier_.peer(labels, address), labels.reserved("host")};
    if (labels.world()) entry.names = number_of(dns_names);
    const auto [at, added] = numbers_.emplace(entry, PeerId{static_cast<std::uint32_t>(classes_.peers.size())});
    if (added) classes_.peers.push_back(entry);
    return at->second;
  }

  std::uint32_t number_of(const std::vector<std::string>& dns_names) {
    const auto [at, added] = names_.emplace(dns_names, static_cast<std::uint32_t>(classes_.names.size()));
    if (added) classes_.names.push_back({true, dns_names});
    return at->second;
  }

  void add_entities() {
    access_.host = peer(reserved({"host"}), std::nullopt);
    access_.remote_node = peer(reserved({"remote-node"}), std::nullopt);
    // policy.md 1.7: identity 7 is an API server on a node of the cluster.
    access_.kube_apiserver = peer(reserved({"kube-apiserver", "remote-node"}), std::nullopt);
    access_.ingress = peer(reserved({"ingress"}), std::nullopt);
  }

  void add_world() {
    const std::vector<ir::IpAddress> cuts = cuts_of(index_, cluster_);
    std::map<PeerId, std::vector<ir::AddressSet::Interval>> regions;
    for (std::size_t i = 0; i < cuts.size(); ++i) {
      const ir::IpAddress& first = cuts[i];
      const bool ends_here = i + 1 == cuts.size() || cuts[i + 1].family != first.family;
      const ir::IpAddress last = ends_here ? ir::last_address({{first.family, {}}, 0}) : *ir::AddressLine::previous(cuts[i + 1]);
      const PeerId region = peer(ir::outside_labels(cluster_, first), first, ir::names_of(cluster_, first));
      regions[region].push_back({first, last});
    }
    for (auto& [id, intervals] : regions) access_.world.push_back({id, ir::AddressSet::joined(std::move(intervals))});
  }

  void add_names(const std::set<ir::NamePattern>& patterns) {
    const ir::LabelSet world = ir::world_labels(cluster_.settings, ir::IpFamily::V4);
    access_.nameless = peer(world, std::nullopt);
    for (const ir::NamePattern& pattern : patterns)
      access_.names.emplace_back(pattern.text, peer(world, std::nullopt, {sample_of(pattern.text)}));
  }

  void add_pods() {
    access_.class_of_pod.resize(cluster_.pods.size());
    access_.node_ends.resize(cluster_.pods.size());
    subject_of_pod_.resize(cluster_.pods.size());
    peer_of_pod_.resize(cluster_.pods.size());
    for (std::size_t i = 0; i < cluster_.pods.size(); ++i) {
      const ir::Pod& pod = cluster_.pods[i];
      const auto address = pod.addresses.empty() ? std::nullopt : std::optional(pod.addresses.front());
      if (pod.host_network) {
        access_.node_ends[i] = node_end(pod.node, address);
      } else {
        subject_of_pod_[i] = classifier_.subject(pod.labels);
        peer_of_pod_[i] = peer(pod.labels, address);
      }
    }
  }

  void add_nodes() {
    for (const ir::Node& node : cluster_.nodes)
      access_.node_ends.push_back(node_end(node.name, node.addresses.empty() ? std::nullopt : std::optional(node.addresses.front())));
  }

  NodeEnd node_end(const std::string& name, const std::optional<ir::IpAddress>& address) {
    const ir::Endpoint node = ir::node_endpoint(cluster_, name);
    const auto seen_as = [&](const char* key) {
      ir::LabelSet labels = node.labels;
      labels.set({"reserved", key, ""});
      return peer(labels, address);
    };
    NodeEnd end{name, seen_as("host"), seen_as("remote-node")};
    // Until the rows are made this is the subject class.
    if (cluster_.settings.host_firewall) {
      end.rows = classifier_.subject(node.host_labels).index;
      node_subjects_.insert(end.rows);
    }
    return end;
  }

  void make_rows() {
    access_.rows.push_back({AdmissionRow{PortsTable::kEvery, {}}, AdmissionRow{PortsTable::kEvery, {}}});
    std::map<std::array<AdmissionRow, 2>, std::uint32_t> numbers{{access_.rows.front(), NodeEnd::kOpenRows}};
    RowMaker maker(policies_, index_, classes_, access_.ports);
    for (std::uint32_t subject = 0; subject < index_.subjects.size(); ++subject) {
      const bool node = node_subjects_.contains(subject);
      std::array<AdmissionRow, 2> rows{maker.row({subject}, ir::Direction::Ingress, node), maker.row({subject}, ir::Direction::Egress, node)};
      const auto [at, added] = numbers.emplace(std::move(rows), static_cast<std::uint32_t>(access_.rows.size()));
      if (added) access_.rows.push_back(at->first);
      rows_of_subject_.push_back(at->second);
    }
    if (cluster_.settings.host_firewall)
      for (NodeEnd& end : access_.node_ends) end.rows = rows_of_subject_.empty() ? NodeEnd::kOpenRows : rows_of_subject_[end.rows];
    transpose();
  }

  void transpose() {
    access_.unusual_sources.resize(classes_.peers.size());
    unusual_destinations_.resize(classes_.peers.size());
    for (std::uint32_t row = 0; row < access_.rows.size(); ++row) {
      for (const auto& [id, ports] : access_.rows[row][0].others) access_.unusual_sources[id.index].emplace_back(row, ports);
      for (const auto& [id, ports] : access_.rows[row][1].others) unusual_destinations_[id.index].emplace_back(row, ports);
    }
  }

  /// Equal rows, and peers that all rows treat alike, make one class.
  void merge_classes() {
    std::map<std::pair<Column, Column>, PeerId> same_peer;
    std::map<PeerId, PeerId> merged;
    std::map<std::pair<std::uint32_t, PeerId>, PodClassId> numbers;
    for (std::size_t i = 0; i < cluster_.pods.size(); ++i) {
      if (cluster_.pods[i].host_network) continue;
      const PeerId id = peer_of_pod_[i];
      if (const auto [at, added] = merged.emplace(id, id); added)
        at->second = same_peer.emplace(std::pair(access_.unusual_sources[id.index], unusual_destinations_[id.index]), id).first->second;
      const std::pair key(rows_of_subject_[subject_of_pod_[i].index], merged.at(id));
      const auto [at, added] = numbers.emplace(key, PodClassId{static_cast<std::uint32_t>(access_.classes.size())});
      if (added) access_.classes.push_back({key.first, key.second});
      access_.class_of_pod[i] = at->second;
    }
  }

  using Column = std::vector<std::pair<std::uint32_t, PortsId>>;

  const ir::PolicySet& policies_;
  const ir::Cluster& cluster_;
  ir::RuleIndex index_;
  Classifier classifier_;
  Access access_;
  PeerClasses classes_;
  std::map<PeerClass, PeerId> numbers_;
  std::map<std::vector<std::string>, std::uint32_t> names_;
  std::set<std::uint32_t> node_subjects_;
  std::vector<ir::SubjectClass> subject_of_pod_;
  std::vector<PeerId> peer_of_pod_;
  std::vector<std::uint32_t> rows_of_subject_;
  std::vector<Column> unusual_destinations_;  // [peer] -> rows that treat it unlike others as a destination
};

}  // namespace

Access access_of(const ir::PolicySet& policies, const ir::Cluster& cluster, const std::vector<ir::LabelSet>& further,
                 const std::set<ir::NamePattern>& names) {
  return Builder(policies, cluster).build(further, names);
}

const std::vector<PortsId>& OutgoingRows::of(PodClassId source) {
  const PodClass& from = access_.classes[source.index];
  const AdmissionRow& egress = access_.rows[from.rows][static_cast<std::size_t>(ir::Direction::Egress)];
  to_peer_.assign(access_.unusual_sources.size(), egress.usual);
  for (const auto& [peer, ports] : egress.others) to_peer_[peer.index] = ports;
  from_source_.resize(access_.rows.size());
  for (std::size_t row = 0; row < access_.rows.size(); ++row)
    from_source_[row] = access_.rows[row][static_cast<std::size_t>(ir::Direction::Ingress)].usual;
  for (const auto& [row, ports] : access_.unusual_sources[from.peer.index]) from_source_[row] = ports;
  result_.resize(access_.classes.size());
  for (std::size_t i = 0; i < result_.size(); ++i) {
    const PodClass& to = access_.classes[i];
    result_[i] = access_.ports.meet(to_peer_[to.peer.index], from_source_[to.rows]);
  }
  return result_;
}

}  // namespace weir::compiler
