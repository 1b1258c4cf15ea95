// Requests and names inside recordings (flows.md 1.5: evidence 3, FQDN).

#include "simulator/replay/gather_requests.h"
#include "tests/unit/simulator/replay/replay_text.h"

using namespace weir;
using namespace weir::simulator;
using test::FlowText;
using test::kPods;
using test::replay_text;

namespace {

/// db takes requests of web that `rule` allows.
std::string db_takes_http(const std::string& rule) {
  return R"(
---
apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata: {name: db, namespace: shop}
spec:
  endpointSelector: {matchLabels: {app: db}}
  ingress: [{fromEndpoints: [{matchLabels: {app: web}}], toPorts: [{ports: [{port: "8080", protocol: TCP}], rules: {http: [)" + rule + "]}}]}]\n";
}

std::string request(const std::string& method, const std::string& url, const std::string& verdict, const std::string& headers = "") {
  FlowText text;
  text.verdict = verdict;
  text.type = "L7";
  text.event = R"("l7":{"type":"REQUEST","http":{"method":")" + method + R"(","url":")" + url + R"(","protocol":"HTTP/1.1","headers":[)" + headers +
               R"(]}},"event_type":{"type":129},"traffic_direction":"INGRESS","is_reply":false)";
  return text.line();
}

std::string repeated(const std::string& line, int times) {
  std::string lines;
  for (int i = 0; i < times; ++i) lines += line;
  return lines;
}

const ReplayEdge* edge_of(const ReplayReport& report, const std::string& l7) {
  for (const ReplayEdge& edge : report.edges)
    if (edge.l7 == l7) return &edge;
  return nullptr;
}

}  // namespace

TEST_CASE("recorded requests against request rules", "[requests]") {
  struct Case { std::string why, before, after, line; std::uint64_t same, denied, allowed, unexplained; };
  const std::string get = R"({method: GET, path: "/v1/.*"})", any = "{}";
  const auto c = GENERATE_COPY(values<Case>({
      {"a path that is still allowed", get, R"({path: "/v1/items.*"})", request("GET", "http://db/v1/items?x=1", "FORWARDED"), 5, 0, 0, 0},
      {"a method that no longer is", any, R"({method: POST})", request("GET", "http://db/v1/items", "FORWARDED"), 0, 5, 0, 0},
      {"one that now is", R"({method: POST})", get, request("GET", "http://db/v1/items", "DROPPED"), 0, 0, 5, 0},
      {"recorded otherwise than the policies before say", get, get, request("GET", "http://db/v1/items", "DROPPED"), 0, 0, 0, 5},
      {"a header", any, R"({headers: ["X-Token: a"]})", request("GET", "http://db/", "FORWARDED", R"({"key":"X-Token","value":"a"})"), 5, 0, 0, 0},
      {"a header that is missing", any, R"({headers: ["X-Token: a"]})", request("GET", "http://db/", "FORWARDED"), 0, 5, 0, 0},
      {"a host of the URL", any, R"({host: "db[.]shop"})", request("GET", "http://db.shop/", "FORWARDED"), 5, 0, 0, 0}}));
  INFO(c.why);
  const test::Replay replay = replay_text({kPods + db_takes_http(c.after), kPods + db_takes_http(c.before), {repeated(c.line, 5)}});
  const ReplayRequests& requests = replay.report.requests;
  CHECK(requests.same == c.same);
  CHECK(requests.newly_denied == c.denied);
  CHECK(requests.newly_allowed == c.allowed);
  CHECK(requests.unexplained == c.unexplained);
  CHECK(requests.unknown == 0);
}

TEST_CASE("an edge of requests names the rule, the request and an example", "[requests]") {
  std::string line = request("GET", "http://db/v1/items?x=1", "FORWARDED");
  line.insert(line.find("\"verdict\""), R"("uuid":"6ba7b810-9dad-11d1-80b4-00c04fd430c8",)");
  const test::Replay replay = replay_text({kPods + db_takes_http("{method: POST}"), kPods + db_takes_http("{}"), {repeated(line, 3)}});
  const ReplayEdge* edge = edge_of(replay.report, "GET /v1/items");
  REQUIRE(edge != nullptr);
  CHECK(edge->change == Change::NewlyDenied);
  CHECK(edge->count == 3);
  CHECK(edge->reason == "l7-denied");
  CHECK(edge->source == "shop/web-1");
  CHECK(edge->destination == "shop/db-1");
  CHECK(edge->example == "6ba7b810-9dad-11d1-80b4-00c04fd430c8");
  REQUIRE(edge->decided_by.size() == 1);
  CHECK(edge->decided_by[0].name == "db");
}

TEST_CASE("a request in a connection that is denied is denied", "[requests]") {
  const test::Replay replay =
      replay_text({kPods + test::db_takes(80), kPods + db_takes_http("{}"), {request("GET", "http://db/", "FORWARDED")}});
  CHECK(replay.report.requests.newly_denied == 1);
  const ReplayEdge* edge = edge_of(replay.report, "GET /");
  REQUIRE(edge != nullptr);
  CHECK(edge->reason == "policy-denied");
}

TEST_CASE("rules by name know what DNS answered to the same pod", "[requests]") {
  const std::string policy = R"(
---
apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata: {name: web, namespace: shop}
spec:
  endpointSelector: {matchLabels: {app: web}}
  egress:
    - toEntities: [cluster]
      toPorts: [{ports: [{port: "53", protocol: ANY}], rules: {dns: [{matchPattern: "*"}]}}]
    - toFQDNs: [{matchName: api.example.com}]
      toPorts: [{ports: [{port: "443", protocol: TCP}]}]
)";
  FlowText call;
  call.destination = R"("identity":16777217,"labels":["reserved:world"])";
  call.destination_ip = "203.0.113.7";
  call.l4 = R"("TCP":{"source_port":40000,"destination_port":443})";
  call.event = R"("event_type":{"type":5},"traffic_direction":"EGRESS","policy_match_type":2,"is_reply":false)";
  FlowText answer;
  std::swap(answer.source, answer.destination);
  answer.type = "L7";
  answer.l4 = R"("UDP":{"source_port":53,"destination_port":40001})";
  const auto dns = [&](const std::string& name, const std::string& rcode) {
    answer.event = R"("l7":{"type":"RESPONSE","dns":{"query":")" + name + R"(","ips":["203.0.113.7"],"ttl":30)" + rcode +
                   R"(}},"event_type":{"type":129},"traffic_direction":"EGRESS","is_reply":true)";
    return answer.line();
  };
  FlowText named = call;
  named.event = R"("destination_names":["API.example.com"],)" + call.event;

  struct Case { std::string why, lines, predicted; };
  const auto c = GENERATE_COPY(values<Case>({
      {"nothing is known of the address", call.line(), "UNKNOWN"},
      {"DNS answered so", dns("api.example.com.", "") + call.line(), "FORWARDED"},
      {"it did so later", call.line() + dns("api.example.com.", ""), "FORWARDED"},
      {"it gave another name", dns("other.example.com.", "") + call.line(), "DROPPED"},
      {"an answer that is an error", dns("api.example.com.", R"(,"rcode":3)") + call.line(), "UNKNOWN"},
      {"the flow says it itself", named.line(), "FORWARDED"}}));
  INFO(c.why);
  const test::Replay replay = replay_text({kPods + policy, "", {c.lines}});
  std::vector<std::string> predicted;
  for (const ReplayEdge& edge : replay.report.edges)
    if (edge.port == 443) predicted.push_back(edge.predicted);
  CHECK(predicted == std::vector<std::string>{c.predicted});
}

TEST_CASE("more distinct requests than are kept: the same ones stay in every order", "[requests]") {
  const auto kept = [](bool backwards) {
    Gathered sum;
    const std::size_t many = Gathered::kRequests + 500;
    for (std::size_t i = 0; i < many; ++i) {
      RequestShape shape;
      shape.text = sum.texts.id("GET /" + std::to_string(backwards ? many - 1 - i : i)).index;
      RequestCount count;
      count.requests = 1;
      add_request(sum, shape, count);
    }
    CHECK(sum.requests.size() == Gathered::kRequests);
    CHECK(sum.requests_left_out == 500);
    std::set<std::string> texts;
    for (const auto& [shape, count] : sum.requests) texts.insert(sum.texts.at({shape.text}));
    return texts;
  };
  CHECK(kept(false) == kept(true));
}
