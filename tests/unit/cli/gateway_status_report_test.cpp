#include "cli/report/gateway_status_report.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

namespace weir::cli {

TEST_CASE("conditions as JSON and as text", "[cli]") {
  compiler::ObjectStatus gateway;
  gateway.kind = "Gateway";
  gateway.namespace_name = "infra";
  gateway.name = "web";
  gateway.conditions = {{"Accepted", "True", "ListenersNotValid", ""}};
  gateway.listeners = {{"a", 2, {"HTTPRoute"}, {{"Conflicted", "True", "ProtocolConflict", ""}, {"ResolvedRefs", "True", "ResolvedRefs", ""}}},
                       {"b", 0, {}, {{"Conflicted", "False", "NoConflicts", ""}}}};
  gateway.attached_listener_sets = 1;
  compiler::ObjectStatus route;
  route.kind = "HTTPRoute";
  route.namespace_name = "shop";
  route.name = "r";
  route.parent = compiler::StatusParent{"Gateway", "infra", "web", "a", {}};
  route.conditions = {{"Accepted", "False", "NotAllowedByListeners", ""}};
  const auto json = nlohmann::json::parse(gateway_status_json({gateway, route}));
  CHECK(json[0]["listeners"][0]["attachedRoutes"] == 2);
  CHECK(json[0]["listeners"][0]["supportedKinds"][0] == "HTTPRoute");
  CHECK(json[0]["attachedListenerSets"] == 1);
  CHECK(json[1]["parent"]["sectionName"] == "a");
  CHECK(json[1]["conditions"][0]["reason"] == "NotAllowedByListeners");
  CHECK(gateway_status_text({gateway, route}) ==
        "Gateway infra/web listener a: Conflicted=True ProtocolConflict\n"
        "HTTPRoute shop/r on Gateway infra/web: Accepted=False NotAllowedByListeners\n");
}

}  // namespace weir::cli
