// From YAML and JSON text to verdicts: random manifests go through the whole front end; the oracle, which shares nothing
// with it, evaluator, rule index and tables must agree, and the order of the documents must not matter.
// WEIR_SEED=n repeats a run, WEIR_CASES=n changes its length. A difference leaves its manifests in the temporary folder.
#include <catch2/catch.hpp>
#include <iostream>

#include "ir/eval/eval.h"
#include "tests/differential/generator/agreement.h"
#include "tests/differential/generator/documents.h"
#include "tests/differential/generator/oracle.h"
#include "tests/differential/generator/random_cluster.h"
#include "tests/differential/generator/random_flows.h"

namespace weir::tests {
namespace {

constexpr std::uint64_t kFlowsOfASet = 150;

std::string errors_of(const FrontEnd& front) {
  std::string text;
  for (const ir::Diagnostic& diagnostic : front.diagnostics.list())
    if (ir::info(diagnostic.kind).severity == ir::Severity::Error)
      text += to_text(front.files, diagnostic.primary) + ": " + diagnostic.detail + "\n";
  return text;
}

/// Named ports that policies use are labels too, of source `gen`.
ir::LabelSet without_ports(const ir::LabelSet& labels) {
  ir::LabelSet out;
  for (const ir::Label& label : labels.labels)
    if (label.source != "gen") out.set(label);
  return out;
}

bool same_pods(const ir::Cluster& a, const ir::Cluster& b) {
  const auto same = [](const ir::Pod& x, const ir::Pod& y) {
    return without_ports(x.labels) == without_ports(y.labels) &&
           std::tie(x.namespace_name, x.name, x.addresses, x.node, x.host_network) ==
               std::tie(y.namespace_name, y.name, y.addresses, y.node, y.host_network);
  };
  return std::equal(a.pods.begin(), a.pods.end(), b.pods.begin(), b.pods.end(), same);
}

/// The answer with its rules by file and line, which no order of documents changes.
std::string answer(const FrontEnd& front, const ir::Flow& flow) {
  const ir::Decision decision = ir::decide(front.resolved.policies, front.resolved.cluster, flow);
  std::string text(to_text(decision.verdict));
  for (const ir::SideDecision* side : {&decision.egress, &decision.ingress}) {
    text += "\n " + std::string(to_text(side->reason)) + " " + std::string(to_text(side->match));
    for (const ir::RuleId id : side->decided_by) text += " " + to_text(rule_ref(front.resolved.policies, front.files, id));
  }
  return text;
}

/// policy.md 3.8: what the rules of any pod say of a pod whose numbers are known. Empty: what those of today say.
std::string compare_any_pod(const FrontEnd& front, ir::Flow flow, std::uint64_t& done) {
  if (!front.of_any_pod) return "";
  const ir::Verdict wanted = ir::decide(front.resolved.policies, front.resolved.cluster, flow).verdict;
  const std::string before = "port." + to_text(flow.protocol) + ".", behind = "." + std::to_string(flow.port);
  ir::LabelSet labels = without_ports(flow.destination.labels);
  for (const ir::Label& label : flow.destination.labels.labels)
    if (label.source == "gen" && label.key.starts_with(before) && label.key.ends_with(behind))
      labels.set(ir::named_port_label(label.key.substr(before.size(), label.key.size() - before.size() - behind.size()), flow.protocol));
  flow.destination.labels = labels;
  const ir::Verdict found = ir::decide(*front.of_any_pod, front.resolved.cluster, flow).verdict;
  if (found == ir::Verdict::Unknown) return "";
  ++done;
  return found == wanted ? "" : "today's rules: " + std::string(to_text(wanted)) + ", those of any pod: " + std::string(to_text(found));
}

std::vector<Manifest> shuffled(Random& random, std::vector<Manifest> manifests) {
  for (std::size_t i = manifests.size(); i > 1; --i) std::swap(manifests[i - 1], manifests[random.below(i)]);
  return manifests;
}

std::string compare_oracle(const Oracle& oracle, const FrontEnd& front, const ir::Flow& flow) {
  for (const ir::Direction direction : {ir::Direction::Ingress, ir::Direction::Egress}) {
    const ir::SideDecision side = ir::decide_side(front.resolved.policies, front.resolved.cluster, flow, direction);
    const Oracle::Answer wanted = oracle.ask(flow, direction);
    if (wanted == Oracle::Answer{side.verdict, side.reason}) continue;
    return std::string(to_text(direction)) + ": evaluator " + cell_text(cell_of(side)) + ", oracle " +
           std::string(to_text(wanted.verdict)) + " " + std::string(to_text(wanted.reason));
  }
  return "";
}

std::string report(const std::vector<Manifest>& manifests, std::uint64_t set, const ir::Cluster& cluster, const std::string& wrong) {
  const std::string folder = keep(manifests, "weir-difference-" + std::to_string(seed()) + "-" + std::to_string(set));
  std::string text = "WEIR_SEED=" + std::to_string(seed()) + ", set " + std::to_string(set) + ", manifests in " + folder + "\nsettings:";
  for (const auto& [key, value] : to_pairs(cluster.settings)) text += " --set " + key + "=" + value;
  return text + "\n" + wrong;
}

}  // namespace

TEST_CASE("manifests mean to every engine what they say", "[differential]") {
  const std::uint64_t wanted = cases(100'000);
  std::uint64_t done = 0, sets = 0, denied = 0, of_any_pod = 0;
  while (done < wanted) {
    Random random(seed() + ++sets);
    ir::Cluster cluster = random_cluster(random, random_settings(random));
    name_ports(random, cluster);
    const std::vector<Written> policies = random_written(random, cluster.settings);
    const std::vector<Manifest> manifests = manifests_of(random, cluster, policies);
    const FrontEnd front = compile(manifests, cluster.settings), other = compile(shuffled(random, manifests), cluster.settings);
    const std::string errors = errors_of(front);
    if (!errors.empty()) FAIL(report(manifests, sets, cluster, errors));
    REQUIRE(same_pods(front.resolved.cluster, cluster));
    Engines engines(front.resolved.policies, front.resolved.cluster, front.files);
    if (!engines.broken().empty()) FAIL(report(manifests, sets, cluster, engines.broken().front()));
    const Oracle oracle(cluster, policies);
    const FlowSource flows(front.resolved.cluster, front.resolved.policies);
    for (std::uint64_t i = 0; i < kFlowsOfASet && !flows.empty(); ++i, ++done) {
      const ir::Flow flow = flows.draw(random);
      std::string wrong = engines.compare(flow);
      if (wrong.empty()) wrong = compare_oracle(oracle, front, flow);
      if (wrong.empty()) wrong = compare_any_pod(front, flow, of_any_pod);
      if (wrong.empty() && i % 8 == 0 && answer(front, flow) != answer(other, flow))
        wrong = "in another order of documents\n" + answer(other, flow) + "\ninstead of\n" + answer(front, flow);
      denied += ir::decide(front.resolved.policies, front.resolved.cluster, flow).verdict == ir::Verdict::Denied;
      if (!wrong.empty()) FAIL(report(manifests, sets, cluster, to_text(flow) + "\n" + wrong));
    }
  }
  std::cout << "differential: " << done << " cases from manifests, " << sets << " policy sets, " << denied << " denied, "
            << of_any_pod << " asked of the rules of any pod, seed " << seed() << ", 0 differences\n";
  CHECK(denied > done / 20);
  CHECK(denied < done * 19 / 20);
}

}  // namespace weir::tests
