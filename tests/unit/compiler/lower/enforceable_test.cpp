// What the agent cannot enforce is refused with the rule that asks for it, not left out.
#include <catch2/catch.hpp>

#include "compiler/lower/enforceable.h"

using namespace weir;

namespace {

struct World {
  ir::TableSet tables;
  ir::PolicySet policies;
  ir::Cluster cluster;
  ir::Files files;

  World() {
    files.add({"p.yaml", nullptr, false});
    policies.policies.push_back({"CiliumNetworkPolicy", "shop", "p", {}, {}, {}});
    policies.rules.resize(2);
    for (auto& rule : policies.rules) rule.policy = ir::PolicyId{0};
    policies.rules[1].origin = {ir::FileId{0}, 7, 5, 7, 9};
    policies.rules[1].index = 1;
    tables.cells.resize(1);
    tables.cells[0].rule = 0;
  }
  ir::Result<void> ask() const { return compiler::enforceable(tables, policies, cluster, files); }
};

constexpr const char* kPlace = "CiliumNetworkPolicy shop/p ingress[1] (p.yaml:7:5)";

}  // namespace

TEST_CASE("plain tables can be enforced", "[lower]") { CHECK(World().ask()); }

TEST_CASE("requests need a proxy", "[lower]") {
  World world;
  world.policies.rules[1].l7 = ir::L7Rules{};
  world.tables.cells[0].redirect = true;
  const auto answer = world.ask();
  REQUIRE_FALSE(answer);
  CHECK(answer.error().exit_code == 3);
  CHECK(answer.error().message.find(kPlace) == 0);
  CHECK(answer.error().message.find("proxy") != std::string::npos);
}

TEST_CASE("authentication cannot be done", "[lower]") {
  World world;
  world.policies.rules[1].auth = ir::Auth::Required;
  world.tables.cells[0].authenticate = true;
  const auto answer = world.ask();
  REQUIRE_FALSE(answer);
  CHECK(answer.error().message.find(kPlace) == 0);
}

TEST_CASE("rules on nodes count when the host firewall is on", "[lower]") {
  World world;
  world.policies.rules[1].subject_is_node = true;
  CHECK(world.ask());
  world.cluster.settings.host_firewall = true;
  const auto answer = world.ask();
  REQUIRE_FALSE(answer);
  CHECK(answer.error().exit_code == 3);
}
