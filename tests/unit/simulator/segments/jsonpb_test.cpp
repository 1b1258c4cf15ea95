#include <catch2/catch.hpp>

#include "simulator/flows/flow_reader.h"
#include "simulator/segments/jsonpb.h"
#include "tests/unit/simulator/flow_text.h"

using namespace weir;
using namespace weir::simulator;

namespace {

std::string printed(const std::string& line) {
  const test::TemporaryFile file(line);
  Interned interned;
  auto reader = FlowReader::open(file.path(), interned);
  REQUIRE(reader);
  Record record;
  REQUIRE(reader->next(record));
  return to_jsonpb(record, interned);
}

}  // namespace

TEST_CASE("a line as hubble prints it", "[segments]") {
  CHECK(printed(test::FlowText().line()) ==
        R"({"flow":{"time":"2026-01-01T00:00:00Z","verdict":"FORWARDED","IP":{"source":"10.0.0.1","destination":"10.0.0.2","ipVersion":"IPv4"},)"
        R"("l4":{"TCP":{"source_port":40000,"destination_port":8080}},)"
        R"("source":{"ID":1,"identity":2001,"namespace":"shop","labels":["k8s:app=web","k8s:io.kubernetes.pod.namespace=shop"],"pod_name":"web-1"},)"
        R"("destination":{"ID":1,"identity":2002,"namespace":"shop","labels":["k8s:app=db","k8s:io.kubernetes.pod.namespace=shop"],"pod_name":"db-1"},)"
        R"("Type":"L3_L4","node_name":"n1","is_reply":false,"event_type":{"type":5},"traffic_direction":"INGRESS","policy_match_type":2},)"
        R"("node_name":"n1","time":"2026-01-01T00:00:00Z"})" "\n");
}

TEST_CASE("printing what was printed changes nothing", "[segments]") {
  const std::vector<test::FlowText> lines = {
      {.verdict = "LATER_VERDICT", .type = "LATER_TYPE"},
      {.verdict = "DROPPED", .event = R"("event_type":{"type":1,"sub_type":133},"drop_reason":133,"drop_reason_desc":"POLICY_DENIED","traffic_direction":"EGRESS")"},
      {.source_ip = "2001:db8::1", .destination_ip = "2001:db8::2", .l4 = R"("ICMPv6":{"type":128})"},
      {.l4 = R"("ICMPv4":{"type":3,"code":4})", .event = R"("event_type":{"type":4},"trace_observation_point":"TO_CRYPTO","trace_reason":"RELATED","is_reply":true)"},
      {.l4 = R"("ICMPv4":{"type":-5})"},
      {.l4 = R"("TCP":{"source_port":7})", .event = R"("event_type":{"type":7})", .type = "SOCK"},
      {.l4 = R"("VRRP":{})"},
      {.source = "", .destination = R"("labels":["k8s:a=\"b\\","k8s:c=\u0001"],"workloads":[{"kind":"Job","name":"j"}],"cluster_name":"west")"},
      {.event = R"("event_type":{"type":129},"l7":{"type":"RESPONSE","http":{"code":404,"method":"GET","url":"http://a/?b=\"c\"","headers":[{"key":"A","value":"1"},{"key":"A","value":"2"}]}})", .type = "L7"},
      {.event = R"("event_type":{"type":129},"l7":{"type":"RESPONSE","dns":{"query":"a.","ips":["1.2.3.4"],"ttl":5,"cnames":["b."],"rcode":3,"qtypes":["A","AAAA"]}},"destination_service":{"name":"s","namespace":"n"},"source_names":["x"],"destination_names":["y","z"])", .type = "L7"}};
  for (const test::FlowText& text : lines) {
    const std::string once = printed(text.line());
    INFO(once);
    CHECK(printed(once) == once);
  }
}

TEST_CASE("what is not a flow", "[segments]") {
  CHECK(printed(R"({"agent_event":{"type":"POLICY_DELETED"},"node_name":"n1","time":"2026-01-01T00:00:00.5Z"})" "\n") ==
        R"({"agent_event":{"type":"POLICY_UPDATED"},"node_name":"n1","time":"2026-01-01T00:00:00.500Z"})" "\n");
  Interned interned;
  ReadStats stats;
  stats.lost[interned.nodes.id("n1").index] = 7;
  stats.gone.insert(interned.nodes.id("n2").index);
  CHECK(to_jsonpb(stats, interned) == R"({"lost_events":{"source":"HUBBLE_RING_BUFFER","num_events_lost":"7"},"node_name":"n1"})" "\n"
                                      R"({"node_status":{"state_change":"NODE_GONE","node_names":["n2"]}})" "\n");
}
