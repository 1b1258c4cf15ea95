#include <catch2/catch.hpp>

#include "simulator/flows/decode.h"
#include "simulator/flows/line_reader.h"
#include "simulator/replay/evidence.h"
#include "tests/unit/simulator/flow_text.h"

using namespace weir;
using namespace weir::simulator;
using test::FlowText;

namespace {

Evidence evidence_of(const FlowText& text) {
  Interned interned;
  Decoder decoder(interned);
  std::string line = text.line();
  line.reserve(line.size() + kPadding);
  Record record;
  REQUIRE(decoder.decode(line.data(), line.size(), record));
  return classify(record, interned.parties);
}

struct Expected {
  LineUse use;
  Rank ingress = Rank::None, egress = Rank::None;
  Excuse excuse = Excuse::None;
};

}  // namespace

TEST_CASE("what a line proves", "[replay]") {
  struct Case { std::string why, verdict, event; Expected expected; };
  const auto c = GENERATE(values<Case>({
      {"policy verdict, ingress", "FORWARDED", R"("event_type":{"type":5},"traffic_direction":"INGRESS")", {LineUse::Check, Rank::PolicyVerdict}},
      {"policy verdict, egress", "REDIRECTED", R"("event_type":{"type":5},"traffic_direction":"EGRESS")", {LineUse::Check, Rank::None, Rank::PolicyVerdict}},
      {"audit is evidence too", "AUDIT", R"("event_type":{"type":5},"traffic_direction":"EGRESS")", {LineUse::Check, Rank::None, Rank::PolicyVerdict}},
      {"policy verdict without direction", "FORWARDED", R"("event_type":{"type":5})", {LineUse::Check, Rank::None, Rank::None, Excuse::DirectionUnknown}},
      {"dropped by policy", "DROPPED", R"("event_type":{"type":5},"drop_reason":133,"traffic_direction":"INGRESS")", {LineUse::Check, Rank::PolicyVerdict}},
      {"a drop event", "DROPPED", R"("event_type":{"type":1},"drop_reason":181,"traffic_direction":"EGRESS")", {LineUse::Check, Rank::None, Rank::Drop}},
      {"a drop for another reason", "DROPPED", R"("event_type":{"type":1},"drop_reason":132,"traffic_direction":"EGRESS")", {LineUse::Check, Rank::None, Rank::None, Excuse::NonPolicyDrop}},
      {"a bandwidth drop", "DROPPED", R"("event_type":{"type":1},"drop_reason":198,"traffic_direction":"EGRESS")", {LineUse::Check, Rank::None, Rank::None, Excuse::RateLimited}},
      {"a masked drop", "DROPPED", R"("drop_reason_desc":"POLICY_DENIED","traffic_direction":"INGRESS")", {LineUse::Check, Rank::Drop}},
      {"a masked forward", "FORWARDED", "", {LineUse::Check, Rank::None, Rank::None, Excuse::EventTypeMissing}},
      {"a masked audit is policy's", "AUDIT", R"("traffic_direction":"INGRESS")", {LineUse::Check, Rank::PolicyVerdict}},
      {"a masked redirect too", "REDIRECTED", R"("traffic_direction":"EGRESS")", {LineUse::Check, Rank::None, Rank::PolicyVerdict}},
      {"a verdict of a later version", "POSTPONED", R"("event_type":{"type":5},"traffic_direction":"INGRESS")", {LineUse::Check, Rank::None, Rank::None, Excuse::NoVerdict}},
      {"TO_ENDPOINT proves ingress, whatever direction it claims", "FORWARDED", R"("event_type":{"type":4},"traffic_direction":"EGRESS","is_reply":false)", {LineUse::Check, Rank::Trace}},
      {"TO_STACK proves egress of a local source", "FORWARDED", R"("event_type":{"type":4,"sub_type":3},"is_reply":false)", {LineUse::Check, Rank::None, Rank::Trace}},
      {"TO_NETWORK too", "FORWARDED", R"("event_type":{"type":4,"sub_type":11},"is_reply":false)", {LineUse::Check, Rank::None, Rank::Trace}},
      {"TO_PROXY proves no side", "FORWARDED", R"("event_type":{"type":4,"sub_type":1},"is_reply":false)", {LineUse::Fold}},
      {"FROM_ENDPOINT comes before the policy", "FORWARDED", R"("event_type":{"type":4,"sub_type":5},"is_reply":false)", {LineUse::Fold}},
      {"a trace that may be a reply proves nothing", "FORWARDED", R"("event_type":{"type":4})", {LineUse::Fold}},
      {"a reply proves both sides", "FORWARDED", R"("event_type":{"type":4},"is_reply":true)", {LineUse::Reply, Rank::Trace, Rank::Trace}},
      {"a reply by its reason", "FORWARDED", R"("event_type":{"type":4},"trace_reason":"REPLY")", {LineUse::Reply, Rank::Trace, Rank::Trace}},
      {"a related packet proves nothing", "FORWARDED", R"("event_type":{"type":4},"trace_reason":"RELATED","is_reply":false)", {LineUse::Reply}},
      {"a dropped reply proves nothing", "DROPPED", R"("event_type":{"type":1},"drop_reason":133,"is_reply":true)", {LineUse::Reply}},
      {"an L7 request", "DROPPED", R"("event_type":{"type":129},"traffic_direction":"EGRESS","l7":{"type":"REQUEST","http":{}})", {LineUse::Check, Rank::None, Rank::L7}},
      {"an L7 error", "ERROR", R"("event_type":{"type":129},"traffic_direction":"EGRESS","l7":{"type":"REQUEST","http":{}})", {LineUse::Check, Rank::None, Rank::None, Excuse::L7Error}},
      {"an L7 response adds nothing", "FORWARDED", R"("event_type":{"type":129},"l7":{"type":"RESPONSE","http":{}})", {LineUse::Reply}},
      {"L7 DNS over TCP is not trusted", "FORWARDED", R"("event_type":{"type":129},"traffic_direction":"EGRESS","l7":{"type":"REQUEST","dns":{}})", {LineUse::NotPolicy}},
      {"a socket event", "TRACED", R"("event_type":{"type":7})", {LineUse::NotPolicy}},
      {"a capture", "FORWARDED", R"("event_type":{"type":3})", {LineUse::NotPolicy}}}));
  INFO(c.why);
  FlowText text;
  text.verdict = c.verdict;
  text.event = c.event;
  const Evidence evidence = evidence_of(text);
  CHECK(evidence.use == c.expected.use);
  CHECK(evidence.sides[0].rank == c.expected.ingress);
  CHECK(evidence.sides[1].rank == c.expected.egress);
  CHECK(evidence.excuse == c.expected.excuse);
}

TEST_CASE("a request at the proxy proves that its connection got there", "[replay]") {
  const std::string verdict = GENERATE("FORWARDED", "DROPPED", "REDIRECTED");
  INFO(verdict);
  FlowText text;
  text.verdict = verdict;
  text.event = R"("event_type":{"type":129},"traffic_direction":"INGRESS","l7":{"type":"REQUEST","http":{}})";
  const Evidence evidence = evidence_of(text);
  CHECK(evidence.redirected);
  CHECK(evidence.sides[0].rank == Rank::L7);
  CHECK_FALSE(evidence.sides[0].denied());
}

TEST_CASE("a drop without direction is enforced by the only local end", "[replay]") {
  FlowText text;
  text.verdict = "DROPPED";
  text.event = R"("event_type":{"type":1},"drop_reason":133)";
  CHECK(evidence_of(text).excuse == Excuse::DirectionUnknown);
  text.source = R"("identity":2001,"namespace":"shop","labels":["k8s:app=web"])";
  CHECK(evidence_of(text).sides[0].rank == Rank::Drop);
}

TEST_CASE("what never takes part", "[replay]") {
  struct Case { std::string why, l4, source; LineUse use; };
  const auto c = GENERATE(values<Case>({
      {"health checks", R"("TCP":{"source_port":1,"destination_port":4240})", R"("identity":4,"labels":["reserved:health"])", LineUse::NotPolicy},
      {"identity 0", R"("TCP":{"source_port":1,"destination_port":80})", R"("labels":["reserved:unknown"])", LineUse::NotPolicy},
      {"neighbour discovery", R"("ICMPv6":{"type":135})", R"("labels":["k8s:app=web"])", LineUse::NotPolicy},
      {"an ICMP error belongs to another connection", R"("ICMPv4":{"type":3})", R"("labels":["k8s:app=web"])", LineUse::Reply},
      {"VRRP", R"("VRRP":{"type":1})", R"("labels":["k8s:app=web"])", LineUse::NotPolicy},
      {"no transport", "", R"("labels":["k8s:app=web"])", LineUse::Loose}}));
  INFO(c.why);
  FlowText text;
  text.l4 = c.l4;
  text.source = c.source;
  CHECK(evidence_of(text).use == c.use);
}
