#include <catch2/catch.hpp>

#include "compiler/lower/lower.h"
#include "tests/unit/compiler/lower/fixture.h"

namespace weir::compiler {
namespace {

ir::PolicySet some_policies() {
  ir::Rule in = rule_on("web", ir::Direction::Ingress, {app_peer("db"), cidr_peer("192.0.2.0/24", {"192.0.2.128/25"})});
  in.ports = std::vector<ir::PortMatch>{{ir::Protocol::Tcp, {80, 90}}};
  ir::Rule deny = rule_on("db", ir::Direction::Egress, {cidr_peer("0.0.0.0/0")});
  deny.action = ir::Action::Deny;
  return policies_of({in, deny});
}

}  // namespace

TEST_CASE("sound tables prove themselves", "[lower]") {
  for (const char* node : {"", "n1", "n2"}) {
    const ir::Cluster cluster = small_cluster();
    CHECK(prove(*lower(some_policies(), cluster, {}, node), some_policies(), cluster).empty());
  }
}

TEST_CASE("damaged tables do not", "[lower]") {
  struct Case { std::string_view why; void (*damage)(ir::TableSet&); };
  const auto c = GENERATE(values<Case>({
      {"a deny becomes an allow", [](ir::TableSet& t) {
         for (ir::Cell& cell : t.cells) if (cell.reason == ir::DropReason::PolicyDeny) cell = {};
       }},
      {"another rule is blamed", [](ir::TableSet& t) {
         for (ir::Cell& cell : t.cells) if (cell.rule == 0) cell.rule = 1;
       }},
      {"the match type", [](ir::TableSet& t) {
         for (ir::Cell& cell : t.cells) if (cell.match == ir::MatchType::L3L4) cell.match = ir::MatchType::L4Only;
       }},
      {"the except is in", [](ir::TableSet& t) {
         t.prefixes.erase(t.prefixes.end() - 2);  // of IPv4 prefixes the highest: 192.0.2.128/25
       }},
      {"a pod is another one", [](ir::TableSet& t) {
         for (ir::TablePrefix& entry : t.prefixes)
           if (entry.prefix == prefix("10.0.0.3/32")) entry.identity = ir::find_identity(t, address("10.0.0.1"));
       }},
      {"the host is another node", [](ir::TableSet& t) {
         for (ir::TablePrefix& entry : t.prefixes)
           if (entry.prefix == prefix("172.16.0.1/32")) entry.identity = ir::find_identity(t, address("172.16.0.2"));
       }},
      {"one port more", [](ir::TableSet& t) { t.pages[t.page[0][0]][91] = t.pages[t.page[0][0]][90]; }},
      {"one port less", [](ir::TableSet& t) { t.pages[t.page[0][0]][80] = t.pages[t.page[0][0]][79]; }},
      {"a remapped port class", [](ir::TableSet& t) { std::fill(t.remap.begin(), t.remap.end(), 0); }},
      {"a row of another peer", [](ir::TableSet& t) { std::fill(t.rows.begin(), t.rows.end(), t.rows[0]); }},
      {"an endpoint of another class", [](ir::TableSet& t) { t.endpoints[0].subject_class = t.endpoints[1].subject_class; }},
      {"an index outside", [](ir::TableSet& t) { t.rows[0] = 1u << 30; }}}));
  const ir::Cluster cluster = small_cluster();
  ir::TableSet tables = *lower(some_policies(), cluster, {}, "n1");
  c.damage(tables);
  INFO(c.why);
  CHECK(!prove(tables, some_policies(), cluster).empty());
}

}  // namespace weir::compiler
