#include <catch2/catch.hpp>

#include <iostream>
#include <map>

#include "ir/eval/eval.h"
#include "ir/flow/endpoint.h"
#include "runtime-agent/observe/observer.h"
#include "tests/kernel/lab_nodes.h"

using namespace weir;
using namespace weir::kernel_test;

namespace {

struct Target {
  const char* name;
  const char* v4;
  const char* v6;
};
const Target kTargets[] = {{"frontend", "10.77.1.10", "fd77:0:0:1::10"},
                           {"backend", "10.77.2.10", "fd77:0:0:2::10"},
                           {"database", "10.77.2.20", "fd77:0:0:2::20"},
                           {"outside", "198.51.100.10", "2001:db8:77::10"},
                           {"outside-except", "198.51.100.70", "2001:db8:77::47"}};
const char* const kSources[] = {"frontend", "backend", "database", "outside", "node1"};

struct Probe {
  lab::Kind kind;
  std::uint16_t port;
};
const Probe kProbes[] = {{lab::Kind::Tcp, 80},   {lab::Kind::Tcp, 443},  {lab::Kind::Tcp, 8080}, {lab::Kind::Tcp, 8099},
                         {lab::Kind::Tcp, 8100}, {lab::Kind::Tcp, 9090}, {lab::Kind::Tcp, 5432}, {lab::Kind::Udp, 53},
                         {lab::Kind::Udp, 8125}, {lab::Kind::Udp, 8080}, {lab::Kind::Icmp, 0}};

/// What a source is to policy: the address it sends from.
const char* source_address(const std::string& source, bool v6) {
  if (source == "node1") return v6 ? "2001:db8:77::1" : "198.51.100.1";
  for (const Target& target : kTargets)
    if (source == target.name) return v6 ? target.v6 : target.v4;
  return "";
}

ir::Flow flow_of(const ir::Cluster& cluster, const std::string& source, const lab::Attempt& attempt) {
  const bool v6 = attempt.address.find(':') != std::string::npos;
  ir::Flow flow;
  flow.source = ir::endpoint_of(cluster, ir::parse_address(source_address(source, v6)).value());
  flow.destination = ir::endpoint_of(cluster, ir::parse_address(attempt.address).value());
  flow.port = attempt.port;
  switch (attempt.kind) {
    case lab::Kind::Tcp: flow.protocol = ir::Protocol::Tcp; break;
    case lab::Kind::Udp: flow.protocol = ir::Protocol::Udp; break;
    case lab::Kind::Icmp:
      flow.protocol = v6 ? ir::Protocol::Icmpv6 : ir::Protocol::Icmp;
      flow.port = v6 ? 128 : 8;
  }
  return flow;
}

std::vector<lab::Attempt> attempts_from(const std::string& source) {
  std::vector<lab::Attempt> out;
  for (const Target& target : kTargets)
    for (const Probe& probe : kProbes)
      for (const char* address : {target.v4, target.v6}) {
        if (std::string_view(target.name).starts_with(source)) continue;
        lab::Attempt attempt;
        attempt.kind = probe.kind;
        attempt.address = address;
        attempt.port = probe.port;
        out.push_back(attempt);
      }
  return out;
}

/// A refusal by the other end's kernel proves that both directions passed: the RST, or the ICMP error about the datagram.
bool reached(const lab::Attempt& attempt) { return attempt.answered || attempt.why == "Connection refused"; }

struct Tally {
  std::size_t allowed = 0, denied = 0;
  std::vector<std::string> wrong;
};

void compare(const LabPolicies& policies, const std::string& source, const std::vector<lab::Attempt>& attempts,
             Tally& tally) {
  for (const lab::Attempt& attempt : attempts) {
    const ir::Flow flow = flow_of(policies.resolved.cluster, source, attempt);
    const bool allowed =
        ir::decide(policies.resolved.policies, policies.resolved.cluster, flow).verdict == ir::Verdict::Allowed;
    ++(allowed ? tally.allowed : tally.denied);
    if (allowed != reached(attempt))
      tally.wrong.push_back(ir::to_text(flow) + " predicted " + (allowed ? "allowed" : "denied") + ", got " + attempt.why);
  }
}

}  // namespace

// "Real packets": every connection of the lab goes as the evaluator predicts, replies included.
TEST_CASE("real connections go as predicted", "[kernel][lab]") {
  if (const std::string why = why_no_lab(); !why.empty()) {
    std::cout << "SKIPPED: " << why << "\n";
    return;
  }
  const Lab lab;
  REQUIRE(lab.up());
  Nodes nodes;
  Tally tally;
  std::uint64_t generation = 0;
  for (const char* folder : {"policies-before", "policies-after"}) {
    const LabPolicies policies = lab_policies(folder);
    nodes.load(lab, policies, ++generation);
    for (const char* source : kSources) {
      auto attempts = attempts_from(source);
      inside(lab.ns(source), [&] { lab::run(attempts, 128, 900); });
      compare(policies, source, attempts, tally);
    }
  }
  std::cout << "lab: " << tally.allowed + tally.denied << " connections, " << tally.allowed << " allowed, "
            << tally.denied << " denied, " << tally.wrong.size() << " not as predicted\n";
  for (const std::string& line : tally.wrong) UNSCOPED_INFO(line);
  CHECK(tally.wrong.empty());
  CHECK(tally.allowed + tally.denied >= 500);
  CHECK(tally.allowed >= 80);
  CHECK(tally.denied >= 200);
}

TEST_CASE("a new deny cuts an established connection, a rollback lets it go on", "[kernel][lab]") {
  if (const std::string why = why_no_lab(); !why.empty()) {
    std::cout << "SKIPPED: " << why << "\n";
    return;
  }
  const Lab lab;
  REQUIRE(lab.up());
  Nodes nodes;
  nodes.load(lab, lab_policies("policies-before"), 1);
  Conversation cut(lab.ns("frontend"), "10.77.2.10", 8080), kept(lab.ns("frontend"), "10.77.2.10", 9090);
  REQUIRE(cut.connected());
  REQUIRE(kept.connected());
  CHECK(cut.talks(2000));
  CHECK(kept.talks(2000));
  agent::Datapath& node2 = nodes.at("node2");
  std::string lines;
  auto observer = agent::Observer::open(node2, [&](std::string_view text) { lines += text; });
  REQUIRE(observer.has_value());
  (void)observer->poll(0);
  lines.clear();
  nodes.load(lab, lab_policies("policies-after"), 2);
  CHECK_FALSE(cut.talks(600));
  CHECK(kept.talks(2000));
  (void)observer->poll(0);
  const auto at = lines.find("\"verdict\":\"DROPPED\"");
  REQUIRE(at != std::string::npos);
  const std::string event = lines.substr(at, lines.find('\n', at) - at);
  INFO(event);
  CHECK(event.find("\"destination_port\":8080") != std::string::npos);
  CHECK(event.find("policies-after/backend.yaml\",\"line\":11") != std::string::npos);
  CHECK(event.find("\"connection\":\"established\"") != std::string::npos);
  REQUIRE(node2.rollback());
  // What TCP kept sending comes through now.
  CHECK(cut.talks(5000));
}
