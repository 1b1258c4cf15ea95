// Routes under policy: the five rows of gateway.md section 2, and the distribution they give.
#include <catch2/catch.hpp>

#include "compiler/api/object_set.h"
#include "compiler/source/load.h"
#include "ir/cluster/party.h"
#include "simulator/ask/route.h"
#include "tests/unit/gateway_world.h"

using namespace weir;
using simulator::RouteAnswer;

namespace {

struct World {
  ir::Files files;
  compiler::Resolved resolved;
};

World world(const std::string& text) {
  World out;
  ir::Diagnostics diagnostics;
  const auto sources = compiler::read_text("cluster.yaml", text, {}, out.files, diagnostics);
  out.resolved = compiler::resolve(compiler::read(sources, out.files, diagnostics), ir::Settings{}, out.files, diagnostics);
  for (const ir::Diagnostic& d : diagnostics.list()) UNSCOPED_INFO(d.detail);
  REQUIRE_FALSE(diagnostics.has(ir::Effect::Refuse));
  REQUIRE_FALSE(diagnostics.has(ir::Effect::Invalid));
  return out;
}

RouteAnswer ask(const World& w, const std::string& from = "", const std::string& url = "http://h/", const std::string& method = "GET") {
  simulator::RouteQuestion question;
  question.request = *ir::request_of(url);
  question.request.method = method;
  if (!from.empty()) question.from = *ir::parse_party(from, "shop");
  auto answer = simulator::route(w.resolved, w.files, question);
  REQUIRE(answer);
  return *answer;
}

/// "200 0.75 shop/front:80; 403 0.25 shop/back:80"
std::string text_of(const RouteAnswer& answer) {
  std::string text;
  for (const simulator::RouteShare& share : answer.shares)
    text += (text.empty() ? "" : "; ") + std::to_string(share.status) + " " + std::to_string(share.share).substr(0, 4) + " " + share.backend;
  return text;
}

std::string with(const std::string& policy, const std::string& controller = "io.cilium/gateway-controller") {
  return test::gateway_world(controller) + policy;
}

}  // namespace

TEST_CASE("without policy everything is served", "[ask][gateway]") {
  const RouteAnswer answer = ask(world(with("")), "pod:client");
  CHECK(text_of(answer) == "200 0.75 shop/front:80; 200 0.25 shop/back:80");
  CHECK(simulator::verdict_of(answer) == ir::Verdict::Allowed);
}

TEST_CASE("the denying rule is named for its share", "[ask][gateway]") {
  const World w = world(with(test::gateway_policy("shut", "{endpointSelector: {matchLabels: {app: back}}, ingressDeny: [{fromEntities: [ingress]}]}")));
  const RouteAnswer answer = ask(w, "entity:world");
  CHECK(text_of(answer) == "200 0.75 shop/front:80; 503 0.25 shop/back:80");
  REQUIRE(answer.shares[1].decided_by.size() == 1);
  CHECK(answer.shares[1].decided_by[0].name == "shut");
  CHECK(answer.shares[1].decided_by[0].line > 0);
  CHECK(answer.policy[1][0].step == "backend ingress");
}

TEST_CASE("a rule for the client does not admit the gateway; a request rule refuses with 403", "[ask][gateway]") {
  const World w = world(with(test::gateway_policy("client", "{endpointSelector: {matchLabels: {app: front}}, ingress: [{fromEndpoints: [{matchLabels: {app: client}}]}]}") +
                             test::gateway_policy("get", "{endpointSelector: {matchLabels: {app: back}}, ingress: [{fromEntities: [ingress], toPorts: [{ports: [{port: \"8080\", protocol: TCP}], "
                                                         "rules: {http: [{method: GET}]}}]}]}")));
  CHECK(text_of(ask(w, "pod:client")) == "503 0.75 shop/front:80; 200 0.25 shop/back:80");
  const RouteAnswer post = ask(w, "pod:client", "http://h/", "POST");
  CHECK(text_of(post) == "503 0.75 shop/front:80; 403 0.25 shop/back:80");
  CHECK(simulator::verdict_of(post) == ir::Verdict::Denied);
}

TEST_CASE("HTTP rules of the gateway's egress are skipped while its ingress has none", "[ask][gateway]") {
  const std::string gateway = "endpointSelector: {matchExpressions: [{key: \"reserved:ingress\", operator: Exists}]}";
  const std::string egress = test::gateway_policy("out", "{" + gateway + ", egress: [{toEntities: [cluster], toPorts: [{ports: [{port: \"8080\", protocol: TCP}], rules: {http: [{method: GET}]}}]}]}", true);
  const std::string ingress = test::gateway_policy("in", "{" + gateway + ", ingress: [{fromEntities: [all], toPorts: [{ports: [{port: \"80\", protocol: TCP}], rules: {http: [{path: \"/.*\"}]}}]}]}", true);
  const RouteAnswer skipped = ask(world(with(egress)), "entity:world", "http://h/", "POST");
  CHECK(simulator::verdict_of(skipped) == ir::Verdict::Allowed);
  CHECK_FALSE(skipped.assumptions.empty());
  const RouteAnswer both = ask(world(with(egress + ingress)), "entity:world", "http://h/", "POST");
  CHECK(text_of(both) == "403 0.75 shop/front:80; 403 0.25 shop/back:80");
  CHECK(both.policy[0][0].step == "gateway egress");
  // Nobody said who the client is: the rules that some client may meet.
  CHECK(simulator::verdict_of(ask(world(with(egress + ingress)), "", "http://h/", "POST")) == ir::Verdict::Denied);
  CHECK(simulator::verdict_of(ask(world(with(egress)), "", "http://h/", "POST")) == ir::Verdict::Allowed);
}

TEST_CASE("another controller's gateway is its own pods", "[ask][gateway]") {
  const std::string shut = test::gateway_policy("front", "{endpointSelector: {matchLabels: {app: front}}, ingress: [{fromEndpoints: [{matchLabels: {app: proxy}}]}]}") +
                           test::gateway_policy("back", "{endpointSelector: {matchLabels: {app: back}}, ingress: [{fromEntities: [ingress]}]}");
  const World w = world(with(shut, "example.com/other"));
  REQUIRE(w.resolved.routes.listeners.size() == 1);
  REQUIRE_FALSE(w.resolved.routes.listeners[0].cilium);
  REQUIRE(w.resolved.routes.listeners[0].proxies == std::vector<std::string>{"shop/proxy"});
  CHECK(text_of(ask(w, "pod:client")) == "200 0.75 shop/front:80; 503 0.25 shop/back:80");
  // The client's own connection ends at the proxy, so its egress is asked about the proxy and nobody answers.
  const World caged = world(with(test::gateway_policy("client", "{endpointSelector: {matchLabels: {app: client}}, egress: [{toEndpoints: [{matchLabels: {app: front}}]}]}"), "example.com/other"));
  const RouteAnswer refused = ask(caged, "pod:client");
  CHECK(text_of(refused) == "0 0.75 shop/front:80; 0 0.25 shop/back:80");
  CHECK(refused.policy[0][0].step == "client egress");
}

TEST_CASE("what is in audit is let through", "[ask][gateway]") {
  World w = world(with(test::gateway_policy("shut", "{endpointSelector: {matchLabels: {app: back}}, ingressDeny: [{fromEntities: [ingress]}]}")));
  for (ir::Rule& rule : w.resolved.policies.rules) rule.audit = true;
  CHECK(text_of(ask(w, "entity:world")) == "200 0.75 shop/front:80; 200 0.25 shop/back:80");
}

TEST_CASE("a response is the whole distribution", "[ask][gateway]") {
  const RouteAnswer answer = ask(world(with("")), "", "http://h:81/");
  REQUIRE(answer.shares.size() == 1);
  CHECK(answer.shares[0].verdict == ir::Verdict::Denied);
  CHECK(simulator::verdict_of(answer) == ir::Verdict::Denied);
}

TEST_CASE("URLs of all schemes", "[ask]") {
  CHECK(ir::request_of("grpc://h/a.B/C")->method == "POST");
  CHECK(ir::request_of("tls://h")->port == 443);
  CHECK(ir::request_of("udp://h:53")->port == 53);
  CHECK_FALSE(ir::request_of("tcp://h"));
  for (const char* url : {"http://h/a?x=1&y", "https://h:8443/a", "tls://h", "tcp://h:9"}) {
    std::string again = ir::url_of(*ir::request_of(url));
    if (again.ends_with("&y=")) again.pop_back();
    CHECK(again == url);
  }
}
