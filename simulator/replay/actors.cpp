// Who a recorded `source` or `destination` is to policy. Labels come from the flow or from the inventory; reserved
// entities are always as recorded, because only the recording node knows whether a node address is `host`.

#include "simulator/replay/actors.h"

#include <tsl/robin_map.h>

#include <algorithm>
#include <array>
#include <deque>
#include <map>
#include <set>
#include <string_view>
#include <vector>

namespace weir::simulator {
namespace {

/// policy.md 1.7
constexpr std::array<std::string_view, 11> kReservedByNumber = {
    "", "host", "world", "unmanaged", "health", "init", "remote-node", "kube-apiserver", "ingress", "world-ipv4", "world-ipv6"};

struct CacheKey {
  std::uint32_t party;
  ir::IpAddress address;  // zero where the party alone says who it is
  friend bool operator==(const CacheKey&, const CacheKey&) = default;
};

struct CacheHash {
  std::size_t operator()(const CacheKey& key) const noexcept {
    return hash_bytes({reinterpret_cast<const char*>(key.address.bytes.data()), 16}) ^ (key.party * 0x9e3779b97f4a7c15u);
  }
};

ir::LabelSet labels_of(const Party& party) {
  ir::LabelSet set;
  for (const std::string& label : party.labels) set.set(ir::parse_label(label));
  if (party.labels.empty() && party.identity != 0 && party.identity < kReservedByNumber.size())
    set.set({"reserved", std::string(kReservedByNumber[party.identity]), ""});
  return set;
}

bool is_remote(const ir::Cluster& cluster, const std::string& name) {
  return std::binary_search(cluster.remotes.begin(), cluster.remotes.end(), name);
}

/// policy.md 3.8: recordings show no port names, and the inventory's pod has them.
void add_port_names(const ir::Pod& pod, ir::LabelSet& labels) {
  for (const ir::Label& label : pod.labels.labels)
    if (label.source == "gen") labels.set(label);
}

const ir::Label* reserved_label(const ir::LabelSet& set) {
  for (const ir::Label& label : set.labels)
    if (label.source == "reserved") return &label;
  return nullptr;
}

}  // namespace

struct Actors::State {
  const ir::Cluster& cluster;
  const Parties& parties;
  LabelSource source;
  const ir::Cluster* base;
  std::vector<PodLabel> changes;
  std::map<ir::IpAddress, ir::PodId> pod_by_address;
  std::set<ir::IpAddress> services;
  tsl::robin_map<CacheKey, std::uint32_t, CacheHash> cache;
  std::deque<Actor> actors;
  std::map<std::uint32_t, std::uint32_t> of_pods;  // PodId -> ActorId
  std::map<std::string, std::uint32_t> name_ids;
  std::deque<std::string> names;
  std::set<std::string> clusters;  // that recorded parties belong to
  std::string adopted;             // the recording's own name for this cluster
  std::size_t scanned = 0;         // parties looked at for `clusters`

  EdgeNameId name(std::string text);
  void scan_clusters();
  bool is_local(const std::string& cluster_name) const;
  /// As Cluster names it: empty for the local one; none when the inventory does not know it.
  std::optional<std::string_view> known_cluster(const std::string& cluster_name) const;
  std::optional<ir::PodId> find_pod(const Party&, const ir::IpAddress&) const;
  Actor make(const Party&, const ir::IpAddress&);
  Actor entity(const ir::LabelSet&, const ir::Label& reserved, const ir::IpAddress&);
  Actor from_flow(const Party&, const std::optional<ir::PodId>&, ir::LabelSet);
  void complete(const Party&, ir::LabelSet&) const;
  void add_port_names_of(const ir::Pod&, ir::LabelSet&) const;
  std::string name_of(const Party&, const Actor&) const;
  void relabel(const Party&, Actor&) const;
};

EdgeNameId Actors::State::name(std::string text) {
  const auto [at, added] = name_ids.try_emplace(text, static_cast<std::uint32_t>(names.size()));
  if (added) names.push_back(std::move(text));
  return {at->second};
}

void Actors::State::scan_clusters() {
  for (; scanned < parties.size(); ++scanned) {
    const Party& party = parties.at(PartyId{static_cast<std::uint32_t>(scanned)});
    if (!party.cluster.empty() && !party.namespace_name.empty()) clusters.insert(party.cluster);
  }
}

bool Actors::State::is_local(const std::string& cluster_name) const {
  return cluster_name.empty() || cluster_name == cluster.settings.cluster_name || cluster_name == adopted;
}

std::optional<std::string_view> Actors::State::known_cluster(const std::string& cluster_name) const {
  if (is_local(cluster_name)) return "";
  return is_remote(cluster, cluster_name) ? std::optional<std::string_view>(cluster_name) : std::nullopt;
}

std::optional<ir::PodId> Actors::State::find_pod(const Party& party, const ir::IpAddress& address) const {
  const auto home = known_cluster(party.cluster);
  if (!home) return std::nullopt;
  if (!party.pod.empty()) {
    if (const auto id = cluster.find_pod(party.namespace_name, party.pod, *home)) return id;
    // A pod made from a workload's template has not the name that the cluster gave it.
    for (std::uint32_t i = 0; i < cluster.pods.size(); ++i) {
      const ir::Pod& pod = cluster.pods[i];
      if (!pod.from_template || pod.namespace_name != party.namespace_name || pod.cluster != *home) continue;
      const bool named = party.workload.empty() ? party.pod.starts_with(pod.workload.name + "-") : party.workload == pod.workload.name;
      if (named) return ir::PodId{i};
    }
    return std::nullopt;
  }
  const auto at = pod_by_address.find(address);
  return at == pod_by_address.end() ? std::nullopt : std::optional(at->second);
}

Actor Actors::State::entity(const ir::LabelSet& labels, const ir::Label& reserved, const ir::IpAddress& address) {
  Actor actor;
  actor.resolved = true;
  actor.labels = labels;
  actor.host = labels.reserved("host");
  actor.by_address = true;
  actor.managed = labels.reserved("init");
  const bool world = labels.world();
  if (world) actor.labels = ir::world_labels(cluster.settings, address.family);
  actor.name = name("entity:" + (world ? std::string("world") : reserved.key));
  return actor;
}

/// Labels that a shipper trimmed: what the cluster and the namespace add is known (policy.md 1.2).
void Actors::State::complete(const Party& party, ir::LabelSet& labels) const {
  if (is_local(party.cluster)) labels.set({"k8s", std::string(ir::kClusterKey), cluster.settings.cluster_name});
  if (labels.has("k8s", ir::kNamespaceKey) || party.namespace_name.empty()) return;
  ir::LabelSet whole = ir::identity_labels(cluster, party.namespace_name, {}, "default",
                                           is_local(party.cluster) ? std::string_view() : party.cluster);
  for (const ir::Label& label : labels.labels) whole.set(label);
  labels = std::move(whole);
}

std::string Actors::State::name_of(const Party& party, const Actor& actor) const {
  const std::string prefix = actor.namespace_name.empty() ? "" : actor.namespace_name + "/";
  if (!party.workload.empty()) return prefix + party.workload;
  if (actor.pod) {
    const ir::Pod& pod = cluster.pod(*actor.pod);
    return prefix + (pod.workload.name.empty() ? pod.name : pod.workload.name);
  }
  if (!party.pod.empty()) return prefix + party.pod;
  for (const std::string_view key : {"app.kubernetes.io/name", "app", "k8s-app"})
    if (const ir::Label* label = actor.labels.find("k8s", key)) return prefix + std::string(key) + "=" + label->value;
  return prefix + "(no name)";
}

/// Of this inventory and of the one before the change: a policy sees only the names that it uses.
void Actors::State::add_port_names_of(const ir::Pod& pod, ir::LabelSet& labels) const {
  add_port_names(pod, labels);
  if (base == nullptr) return;
  if (const auto same = base->find_pod(pod.namespace_name, pod.name, pod.cluster)) add_port_names(base->pod(*same), labels);
}

Actor Actors::State::from_flow(const Party& party, const std::optional<ir::PodId>& pod, ir::LabelSet labels) {
  Actor actor;
  complete(party, labels);
  if (pod) add_port_names_of(cluster.pod(*pod), labels);
  actor.resolved = true;
  actor.labels = std::move(labels);
  if (const ir::Label* label = actor.labels.find("k8s", ir::kNamespaceKey)) actor.namespace_name = label->value;
  actor.managed = !actor.namespace_name.empty() && is_local(party.cluster);
  return actor;
}

void Actors::State::relabel(const Party& party, Actor& actor) const {
  if (changes.empty() || !actor.managed) return;
  const std::string& pod = party.pod.empty() && actor.pod ? cluster.pod(*actor.pod).name : party.pod;
  if (auto labels = relabelled(actor.labels, actor.namespace_name, pod, changes, cluster.settings))
    actor.before = std::exchange(actor.labels, std::move(*labels));
}

Actor Actors::State::make(const Party& party, const ir::IpAddress& address) {
  ir::LabelSet labels = labels_of(party);
  if (const ir::Label* reserved = reserved_label(labels)) return entity(labels, ir::Label(*reserved), address);
  const std::optional<ir::PodId> pod = find_pod(party, address);
  Actor actor;
  if (source != LabelSource::Inventory && !labels.labels.empty()) {
    actor = from_flow(party, pod, std::move(labels));
  } else if (source != LabelSource::Flow && pod && !cluster.pod(*pod).host_network) {
    actor.resolved = true;
    actor.managed = cluster.pod(*pod).cluster.empty();
    actor.labels = cluster.pod(*pod).labels;
    add_port_names_of(cluster.pod(*pod), actor.labels);
    actor.namespace_name = cluster.pod(*pod).namespace_name;
  } else if (source == LabelSource::Inventory && party.pod.empty() && party.namespace_name.empty() && cluster.node_at(address) == nullptr) {
    // cli.md "Naming a party": an address that the inventory does not know is the world.
    return entity(ir::world_labels(cluster.settings, address.family), {"reserved", "world", ""}, address);
  }
  if (actor.namespace_name.empty()) actor.namespace_name = party.namespace_name;
  actor.pod = pod;
  actor.name = name(actor.resolved || !party.pod.empty() ? name_of(party, actor) : "(unresolved)");
  relabel(party, actor);
  return actor;
}

Actors::Actors(const ir::Cluster& cluster, const Parties& parties, LabelSource source, const ir::Cluster* base, std::vector<PodLabel> changes)
    : state_(std::make_unique<State>(State{cluster, parties, source, base, std::move(changes)})) {
  for (std::uint32_t i = 0; i < cluster.pods.size(); ++i)
    if (!cluster.pods[i].host_network)
      for (const ir::IpAddress& address : cluster.pods[i].addresses) state_->pod_by_address.emplace(address, ir::PodId{i});
  for (const ir::Service& service : cluster.services)
    state_->services.insert(service.cluster_ips.begin(), service.cluster_ips.end());
}
Actors::~Actors() = default;

void Actors::adopt(const std::map<std::string, std::uint64_t>& local_clusters) {
  if (state_->cluster.settings.cluster_name != "default") return;
  std::uint64_t most = 0;
  for (const auto& [name, flows] : local_clusters) {
    if (is_remote(state_->cluster, name) || flows <= most) continue;
    most = flows;
    state_->adopted = name;
  }
}

ActorId Actors::find(PartyId id, const ir::IpAddress& address) {
  State& state = *state_;
  if (state.scanned < state.parties.size()) state.scan_clusters();
  const Party& party = state.parties.at(id);
  CacheKey key{id.index, {}};
  // A pod's name or an entity's label says it all; anything else, and a Service, is known by its address.
  const bool service = party.pod.empty() && state.services.contains(address);
  if (service || (party.pod.empty() && (party.labels.empty() || !party.labels.front().starts_with("reserved:"))))
    key.address = address;
  else
    key.address.family = address.family;
  if (const auto at = state.cache.find(key); at != state.cache.end()) return {at->second};
  Actor actor = state.make(party, address);
  actor.service = service;
  const auto fresh = static_cast<std::uint32_t>(state.actors.size());
  state.actors.push_back(std::move(actor));
  state.cache.emplace(key, fresh);
  return {fresh};
}

ActorId Actors::of_pod(ir::PodId id) {
  State& state = *state_;
  const auto [at, added] = state.of_pods.try_emplace(id.index, static_cast<std::uint32_t>(state.actors.size()));
  if (!added) return {at->second};
  const ir::Pod& pod = state.cluster.pod(id);
  Party party;
  party.namespace_name = pod.namespace_name;
  party.pod = pod.name;
  party.cluster = pod.cluster;
  Actor actor;
  actor.resolved = true;
  actor.managed = pod.cluster.empty() && !pod.host_network;
  actor.labels = pod.labels;
  state.add_port_names_of(pod, actor.labels);
  actor.namespace_name = pod.namespace_name;
  actor.pod = id;
  actor.name = state.name(state.name_of(party, actor));
  state.relabel(party, actor);
  state.actors.push_back(std::move(actor));
  return {at->second};
}

const Actor& Actors::at(ActorId id) const { return state_->actors[id.index]; }
std::size_t Actors::size() const { return state_->actors.size(); }
const std::string& Actors::name(EdgeNameId id) const { return state_->names[id.index]; }

std::vector<std::string> Actors::foreign_clusters() const {
  std::vector<std::string> foreign;
  for (const std::string& cluster : state_->clusters)
    if (cluster != state_->cluster.settings.cluster_name && !is_remote(state_->cluster, cluster)) foreign.push_back(cluster);
  return foreign;
}

std::string Actors::adopted_cluster() const {
  return state_->adopted == state_->cluster.settings.cluster_name ? std::string() : state_->adopted;
}

}  // namespace weir::simulator
