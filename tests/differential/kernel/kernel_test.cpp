// evaluator = rule index = tables = kernel: random policy sets go through the shipped C text, clang and the verifier, and
// every connection goes as an Ethernet frame through BPF_PROG_TEST_RUN (reliability.md C3). Each side is asked twice:
// weir_check names the rule, and weir_from_pod or weir_to_pod, built without conntrack so that no flow rides on another's
// entry, returns a verdict and reports the rule in its event. WEIR_SEED=n repeats a run, WEIR_CASES=n changes its length.
#include <catch2/catch.hpp>
#include <iostream>
#include <optional>

#include "backends/ebpf/build/build.h"
#include "backends/ebpf/bundle/packet.h"
#include "backends/ebpf/emit/emit.h"
#include "ir/eval/eval.h"
#include "tests/differential/generator/agreement.h"
#include "tests/differential/generator/documents.h"
#include "tests/differential/generator/random_cluster.h"
#include "tests/differential/generator/random_flows.h"
#include "tests/differential/generator/random_policies.h"
#include "tests/kernel/harness/harness.h"

namespace weir::tests {
namespace {

constexpr std::uint64_t kFlowsOfASet = 150;

/// Room for every policy set that the generator makes, so that one object serves all.
backends::Shape wide_shape() {
  backends::Shape shape;
  shape.ipv4 = shape.ipv6 = shape.events = shape.audit = true;
  shape.conntrack = false;
  shape.identities = 256;
  shape.subjects = 64;
  shape.port_pages = 128 * 256;
  shape.port_remap = 32768;
  shape.rows = 16384;
  shape.cells = 131072;
  return shape;
}

std::string frame_of(const ir::Flow& flow, bool later_fragment) {
  backends::PacketSpec spec;
  spec.source = *flow.source.address;
  spec.destination = *flow.destination.address;
  spec.protocol = static_cast<std::uint8_t>(flow.protocol);
  spec.destination_port = flow.port;
  spec.icmp_type = static_cast<std::uint8_t>(flow.port);
  spec.icmp_code = flow.icmp_code;
  spec.later_fragment = later_fragment;
  return make_packet(spec);
}

/// The policy set in the kernel; copy 0 and copy 1 take turns.
class Kernel {
 public:
  explicit Kernel(kernel_test::LoadedProgram program) : program_(std::move(program)) {}

  void fill(const ir::TableSet& tables) {
    program_.flip();
    program_.fill(backends::map_contents(tables), program_.epoch() & 1);
    tables_ = &tables;
  }

  /// Empty, or how the kernel differs on this side.
  std::string compare(const ir::Flow& flow, ir::Direction direction, const ir::Cell& wanted, bool later_fragment) {
    const ir::Endpoint& subject = direction == ir::Direction::Egress ? flow.source : flow.destination;
    const ir::Endpoint& peer = direction == ir::Direction::Egress ? flow.destination : flow.source;
    const std::uint32_t endpoint = endpoint_of(subject.name);
    const std::string frame = frame_of(flow, later_fragment);
    const std::uint32_t identity = tables_->identities[ir::find_identity(*tables_, *peer.address)].number;
    const std::string checked = check(direction, endpoint, frame, wanted, identity);
    return checked.empty() ? enforce(direction, endpoint, frame, wanted, later_fragment) : checked;
  }

 private:
  [[nodiscard]] std::uint32_t endpoint_of(const std::string& name) const {
    for (std::uint32_t i = 0; i < tables_->endpoints.size(); ++i)
      if (tables_->endpoints[i].namespace_name + "/" + tables_->endpoints[i].pod == name) return i;
    FAIL("no endpoint " << name);
    return 0;
  }

  std::string check(ir::Direction direction, std::uint32_t endpoint, const std::string& frame, const ir::Cell& wanted,
                    std::uint32_t identity) {
    const kernel_test::CheckResult got = program_.check(direction, endpoint, frame, program_.epoch() & 1);
    if (!got.asked) return "weir_check did not ask the tables";
    const ir::Cell cell{static_cast<ir::Verdict>(got.verdict), static_cast<ir::DropReason>(got.reason),
                        static_cast<ir::MatchType>(got.match), got.verdict == WEIR_DENIED && passes(got.retval), got.rule};
    if (cell != wanted) return "weir_check: " + cell_text(cell);
    if (got.identity != identity) return "weir_check: identity " + std::to_string(got.identity);
    return passes(got.retval) == (wanted.verdict == ir::Verdict::Allowed || wanted.audit) ? "" : "weir_check returned " + std::to_string(got.retval);
  }

  std::string enforce(ir::Direction direction, std::uint32_t endpoint, const std::string& frame, const ir::Cell& wanted,
                      bool later_fragment) {
    const kernel_test::RunResult got = program_.run(direction, endpoint, frame);
    const bool allowed = wanted.verdict == ir::Verdict::Allowed || wanted.audit;
    if (passes(got.retval) != allowed) return "the attached program returned " + std::to_string(got.retval);
    // An allowed later fragment is no connection and is not reported.
    if (later_fragment && allowed) return got.event ? "an event for an allowed fragment" : "";
    if (!got.event || got.events != 1) return std::to_string(got.events) + " events";
    const weir_event& event = *got.event;
    const bool audited = event.verdict == WEIR_AUDITED;
    const ir::Cell cell{audited ? ir::Verdict::Denied : static_cast<ir::Verdict>(event.verdict), static_cast<ir::DropReason>(event.reason),
                        static_cast<ir::MatchType>(event.match), audited, event.rule};
    return cell == wanted ? "" : "event: " + cell_text(cell);
  }

  static bool passes(int retval) { return retval == WEIR_PASS; }

  kernel_test::LoadedProgram program_;
  const ir::TableSet* tables_ = nullptr;
};

struct Set {
  ir::Cluster cluster;
  ir::PolicySet policies;
  ir::Files files;
};

/// Every second one from manifests, so that what is compared began as YAML; the others hold what no manifest of today makes.
Set random_set(Random& random, bool from_manifests) {
  ir::Cluster cluster = random_cluster(random, random_settings(random));
  if (!from_manifests) {
    widen(random, cluster);
    ir::PolicySet policies = random_policies(random, cluster, Language::Tables);
    return {std::move(cluster), std::move(policies), {}};
  }
  const ir::Settings settings = cluster.settings;
  FrontEnd front = compile(manifests_of(random, cluster, random_written(random, settings)), settings);
  return {std::move(front.resolved.cluster), std::move(front.resolved.policies), std::move(front.files)};
}

struct Counts {
  std::uint64_t cases = 0, sets = 0, packets = 0, denied = 0;
};

/// policy.md 6.5: what is left for a later fragment are the rules without ports.
ir::Cell fragment_cell(const ir::PolicySet& policies, const ir::Cluster& cluster, ir::Flow flow, ir::Direction direction) {
  flow.protocol = static_cast<ir::Protocol>(253);
  flow.port = 0;
  const ir::SideDecision decision = ir::decide_side(policies, cluster, flow, direction);
  ir::Cell cell = cell_of(decision);
  if (decision.default_rule == ir::DefaultRule::DefaultDeny) cell.reason = ir::DropReason::FragmentUnsupported;
  return cell;
}

std::string compare(Kernel& kernel, const ir::PolicySet& policies, const ir::Cluster& cluster, const ir::Flow& flow, Counts& counts) {
  for (const ir::Direction direction : {ir::Direction::Ingress, ir::Direction::Egress}) {
    const ir::Endpoint& subject = direction == ir::Direction::Egress ? flow.source : flow.destination;
    if (subject.kind != ir::EndpointKind::Pod) continue;
    const bool fragment = counts.packets++ % 16 == 0 && flow.source.address->family == ir::IpFamily::V4;
    const ir::Cell wanted = fragment ? fragment_cell(policies, cluster, flow, direction)
                                     : cell_of(ir::decide_side(policies, cluster, flow, direction));
    counts.denied += wanted.verdict == ir::Verdict::Denied;
    const std::string wrong = kernel.compare(flow, direction, wanted, fragment);
    if (!wrong.empty())
      return std::string(to_text(direction)) + (fragment ? " fragment: " : ": ") + wrong + "\nevaluator: " + cell_text(wanted);
  }
  return "";
}

Kernel load(const backends::Shape& shape) {
  const auto object = backends::compile_bpf(backends::emit_c(shape));
  if (!object) FAIL(object.error().message);
  auto program = kernel_test::LoadedProgram::load(*object);
  if (!program) FAIL(program.error().message);
  return Kernel(std::move(*program));
}

/// `kernel` null: an object of the policy set's own shape.
void run_set(Kernel* kernel, Counts& counts) {
  Random random(seed() + ++counts.sets);
  const Set set = random_set(random, counts.sets % 2 == 0);
  Engines engines(set.policies, set.cluster, set.files);
  const FlowSource flows(set.cluster, set.policies);
  REQUIRE(engines.broken() == std::vector<std::string>{});
  if (flows.empty()) return;
  const ir::TableSet& tables = engines.tables().at("");
  std::optional<Kernel> own;
  if (kernel == nullptr) {
    backends::Shape shape = backends::shape_of(tables);
    shape.conntrack = false;
    kernel = &own.emplace(load(shape));
  }
  kernel->fill(tables);
  for (std::uint64_t i = 0; i < kFlowsOfASet; ++i, ++counts.cases) {
    const ir::Flow flow = flows.draw(random);
    std::string wrong = engines.compare(flow);
    if (wrong.empty()) wrong = compare(*kernel, set.policies, set.cluster, flow, counts);
    if (wrong.empty()) continue;
    FAIL("WEIR_SEED=" << seed() << ", policy set " << counts.sets << "\n" << describe(set.policies, set.cluster) << "\n" << to_text(flow)
                      << "\n" << wrong);
  }
}

bool skipped() {
  const std::string why = kernel_test::why_no_bpf();
  if (!why.empty()) std::cout << "SKIPPED: " << why << "\n";
  return !why.empty();
}

}  // namespace

TEST_CASE("the kernel agrees with evaluator, rule index and tables", "[differential][kernel]") {
  if (skipped()) return;
  Kernel kernel = load(wide_shape());
  Counts counts;
  while (counts.cases < cases(120'000)) run_set(&kernel, counts);
  std::cout << "differential: " << counts.cases << " cases through the kernel, " << counts.sets << " policy sets, " << counts.packets
            << " sides sent as packets, " << counts.denied << " denied, seed " << seed() << ", 0 differences\n";
  CHECK(counts.denied > counts.packets / 20);
}

TEST_CASE("so do objects of each policy set's own shape", "[differential][kernel]") {
  if (skipped()) return;
  Counts counts;
  while (counts.sets < 12) run_set(nullptr, counts);
  CHECK(counts.packets > 500);
}

}  // namespace weir::tests
