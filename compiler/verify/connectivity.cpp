#include "compiler/verify/connectivity.h"

#include <algorithm>
#include <array>
#include <map>
#include <tuple>
#include <unordered_map>

#include "compiler/verify/access.h"
#include "compiler/verify/focus.h"
#include "compiler/verify/spoken_names.h"

namespace weir::compiler {
namespace {

using ir::Direction;

/// A workload of the inventory and its pods; or a node, whose number stands behind those of the pods.
struct Unit {
  std::string cluster, namespace_name, kind, name;
  bool host_network = false;
  std::vector<std::uint32_t> pods;
  std::string pod = {};  // of a workload with host-network pods and others, which has a unit for each

  [[nodiscard]] std::string text() const {
    if (kind == "Node") return "node:" + name;
    const std::string end = pod.empty() ? name + "[" + kind + "]" : pod + "[Pod]";
    return (cluster.empty() ? "" : cluster + ":") + namespace_name + "/" + end;
  }
};

/// The unit itself, or one for each pod when some of them are host-network pods and others not.
void add_unit(Unit unit, const ir::Cluster& cluster, std::vector<Unit>& list) {
  const auto on_host = [&](std::uint32_t pod) { return cluster.pods[pod].host_network; };
  const auto count = static_cast<std::size_t>(std::count_if(unit.pods.begin(), unit.pods.end(), on_host));
  unit.host_network = count > 0;
  if (count == 0 || count == unit.pods.size()) return list.push_back(std::move(unit));
  for (const std::uint32_t pod : unit.pods)
    list.push_back({unit.cluster, unit.namespace_name, unit.kind, unit.name, on_host(pod), {pod}, cluster.pods[pod].name});
}

std::vector<Unit> units_of(const ir::Cluster& cluster) {
  std::map<std::tuple<std::string, std::string, std::string, std::string>, Unit> units;
  for (std::uint32_t i = 0; i < cluster.pods.size(); ++i) {
    const ir::Pod& pod = cluster.pods[i];
    // A static pod is owned by its node; it stands for itself.
    const ir::Workload owner = pod.workload.kind == "Node" ? ir::Workload{"Pod", pod.name} : pod.workload;
    Unit& unit = units[{pod.cluster, pod.namespace_name, owner.kind, owner.name}];
    if (unit.pods.empty()) unit = {pod.cluster, pod.namespace_name, owner.kind, owner.name, false, {}};
    unit.pods.push_back(i);
  }
  std::vector<Unit> list;
  for (auto& [key, unit] : units) add_unit(std::move(unit), cluster, list);
  // Without the host firewall nothing tells nodes apart that entity:host and entity:remote-node do not.
  for (std::uint32_t i = 0; i < cluster.nodes.size() && cluster.settings.host_firewall; ++i)
    list.push_back({cluster.nodes[i].cluster, "", "Node", cluster.nodes[i].name, true, {static_cast<std::uint32_t>(cluster.pods.size()) + i}});
  return list;
}

/// Addresses outside that one row treats alike, as ends.
struct WorldAnswer {
  PortsId ports;
  std::vector<EndId> ends;
};

class Lister {
 public:
  Lister(const ir::Cluster& cluster, const ConnectivityQuestion& question, Access access)
      : cluster_(cluster), focus_(question), access_(std::move(access)), world_of_peer_(access_.unusual_sources.size(), kNoRegion),
        world_answers_(access_.rows.size()) {
    for (std::size_t i = 0; i < access_.world.size(); ++i) world_of_peer_[access_.world[i].peer.index] = i;
    wanted_ports_ = question.ports ? access_.ports.of({*question.ports, {}}) : PortsTable::kEvery;
  }

  ir::Result<Connectivity> list(const std::vector<HypotheticalPeer>& hypothetical) {
    add_units();
    if (const auto unknown = focus_.unknown()) return ir::failure(*unknown, 2);
    list_pods();
    for (std::uint32_t id = 0; id < access_.classes.size(); ++id)
      for (const EndId end : ends_of_class_[id]) {
        list_outside(end, access_.classes[id]);
        if (!hypothetical.empty()) list_exposure(end, access_.classes[id], hypothetical);
      }
    for (const std::size_t number : host_units_) list_host_unit(number);
    return finish();
  }

 private:
  static constexpr std::size_t kNoRegion = SIZE_MAX;

  EndId add_end(ConnectivityEnd end) {
    const auto [at, added] = numbers_.emplace(end.text, EndId{static_cast<std::uint32_t>(result_.ends.size())});
    if (added) {
      focus_.add(end);
      result_.ends.push_back(std::move(end));
    }
    return at->second;
  }

  EndId unit_end(const Unit& unit) {
    const bool node = unit.kind == "Node";
    return add_end({unit.text(), unit.cluster, unit.namespace_name, node ? "" : unit.name, unit.pod, {}});
  }

  EndId pod_end(std::uint32_t number) {
    const ir::Pod& pod = cluster_.pods[number];
    const Unit alone{pod.cluster, pod.namespace_name, "", "", false, {}, pod.name};
    return add_end({alone.text(), pod.cluster, pod.namespace_name, pod.workload.name, pod.name, {}});
  }

  /// The end of one member of a host-network unit.
  EndId node_pod_end(const Unit& unit, std::uint32_t number) {
    return number < cluster_.pods.size() ? pod_end(number) : unit_end(unit);
  }

  EndId entity_end(const char* name) { return add_end({std::string("entity:") + name, {}, {}, {}, {}, {}}); }

  EndId range_end(const ir::AddressSet::Interval& range) {
    return add_end({to_text(range.first) + "-" + to_text(range.last), {}, {}, {}, {}, range});
  }

  void add_units() {
    units_ = units_of(cluster_);
    ends_of_class_.resize(access_.classes.size());
    for (std::size_t number = 0; number < units_.size(); ++number) {
      const Unit& unit = units_[number];
      if (unit.host_network) {
        host_units_.push_back(number);
        unit_end(unit);
        continue;
      }
      const PodClassId first = access_.class_of_pod[unit.pods.front()];
      const bool alike = std::all_of(unit.pods.begin(), unit.pods.end(),
                                     [&](std::uint32_t pod) { return access_.class_of_pod[pod] == first; });
      if (alike) ends_of_class_[first.index].push_back(unit_end(unit));
      else for (const std::uint32_t pod : unit.pods) ends_of_class_[access_.class_of_pod[pod].index].push_back(pod_end(pod));
    }
  }

  void push(EndId source, EndId destination, PortsId ports) {
    if (source == destination || !focus_.wants(source, destination)) return;
    ports = access_.ports.meet(ports, wanted_ports_);
    if (ports == PortsTable::kNone) return;
    for (const Connection& part : parts(ports)) result_.connections.push_back({source, destination, part.check, part.ports});
  }

  /// One part for each check of requests that `ports` have, and one without.
  const std::vector<Connection>& parts(PortsId ports) {
    auto& known = parts_[ports];
    if (!known.empty()) return known;
    const AdmittedPorts admitted = access_.ports.at(ports);
    if (const ir::PortSet rest = admitted.unchecked(); !rest.empty()) known.push_back({{}, {}, {}, access_.ports.of({rest, {}})});
    for (const RequestCheck check : kRequestChecks)
      if (const ir::PortSet& part = admitted.checked[static_cast<std::size_t>(check)]; !part.empty())
        known.push_back({{}, {}, check, access_.ports.of({part, {}})});
    return known;
  }

  /// A connection in the direction that `subject` sees.
  void push(Direction direction, EndId subject, EndId peer, PortsId ports) {
    if (direction == Direction::Egress) push(subject, peer, ports);
    else push(peer, subject, ports);
  }

  void list_pods() {
    OutgoingRows rows(access_);
    for (std::uint32_t from = 0; from < access_.classes.size(); ++from) {
      const std::vector<PortsId>& row = rows.of(PodClassId{from});
      for (std::size_t to = 0; to < row.size(); ++to) {
        if (row[to] == PortsTable::kNone) continue;
        for (const EndId source : ends_of_class_[from])
          for (const EndId destination : ends_of_class_[to]) push(source, destination, row[to]);
      }
    }
  }

  /// The addresses outside by what the row answers them, made once for each row.
  const std::vector<WorldAnswer>& world_answers(std::uint32_t row, Direction direction) {
    auto& known = world_answers_[row][static_cast<std::size_t>(direction)];
    if (known) return *known;
    const AdmissionRow& admission = access_.rows[row][static_cast<std::size_t>(direction)];
    std::map<PortsId, std::vector<ir::AddressSet::Interval>> ranges;
    std::vector<ir::AddressSet::Interval> named;
    for (const auto& [peer, ports] : admission.others) {
      if (world_of_peer_[peer.index] == kNoRegion) continue;
      const auto& intervals = access_.world[world_of_peer_[peer.index]].addresses.intervals;
      ranges[ports].insert(ranges[ports].end(), intervals.begin(), intervals.end());
      named.insert(named.end(), intervals.begin(), intervals.end());
    }
    const auto rest = ir::every_address().subtract(ir::AddressSet::joined(std::move(named)));
    if (!rest.empty()) ranges[admission.usual] = rest.intervals;
    known.emplace();
    for (auto& [ports, intervals] : ranges) known->push_back(world_answer(ports, ir::AddressSet::joined(std::move(intervals))));
    return *known;
  }

  WorldAnswer world_answer(PortsId ports, const ir::AddressSet& addresses) {
    WorldAnswer answer{ports, {}};
    if (addresses == ir::every_address()) answer.ends.push_back(entity_end("world"));
    else if (ports != PortsTable::kNone)
      for (const auto& interval : addresses.intervals) answer.ends.push_back(range_end(interval));
    return answer;
  }

  void list_outside(EndId end, const PodClass& pods) {
    for (const Direction direction : {Direction::Ingress, Direction::Egress}) {
      const std::vector<WorldAnswer>& world = world_answers(pods.rows, direction);
      for (const WorldAnswer& answer : world)
        for (const EndId outside : answer.ends) push(direction, end, outside, answer.ports);
      list_entities(direction, end, pods, world);
    }
  }

  void list_entities(Direction direction, EndId end, const PodClass& pods, const std::vector<WorldAnswer>& world) {
    const AdmissionRow& row = access_.rows[pods.rows][static_cast<std::size_t>(direction)];
    const auto show = [&](const std::string& name, PortsId ports) {
      if (world.size() != 1 || world.front().ports != ports) push(direction, end, add_end({name, {}, {}, {}, {}, {}}), ports);
    };
    for (const auto& [name, peer] : access_.names)
      if (row.at(peer) != row.at(access_.nameless)) show("fqdn:" + name, row.at(peer));
    if (cluster_.nodes.empty() || !cluster_.settings.host_firewall) {
      show("entity:host", row.at(access_.host));
      show("entity:remote-node", row.at(access_.remote_node));
    }
    show("entity:ingress", row.at(access_.ingress));
    const PortsId api = row.at(access_.kube_apiserver);
    if (api != row.at(access_.remote_node)) show("entity:kube-apiserver", api);
  }

  [[nodiscard]] PortsId at(std::uint32_t rows, Direction direction, PeerId peer) const {
    return access_.rows[rows][static_cast<std::size_t>(direction)].at(peer);
  }

  [[nodiscard]] static PeerId seen(const NodeEnd& node, const std::string& from) {
    return node.node == from ? node.as_host : node.as_remote;
  }

  /// A host-network workload or a node: others see its node, and only the host firewall is enforced on it.
  void list_host_unit(std::size_t number) {
    const Unit& unit = units_[number];
    const std::uint32_t rows = access_.node_ends[unit.pods.front()].rows;
    const bool alike = std::all_of(unit.pods.begin(), unit.pods.end(),
                                   [&](std::uint32_t pod) { return access_.node_ends[pod].rows == rows; });
    for (const std::uint32_t pod : unit.pods) {
      for (const Direction direction : {Direction::Ingress, Direction::Egress})
        for (const WorldAnswer& answer : world_answers(access_.node_ends[pod].rows, direction))
          for (const EndId outside : answer.ends)
            push(direction, alike ? unit_end(unit) : node_pod_end(unit, pod), outside, answer.ports);
      if (alike) break;
    }
    for (const std::size_t other : host_units_)
      if (other != number) list_nodes(unit, units_[other]);
    for (const Unit& other : units_)
      if (!other.host_network)
        for (const Direction direction : {Direction::Ingress, Direction::Egress}) list_pair(direction, other, unit);
  }

  /// What the nodes of one unit may send to those of another.
  void list_nodes(const Unit& from, const Unit& to) {
    if (!cluster_.settings.host_firewall) return push(unit_end(from), unit_end(to), PortsTable::kEvery);
    std::vector<std::tuple<EndId, EndId, PortsId>> lines;
    for (const std::uint32_t source : from.pods)
      for (const std::uint32_t destination : to.pods) {
        const NodeEnd &a = access_.node_ends[source], &b = access_.node_ends[destination];
        const PortsId ports = access_.ports.meet(at(a.rows, Direction::Egress, seen(b, a.node)), at(b.rows, Direction::Ingress, seen(a, b.node)));
        lines.emplace_back(node_pod_end(from, source), node_pod_end(to, destination), ports);
      }
    const PortsId first = std::get<2>(lines.front());
    if (std::all_of(lines.begin(), lines.end(), [&](const auto& line) { return std::get<2>(line) == first; }))
      return push(unit_end(from), unit_end(to), first);
    for (const auto& [source, destination, ports] : lines) push(source, destination, ports);
  }

  /// Between a pod and a node, in the direction that the pod sees.
  [[nodiscard]] PortsId with_node(Direction direction, std::uint32_t pod, std::uint32_t node_pod) {
    const PodClass& pods = access_.classes[access_.class_of_pod[pod].index];
    const NodeEnd& node = access_.node_ends[node_pod];
    const Direction other = direction == Direction::Egress ? Direction::Ingress : Direction::Egress;
    return access_.ports.meet(at(pods.rows, direction, seen(node, cluster_.pods[pod].node)), at(node.rows, other, pods.peer));
  }

  /// One line where all pods of the two fare alike, else one for each pair of pods.
  void list_pair(Direction direction, const Unit& unit, const Unit& host_unit) {
    const PortsId first = with_node(direction, unit.pods.front(), host_unit.pods.front());
    const EndId folded = end_of_pod(unit, unit.pods.front());
    bool alike = folded == end_of_pod(unit, unit.pods.back());
    for (const std::uint32_t pod : unit.pods)
      for (const std::uint32_t node_pod : host_unit.pods) alike = alike && with_node(direction, pod, node_pod) == first;
    if (alike) return push(direction, folded, unit_end(host_unit), first);
    for (const std::uint32_t pod : unit.pods)
      for (const std::uint32_t node_pod : host_unit.pods)
        push(direction, pod_end(pod), node_pod_end(host_unit, node_pod), with_node(direction, pod, node_pod));
  }

  /// The end that lists this pod: its workload, or itself.
  EndId end_of_pod(const Unit& unit, std::uint32_t pod) {
    const std::vector<EndId>& ends = ends_of_class_[access_.class_of_pod[pod].index];
    const auto whole = numbers_.find(unit.text());
    if (whole != numbers_.end() && std::find(ends.begin(), ends.end(), whole->second) != ends.end()) return whole->second;
    return pod_end(pod);
  }

  void list_exposure(EndId end, const PodClass& pods, const std::vector<HypotheticalPeer>& hypothetical) {
    for (const Direction direction : {Direction::Ingress, Direction::Egress}) {
      const AdmissionRow& row = access_.rows[pods.rows][static_cast<std::size_t>(direction)];
      for (std::size_t i = 0; i < hypothetical.size(); ++i) {
        const PortsId ports = row.at(access_.further[i]);
        if (i == 0 || ports != row.at(access_.further[hypothetical[i].base])) expose(end, direction, hypothetical[i].text, ports);
      }
      for (const WorldAnswer& answer : world_answers(pods.rows, direction))
        for (const EndId outside : answer.ends) expose(end, direction, result_.end(outside).text, answer.ports);
    }
  }

  void expose(EndId end, Direction direction, const std::string& peer, PortsId ports) {
    if (!focus_.wants_exposure(end, direction)) return;
    ports = access_.ports.meet(ports, wanted_ports_);
    if (ports == PortsTable::kNone) return;
    for (const Connection& part : parts(ports)) result_.exposures.push_back({end, direction, peer, part.check, part.ports});
  }

  Connectivity finish() {
    std::vector<EndId> order(result_.ends.size()), rank(result_.ends.size());
    for (std::uint32_t i = 0; i < order.size(); ++i) order[i] = EndId{i};
    std::sort(order.begin(), order.end(), [&](EndId a, EndId b) { return result_.end(a).text < result_.end(b).text; });
    std::vector<ConnectivityEnd> ends;
    for (std::uint32_t i = 0; i < order.size(); ++i) {
      rank[order[i].index] = EndId{i};
      ends.push_back(std::move(result_.ends[order[i].index]));
    }
    result_.ends = std::move(ends);
    for (Connection& c : result_.connections) c.source = rank[c.source.index], c.destination = rank[c.destination.index];
    for (Exposure& e : result_.exposures) e.workload = rank[e.workload.index];
    std::sort(result_.connections.begin(), result_.connections.end());
    std::sort(result_.exposures.begin(), result_.exposures.end());
    result_.ports = std::move(access_.ports);
    return std::move(result_);
  }

  const ir::Cluster& cluster_;
  Focus focus_;
  Access access_;
  PortsId wanted_ports_;
  std::vector<Unit> units_;
  std::vector<std::size_t> host_units_;
  std::vector<std::vector<EndId>> ends_of_class_;
  std::unordered_map<std::string, EndId> numbers_;
  std::vector<std::size_t> world_of_peer_;
  std::vector<std::array<std::optional<std::vector<WorldAnswer>>, 2>> world_answers_;
  std::map<PortsId, std::vector<Connection>> parts_;  // without ends
  Connectivity result_;
};

}  // namespace

ir::Result<Connectivity> connectivity(const ir::PolicySet& policies, const ir::Cluster& cluster, const ConnectivityQuestion& question) {
  std::vector<HypotheticalPeer> hypothetical;
  if (question.exposure) hypothetical = hypothetical_peers(policies, cluster);
  std::vector<ir::LabelSet> labels;
  for (const HypotheticalPeer& peer : hypothetical) labels.push_back(peer.labels);
  std::string unknown;  // then some ways to overlap have no name, as every address without one
  const auto names = listed_names(spoken_names(policies), cluster, unknown);
  return Lister(cluster, question, access_of(policies, cluster, labels, names)).list(hypothetical);
}

}  // namespace weir::compiler
