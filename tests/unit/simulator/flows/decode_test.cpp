#include <catch2/catch.hpp>

#include <functional>

#include "simulator/flows/decode.h"
#include "simulator/flows/line_reader.h"
#include "simulator/flows/times.h"
#include "tests/unit/simulator/flow_text.h"

using namespace weir;
using namespace weir::simulator;
using test::FlowText;

namespace {

struct Decoded {
  Interned interned;
  Record record;
  bool known = false;
};

Decoded decode(std::string text) {
  Decoded decoded;
  Decoder decoder(decoded.interned);
  text.reserve(text.size() + kPadding);
  decoded.known = decoder.decode(text.data(), text.size(), decoded.record);
  return decoded;
}

Decoded flow_with(const std::string& event) {
  FlowText text;
  text.event = event;
  return decode(text.line());
}

}  // namespace

TEST_CASE("a whole flow", "[flows]") {
  const Decoded decoded = decode(FlowText{}.line());
  REQUIRE(decoded.known);
  const Record& flow = decoded.record;
  CHECK(flow.kind == RecordKind::Flow);
  CHECK(flow.verdict == FlowVerdict::Forwarded);
  CHECK(flow.type == FlowType::L3L4);
  CHECK(flow.event_type == kPolicyVerdict);
  CHECK(flow.direction == FlowDirection::Ingress);
  CHECK(flow.match_type == 2);
  CHECK(flow.is_reply == Tristate::No);
  CHECK(flow.protocol == ir::Protocol::Tcp);
  CHECK(flow.has_ports);
  CHECK(flow.source_port == 40000);
  CHECK(flow.destination_port == 8080);
  CHECK(ir::to_text(*flow.source_address) == "10.0.0.1");
  CHECK(ir::to_text(*flow.destination_address) == "10.0.0.2");
  CHECK(flow.source_local);
  CHECK(time_text(flow.time) == "2026-01-01T00:00:00Z");
  CHECK(decoded.interned.nodes.at(flow.node) == "n1");
  const Party& source = decoded.interned.parties.at(flow.source);
  CHECK(source.identity == 2001);
  CHECK(source.namespace_name == "shop");
  CHECK(source.pod == "web-1");
  CHECK(source.labels == std::vector<std::string>{"k8s:app=web", "k8s:io.kubernetes.pod.namespace=shop"});
}

TEST_CASE("enums by name, by number and of a later version", "[flows]") {
  struct Case { std::string_view why; std::string event; std::function<bool(const Record&)> holds; };
  const auto c = GENERATE(values<Case>({
      {"direction by number", R"("traffic_direction":2)", [](const Record& r) { return r.direction == FlowDirection::Egress; }},
      {"direction nobody knows", R"("traffic_direction":"SIDEWAYS")", [](const Record& r) { return r.direction == FlowDirection::Other; }},
      {"drop reason by number", R"("drop_reason_desc":133)", [](const Record& r) { return r.drop_reason == 133; }},
      {"drop reason by name", R"("drop_reason_desc":"POLICY_DENY")", [](const Record& r) { return r.drop_reason == 181; }},
      {"the number wins over the name", R"("drop_reason":133,"drop_reason_desc":"POLICY_DENY")", [](const Record& r) { return r.drop_reason == 133; }},
      {"a drop that policy never gives", R"("drop_reason_desc":"INVALID_SOURCE_IP")", [](const Record& r) { return r.drop_reason == 132; }},
      {"a drop of a later version", R"("drop_reason_desc":"EATEN")", [](const Record& r) { return r.drop_reason == 255; }},
      {"TO_ENDPOINT is number 101", R"("trace_observation_point":101)", [](const Record& r) { return r.point == TracePoint::ToEndpoint; }},
      {"no sub type means 0, TO_ENDPOINT", R"("event_type":{"type":4})", [](const Record& r) { return r.point == TracePoint::ToEndpoint; }},
      {"sub type 3 is TO_STACK", R"("event_type":{"type":4,"sub_type":3})", [](const Record& r) { return r.point == TracePoint::ToStack; }},
      {"the point wins over the sub type", R"("event_type":{"type":4},"trace_observation_point":"TO_PROXY")", [](const Record& r) { return r.point == TracePoint::ToProxy; }},
      {"a policy verdict has no trace point", R"("event_type":{"type":5})", [](const Record& r) { return r.point == TracePoint::Unknown && r.match_type == 0; }},
      {"is_reply absent is unknown", R"("event_type":{"type":4})", [](const Record& r) { return r.is_reply == Tristate::Unknown; }},
      {"only the deprecated reply", R"("reply":true)", [](const Record& r) { return r.is_reply == Tristate::Yes; }},
      {"reply false says nothing new", R"("is_reply":false,"reply":true)", [](const Record& r) { return r.is_reply == Tristate::No; }},
      {"camel case", R"("trafficDirection":"EGRESS","isReply":true,"eventType":{"type":5})",
       [](const Record& r) { return r.direction == FlowDirection::Egress && r.is_reply == Tristate::Yes && r.event_type == 5; }},
      {"an L7 DNS request", R"("event_type":{"type":129},"l7":{"type":"REQUEST","dns":{"query":"a."}})",
       [](const Record& r) { return r.l7 == L7Type::Request && r.dns; }},
      {"a service", R"("destination_service":{"name":"db","namespace":"shop"})", [](const Record& r) { return r.to_service; }}}));
  INFO(c.why << ": " << c.event);
  const Decoded decoded = flow_with(c.event);
  REQUIRE(decoded.known);
  CHECK(c.holds(decoded.record));
}

TEST_CASE("transport", "[flows]") {
  struct Case { std::string_view why; std::string l4; std::optional<ir::Protocol> protocol; bool ports; std::uint16_t port; };
  const auto c = GENERATE(values<Case>({
      {"UDP", R"("UDP":{"source_port":1,"destination_port":53})", ir::Protocol::Udp, true, 53},
      {"SCTP", R"("SCTP":{"source_port":1,"destination_port":3868})", ir::Protocol::Sctp, true, 3868},
      {"ports as strings", R"("TCP":{"source_port":"1","destination_port":"8080"})", ir::Protocol::Tcp, true, 8080},
      {"camel case", R"("TCP":{"sourcePort":1,"destinationPort":80})", ir::Protocol::Tcp, true, 80},
      {"a SOCK line lacks a port", R"("UDP":{"source_port":1})", ir::Protocol::Udp, false, 0},
      {"too large", R"("TCP":{"source_port":1,"destination_port":99999})", ir::Protocol::Tcp, false, 0},
      {"negative", R"("TCP":{"source_port":1,"destination_port":-5})", ir::Protocol::Tcp, false, 0},
      {"echo request", R"("ICMPv4":{"type":8})", ir::Protocol::Icmp, true, 8},
      {"echo reply: type 0 is absent", R"("ICMPv4":{})", ir::Protocol::Icmp, true, 0},
      {"ICMPv6", R"("ICMPv6":{"type":128})", ir::Protocol::Icmpv6, true, 128},
      {"nothing", "", std::nullopt, false, 0}}));
  INFO(c.why << ": " << c.l4);
  FlowText text;
  text.l4 = c.l4;
  const Decoded decoded = decode(text.line());
  REQUIRE(decoded.known);
  CHECK(decoded.record.protocol == c.protocol);
  CHECK(decoded.record.has_ports == c.ports);
  CHECK(decoded.record.destination_port == c.port);
}

TEST_CASE("what is a record and what is not", "[flows]") {
  struct Case { std::string_view why, text; bool known; RecordKind kind; };
  const auto c = GENERATE(values<Case>({
      {"a bare flow", R"({"verdict":"FORWARDED","IP":{"source":"10.0.0.1"}})", true, RecordKind::Flow},
      {"lost events", R"({"lost_events":{"source":"HUBBLE_RING_BUFFER","num_events_lost":"17"}})", true, RecordKind::LostEvents},
      {"node status", R"({"node_status":{"state_change":"NODE_GONE","node_names":["a"]}})", true, RecordKind::NodeStatus},
      {"agent event", R"({"agent_event":{"type":"POLICY_UPDATED"}})", true, RecordKind::AgentEvent},
      {"debug event", R"({"debug_event":{"type":"DBG_CT_LOOKUP"}})", true, RecordKind::DebugEvent},
      {"a Docker log record", R"({"log":"{\"flow\":{\"verdict\":\"DROPPED\"}}\n","stream":"stdout"})", true, RecordKind::Flow},
      {"fields of a later version", R"({"flow":{"verdict":"FORWARDED","aggregate":{"x":[1,{}]}},"new":1})", true, RecordKind::Flow},
      {"flow is null", R"({"flow":null})", false, RecordKind::Flow},
      {"flow is a list", R"({"flow":[]})", false, RecordKind::Flow},
      {"empty", "{}", false, RecordKind::Flow},
      {"a manifest", R"({"apiVersion":"v1","kind":"Pod","metadata":{"name":"x"}})", false, RecordKind::Flow},
      {"a list", "[]", false, RecordKind::Flow},
      {"cut off", R"({"flow":{"verdict":)", false, RecordKind::Flow},
      {"bad UTF-8", "{\"flow\":{\"verdict\":\"\xff\"}}", false, RecordKind::Flow}}));
  INFO(c.why << ": " << c.text);
  const Decoded decoded = decode(std::string(c.text));
  CHECK(decoded.known == c.known);
  if (c.known) CHECK(decoded.record.kind == c.kind);
}

TEST_CASE("parties are interned without their node-local numbers", "[flows]") {
  Interned interned;
  Decoder decoder(interned);
  const auto source_of = [&](const std::string& source) {
    FlowText text;
    text.source = source;
    std::string line = text.line();
    line.reserve(line.size() + kPadding);
    Record record;
    REQUIRE(decoder.decode(line.data(), line.size(), record));
    return record.source;
  };
  const PartyId here = source_of(R"("ID":5,"identity":2001,"labels":["k8s:app=web"],"pod_name":"web-1")");
  CHECK(source_of(R"("identity":2001,"labels":["k8s:app=web"],"pod_name":"web-1")") == here);
  CHECK(source_of(R"("identity":"2001","labels":["k8s:app=web"],"pod_name":"web-1")") == here);
  CHECK(source_of(R"("identity":2002,"labels":["k8s:app=web"],"pod_name":"web-1")") != here);
  CHECK(source_of(R"("identity":2001,"labels":["k8s:app=we","b"],"pod_name":"web-1")") != here);
  CHECK(source_of(R"("identity":2001,"labels":["","=","k8s:","k8s:=x",":",null,5,"k8s:app=web"],"pod_name":"web-1")") == here);
  // Numbers of CIDR identities differ from node to node.
  CHECK(source_of(R"("identity":16777217,"labels":["cidr:10.0.0.0/8"])") == source_of(R"("identity":16777218,"labels":["cidr:10.0.0.0/8"])"));
}
