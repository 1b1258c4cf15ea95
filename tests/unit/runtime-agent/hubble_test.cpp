#include <catch2/catch.hpp>
#include <cstring>
#include <nlohmann/json.hpp>

#include "runtime-agent/observe/hubble.h"
#include "runtime-agent/observe/policy_table.h"
#include "tests/unit/runtime-agent/fixture.h"

using namespace weir;
using namespace weir::agent_test;
using Json = nlohmann::json;

namespace {

void set_address(std::uint8_t (&to)[16], const char* text) {
  const auto address = ir::parse_address(text).value();
  std::memcpy(to, address.bytes.data(), 16);
}

weir_event base_event() {
  weir_event e{};
  e.epoch = 5;
  e.rule = 0;
  e.source_identity = 16777217;
  e.destination_identity = 300;
  e.source_port = 40000;
  e.destination_port = 8080;
  set_address(e.source, "10.1.2.3");
  set_address(e.destination, "10.0.0.1");
  e.type = WEIR_EVENT_VERDICT;
  e.direction = WEIR_INGRESS;
  e.match = 2;
  e.family = 4;
  e.protocol = 6;
  e.tcp_flags = 2;
  return e;
}

Json line_of(const weir_event& e) {
  agent::Names names(std::make_shared<const backends::Bundle>(small_bundle(7)));
  std::string out;
  agent::append_event(out, e, names, "node1", 1767225600123456789);
  REQUIRE(out.back() == '\n');
  REQUIRE(out.find('\n') == out.size() - 1);
  return Json::parse(out);
}

}  // namespace

TEST_CASE("an allowed connection as a Hubble policy verdict", "[agent]") {
  const Json line = line_of(base_event());
  const Json expect = Json::parse(R"({"flow":{"time":"2026-01-01T00:00:00.123456789Z","verdict":"FORWARDED",
    "IP":{"source":"10.1.2.3","destination":"10.0.0.1","ipVersion":"IPv4"},
    "l4":{"TCP":{"source_port":40000,"destination_port":8080,"flags":{"SYN":true}}},
    "source":{"identity":16777217,"labels":["k8s:app=16777217"]},
    "destination":{"identity":300,"namespace":"test","labels":["k8s:app=300"],"pod_name":"pod-a",
                   "workloads":[{"name":"a","kind":"Deployment"}]},
    "Type":"L3_L4","node_name":"node1","event_type":{"type":5},"traffic_direction":"INGRESS","policy_match_type":2,
    "is_reply":false,"Summary":"TCP Flags: SYN",
    "ingress_allowed_by":[{"name":"allow","namespace":"test","revision":"7","kind":"CiliumNetworkPolicy"}],
    "weir":{"generation":7,"epoch":5,"decidedBy":[{"kind":"CiliumNetworkPolicy","namespace":"test","name":"allow",
      "direction":"ingress","index":0,"action":"allow","file":"a.yaml","line":10,"column":3}]}},
    "node_name":"node1","time":"2026-01-01T00:00:00.123456789Z"})");
  CHECK(line == expect);
}

TEST_CASE("an explicit deny names its policy, a default deny only its place", "[agent]") {
  weir_event e = base_event();
  e.type = WEIR_EVENT_DROP;
  e.verdict = WEIR_DENIED;
  e.reason = WEIR_REASON_POLICY_DENY;
  e.rule = 1;
  Json flow = line_of(e)["flow"];
  CHECK(flow["verdict"] == "DROPPED");
  CHECK(flow["drop_reason"] == 181);
  CHECK(flow["drop_reason_desc"] == "POLICY_DENY");
  CHECK(flow["event_type"] == Json{{"type", 5}});
  CHECK(flow["ingress_denied_by"][0]["name"] == "deny");
  CHECK_FALSE(flow.contains("is_reply"));
  e.reason = WEIR_REASON_POLICY_DENIED;
  e.rule = 2;
  flow = line_of(e)["flow"];
  CHECK(flow["drop_reason_desc"] == "POLICY_DENIED");
  CHECK_FALSE(flow.contains("ingress_denied_by"));
  CHECK(flow["weir"]["decidedBy"][0]["kind"] == "Default");
  CHECK(flow["weir"]["decidedBy"][0]["file"] == "b.yaml");
  CHECK(flow["weir"]["decidedBy"][0]["line"] == 7);
}

TEST_CASE("other events", "[agent]") {
  weir_event e = base_event();
  SECTION("a broken packet is a drop event, not a verdict") {
    e.type = WEIR_EVENT_DROP;
    e.verdict = WEIR_DENIED;
    e.reason = WEIR_REASON_INVALID;
    e.rule = WEIR_NO_RULE;
    const Json flow = line_of(e)["flow"];
    CHECK(flow["event_type"] == Json{{"type", 1}, {"sub_type", 134}});
    CHECK(flow["drop_reason_desc"] == "INVALID_PACKET_DROPPED");
    CHECK_FALSE(flow["weir"].contains("decidedBy"));
  }
  SECTION("audit") {
    e.verdict = WEIR_AUDITED;
    e.reason = WEIR_REASON_POLICY_DENIED;
    CHECK(line_of(e)["flow"]["verdict"] == "AUDIT");
    CHECK_FALSE(line_of(e)["flow"].contains("ingress_allowed_by"));
  }
  SECTION("ICMP, egress, zero values absent") {
    e.protocol = 1;
    e.icmp_type = 8;
    e.direction = WEIR_EGRESS;
    const Json flow = line_of(e)["flow"];
    CHECK(flow["l4"] == Json{{"ICMPv4", {{"type", 8}}}});
    CHECK(flow["traffic_direction"] == "EGRESS");
    CHECK(flow.contains("egress_allowed_by"));
  }
  SECTION("IPv6 and UDP") {
    e.family = 6;
    e.protocol = 17;
    set_address(e.source, "2001:db8:1::5");
    set_address(e.destination, "fd00::1");
    const Json flow = line_of(e)["flow"];
    CHECK(flow["IP"]["ipVersion"] == "IPv6");
    CHECK(flow["IP"]["source"] == "2001:db8:1::5");
    CHECK(flow["destination"]["pod_name"] == "pod-a");
    CHECK_FALSE(flow["l4"]["UDP"].contains("flags"));
  }
  SECTION("a later fragment has no ports, a reply says so, an unknown identity has no number") {
    e.flags = WEIR_EVENT_FRAGMENT;
    e.ct_state = WEIR_CT_STATE_REPLY;
    e.source_identity = 0;
    const Json flow = line_of(e)["flow"];
    CHECK_FALSE(flow.contains("l4"));
    CHECK(flow["is_reply"] == true);
    CHECK_FALSE(flow["source"].contains("identity"));
  }
}

TEST_CASE("names of users are escaped", "[agent]") {
  auto bundle = small_bundle();
  const std::string hostile = "a\"b\\c\n\x01</script>";
  bundle.rules[0].name = hostile;
  bundle.identities[1].labels = {hostile};
  agent::Names names(std::make_shared<const backends::Bundle>(bundle));
  std::string out;
  agent::append_event(out, base_event(), names, hostile, 0);
  const Json line = Json::parse(out);
  CHECK(line["flow"]["ingress_allowed_by"][0]["name"] == hostile);
  CHECK(line["flow"]["source"]["labels"][0] == hostile);
  CHECK(line["node_name"] == hostile);
}

TEST_CASE("lost events are a line of their own", "[agent]") {
  std::string out;
  agent::append_lost(out, 12, "node1", 1000000000);
  CHECK(Json::parse(out) == Json::parse(R"({"lost_events":{"source":"PERF_EVENT_RING_BUFFER","num_events_lost":"12"},
    "node_name":"node1","time":"1970-01-01T00:00:01.000000000Z"})"));
}

TEST_CASE("policy get has cilium's columns", "[agent]") {
  const auto table = agent::policy_table(small_bundle(), "test/pod-a", true);
  REQUIRE(table);
  CHECK(table->starts_with("POLICY   DIRECTION   IDENTITY"));
  CHECK(table->find("Allow    Ingress     16777217") != std::string::npos);
  CHECK(table->find("8080/TCP") != std::string::npos);
  CHECK(table->find("Deny     Ingress     16777218") != std::string::npos);
  const auto missing = agent::policy_table(small_bundle(), "test/none", false);
  REQUIRE_FALSE(missing);
  CHECK(missing.error().exit_code == 2);
}
