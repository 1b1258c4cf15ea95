#include <catch2/catch.hpp>

#include "compiler/lower/lower.h"
#include "tests/unit/compiler/lower/fixture.h"

namespace weir::compiler {
namespace {

const ir::TableIdentity& identity_at(const ir::TableSet& tables, std::string_view text) {
  return tables.identities[ir::find_identity(tables, address(text))];
}

ir::Verdict verdict(const ir::TableSet& tables, std::string_view pod, std::string_view peer, std::uint16_t port) {
  for (const ir::TableEndpoint& endpoint : tables.endpoints)
    if (endpoint.pod == pod)
      return ir::lookup(tables, endpoint.subject_class, ir::Direction::Ingress, ir::find_identity(tables, address(peer)),
                        ir::PortSlot::Tcp, port).verdict;
  FAIL("no endpoint " << pod);
  return ir::Verdict::Unknown;
}

}  // namespace

TEST_CASE("an address leads to its owner", "[lower]") {
  const auto tables = *lower(policies_of({rule_on("web", ir::Direction::Ingress,
                                                  {cidr_peer("10.0.0.0/8", {"10.9.0.0/16"}), cidr_peer("10.0.0.1/32")})}),
                             small_cluster(), {}, "n1");
  struct Case { std::string_view why, address, name; std::uint32_t number; };
  const auto c = GENERATE(values<Case>({
      {"a pod", "10.0.0.1", "shop/web", 257},
      {"its other family", "fd00::1", "shop/web", 257},
      {"equal labels share an identity", "10.0.0.2", "shop/web", 257},
      {"other labels do not", "10.0.0.3", "shop/db", 256},
      {"this node", "172.16.0.1", "host", 1},
      {"another node", "172.16.0.2", "remote-node", 6},
      {"inside a CIDR", "10.1.0.1", "10.0.0.0/8", (1u << 24) + 1},
      {"inside its except", "10.9.0.1", "10.9.0.0/16", (1u << 24) + 2},
      {"nobody's", "192.0.2.1", "world", 2}}));
  INFO(c.why);
  CHECK(identity_at(tables, c.address).name == c.name);
  CHECK(identity_at(tables, c.address).number == c.number);
}

TEST_CASE("a /32 of a rule does not take a pod's address away", "[lower]") {
  const auto tables = *lower(policies_of({rule_on("web", ir::Direction::Ingress, {cidr_peer("10.0.0.3/32"), cidr_peer("10.0.0.4/32")})}),
                             small_cluster(), {}, "n1");
  CHECK(verdict(tables, "web-1", "10.0.0.3", 80) == ir::Verdict::Denied);   // policy.md 2.6: CIDRs do not match pods
  CHECK(verdict(tables, "web-1", "10.0.0.4", 80) == ir::Verdict::Allowed);
}

TEST_CASE("addresses that rules treat alike share a peer class", "[lower]") {
  const auto tables = *lower(policies_of({rule_on("web", ir::Direction::Ingress, {cidr_peer("10.0.0.0/8", {"10.9.0.0/16"})})}),
                             small_cluster(), {}, "n1");
  CHECK(identity_at(tables, "10.9.0.1").peer_class == identity_at(tables, "192.0.2.1").peer_class);
  CHECK(identity_at(tables, "10.8.0.1").peer_class != identity_at(tables, "10.9.0.1").peer_class);
  CHECK(tables.prefixes.size() == 2 + 6);  // never split into disjoint ones: two of the rule, six owned
}

TEST_CASE("with cidr_match_mode pods two pods of equal labels differ by address", "[lower]") {
  ir::Settings settings;
  settings.cidr_match_pods = true;
  const auto tables = *lower(policies_of({rule_on("db", ir::Direction::Ingress, {cidr_peer("10.0.0.2/32")})}), small_cluster(settings), {}, "n1");
  CHECK(identity_at(tables, "10.0.0.1").number == identity_at(tables, "10.0.0.2").number);
  CHECK(verdict(tables, "db-1", "10.0.0.1", 80) == ir::Verdict::Denied);
  CHECK(verdict(tables, "db-1", "10.0.0.2", 80) == ir::Verdict::Allowed);
}

TEST_CASE("in dual stack the two worlds are two identities", "[lower]") {
  ir::Settings settings;
  settings.dual_stack = true;
  const auto tables = *lower(policies_of({}), small_cluster(settings), {}, "n1");
  CHECK(identity_at(tables, "192.0.2.1").number == 9);
  CHECK(identity_at(tables, "2001:db8::1").number == 10);
}

TEST_CASE("without a node every pod is an endpoint and sees its own node as host", "[lower]") {
  ir::Rule nobody = rule_on("web", ir::Direction::Ingress, {});
  const auto tables = *lower(policies_of({nobody}), small_cluster(), {}, "");
  CHECK(tables.endpoints.size() == 3);
  CHECK(verdict(tables, "web-1", "172.16.0.1", 80) == ir::Verdict::Allowed);
  CHECK(verdict(tables, "web-1", "172.16.0.2", 80) == ir::Verdict::Denied);
  CHECK(verdict(tables, "web-2", "172.16.0.1", 80) == ir::Verdict::Denied);
  CHECK(verdict(tables, "web-2", "172.16.0.2", 80) == ir::Verdict::Allowed);
}

TEST_CASE("only rules that select an endpoint of the node cost classes", "[lower]") {
  ir::Rule elsewhere = rule_on("other", ir::Direction::Ingress, {cidr_peer("203.0.113.0/24")});
  elsewhere.ports = std::vector<ir::PortMatch>{{ir::Protocol::Tcp, {1, 2}}};
  const auto with = *lower(policies_of({elsewhere}), small_cluster(), {}, "n1");
  const auto without = *lower(policies_of({}), small_cluster(), {}, "n1");
  CHECK(with.prefixes == without.prefixes);
  CHECK(with.pages == without.pages);
  CHECK(with.rules.size() == 1);  // rule ids stay those of the policy set
}

TEST_CASE("a later fragment is let through by rules without ports alone", "[lower]") {
  ir::Rule all_ports = rule_on("web", ir::Direction::Ingress, {app_peer("db")});
  ir::Rule one_port = rule_on("web", ir::Direction::Ingress, {app_peer("web")});
  one_port.ports = std::vector<ir::PortMatch>{{ir::Protocol::Udp, {}}};
  const auto tables = *lower(policies_of({all_ports, one_port}), small_cluster(), {}, "n1");
  const auto cell = [&](std::string_view peer) {
    return ir::lookup(tables, tables.endpoints[1].subject_class, ir::Direction::Ingress,
                      ir::find_identity(tables, address(peer)), ir::PortSlot::NoHeader, 0);
  };
  CHECK(cell("10.0.0.3").verdict == ir::Verdict::Allowed);
  CHECK(cell("10.0.0.2").verdict == ir::Verdict::Denied);
  CHECK(cell("10.0.0.2").reason == ir::DropReason::FragmentUnsupported);
}

TEST_CASE("what tables cannot hold is refused with a reason", "[lower]") {
  CHECK(lower(policies_of({}), small_cluster(), {}, "n9").error().exit_code == 2);
  ir::Rule many = rule_on("web", ir::Direction::Ingress, {app_peer("db")});
  many.ports.emplace();
  for (std::uint16_t port = 1; port <= 255; ++port) many.ports->push_back({ir::Protocol::Tcp, {static_cast<std::uint16_t>(port * 2), static_cast<std::uint16_t>(port * 2)}});
  const auto refused = lower(policies_of({many}), small_cluster(), {}, "n1");
  REQUIRE(!refused);
  CHECK(refused.error().exit_code == 3);
  CHECK(refused.error().message.find("`shop/web-1`") != std::string::npos);
  many.ports->resize(253);  // with the rest, fragmentation needed and later fragments: 256
  CHECK(lower(policies_of({many}), small_cluster(), {}, "n1").has_value());
}

TEST_CASE("bandwidth is bytes per second, rounded down", "[lower]") {
  ir::Cluster cluster = small_cluster();
  cluster.pods[1].egress_bandwidth = 1'000'007;
  const auto tables = *lower(policies_of({}), cluster, {}, "n1");
  CHECK(tables.endpoints[1].egress_bandwidth == 125'000);
  CHECK(tables.endpoints[1].ingress_bandwidth == 0);
}

}  // namespace weir::compiler
