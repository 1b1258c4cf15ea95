// Tested by tests/unit/compiler/verify/request_diff_test.cpp.
#include "compiler/verify/today_requests.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "compiler/verify/access.h"
#include "compiler/verify/few_rules.h"
#include "compiler/verify/joint_pods.h"
#include "compiler/verify/named_outside.h"
#include "compiler/verify/spoken_names.h"
#include "compiler/verify/party.h"
#include "ir/eval/eval.h"

namespace weir::compiler {
namespace {

using ir::RuleId;
using ir::Verdict;

constexpr std::size_t kMostQuestions = 200'000;

/// One end as both sides see it.
struct End {
  std::string text;
  ir::Endpoint before, after;
  std::optional<std::pair<ir::Endpoint, ir::Endpoint>> another;  // a second pod of the workload with these labels, before and after
};

/// Two ends with their labels before and after, the port and what is asked about it.
using EndKey = std::tuple<std::string, std::string, std::array<ir::LabelSet, 4>, ir::PortPoint, RequestKind, std::vector<ir::L7Rules>>;

class Pairs {
 public:
  Pairs(const Space& space, const DiffSide& before, const DiffSide& after, std::size_t most_patterns)
      : space_(space), before_(before), after_(after), few_a_(before.policies, before.cluster), few_b_(after.policies, after.cluster),
        samples_(space.cluster(), most_patterns), keys_(label_keys(before.policies)) {
    keys_.merge(label_keys(after.policies));
    SpokenNames spoken = spoken_names(before.policies);
    spoken.merge(spoken_names(after.policies));
    for (const auto& pattern : listed_names(spoken, after.cluster, names_unknown_)) names_.insert(sample_of(pattern.text));
  }

  void ask(const RequestSplit& split) {
    for (const End& source : ends(split.where.source))
      for (const End& destination : ends(split.where.destination)) {
        const bool itself = source.text == destination.text && source.before.labels == destination.before.labels && source.after.labels == destination.after.labels;
        if (!itself) ask(source, destination, split);
        else if (source.another) ask(source, {source.text, source.another->first, source.another->second, {}}, split);
        if (asked_ > kMostQuestions) return;
      }
  }

  [[nodiscard]] std::string why_not_all() const {
    return asked_ > kMostQuestions ? "too many pairs of pods may send requests that are answered otherwise"
           : names_unknown_.empty()  ? samples_.why()
                                     : names_unknown_;
  }

  std::vector<TodayRequest> result() {
    std::stable_sort(out_.begin(), out_.end(), [](const TodayRequest& x, const TodayRequest& y) {
      return std::tie(x.source, x.destination) < std::tie(y.source, y.destination);
    });
    return std::move(out_);
  }

 private:
  /// Pods of both inventories in the box, one for each workload and labels; an end that is no pod stands for its box.
  const std::vector<End>& ends(const EndBox& box) {
    const auto [at, fresh] = ends_.try_emplace(box);
    if (!fresh) return at->second;
    if (box.kind == 0) {
      for (const auto& [end, boxes] : pods())
        if (std::any_of(boxes.begin(), boxes.end(), [&](const EndBox& one) { return space_.overlaps(one, box); })) at->second.push_back(end);
      return at->second;
    }
    const auto one = space_.witness(box);
    if (!one) return at->second;
    at->second.push_back({one->party, one->endpoint, one->endpoint, {}});
    if (space_.kinds()[box.kind].labels.world())
      for (const std::string& name : names_)
        at->second.push_back({"fqdn:" + name, named_outside(before_.cluster, name), named_outside(after_.cluster, name), {}});
    return at->second;
  }

  const std::vector<std::pair<End, std::vector<EndBox>>>& pods() {
    if (!pods_.empty()) return pods_;
    std::map<std::tuple<std::string, ir::LabelSet, ir::LabelSet>, std::size_t> known;
    for (const JointUnit& unit : joint_units(before_.cluster, after_.cluster))
      for (const JointPod& joint : unit.pods) {
        if (!joint.before || !joint.after) continue;
        const ir::Pod &was = before_.cluster.pod(*joint.before), &pod = after_.cluster.pod(*joint.after);
        if (const auto [at, fresh] = known.try_emplace({unit.text, was.labels, pod.labels}, pods_.size()); !fresh) {
          End& first = pods_[at->second].first;
          if (!first.another) first.another.emplace(ir::endpoint_of(before_.cluster, *joint.before), ir::endpoint_of(after_.cluster, *joint.after));
          continue;
        }
        ir::Party party;
        party.kind = ir::PartyKind::Pod;
        party.namespace_name = pod.namespace_name;
        party.name = pod.name;
        party.cluster = pod.cluster;
        const auto boxes = ends_of(space_, keys_, InvariantParty(party));
        pods_.push_back({{unit.text, ir::endpoint_of(before_.cluster, *joint.before), ir::endpoint_of(after_.cluster, *joint.after), {}},
                         boxes ? *boxes : std::vector<EndBox>{}});
      }
    return pods_;
  }

  void ask(const End& source, const End& destination, const RequestSplit& split) {
    ir::Flow before{source.before, destination.before, {}, 0, 0}, after{source.after, destination.after, {}, 0, 0};
    // The one pod that a workload has on a side stands for two; with one address it would reach itself (policy.md 4.5).
    for (ir::Flow* flow : {&before, &after})
      if (flow->source.kind == ir::EndpointKind::Pod && flow->source.address == flow->destination.address) flow->destination.address.reset();
    for (const ir::PortPoint& port : ports(split, before, after)) {
      before.protocol = after.protocol = port.protocol;
      before.port = after.port = port.port;
      const EndKey key{source.text, destination.text, {before.source.labels, before.destination.labels, after.source.labels, after.destination.labels}, port, split.kind, split.rules};
      if (known_.insert(key).second) ask(source.text, destination.text, before, after, split);
    }
  }

  void ask(const std::string& source, const std::string& destination, ir::Flow before, ir::Flow after, const RequestSplit& split) {
    std::vector<ir::L7Rules> rules = across(split.side, before_.policies, few_a_, before);
    for (ir::L7Rules& one : across(split.side, after_.policies, few_b_, after)) rules.push_back(std::move(one));
    rules.insert(rules.end(), split.rules.begin(), split.rules.end());
    std::sort(rules.begin(), rules.end());
    rules.erase(std::unique(rules.begin(), rules.end()), rules.end());
    for (const ir::L7Request& request : samples_.of(std::move(rules), split.kind)) {
      ++asked_;
      before.request = after.request = request;
      add({source, destination, after, few_a_.decide(before), few_b_.decide(after)});
    }
  }

  /// Ports of the split such that between one and the next no rule of the other side begins or ends.
  std::set<ir::PortPoint> ports(const RequestSplit& split, const ir::Flow& before, const ir::Flow& after) {
    std::set<ir::PortPoint> out;
    for (const auto& interval : split.where.ports.intervals)
      if (const auto first = ir::witness(ir::PortSet{{interval}})) out.insert(*first);
    const auto add = [&](ir::Protocol protocol, std::uint32_t port) {
      const ir::PortPoint point{protocol, static_cast<std::uint16_t>(port)};
      if (port <= 65535 && ir::contains(split.where.ports, point)) out.insert(point);
    };
    const auto cut = [&](const ir::PolicySet& policies, FewRules& few, const ir::Flow& flow) {
      for (const RuleId id : few.selecting(split.side == ir::Direction::Egress ? flow.destination : flow.source))
        for (const ir::PortMatch& match : policies.rule(id).ports.value_or(std::vector<ir::PortMatch>{}))
          for (const std::uint32_t port : {std::uint32_t{match.ports.first}, match.ports.last + 1U}) add(match.protocol, port);
    };
    cut(before_.policies, few_a_, before);
    cut(after_.policies, few_b_, after);
    return out;
  }

  /// What the other side asks of requests on this connection, at most.
  static std::vector<ir::L7Rules> across(ir::Direction side, const ir::PolicySet& policies, FewRules& few, const ir::Flow& flow) {
    std::vector<ir::L7Rules> out;
    for (const RuleId id : few.selecting(side == ir::Direction::Egress ? flow.destination : flow.source)) {
      const ir::Rule& rule = policies.rule(id);
      if (rule.l7 && rule.direction != side && ir::rule_matches_ports(rule, flow.protocol, flow.port)) out.push_back(*rule.l7);
    }
    return out;
  }

  void add(TodayRequest one) {
    if (one.before.verdict == one.after.verdict) return;
    const auto by = [](const ir::Decision& decision) { return decision.l7 ? decision.l7->decided_by : std::vector<RuleId>{}; };
    if (by(one.before).empty() && by(one.after).empty()) return;  // the connection itself is answered otherwise
    // The same rules may refuse one request and let another pass.
    if (seen_.emplace(one.source, one.destination, one.after.verdict, by(one.before), by(one.after)).second) out_.push_back(std::move(one));
  }

  const Space& space_;
  const DiffSide &before_, &after_;
  FewRules few_a_, few_b_;
  RequestSamples samples_;
  std::set<EndKey> known_;
  std::set<std::string> keys_, names_;
  std::string names_unknown_;
  std::vector<std::pair<End, std::vector<EndBox>>> pods_;
  std::map<EndBox, std::vector<End>> ends_;
  std::size_t asked_ = 0;
  std::set<std::tuple<std::string, std::string, Verdict, std::vector<RuleId>, std::vector<RuleId>>> seen_;
  std::vector<TodayRequest> out_;
};

}  // namespace

std::vector<TodayRequest> today_requests(const Space& space, const std::vector<RequestSplit>& splits, const DiffSide& before, const DiffSide& after,
                                         std::size_t most_patterns, std::string& unknown) {
  Pairs pairs(space, before, after, most_patterns);
  for (const RequestSplit& split : splits) pairs.ask(split);
  if (unknown.empty()) unknown = pairs.why_not_all();
  return pairs.result();
}

}  // namespace weir::compiler
