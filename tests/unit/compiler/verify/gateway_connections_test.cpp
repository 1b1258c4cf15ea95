#include "compiler/verify/gateway_connections.h"

#include <catch2/catch.hpp>

#include "tests/unit/compiler/verify/verified.h"
#include "tests/unit/gateway_world.h"

namespace weir::test {
namespace {

using Lines = std::vector<std::string>;

/// "SRC => DST PORT GATEWAY/LISTENER:PORT"
Lines through(const std::string& policies, const compiler::ConnectivityQuestion& question = {}) {
  const Verified run = verified(gateway_world() + policies, "", {});
  Lines found;
  for (const auto& c : compiler::gateway_connections(run.resolved.policies, run.resolved.cluster, run.resolved.routes, question))
    found.push_back(c.source + " => " + c.destination + " " + std::to_string(c.port.ports.first) + " " + c.gateway + "/" + c.listener + ":" +
                    std::to_string(c.listener_port) + (c.check ? " " + std::string(to_text(*c.check)) : ""));
  return found;
}

const std::string kIngress = "endpointSelector: {matchExpressions: [{key: \"reserved:ingress\", operator: Exists}]}";

}  // namespace

TEST_CASE("everybody reaches every backend through the gateway", "[connectivity]") {
  const Lines found = through("");
  CHECK(found.size() == 8);  // four pods to two backends, none to itself, and the outside twice
  CHECK(found.front() == "entity:world => shop/back[Pod] 8080 shop/web/http:80");
}

TEST_CASE("a backend that shuts the gateway out is not there", "[connectivity]") {
  for (const std::string& line : through(gateway_policy("back", "{endpointSelector: {matchLabels: {app: back}}, ingress: [{fromEntities: [world]}]}")))
    CHECK(line.find("=> shop/back") == std::string::npos);
}

TEST_CASE("clients that the gateway admits by their address", "[connectivity]") {
  const Lines found = through(gateway_policy("in", "{" + kIngress + ", ingress: [{fromCIDR: [198.51.100.0/24]}]}", true));
  CHECK(found == Lines{"198.51.100.0-198.51.100.255 => shop/back[Pod] 8080 shop/web/http:80", "198.51.100.0-198.51.100.255 => shop/front[Pod] 8080 shop/web/http:80"});
}

TEST_CASE("request rules are marked", "[connectivity]") {
  const Lines found = through(gateway_policy("back", "{endpointSelector: {matchLabels: {app: back}}, ingress: [{fromEntities: [ingress], toPorts: [{ports: [{port: \"8080\", protocol: TCP}], rules: {http: [{method: GET}]}}]}]}"));
  CHECK(found.front() == "entity:world => shop/back[Pod] 8080 shop/web/http:80 http");
}

TEST_CASE("the focus holds for ways through gateways, too", "[connectivity]") {
  compiler::ConnectivityQuestion question;
  question.workloads = {"shop/back"};
  question.peers = {"entity:world"};
  question.direction = ir::Direction::Ingress;
  CHECK(through("", question) == Lines{"entity:world => shop/back[Pod] 8080 shop/web/http:80"});
  question.ports = ir::ports_of(std::vector<ir::PortMatch>{{ir::Protocol::Tcp, {80, 80}}});
  CHECK(through("", question).empty());
}

}  // namespace weir::test
