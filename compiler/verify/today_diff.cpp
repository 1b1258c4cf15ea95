// Tested by tests/unit/compiler/verify/policy_diff_test.cpp and tests/differential/diff_test.cpp.
#include "compiler/verify/today_diff.h"

#include <algorithm>
#include <map>
#include <set>

#include "compiler/verify/few_rules.h"
#include "compiler/verify/joint_nodes.h"
#include "compiler/verify/joint_pods.h"
#include "compiler/verify/joint_world.h"
#include "compiler/verify/named_outside.h"
#include "compiler/verify/spoken_names.h"
#include "ir/base/check.h"
#include "ir/cluster/party.h"
#include "ir/flow/endpoint.h"
#include "ir/sets/port_set.h"

namespace weir::compiler {
namespace {

using ir::Direction;

ir::AddressSet addresses_of(const ir::Cluster& cluster) {
  std::vector<ir::AddressSet::Interval> all;
  for (const ir::Pod& pod : cluster.pods)
    for (const ir::IpAddress& address : pod.addresses) all.push_back({address, address});
  for (const ir::Node& node : cluster.nodes)
    for (const ir::IpAddress& address : node.addresses) all.push_back({address, address});
  return ir::AddressSet::joined(std::move(all));
}

std::set<ir::NamePattern> names_of_both(const DiffSide& before, const DiffSide& after, std::string& unknown) {
  SpokenNames all = spoken_names(before.policies);
  all.merge(spoken_names(after.policies));
  return listed_names(all, after.cluster, unknown);
}

/// Somebody outside as both sides see him.
struct Outside {
  std::string text, party;
  PeerId before, after;
  bool node = false, name = false;
};

/// Before and after; both of the table of `before`.
using Ports = std::pair<PortsId, PortsId>;

class Comparison {
 public:
  Comparison(const DiffSide& before, const DiffSide& after)
      : before_(before), after_(after), names_(names_of_both(before, after, out_.unknown)), a_(access_of(before.policies, before.cluster, {}, names_)),
        b_(access_of(after.policies, after.cluster, {}, names_)), few_a_(before.policies, before.cluster),
        few_b_(after.policies, after.cluster), classes_(joint_classes(before, a_, after, b_)), world_(joint_world(a_.world, b_.world)) {
    add_entities();
    taken_ = addresses_of(before.cluster).unite(addresses_of(after.cluster));
    nodes_ = joint_nodes(before, a_, after, b_);
  }

  /// The first connection that both let pass: between pods, else with the outside.
  std::optional<TodayChange> common() {
    OutgoingRows rows_a(a_), rows_b(b_);
    for (const JointClass& from : classes_) {
      if (!from.before || !from.after) continue;
      const std::vector<PortsId>&row_a = rows_a.of(*from.before), &row_b = rows_b.of(*from.after);
      for (const JointClass& to : classes_) {
        if (!to.before || !to.after) continue;
        const PortsId both = a_.ports.meet(row_a[to.before->index], shared(row_b[to.after->index]));
        if (both == PortsTable::kNone) continue;
        for (const JointEnd& source : from.ends)
          for (const JointEnd& destination : to.ends)
            if (const auto ends = ends_of(source, destination)) return passing(ends->first, ends->second, both);
      }
    }
    for (const JointClass& one : classes_)
      if (one.before && one.after)
        if (auto found = common_outside(one.ends.front(), a_.classes[one.before->index].rows, b_.classes[one.after->index].rows)) return found;
    for (const JointNodes& one : nodes_)
      if (one.before && one.after)
        if (auto found = common_outside(end_of(one, one.names.front()), one.before->rows, one.after->rows)) return found;
    return std::nullopt;
  }

  TodayDiff run() {
    compare_pods();
    for (const JointClass& one : classes_) compare_outside(one);
    compare_nodes();
    std::sort(out_.changes.begin(), out_.changes.end(), [](const TodayChange& x, const TodayChange& y) {
      return std::tie(x.source, x.destination) < std::tie(y.source, y.destination);
    });
    return std::move(out_);
  }

 private:
  /// A number of `b_` as a number of `a_`.
  PortsId shared(PortsId id) {
    if (id.index >= shared_.size()) shared_.resize(id.index + 1);
    if (!shared_[id.index]) shared_[id.index] = a_.ports.of(b_.ports.at(id));
    return *shared_[id.index];
  }

  void add_entities() {
    outside_.push_back({"entity:host", "entity:host", a_.host, b_.host, true});
    outside_.push_back({"entity:remote-node", "entity:remote-node", a_.remote_node, b_.remote_node, true});
    outside_.push_back({"entity:kube-apiserver", "entity:kube-apiserver", a_.kube_apiserver, b_.kube_apiserver});
    outside_.push_back({"entity:ingress", "entity:ingress", a_.ingress, b_.ingress});
    // Both know the names of both, in one order.
    WEIR_CHECK(a_.names.size() == b_.names.size());
    for (std::size_t i = 0; i < a_.names.size(); ++i)
      outside_.push_back({"fqdn:" + a_.names[i].first, "fqdn:" + sample_of(a_.names[i].first), a_.names[i].second, b_.names[i].second, false, true});
  }

  void compare_pods() {
    OutgoingRows rows_a(a_), rows_b(b_);
    for (const JointClass& from : classes_) {
      const std::vector<PortsId>* row_a = from.before ? &rows_a.of(*from.before) : nullptr;
      const std::vector<PortsId>* row_b = from.after ? &rows_b.of(*from.after) : nullptr;
      for (const JointClass& to : classes_) {
        const PortsId before = row_a && to.before ? (*row_a)[to.before->index] : PortsTable::kNone;
        const PortsId after = row_b && to.after ? shared((*row_b)[to.after->index]) : PortsTable::kNone;
        if (before != after) change(from, to, {before, after});
      }
    }
  }

  void change(const JointClass& from, const JointClass& to, Ports ports) {
    for (const JointEnd& source : from.ends)
      for (const JointEnd& destination : to.ends) {
        const auto ends = ends_of(source, destination);
        auto made = ends ? change_of(ends->first, ends->second, ports) : std::nullopt;
        if (!made) continue;
        made->source = source.text;
        made->destination = destination.text;
        out_.changes.push_back(std::move(*made));
      }
  }

  static std::optional<std::pair<JointEnd, JointEnd>> ends_of(const JointEnd& source, const JointEnd& destination) {
    return source.text == destination.text ? within(source) : std::pair{source, destination};
  }

  static bool is_node(const JointEnd& end) { return end.party.starts_with("node:"); }

  static std::optional<ir::Endpoint> node(const DiffSide& side, const std::string& name) {
    const ir::Node* found = side.cluster.find_node(name);
    if (found == nullptr) return std::nullopt;
    ir::Endpoint out = ir::node_endpoint(side.cluster, name);
    if (!found->addresses.empty()) out.address = found->addresses.front();
    return out;
  }

  static std::optional<ir::Endpoint> endpoint(const DiffSide& side, const JointEnd& end, bool after, const ir::Endpoint* other) {
    if (end.party.starts_with("fqdn:")) return named_outside(side.cluster, end.party.substr(5));
    if (is_node(end)) return node(side, end.party.substr(5));
    if (!end.party.empty()) {
      const auto party = ir::parse_party(end.party, "default");
      const auto found = party ? ir::endpoint_of(side.cluster, *party, other) : tl::unexpected(party.error());
      return found ? std::optional(*found) : std::nullopt;
    }
    const auto id = after ? end.pods.front().after : end.pods.front().before;
    return id ? std::optional(ir::endpoint_of(side.cluster, *id)) : std::nullopt;
  }

  static std::optional<ir::Flow> flow(const DiffSide& side, const JointEnd& source, const JointEnd& destination, bool after, ir::PortPoint port) {
    ir::Flow flow;
    flow.protocol = port.protocol;
    flow.port = port.port;
    // What an entity is to a pod or node depends on that.
    const bool forward = source.party.empty() || is_node(source);
    const auto inside = endpoint(side, forward ? source : destination, after, nullptr);
    if (!inside) return std::nullopt;
    const auto other = endpoint(side, forward ? destination : source, after, &*inside);
    if (!other) return std::nullopt;
    flow.source = forward ? *inside : *other;
    flow.destination = forward ? *other : *inside;
    // The one pod that a workload has on this side stands for two; with one address it would reach itself (policy.md 4.5).
    if (source.party.empty() && destination.party.empty() && flow.source.address == flow.destination.address) flow.destination.address.reset();
    return flow;
  }

  /// Ports whose verdict changes, else those that change in what is asked of requests.
  static ir::PortSet changed_ports(const AdmittedPorts& before, const AdmittedPorts& after) {
    ir::PortSet out = before.ports.subtract(after.ports).unite(after.ports.subtract(before.ports));
    for (std::size_t i = 0; out.empty() && i < before.checked.size(); ++i)
      out = before.checked[i].subtract(after.checked[i]).unite(after.checked[i].subtract(before.checked[i]));
    return out;
  }

  /// Without ends; nothing when the evaluator does not confirm it.
  std::optional<TodayChange> change_of(const JointEnd& source, const JointEnd& destination, Ports ports) {
    TodayChange made{{}, {}, a_.ports.at(ports.first), a_.ports.at(ports.second), {}, {}, {}, {}, {}};
    const auto port = witness(changed_ports(made.before, made.after));
    WEIR_CHECK(port.has_value());
    auto before = flow(before_, source, destination, false, *port), after = flow(after_, source, destination, true, *port);
    if (!before || !after) {
      made.only = before ? "before" : after ? "after" : "";
      return made;
    }
    made.decided_before = few_a_.decide(*before);
    made.decided_after = few_b_.decide(*after);
    made.flow = std::move(after);
    made.flow_before = std::move(before);
    // Equal ports: what is asked of requests changes, and the connection itself passes as before.
    const bool as_claimed = made.before.ports == made.after.ports
                                ? made.decided_before->verdict == ir::Verdict::Allowed && made.decided_after->verdict == ir::Verdict::Allowed
                                : made.decided_before->verdict != made.decided_after->verdict;
    if (as_claimed) return made;
    out_.unconfirmed.push_back(source.text + " -> " + destination.text + ": " + to_text(*made.flow) + " " + std::string(to_text(made.decided_before->verdict)) +
                               " before, " + std::string(to_text(made.decided_after->verdict)) + " after");
    return std::nullopt;
  }

  std::optional<TodayChange> passing(const JointEnd& source, const JointEnd& destination, PortsId both) {
    const AdmittedPorts& ports = a_.ports.at(both);
    return TodayChange{source.text, destination.text, ports, ports, {}, flow(after_, source, destination, true, *witness(ports.ports)),
                       flow(before_, source, destination, false, *witness(ports.ports)), {}, {}};
  }

  using Row = std::optional<std::uint32_t>;  // absent: the end is not in that inventory, and nothing passes

  [[nodiscard]] PortsId of_a(Row row, Direction direction, PeerId peer) const {
    return row ? a_.rows[*row][static_cast<std::size_t>(direction)].at(peer) : PortsTable::kNone;
  }
  PortsId of_b(Row row, Direction direction, PeerId peer) {
    return row ? shared(b_.rows[*row][static_cast<std::size_t>(direction)].at(peer)) : PortsTable::kNone;
  }

  /// What a row of each side answers the addresses outside, where they differ.
  const std::map<Ports, ir::AddressSet>& world_of(Row row_a, Row row_b, Direction direction) {
    const auto [at, added] = world_answers_.try_emplace({row_a, row_b, direction});
    if (!added) return at->second;
    std::map<Ports, std::vector<ir::AddressSet::Interval>> ranges;
    for (const JointRegion& region : world_) {
      const Ports ports{of_a(row_a, direction, region.before), of_b(row_b, direction, region.after)};
      if (ports.first == ports.second) continue;
      auto& into = ranges[ports];
      into.insert(into.end(), region.addresses.intervals.begin(), region.addresses.intervals.end());
    }
    for (auto& [ports, intervals] : ranges) at->second.emplace(ports, ir::AddressSet::joined(std::move(intervals)));
    return at->second;
  }

  void compare_outside(const JointClass& pods) {
    const Row row_a = pods.before ? Row(a_.classes[pods.before->index].rows) : std::nullopt;
    const Row row_b = pods.after ? Row(b_.classes[pods.after->index].rows) : std::nullopt;
    compare_outside(pods, row_a, row_b);
  }

  void compare_outside(const JointClass& ends, Row row_a, Row row_b) {
    for (const Direction direction : {Direction::Ingress, Direction::Egress}) {
      std::optional<Ports> everywhere;
      for (const auto& [ports, addresses] : world_of(row_a, row_b, direction)) {
        if (addresses == ir::every_address()) everywhere = ports;
        add_addresses(ends, direction, addresses, ports);
      }
      for (const Outside& one : outside_) {
        // With a host firewall nodes are listed by name.
        if (one.node && !nodes_.empty()) continue;
        const Ports ports{of_a(row_a, direction, one.before), of_b(row_b, direction, one.after)};
        // "entity:world" stands for every name of the world that changes like it, not for other entities (policy.md 2.7).
        if (ports.first != ports.second && (ports != everywhere || !one.name)) add(ends, direction, {one.text, {}, one.party}, ports);
      }
    }
  }

  std::optional<TodayChange> common_outside(const JointEnd& end, std::uint32_t row_a, std::uint32_t row_b) {
    for (const Direction direction : {Direction::Egress, Direction::Ingress}) {
      const auto both = [&](PeerId before, PeerId after, JointEnd other) -> std::optional<TodayChange> {
        const PortsId ports = a_.ports.meet(of_a(row_a, direction, before), of_b(row_b, direction, after));
        if (ports == PortsTable::kNone) return std::nullopt;
        return direction == Direction::Egress ? passing(end, other, ports) : passing(other, end, ports);
      };
      for (const JointRegion& region : world_)
        if (const auto example = ir::witness(region.addresses.subtract(taken_)))
          if (auto found = both(region.before, region.after, {to_text(*example), {}, "ip:" + to_text(*example)})) return found;
      for (const Outside& one : outside_) {
        // policy.md 4.3: the own node reaches its pods anyway.
        if (one.party == "entity:host" || (one.node && is_node(end))) continue;
        if (auto found = both(one.before, one.after, {one.text, {}, one.party})) return found;
      }
    }
    return std::nullopt;
  }

  void compare_nodes() {
    for (const JointNodes& nodes : nodes_) {
      if (nodes.names.size() > 1) out_.nodes.emplace(nodes.text, nodes.names);
      for (const JointClass& pods : classes_)
        for (const JointEnd& end : pods.ends)
          for (const Direction direction : {Direction::Ingress, Direction::Egress}) compare_with_nodes(pods, end, direction, nodes);
      for (const JointNodes& others : nodes_) compare_between(nodes, others);
      compare_outside({{}, {}, {end_of(nodes, nodes.names.front())}}, row_of(nodes.before), row_of(nodes.after));
    }
  }

  static JointEnd end_of(const JointNodes& nodes, const std::string& name) { return {nodes.text, {}, "node:" + name}; }
  static Row row_of(const std::optional<NodeEnd>& node) { return node ? Row(node->rows) : std::nullopt; }

  /// In the direction that the pods see. A node is host to its own pods, remote-node to others (policy.md 1.4).
  Ports with_nodes(const JointClass& pods, Direction direction, const JointNodes& nodes, bool local_before, bool local_after) {
    const Direction other = direction == Direction::Egress ? Direction::Ingress : Direction::Egress;
    Ports ports{PortsTable::kNone, PortsTable::kNone};
    if (pods.before && nodes.before) {
      const PodClass& one = a_.classes[pods.before->index];
      ports.first = a_.ports.meet(of_a(one.rows, direction, local_before ? nodes.before->as_host : nodes.before->as_remote), of_a(nodes.before->rows, other, one.peer));
    }
    if (pods.after && nodes.after) {
      const PodClass& one = b_.classes[pods.after->index];
      ports.second = a_.ports.meet(of_b(one.rows, direction, local_after ? nodes.after->as_host : nodes.after->as_remote), of_b(nodes.after->rows, other, one.peer));
    }
    return ports;
  }

  /// One of the pods is on one of the nodes on one side alone.
  [[nodiscard]] bool moves(const JointEnd& end, const JointNodes& nodes) const {
    return std::any_of(end.pods.begin(), end.pods.end(), [&](const JointPod& pod) {
      if (!pod.before || !pod.after) return false;
      const std::string &was = before_.cluster.pod(*pod.before).node, &is = after_.cluster.pod(*pod.after).node;
      const auto among = [&](const std::string& name) { return std::find(nodes.names.begin(), nodes.names.end(), name) != nodes.names.end(); };
      return was != is && (among(was) || among(is));
    });
  }

  void compare_with_nodes(const JointClass& pods, const JointEnd& end, Direction direction, const JointNodes& nodes) {
    const Ports remote = with_nodes(pods, direction, nodes, false, false), local = with_nodes(pods, direction, nodes, true, true);
    if (remote.first == remote.second && local.first == local.second && !moves(end, nodes)) return;
    const auto apart = beside(nodes, end, false, before_, after_), together = beside(nodes, end, true, before_, after_);
    if ((apart && together && remote != local) || moves(end, nodes)) return compare_one_by_one(pods, end, direction, nodes);
    const Ports ports = apart ? remote : local;
    const auto& both = apart ? apart : together;
    if (both && ports.first != ports.second) add({{}, {}, {{end.text, {both->pods}, {}}}}, direction, end_of(nodes, both->node), ports);
  }

  /// Some pods are on one of the nodes and others not, and they fare otherwise.
  void compare_one_by_one(const JointClass& pods, const JointEnd& end, Direction direction, const JointNodes& nodes) {
    for (const JointPod& pod : end.pods) {
      const ir::Pod& named = pod.after ? after_.cluster.pod(*pod.after) : before_.cluster.pod(*pod.before);
      for (const std::string& node : nodes.names) {
        const bool local_before = pod.before && before_.cluster.pod(*pod.before).node == node, local_after = pod.after && after_.cluster.pod(*pod.after).node == node;
        const Ports ports = with_nodes(pods, direction, nodes, local_before, local_after);
        if (ports.first != ports.second) add({{}, {}, {{pod_text(named), {pod}, {}}}}, direction, {"node:" + node, {}, "node:" + node}, ports);
      }
    }
  }

  /// From nodes to others, which are remote to each other.
  void compare_between(const JointNodes& from, const JointNodes& to) {
    const bool same = &from == &to;
    if (same && from.names.size() == 1) return;
    Ports ports{PortsTable::kNone, PortsTable::kNone};
    if (from.before && to.before)
      ports.first = a_.ports.meet(of_a(from.before->rows, Direction::Egress, to.before->as_remote), of_a(to.before->rows, Direction::Ingress, from.before->as_remote));
    if (from.after && to.after)
      ports.second = a_.ports.meet(of_b(from.after->rows, Direction::Egress, to.after->as_remote), of_b(to.after->rows, Direction::Ingress, from.after->as_remote));
    if (ports.first == ports.second) return;
    JointEnd destination = end_of(to, same ? to.names[1] : to.names.front());
    if (same) destination.text += ", another of them";
    change({{}, {}, {end_of(from, from.names.front())}}, {{}, {}, {std::move(destination)}}, ports);
  }

  void add_addresses(const JointClass& pods, Direction direction, const ir::AddressSet& addresses, Ports ports) {
    if (addresses == ir::every_address()) return add(pods, direction, {"entity:world", {}, "entity:world"}, ports);
    for (const auto& interval : addresses.intervals) {
      // A range stands for those of its addresses that nobody of the inventory has.
      const auto example = ir::witness(ir::AddressSet::of(interval.first, interval.last).subtract(taken_));
      if (example) add(pods, direction, {to_text(interval.first) + "-" + to_text(interval.last), {}, "ip:" + to_text(*example)}, ports);
    }
  }

  void add(const JointClass& pods, Direction direction, const JointEnd& outside, Ports ports) {
    const JointClass other{{}, {}, {outside}};
    if (direction == Direction::Egress) change(pods, other, ports);
    else change(other, pods, ports);
  }

  const DiffSide &before_, &after_;
  TodayDiff out_;
  std::set<ir::NamePattern> names_;
  Access a_, b_;
  FewRules few_a_, few_b_;
  std::vector<JointClass> classes_;
  std::vector<JointNodes> nodes_;
  std::vector<JointRegion> world_;
  std::vector<Outside> outside_;
  ir::AddressSet taken_;  // by pods and nodes of either inventory
  std::vector<std::optional<PortsId>> shared_;
  std::map<std::tuple<Row, Row, Direction>, std::map<Ports, ir::AddressSet>> world_answers_;
};

}  // namespace

TodayDiff diff_today(const DiffSide& before, const DiffSide& after) { return Comparison(before, after).run(); }

std::optional<TodayChange> common_connection(const DiffSide& before, const DiffSide& after) { return Comparison(before, after).common(); }

}  // namespace weir::compiler
