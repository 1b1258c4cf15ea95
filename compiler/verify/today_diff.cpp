// Tested by tests/unit/compiler/verify/policy_diff_test.cpp and tests/differential/diff_test.cpp.
#include "compiler/verify/today_diff.h"

#include <algorithm>
#include <map>

#include "compiler/verify/few_rules.h"
#include "compiler/verify/joint_pods.h"
#include "compiler/verify/joint_world.h"
#include "compiler/verify/named_outside.h"
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

/// Somebody outside as both sides see him.
struct Outside {
  std::string text, party;
  PeerId before, after;
};

/// Before and after; both of the table of `before`.
using Ports = std::pair<PortsId, PortsId>;

class Comparison {
 public:
  Comparison(const DiffSide& before, const DiffSide& after)
      : before_(before), after_(after), a_(access_of(before.policies, before.cluster, {}, name_patterns(after.policies))),
        b_(access_of(after.policies, after.cluster, {}, name_patterns(before.policies))),
        few_a_(before.policies, before.cluster), few_b_(after.policies, after.cluster),
        classes_(joint_classes(before, a_, after, b_)), world_(joint_world(a_.world, b_.world)) {
    add_entities();
    taken_ = addresses_of(before.cluster).unite(addresses_of(after.cluster));
  }

  /// The first connection between pods that both let pass.
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
            if (source.text != destination.text) return passing(source, destination, both);
      }
    }
    return std::nullopt;
  }

  TodayDiff run() {
    compare_pods();
    for (const JointClass& one : classes_)
      if (one.before && one.after) compare_outside(one);
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
    outside_.push_back({"entity:host", "entity:host", a_.host, b_.host});
    outside_.push_back({"entity:remote-node", "entity:remote-node", a_.remote_node, b_.remote_node});
    outside_.push_back({"entity:kube-apiserver", "entity:kube-apiserver", a_.kube_apiserver, b_.kube_apiserver});
    outside_.push_back({"entity:ingress", "entity:ingress", a_.ingress, b_.ingress});
    // Both know the names of both, in one order.
    WEIR_CHECK(a_.names.size() == b_.names.size());
    for (std::size_t i = 0; i < a_.names.size(); ++i)
      outside_.push_back({"fqdn:" + a_.names[i].first, "fqdn:" + sample_of(a_.names[i].first), a_.names[i].second, b_.names[i].second});
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
        if (source.text == destination.text) continue;
        auto made = change_of(source, destination, ports);
        if (!made) continue;
        made->source = source.text;
        made->destination = destination.text;
        out_.changes.push_back(std::move(*made));
      }
  }

  static std::optional<ir::Endpoint> endpoint(const DiffSide& side, const JointEnd& end, bool after, const ir::Endpoint* other) {
    if (end.party.starts_with("fqdn:")) return named_outside(side.cluster, end.party.substr(5));
    if (!end.party.empty()) {
      const auto party = ir::parse_party(end.party, "default");
      const auto found = party ? ir::endpoint_of(side.cluster, *party, other) : tl::unexpected(party.error());
      return found ? std::optional(*found) : std::nullopt;
    }
    const auto id = after ? end.pod.after : end.pod.before;
    return id ? std::optional(ir::endpoint_of(side.cluster, *id)) : std::nullopt;
  }

  static std::optional<ir::Flow> flow(const DiffSide& side, const JointEnd& source, const JointEnd& destination, bool after, ir::PortPoint port) {
    ir::Flow flow;
    flow.protocol = port.protocol;
    flow.port = port.port;
    const auto inside = source.party.empty() ? endpoint(side, source, after, nullptr) : endpoint(side, destination, after, nullptr);
    if (!inside) return std::nullopt;
    const auto other = endpoint(side, source.party.empty() ? destination : source, after, &*inside);
    if (!other) return std::nullopt;
    flow.source = source.party.empty() ? *inside : *other;
    flow.destination = source.party.empty() ? *other : *inside;
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
    return TodayChange{source.text, destination.text, ports, ports, {}, flow(after_, source, destination, true, *witness(ports.ports)), {}, {}, {}};
  }

  /// What a row of each side answers the addresses outside, where they differ.
  const std::map<Ports, ir::AddressSet>& world_of(std::uint32_t row_a, std::uint32_t row_b, Direction direction) {
    const auto [at, added] = world_answers_.try_emplace({row_a, row_b, direction});
    if (!added) return at->second;
    const auto side = static_cast<std::size_t>(direction);
    std::map<Ports, std::vector<ir::AddressSet::Interval>> ranges;
    for (const JointRegion& region : world_) {
      const Ports ports{a_.rows[row_a][side].at(region.before), shared(b_.rows[row_b][side].at(region.after))};
      if (ports.first == ports.second) continue;
      auto& into = ranges[ports];
      into.insert(into.end(), region.addresses.intervals.begin(), region.addresses.intervals.end());
    }
    for (auto& [ports, intervals] : ranges) at->second.emplace(ports, ir::AddressSet::joined(std::move(intervals)));
    return at->second;
  }

  void compare_outside(const JointClass& pods) {
    for (const Direction direction : {Direction::Ingress, Direction::Egress}) {
      const std::uint32_t row_a = a_.classes[pods.before->index].rows, row_b = b_.classes[pods.after->index].rows;
      const auto side = static_cast<std::size_t>(direction);
      std::optional<Ports> everywhere;
      for (const auto& [ports, addresses] : world_of(row_a, row_b, direction)) {
        if (addresses == ir::every_address()) everywhere = ports;
        add_addresses(pods, direction, addresses, ports);
      }
      for (const Outside& one : outside_) {
        const Ports ports{a_.rows[row_a][side].at(one.before), shared(b_.rows[row_b][side].at(one.after))};
        // "entity:world" stands for every end outside that changes like it.
        if (ports.first != ports.second && ports != everywhere) add(pods, direction, {one.text, {}, one.party}, ports);
      }
    }
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
  Access a_, b_;
  FewRules few_a_, few_b_;
  std::vector<JointClass> classes_;
  std::vector<JointRegion> world_;
  std::vector<Outside> outside_;
  ir::AddressSet taken_;  // by pods and nodes of either inventory
  std::vector<std::optional<PortsId>> shared_;
  std::map<std::tuple<std::uint32_t, std::uint32_t, Direction>, std::map<Ports, ir::AddressSet>> world_answers_;
  TodayDiff out_;
};

}  // namespace

TodayDiff diff_today(const DiffSide& before, const DiffSide& after) { return Comparison(before, after).run(); }

std::optional<TodayChange> common_connection(const DiffSide& before, const DiffSide& after) { return Comparison(before, after).common(); }

}  // namespace weir::compiler
