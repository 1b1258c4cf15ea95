// Tested by tests/unit/compiler/verify/request_diff_test.cpp.
#include "compiler/verify/today_requests.h"

#include <algorithm>
#include <map>
#include <set>

#include "compiler/verify/access.h"
#include "compiler/verify/few_rules.h"
#include "compiler/verify/joint_pods.h"
#include "compiler/verify/named_outside.h"
#include "compiler/verify/party.h"

namespace weir::compiler {
namespace {

using ir::RuleId;
using ir::Verdict;

constexpr std::size_t kMostPairs = 200'000;

/// One end as both sides see it.
struct End {
  std::string text;
  ir::Endpoint before, after;
};

class Pairs {
 public:
  Pairs(const Space& space, const DiffSide& before, const DiffSide& after)
      : space_(space), before_(before), after_(after), few_a_(before.policies, before.cluster), few_b_(after.policies, after.cluster),
        keys_(label_keys(before.policies)) {
    keys_.merge(label_keys(after.policies));
    for (const auto& pattern : name_patterns(before.policies)) names_.insert(sample_of(pattern.text));
    for (const auto& pattern : name_patterns(after.policies)) names_.insert(sample_of(pattern.text));
  }

  void ask(const RequestSplit& split) {
    for (const End& source : ends(split.where.source))
      for (const End& destination : ends(split.where.destination)) {
        if (source.text == destination.text) continue;
        if (++asked_ > kMostPairs) return;
        ask(source, destination, split);
      }
  }

  [[nodiscard]] bool all_asked() const { return asked_ <= kMostPairs; }

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
    at->second.push_back({one->party, one->endpoint, one->endpoint});
    if (space_.kinds()[box.kind].labels.world())
      for (const std::string& name : names_)
        at->second.push_back({"fqdn:" + name, named_outside(before_.cluster, name), named_outside(after_.cluster, name)});
    return at->second;
  }

  static std::tuple<std::string, std::string, std::string> name_of(const ir::Pod& pod) { return {pod.cluster, pod.namespace_name, pod.name}; }

  const std::vector<std::pair<End, std::vector<EndBox>>>& pods() {
    if (!pods_.empty()) return pods_;
    std::set<std::tuple<std::string, ir::LabelSet>> known;
    std::map<std::tuple<std::string, std::string, std::string>, ir::PodId> old;
    for (std::uint32_t i = 0; i < before_.cluster.pods.size(); ++i) old.emplace(name_of(before_.cluster.pods[i]), ir::PodId{i});
    for (std::uint32_t i = 0; i < after_.cluster.pods.size(); ++i) {
      const ir::Pod& pod = after_.cluster.pods[i];
      const auto was = old.find(name_of(pod));
      if (pod.host_network || was == old.end()) continue;
      const std::string text = end_text(pod);
      if (!known.emplace(text, pod.labels).second) continue;
      ir::Party party;
      party.kind = ir::PartyKind::Pod;
      party.namespace_name = pod.namespace_name;
      party.name = pod.name;
      party.cluster = pod.cluster;
      const auto boxes = ends_of(space_, keys_, InvariantParty(party));
      if (boxes) pods_.push_back({{text, ir::endpoint_of(before_.cluster, was->second), ir::endpoint_of(after_.cluster, ir::PodId{i})}, *boxes});
    }
    return pods_;
  }

  void ask(const End& source, const End& destination, const RequestSplit& split) {
    const auto port = ir::witness(split.where.ports);
    if (!port) return;
    ir::Flow before{source.before, destination.before, port->protocol, port->port, 0}, after{source.after, destination.after, port->protocol, port->port, 0};
    before.request = after.request = split.request;
    TodayRequest one{source.text, destination.text, after, few_a_.decide(before), few_b_.decide(after)};
    if (one.before.verdict == one.after.verdict) return;
    const auto by = [](const ir::Decision& decision) { return decision.l7 ? decision.l7->decided_by : std::vector<RuleId>{}; };
    if (by(one.before).empty() && by(one.after).empty()) return;  // the connection itself is answered otherwise
    if (seen_.emplace(one.source, one.destination, by(one.before), by(one.after)).second) out_.push_back(std::move(one));
  }

  const Space& space_;
  const DiffSide &before_, &after_;
  FewRules few_a_, few_b_;
  std::set<std::string> keys_, names_;
  std::vector<std::pair<End, std::vector<EndBox>>> pods_;
  std::map<EndBox, std::vector<End>> ends_;
  std::size_t asked_ = 0;
  std::set<std::tuple<std::string, std::string, std::vector<RuleId>, std::vector<RuleId>>> seen_;
  std::vector<TodayRequest> out_;
};

}  // namespace

std::vector<TodayRequest> today_requests(const Space& space, const std::vector<RequestSplit>& splits, const DiffSide& before, const DiffSide& after,
                                         std::string& unknown) {
  Pairs pairs(space, before, after);
  for (const RequestSplit& split : splits) pairs.ask(split);
  if (!pairs.all_asked()) unknown = "too many pairs of pods may send requests that are answered otherwise";
  return pairs.result();
}

}  // namespace weir::compiler
