// What `weir diff` says of two policy sets = the evaluator, on random clusters: "no change" means that sampled connections agree,
// a change comes with a connection that differs. WEIR_SEED=n repeats a run; WEIR_CAMPAIGN asks for forty times
// as many pairs.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <iostream>
#include <map>

#include "compiler/verify/any_diff.h"
#include "compiler/verify/approximate.h"
#include "compiler/verify/decided_alike.h"
#include "compiler/verify/named_outside.h"
#include "compiler/verify/policy_diff.h"
#include "compiler/verify/solver.h"
#include "compiler/verify/today_diff.h"
#include "ir/eval/eval.h"
#include "ir/flow/endpoint.h"
#include "tests/differential/generator/agreement.h"
#include "tests/differential/generator/random_cluster.h"
#include "tests/differential/generator/random_flows.h"
#include "tests/differential/generator/random_policies.h"

namespace weir::tests {
namespace {

bool campaign() { return std::getenv("WEIR_CAMPAIGN") != nullptr; }
std::uint64_t pairs() { return campaign() ? 20'000 : 500; }
std::uint64_t samples() { return campaign() ? 10'000 : 1'000; }

/// The same set written otherwise, or with some rules taken away, added or replaced.
ir::PolicySet changed(Random& random, ir::PolicySet set, const ir::Cluster& cluster, Language language) {
  if (random.chance(30)) std::reverse(set.rules.begin(), set.rules.end());
  else if (random.chance(50)) set.rules.erase(set.rules.begin() + random.below(set.rules.size()));
  if (random.chance(30) && !set.rules.empty()) {
    // Repeated, and cut in two: no news.
    ir::Rule again = random.pick(set.rules);
    if (again.ports && again.ports->size() > 1) again.ports->pop_back();
    set.rules.push_back(again);
  }
  if (random.chance(40) && !random_policies(random, cluster, language).rules.empty()) {
    const ir::PolicySet more = random_policies(random, cluster, language);
    if (!more.rules.empty()) set.rules.push_back(random.pick(more.rules));
  }
  for (ir::Rule& rule : set.rules) rule.policy = {};
  sort_rules(set);
  return set;
}

struct Sampled {
  ir::Flow flow;
  const ir::Pod *source = nullptr, *destination = nullptr;  // null: outside
};

Sampled draw(Random& random, const ir::Cluster& cluster, const FlowSource& flows) {
  Sampled out{flows.draw(random), nullptr, nullptr};
  const ir::PodId first{random.below(cluster.pods.size())}, second{random.below(cluster.pods.size())};
  const bool to_outside = out.flow.destination.kind == ir::EndpointKind::Other, from_outside = out.flow.source.kind == ir::EndpointKind::Other;
  // With a host firewall nodes are ends of their own, by their first address.
  const auto is_node = [&](const ir::Endpoint& end) { return cluster.settings.host_firewall && end.kind == ir::EndpointKind::Node; };
  for (ir::Endpoint* end : {&out.flow.source, &out.flow.destination})
    if (is_node(*end)) end->address = cluster.find_node(end->node)->addresses.front();
  if (!from_outside && !is_node(out.flow.source)) out.source = &cluster.pod(first), out.flow.source = ir::endpoint_of(cluster, first);
  if (!to_outside && !is_node(out.flow.destination)) out.destination = &cluster.pod(second), out.flow.destination = ir::endpoint_of(cluster, second);
  out.flow.icmp_code = 0;
  return out;
}

/// Whether the text of an end stands for this one.
bool names(const std::string& text, const ir::Endpoint& end, const ir::Pod* pod, const compiler::TodayDiff& diff) {
  if (pod == nullptr && end.kind == ir::EndpointKind::Node) {
    const auto several = diff.nodes.find(text.substr(0, text.find(',')));
    if (several == diff.nodes.end()) return text == "node:" + end.node;
    return std::find(several->second.begin(), several->second.end(), end.node) != several->second.end();
  }
  if (pod != nullptr) {
    const std::string ns = (pod->cluster.empty() ? "" : pod->cluster + ":") + pod->namespace_name + "/";
    return text == ns + pod->name + "[Pod]" || text == ns + pod->workload.name + "[" + pod->workload.kind + "]";
  }
  if (text == "entity:world") return true;
  const std::size_t dash = text.find('-');
  const auto first = ir::parse_address(text.substr(0, dash)), last = ir::parse_address(text.substr(dash + 1));
  return dash != std::string::npos && first && last && !(*end.address < *first) && !(*last < *end.address);
}

/// What the changes say of this connection: nothing, or before and after.
bool says_changed(const compiler::TodayDiff& diff, const Sampled& one) {
  return std::any_of(diff.changes.begin(), diff.changes.end(), [&](const compiler::TodayChange& change) {
    const ir::PortPoint port{one.flow.protocol, one.flow.port};
    return names(change.source, one.flow.source, one.source, diff) && names(change.destination, one.flow.destination, one.destination, diff) &&
           ir::contains(change.before.ports, port) != ir::contains(change.after.ports, port);
  });
}

bool listed(const Sampled& one) {
  const auto hidden = [](const ir::Pod* pod) { return pod != nullptr && pod->host_network; };
  if (hidden(one.source) || hidden(one.destination)) return false;
  const auto is_node = [](const ir::Endpoint& end, const ir::Pod* pod) { return pod == nullptr && end.kind == ir::EndpointKind::Node; };
  if (is_node(one.flow.source, one.source) && is_node(one.flow.destination, one.destination) && one.flow.source.node == one.flow.destination.node) return false;
  if (one.source == nullptr || one.destination == nullptr) return true;
  return one.source->namespace_name != one.destination->namespace_name || one.source->name != one.destination->name;
}

/// Names in the way of the patterns below, and of none.
const std::vector<std::string> kNames{"a.example.com", "b.example.com", "a.example.org", "x.a.example.com", "example.com", "elsewhere.test"};
const std::vector<ir::NamePattern> kPatterns{{"a.example.com", true}, {"b.example.com", true}, {"*.example.com", false}, {"a.*", false}, {"*.example.org", false}, {"*", false}};

/// Some allows of egress get names and sometimes a group as peers; false: there is none.
bool with_names(Random& random, ir::PolicySet& set) {
  bool any = false;
  for (ir::Rule& rule : set.rules) {
    if (rule.direction != ir::Direction::Egress || !rule.peers || random.chance(50)) continue;
    any = true;
    rule.peers->clear();
    if (rule.action == ir::Action::Allow)
      for (std::uint32_t i = 0; i < 1 + random.below(2); ++i) rule.peers->push_back(ir::FqdnPeer{random.pick(kPatterns), random.chance(20)});
    else if (rule.action == ir::Action::Deny && random.chance(30)) rule.peers->push_back(ir::UnresolvedPeer{random.chance(50) ? "AWS group sg-1" : "AWS group sg-2"});
    std::sort(rule.peers->begin(), rule.peers->end());
  }
  return any;
}

/// Some allows of egress let names be looked up, now and then beside one that lets all requests pass.
void with_lookups(Random& random, ir::PolicySet& set) {
  std::vector<ir::Rule> beside;
  for (ir::Rule& rule : set.rules) {
    if (rule.direction != ir::Direction::Egress || rule.action != ir::Action::Allow || rule.tier != ir::Tier::Normal || random.chance(50)) continue;
    if (random.chance(60)) beside.push_back(rule);
    rule.l7.emplace();
    for (std::uint32_t i = 0; i < 1 + random.below(2); ++i) rule.l7->dns.push_back(random.pick(kPatterns));
  }
  set.rules.insert(set.rules.end(), beside.begin(), beside.end());
  for (ir::Rule& rule : set.rules) rule.policy = {};
  sort_rules(set);
}

}  // namespace

TEST_CASE("what changes between the pods of today is what the evaluator says", "[differential]") {
  std::uint64_t done = 0, asked = 0, differing = 0, changes = 0, same = 0, nodes = 0;
  for (std::uint64_t seeds = 0; done < pairs(); ++seeds) {
    Random random(seed() + 11'000'000 + seeds);
    ir::Cluster cluster = random_cluster(random, random_settings(random));
    for (ir::Pod& pod : cluster.pods)
      if (random.chance(60)) pod.workload = {"Deployment", "w" + std::to_string(random.below(3))};
    cluster.settings.host_firewall = random.chance(20);
    const ir::PolicySet before = random_policies(random, cluster, Language::Whole);
    if (before.rules.empty()) continue;
    const ir::PolicySet after = changed(random, before, cluster, Language::Whole);
    const FlowSource flows(cluster, after);
    if (flows.empty()) continue;
    const compiler::TodayDiff diff = compiler::diff_today({before, cluster}, {after, cluster});
    INFO("WEIR_SEED=" << seed() << ", pair " << seeds << "\n" << to_text(before) << "--- after\n" << to_text(after) << to_text(cluster));
    CHECK(diff.unconfirmed == std::vector<std::string>{});
    ++done;
    changes += diff.changes.size();
    same += diff.changes.empty();
    for (std::uint64_t i = 0; i < samples(); ++i) {
      const Sampled one = draw(random, cluster, flows);
      if (!listed(one)) continue;
      ++asked;
      nodes += one.flow.source.kind == ir::EndpointKind::Node || one.flow.destination.kind == ir::EndpointKind::Node;
      const bool passes = ir::decide(before, cluster, one.flow).verdict == ir::Verdict::Allowed;
      const bool expected = passes != (ir::decide(after, cluster, one.flow).verdict == ir::Verdict::Allowed);
      differing += expected;
      if (says_changed(diff, one) != expected) FAIL(to_text(one.flow) << ": the evaluator says " << (expected ? "changed" : "as before"));
    }
  }
  std::cout << "differential: today's pods of " << done << " pairs of policy sets, " << same << " without a change, " << changes << " changes, "
            << asked << " connections asked, " << nodes << " of them of nodes, " << differing << " differ, seed " << seed() << ", 0 differences\n";
  CHECK(same > done / 20);
  CHECK(differing > asked / 200);
}

TEST_CASE("equal whatever names and groups turn out to be means equal", "[differential]") {
  std::uint64_t done = 0, equal = 0, different = 0, unknown = 0, asked = 0, named = 0;
  for (std::uint64_t seeds = 0; done < pairs() / 5; ++seeds) {
    Random random(seed() + 17'000'000 + seeds);
    const ir::Cluster cluster = random_cluster(random, random_settings(random));
    ir::PolicySet before = random_policies(random, cluster, Language::Whole);
    for (ir::Rule& rule : before.rules) rule.audit = false;
    if (!with_names(random, before)) continue;
    const ir::PolicySet without = before;
    if (random.chance(60)) with_lookups(random, before);
    ir::PolicySet after = random.chance(50) ? changed(random, before, cluster, Language::Whole) : before;
    for (ir::Rule& rule : after.rules) rule.audit = false;
    if (random.chance(50)) with_names(random, after);
    // The same rules, but for who may look up what.
    if (random.chance(30)) with_lookups(random, after = without);
    const FlowSource flows(cluster, after);
    if (flows.empty()) continue;
    INFO("WEIR_SEED=" << seed() << ", pair " << seeds << "\n" << to_text(before) << "--- after\n" << to_text(after) << to_text(cluster));
    const compiler::DiffSide a{before, cluster}, b{after, cluster};
    const compiler::PolicyDiff diff = compiler::diff_policies(a, b, {.today = false, .any = true, .limits = {.solver_millis = 20'000}, .most = 100});
    ++done;
    for (const compiler::AnyDifference& one : diff.any->found)
      CHECK(ir::decide(before, cluster, one.connection.flow).verdict != ir::decide(after, cluster, one.connection.flow).verdict);
    const compiler::TodayDiff today = compiler::diff_today(a, b);
    CHECK(today.unconfirmed == std::vector<std::string>{});
    for (std::uint64_t i = 0; today.changes.empty() && i < samples() / 4; ++i) {
      Sampled one = draw(random, cluster, flows);
      if ((one.source == nullptr) == (one.destination == nullptr) || !listed(one)) continue;
      ir::Endpoint& end = one.source ? one.flow.destination : one.flow.source;
      if (end.kind != ir::EndpointKind::Other || !end.labels.world()) continue;
      end = compiler::named_outside(cluster, random.pick(kNames));
      ++named;
      const ir::Verdict first = ir::decide(before, cluster, one.flow).verdict, second = ir::decide(after, cluster, one.flow).verdict;
      const bool known = first != ir::Verdict::Unknown && second != ir::Verdict::Unknown;
      if (known && first != second) FAIL("no change was said: " << to_text(one.flow) << " " << to_text(first) << " " << to_text(second));
    }
    if (!diff.any->found.empty()) ++different;
    else if (!diff.any->complete) ++unknown;
    else ++equal;
    if (!diff.any->found.empty() || !diff.any->complete) continue;
    for (std::uint64_t i = 0; i < samples() / 4; ++i) {
      ir::Flow flow = flows.draw(random);
      for (ir::Endpoint* end : {&flow.source, &flow.destination})
        if (end->kind == ir::EndpointKind::Other && end->labels.world()) end->dns_names = {random.pick(kNames)};
      if (flow.source.kind == ir::EndpointKind::Node || flow.destination.kind == ir::EndpointKind::Node) continue;
      ++asked;
      const ir::Verdict first = ir::decide(before, cluster, flow).verdict, second = ir::decide(after, cluster, flow).verdict;
      if (first != second) FAIL("said to be equal, but differs: " << to_text(flow) << " " << to_text(first) << " " << to_text(second));
    }
  }
  std::cout << "differential: " << done << " pairs of policy sets with names and groups, " << equal << " proven equal, " << different << " different, "
            << unknown << " unknown, " << asked << " connections asked of the equal ones, " << named << " of today's pods and names where nothing changes, seed " << seed() << ", 0 differences\n";
  CHECK(equal > done / 10);
  CHECK(different > done / 10);
  CHECK(unknown < done / 3);
}

TEST_CASE("equal over all pods that may come means equal, and set algebra says what Z3 says", "[differential]") {
  std::uint64_t done = 0, equal = 0, different = 0, asked = 0, solved = 0, unknown = 0;
  for (std::uint64_t seeds = 0; done < pairs(); ++seeds) {
    Random random(seed() + 13'000'000 + seeds);
    const ir::Cluster cluster = random_cluster(random, random_settings(random));
    ir::PolicySet before = random_policies(random, cluster, Language::Tables);
    if (before.rules.empty()) continue;
    ir::PolicySet after = changed(random, before, cluster, Language::Tables);
    // What is in audit has been taken out before (diff_any).
    for (ir::PolicySet* set : {&before, &after})
      for (ir::Rule& rule : set->rules) rule.audit = false;
    const compiler::Space space(cluster);
    const FlowSource flows(cluster, after);
    if (flows.empty() || compiler::has_doubt(space, before) || compiler::has_doubt(space, after)) continue;
    INFO("WEIR_SEED=" << seed() << ", pair " << seeds << "\n" << to_text(before) << "--- after\n" << to_text(after) << to_text(cluster));
    const compiler::AnyDiff diff = compiler::diff_any({space, before, after}, {.solver_millis = 20'000}, 100);
    ++done;
    for (const compiler::AnyDifference& one : diff.found)
      CHECK(ir::decide(before, cluster, one.connection.flow).verdict != ir::decide(after, cluster, one.connection.flow).verdict);
    if (!diff.found.empty()) ++different;
    else if (diff.complete) ++equal;
    else ++unknown;
    const bool sets = compiler::DecidedAlike::readable(before) && compiler::DecidedAlike::readable(after) && diff.method == "sets";
    if (sets && done % 5 == 0) {
      compiler::Solver solver(space, before, 20'000);
      const auto answer = solver.differing(after, {space.everyone(), space.everyone(), ir::every_port()});
      if (answer.status != compiler::SolverStatus::Unknown) CHECK(diff.found.empty() == (answer.status == compiler::SolverStatus::None));
      ++solved;
    }
    for (std::uint64_t i = 0; diff.found.empty() && diff.complete && i < samples(); ++i) {
      const Sampled one = draw(random, cluster, flows);
      if ((one.source && one.source->host_network) || (one.destination && one.destination->host_network)) continue;
      ++asked;
      if (ir::decide(before, cluster, one.flow).verdict != ir::decide(after, cluster, one.flow).verdict) FAIL(to_text(one.flow) << " differs");
    }
  }
  std::cout << "differential: " << done << " pairs of policy sets over all pods that may come, " << equal << " proven equal, " << different << " different, "
            << unknown << " unknown, " << asked << " connections asked of the equal ones, " << solved << " asked of Z3 too, seed " << seed()
            << ", 0 differences\n";
  CHECK(equal > done / 20);
  CHECK(different > done / 4);
}

}  // namespace weir::tests
