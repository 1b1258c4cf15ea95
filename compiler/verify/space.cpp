// The space of all connections as products of ends and ports. Tested by tests/unit/compiler/verify/space_test.cpp against
// the evaluator, and by encoding_test.cpp against Z3.
#include "compiler/verify/space.h"

#include <algorithm>

#include "ir/base/check.h"
#include "ir/flow/endpoint.h"

namespace weir::compiler {
namespace {

using ir::AddressSet;
using ir::EndpointKind;
using ir::IpFamily;

ir::LabelSet reserved(std::initializer_list<const char*> keys) {
  ir::LabelSet set;
  for (const char* key : keys) set.set({"reserved", key, ""});
  return set;
}

ir::LabelSet with_apiserver(ir::LabelSet set) {
  set.set({"reserved", "kube-apiserver", ""});
  return set;
}

AddressSet inventory_addresses(const ir::Cluster& cluster) {
  std::vector<AddressSet::Interval> raw;
  for (const ir::Pod& pod : cluster.pods)
    for (const ir::IpAddress& address : pod.addresses) raw.push_back({address, address});
  for (const ir::Node& node : cluster.nodes)
    for (const ir::IpAddress& address : node.addresses) raw.push_back({address, address});
  return AddressSet::joined(std::move(raw));
}

AddressSet points(const std::vector<ir::IpAddress>& addresses) {
  std::vector<AddressSet::Interval> raw;
  for (const ir::IpAddress& address : addresses) raw.push_back({address, address});
  return AddressSet::joined(std::move(raw));
}

AddressSet special_addresses(const ir::Cluster& cluster) {
  AddressSet all = points(cluster.api_servers);
  for (const auto& [name, addresses] : cluster.names) all = all.unite(points(addresses));
  return all;
}

std::string outside_server(const std::string& party) { return "`" + party + "` is an API server outside the cluster"; }

bool is_node(const ir::LabelSet& labels) { return labels.reserved("host") || labels.reserved("remote-node"); }

/// What a node answers by labels that only its Node object knows (policy.md 1.4).
bool asks_node_labels(const ir::Requirement& requirement) {
  const bool derived = ir::is_derived_key(requirement.key) && requirement.key != ir::kClusterKey;
  if (requirement.source == "node") return true;
  return !derived && (requirement.source == "any" || (requirement.source == "k8s" && requirement.key == ir::kClusterKey));
}

}  // namespace

void Space::add_kind(std::string entity, EndpointKind kind, ir::LabelSet labels, bool addressed, AddressSet addresses) {
  kinds_.push_back({std::move(entity), kind, std::move(labels), addressed, std::move(addresses)});
}

// policy.md 1.4 and 1.5; which of them a CIDR can select is 2.6.
Space::Space(const ir::Cluster& cluster)
    : cluster_(cluster), pods_(cluster), inventory_(inventory_addresses(cluster)), special_(special_addresses(cluster)) {
  const ir::Settings& settings = cluster.settings;
  const bool pods = settings.cidr_match_pods, nodes = settings.cidr_match_nodes;
  const AddressSet all = ir::every_address();
  add_kind("", EndpointKind::Pod, {}, pods, all);
  add_kind("host", EndpointKind::Node, reserved({"host"}), nodes, all);
  add_kind("remote-node", EndpointKind::Node, reserved({"remote-node"}), nodes, all);
  add_kind("kube-apiserver", EndpointKind::Node, with_apiserver(reserved({"remote-node"})), nodes, all);
  add_kind("host", EndpointKind::Node, with_apiserver(reserved({"host"})), nodes, all);
  for (const char* entity : {"ingress", "health", "init", "unmanaged"})
    add_kind(entity, EndpointKind::Other, reserved({entity}), pods, all);
  for (const bool apiserver : {false, true})
    for (const IpFamily family : {IpFamily::V4, IpFamily::V6}) {
      const ir::LabelSet world = world_labels(settings, family);
      const AddressSet where = settings.dual_stack ? ir::every_address(family) : all;
      if (family == IpFamily::V6 && !settings.dual_stack) continue;
      // Where the inventory names the API servers, nobody else is one (policy.md 1.5).
      const AddressSet servers = cluster.api_servers.empty() ? where : where.intersect(points(cluster.api_servers).subtract(inventory_));
      if (apiserver) add_kind("world", EndpointKind::Other, with_apiserver(world), true, servers);
      // An address of today's API server always shows it.
      else add_kind("world", EndpointKind::Other, world, true, where.subtract(points(cluster.api_servers)));
    }
}

std::vector<EndBox> Space::everyone() const {
  std::vector<EndBox> boxes;
  for (std::uint32_t i = 0; i < kinds_.size(); ++i)
    boxes.push_back({i, {}, kinds_[i].addressed ? kinds_[i].addresses : AddressSet{}});
  return boxes;
}

std::optional<EndBox> Space::pods_of(const ir::Selector& selector) const {
  auto labels = pods_.box(selector);
  if (!labels) return std::nullopt;
  return EndBox{0, std::move(*labels), kinds_[0].addressed ? kinds_[0].addresses : AddressSet{}};
}

bool Space::selects(const ir::Selector& selector, const ir::LabelSet& labels, Reading reading) const {
  if (!cluster_.settings.node_selector_labels || !is_node(labels)) return matches(selector, labels);
  const bool sure = reading == Reading::Sure;
  return std::all_of(selector.requirements.begin(), selector.requirements.end(), [&](const ir::Requirement& requirement) {
    return asks_node_labels(requirement) ? !sure : matches(requirement, labels);
  });
}

std::vector<EndBox> Space::ends_of(const ir::Peer& peer, Reading reading) const {
  std::vector<EndBox> boxes;
  const auto* selector = std::get_if<ir::SelectorPeer>(&peer);
  const auto* cidr = std::get_if<ir::CidrPeer>(&peer);
  const AddressSet inside = cidr ? addresses_of(*cidr) : AddressSet{};
  for (EndBox& box : everyone()) {
    const EndKind& kind = kinds_[box.kind];
    // Names and groups: somebody outside, nobody knows who (policy.md 5.6, 2.10).
    if (!cidr && !selector) {
      if (kind.labels.world() && reading == Reading::May) boxes.push_back(std::move(box));
      continue;
    }
    if (cidr) {
      if (!kind.addressed) continue;
      box.addresses = box.addresses.intersect(inside);
      if (!box.addresses.empty()) boxes.push_back(std::move(box));
    } else if (box.kind == 0) {
      if (auto pods = pods_of(selector->selector)) boxes.push_back(std::move(*pods));
    } else if (selects(selector->selector, kind.labels, reading)) {
      boxes.push_back(std::move(box));
    }
  }
  return boxes;
}

std::vector<EndBox> Space::peers_of(const ir::Rule& rule, Reading reading) const {
  if (!rule.peers) return everyone();
  std::vector<EndBox> boxes;
  for (const ir::Peer& peer : *rule.peers)
    for (EndBox& box : ends_of(peer, reading)) boxes.push_back(std::move(box));
  std::sort(boxes.begin(), boxes.end());
  boxes.erase(std::unique(boxes.begin(), boxes.end()), boxes.end());
  return boxes;
}

bool Space::empty(const EndBox& box) const {
  return (kinds_[box.kind].addressed && box.addresses.empty()) || (box.kind == 0 && pods_.empty(box.labels));
}

bool Space::overlaps(const EndBox& a, const EndBox& b) const {
  if (a.kind != b.kind || !ir::overlaps(a.labels, b.labels)) return false;
  return !kinds_[a.kind].addressed || a.addresses.overlaps(b.addresses);
}

std::optional<EndBox> Space::intersect(const EndBox& a, const EndBox& b) const {
  if (!overlaps(a, b)) return std::nullopt;
  EndBox box{a.kind, *ir::intersect(a.labels, b.labels), a.addresses.intersect(b.addresses)};
  if (empty(box)) return std::nullopt;
  return box;
}

bool Space::inside(const EndBox& inner, const EndBox& outer) const {
  if (inner.kind != outer.kind || !ir::inside(inner.labels, outer.labels)) return false;
  return !kinds_[inner.kind].addressed || inner.addresses.inside(outer.addresses);
}

std::vector<EndBox> Space::subtract(const EndBox& from, const EndBox& what) const {
  if (!overlaps(from, what)) return {from};
  std::vector<EndBox> pieces;
  for (ir::LabelBox& labels : ir::subtract(from.labels, what.labels))
    pieces.push_back({from.kind, std::move(labels), from.addresses});
  if (kinds_[from.kind].addressed) {
    EndBox rest{from.kind, *ir::intersect(from.labels, what.labels), from.addresses.subtract(what.addresses)};
    pieces.push_back(std::move(rest));
  }
  std::erase_if(pieces, [&](const EndBox& piece) { return empty(piece); });
  return pieces;
}

bool Space::overlaps(const ConnectionBox& a, const ConnectionBox& b) const {
  return a.source.kind == b.source.kind && a.destination.kind == b.destination.kind && a.ports.overlaps(b.ports) && overlaps(a.source, b.source) &&
         overlaps(a.destination, b.destination);
}

std::optional<ConnectionBox> Space::intersect(const ConnectionBox& a, const ConnectionBox& b) const {
  ConnectionBox box;
  box.ports = a.ports.intersect(b.ports);
  if (box.ports.empty()) return std::nullopt;
  auto source = intersect(a.source, b.source);
  if (!source) return std::nullopt;
  auto destination = intersect(a.destination, b.destination);
  if (!destination) return std::nullopt;
  box.source = std::move(*source);
  box.destination = std::move(*destination);
  return box;
}

std::vector<ConnectionBox> Space::subtract(const ConnectionBox& from, const ConnectionBox& what) const {
  const auto common = intersect(from, what);
  if (!common) return {from};
  std::vector<ConnectionBox> pieces;
  if (ir::PortSet ports = from.ports.subtract(what.ports); !ports.empty())
    pieces.push_back({from.source, from.destination, std::move(ports)});
  for (EndBox& source : subtract(from.source, what.source))
    pieces.push_back({std::move(source), from.destination, common->ports});
  for (EndBox& destination : subtract(from.destination, what.destination))
    pieces.push_back({common->source, std::move(destination), common->ports});
  return pieces;
}

/// For the outside an address that no pod or node has today: `trace` would take those for the pod or the node.
std::optional<ir::IpAddress> Space::pick_address(const EndBox& box) const {
  const AddressSet unused = box.addresses.subtract(inventory_);
  if (const AddressSet plain = unused.subtract(special_); !plain.empty()) return ir::witness(plain);
  return ir::witness(unused.empty() ? box.addresses : unused);
}

namespace {

/// Of the key of a named_port_label().
std::string named_port_text(const std::string& key) {
  const std::size_t name = key.find('.', 5) + 1, number = key.find('.', name);
  if (number == std::string::npos) return "has this port under the name `" + key.substr(name) + "`";
  return "has the named port `" + key.substr(name, number - name) + "`, " + key.substr(number + 1);
}

}  // namespace

EndWitness Space::pod_witness(const EndBox& box) const {
  const auto pod = pods_.witness(box.labels);
  WEIR_CHECK(pod);
  EndWitness end;
  end.endpoint.kind = EndpointKind::Pod;
  end.endpoint.labels = pod->labels;
  end.party = "labels:" + pod->namespace_name + "/";
  for (const auto& [key, value] : pod->pod_labels)
    end.party += (end.party.back() == '/' ? "" : ",") + key + "=" + value;
  for (const auto& [key, value] : pod->namespace_labels)
    end.notes.push_back("namespace `" + pod->namespace_name + "` has the label `" + key + "=" + value + "`");
  if (pod->service_account != "default")
    end.notes.push_back("the service account of `" + end.party + "` is `" + pod->service_account + "`");
  for (const ir::Label& label : pod->labels.labels)
    if (label.source == "gen") end.notes.push_back("`" + end.party + "` " + named_port_text(label.key));
  const ir::Label* cluster = pod->labels.find("k8s", ir::kClusterKey);
  if (cluster->value != cluster_.settings.cluster_name)
    end.notes.push_back("`" + end.party + "` is a pod of cluster `" + cluster->value + "`");
  return end;
}

EndWitness Space::other_witness(const EndBox& box) const {
  const EndKind& kind = kinds_[box.kind];
  EndWitness end;
  end.endpoint.kind = kind.kind;
  const bool apiserver = kind.labels.reserved("kube-apiserver");
  if (kind.kind != EndpointKind::Node) end.endpoint.labels = kind.labels;
  else if (apiserver) end.endpoint.labels = with_apiserver({});
  // policy.md 1.4: a node without a name is the subject's own.
  if (kind.labels.reserved("remote-node")) end.endpoint.node = "(another node)";
  if (kind.entity != "world") {
    end.party = "entity:" + kind.entity;
    if (apiserver && kind.entity == "host") end.notes.push_back("`" + end.party + "` has an API server");
    return end;
  }
  const ir::IpAddress address = *pick_address(box);
  end.party = "ip:" + to_text(address);
  end.endpoint.dns_names = names_of(cluster_, address);
  if (apiserver)
    end.notes.push_back(outside_server(end.party));
  if (inventory_.contains(address))
    end.notes.push_back("`" + end.party + "` belongs to the inventory today; here it is an outside address");
  return end;
}

std::optional<EndWitness> Space::witness(const EndBox& box) const {
  if (empty(box)) return std::nullopt;
  EndWitness end = box.kind == 0 ? pod_witness(box) : other_witness(box);
  if (kinds_[box.kind].addressed) end.endpoint.address = pick_address(box);
  end.endpoint.name = end.party;
  return end;
}

namespace {

/// policy.md 4.5: a pod that talks to its own address is not judged; two pods get two addresses where they can.
EndBox elsewhere(const EndBox& box, const ir::Endpoint& other) {
  EndBox moved = box;
  if (box.kind == 0 && other.kind == EndpointKind::Pod && other.address)
    moved.addresses = box.addresses.subtract(AddressSet::of(*other.address, *other.address));
  return moved.addresses.empty() ? box : moved;
}

}  // namespace

std::optional<ConnectionWitness> witness(const Space& space, const ConnectionBox& box) {
  const auto port = ir::witness(box.ports);
  auto source = space.witness(box.source);
  if (!port || !source) return std::nullopt;
  auto destination = space.witness(elsewhere(box.destination, source->endpoint));
  if (!destination) return std::nullopt;
  ir::Flow flow{source->endpoint, destination->endpoint, port->protocol, port->port, 0};
  return ConnectionWitness{std::move(flow), std::move(*source), std::move(*destination)};
}

void settle(const ir::Cluster& cluster, ConnectionWitness& one, const std::function<bool(const ir::Flow&)>& same) {
  for (const auto& [end, text] : {std::pair(&ir::Flow::source, &ConnectionWitness::source), std::pair(&ir::Flow::destination, &ConnectionWitness::destination)}) {
    ir::Endpoint& endpoint = one.flow.*end;
    EndWitness& words = one.*text;
    if (!endpoint.address) continue;
    ir::Flow plain = one.flow;
    if (words.party.starts_with("ip:")) {
      (plain.*end).labels = ir::outside_labels(cluster, *endpoint.address);
      if ((plain.*end).labels == endpoint.labels || !same(plain)) continue;
      endpoint.labels = (plain.*end).labels;
      std::erase(words.notes, outside_server(words.party));
      continue;
    }
    (plain.*end).address.reset();
    if (same(plain)) endpoint.address.reset();
    else words.notes.push_back("`" + words.party + "` has the address `" + to_text(*endpoint.address) + "`");
  }
}

}  // namespace weir::compiler
