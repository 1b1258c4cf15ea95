#include <catch2/catch.hpp>

#include <functional>

#include "simulator/flows/decode.h"
#include "simulator/flows/flow_reader.h"
#include "simulator/flows/line_reader.h"
#include "simulator/flows/print.h"
#include "tests/unit/simulator/flow_text.h"

using namespace weir;
using namespace weir::simulator;
using test::FlowText;
using Texts = std::vector<std::string_view>;

namespace {

/// Decodes lines one after the other, as a reader does.
struct Lines {
  explicit Lines(bool filters = false) : decoder(interned) { decoder.want_filters(filters); }

  const FlowDetail* detail_of(std::string line) {
    text = std::move(line);
    text.reserve(text.size() + kPadding);
    REQUIRE(decoder.decode(text.data(), text.size(), record));
    return record.detail;
  }
  const FlowDetail* detail_with(const std::string& event) {
    FlowText flow;
    flow.event = event;
    return detail_of(flow.line());
  }

  Interned interned;
  Decoder decoder;
  Record record;
  std::string text;
};

}  // namespace

TEST_CASE("a line without request and names has no detail", "[flows]") {
  Lines lines;
  CHECK(lines.detail_of(FlowText{}.line()) == nullptr);
  CHECK(lines.detail_with(R"("destination_names":[])") == nullptr);
  CHECK(lines.detail_with(R"("destination_names":"a.example")") == nullptr);
  CHECK(lines.detail_with(R"("l7":{"type":"REQUEST","kafka":{}})") == nullptr);
  CHECK(lines.detail_with(R"("l7":{"type":"REQUEST","http":[],"dns":7})") == nullptr);
}

TEST_CASE("what a request and its answer say", "[flows]") {
  struct Case { std::string_view why; std::string event; std::function<bool(const FlowDetail&)> holds; };
  const auto c = GENERATE(values<Case>({
      {"names of both ends", R"("source_names":["a.example"],"destination_names":["b.example","c.example"])",
       [](const FlowDetail& d) { return d.source_names == Texts{"a.example"} && d.destination_names == Texts{"b.example", "c.example"}; }},
      {"names that are no texts", R"("destination_names":[1,"b.example",null,""])",
       [](const FlowDetail& d) { return d.destination_names == Texts{"b.example"}; }},
      {"the last of two keys", R"("destination_names":["a","b"],"destination_names":["c"])",
       [](const FlowDetail& d) { return d.destination_names == Texts{"c"}; }},
      {"camel case", R"("destinationNames":["b.example"])", [](const FlowDetail& d) { return d.destination_names == Texts{"b.example"}; }},
      {"an HTTP request", R"("l7":{"type":"REQUEST","http":{"method":"GET","url":"http://shop/a?b=c","protocol":"HTTP/1.1","headers":[{"key":"Accept","value":"*/*"},{"key":"X-Empty"}]}})",
       [](const FlowDetail& d) {
         return d.http && !d.dns && d.http->method == "GET" && d.http->url == "http://shop/a?b=c" && d.http->protocol == "HTTP/1.1" &&
                d.http->status == 0 && d.http->headers.size() == 2 && d.http->headers[0].first == "Accept" &&
                d.http->headers[0].second == "*/*" && d.http->headers[1].second.empty();
       }},
      {"an HTTP response", R"("l7":{"type":"RESPONSE","latency_ns":"4138183","http":{"code":503,"method":"GET","url":"/"}})",
       [](const FlowDetail& d) { return d.http && d.http->status == 503; }},
      {"a status nobody knows", R"("l7":{"http":{"code":70000,"method":"PUT","headers":{}}})",
       [](const FlowDetail& d) { return d.http && d.http->status == 0 && d.http->method == "PUT" && d.http->headers.empty(); }},
      {"an empty request", R"("l7":{"http":{}})", [](const FlowDetail& d) { return d.http && d.http->method.empty(); }},
      {"escapes", R"("l7":{"http":{"url":"\u002fa\u0026b\"c"}})", [](const FlowDetail& d) { return d.http && d.http->url == "/a&b\"c"; }},
      {"a DNS query", R"("l7":{"type":"REQUEST","dns":{"query":"db.example.","observation_source":"proxy","qtypes":["A","AAAA"]}})",
       [](const FlowDetail& d) { return d.dns && !d.http && d.dns->query == "db.example." && d.dns->query_types == Texts{"A", "AAAA"} && d.dns->ips.empty(); }},
      {"a DNS answer", R"("l7":{"type":"RESPONSE","dns":{"query":"db.example.","ips":["192.0.2.1","2001:db8::1"],"ttl":30,"cnames":["x.example."],"rcode":3}})",
       [](const FlowDetail& d) {
         return d.dns && d.dns->ips == Texts{"192.0.2.1", "2001:db8::1"} && d.dns->ttl == 30 && d.dns->cnames == Texts{"x.example."} && d.dns->rcode == 3;
       }},
      {"numbers as strings", R"("l7":{"dns":{"ttl":"60","rcode":"-1"}})", [](const FlowDetail& d) { return d.dns && d.dns->ttl == 60 && d.dns->rcode == 0; }}}));
  INFO(c.why << ": " << c.event);
  Lines lines;
  const FlowDetail* detail = lines.detail_with(c.event);
  REQUIRE(detail != nullptr);
  CHECK(c.holds(*detail));
}

TEST_CASE("what only filters ask for", "[flows]") {
  const std::string event =
      R"("node_labels":["a=b","c=d"],"source_service":{"name":"web","namespace":"shop"},"destination_service":{"name":"db","namespace":"data"})";
  FlowText flow;
  flow.event = event;
  flow.source_ip = R"(10.0.0.1","source_xlated":"192.0.2.7)";
  flow.l4 = R"("TCP":{"source_port":40000,"destination_port":8080,"flags":{"SYN":true,"ACK":true,"FIN":false,"NS":true}})";
  Lines with(true), without;
  CHECK(without.detail_of(flow.line()) == nullptr);
  CHECK(without.record.to_service);
  const FlowDetail* detail = with.detail_of(flow.line());
  REQUIRE(detail != nullptr);
  CHECK(detail->node_labels == Texts{"a=b", "c=d"});
  CHECK(detail->source_service == "web");
  CHECK(detail->source_service_namespace == "shop");
  CHECK(detail->destination_service == "db");
  CHECK(detail->destination_service_namespace == "data");
  CHECK(detail->tcp_flags == 18);
  REQUIRE(detail->source_translated);
  CHECK(ir::to_text(*detail->source_translated) == "192.0.2.7");
}

TEST_CASE("readers that share interned parties share what filters ask for", "[flows]") {
  FlowText flow;
  flow.event = R"("node_labels":["a=b"])";
  const test::TemporaryFile file(flow.line());
  for (const bool wanted : {false, true}) {
    Interned interned;
    interned.filter_fields = wanted;
    auto reader = FlowReader::open(file.path(), interned);
    REQUIRE(reader);
    Record record;
    REQUIRE(reader->next(record));
    CHECK((record.detail != nullptr) == wanted);
  }
}

TEST_CASE("each flag of TCP has its bit on the wire", "[flows]") {
  const std::array<std::string_view, 8> names = {"FIN", "SYN", "RST", "PSH", "ACK", "URG", "ECE", "CWR"};
  Lines lines(true);
  for (std::size_t bit = 0; bit < names.size(); ++bit) {
    FlowText flow;
    flow.l4 = R"("TCP":{"source_port":1,"destination_port":2,"flags":{")" + std::string(names[bit]) + R"(":true}})";
    const FlowDetail* detail = lines.detail_of(flow.line());
    REQUIRE(detail != nullptr);
    CHECK(detail->tcp_flags == 1 << bit);
  }
}

TEST_CASE("nothing of a line stays for the next", "[flows]") {
  Lines lines(true);
  REQUIRE(lines.detail_with(R"("node_labels":["a=b"],"destination_names":["x"],"source_service":{"name":"web"},"l7":{"http":{"code":200,"headers":[{"key":"A","value":"b"}]},"dns":{"query":"q","ips":["192.0.2.1"],"ttl":1}})") != nullptr);
  CHECK(lines.detail_of(FlowText{}.line()) == nullptr);
  const FlowDetail* detail = lines.detail_with(R"("l7":{"http":{},"dns":{}})");
  REQUIRE(detail != nullptr);
  CHECK(detail->http->headers.empty());
  CHECK(detail->http->status == 0);
  CHECK(detail->dns->query.empty());
  CHECK(detail->dns->ips.empty());
  CHECK(detail->dns->ttl == 0);
  CHECK(detail->destination_names.empty());
  CHECK(detail->node_labels.empty());
  CHECK(detail->source_service.empty());
}

TEST_CASE("a request inside a Docker log record", "[flows]") {
  Lines lines;
  const FlowDetail* detail = lines.detail_of(
      R"({"log":"{\"flow\":{\"verdict\":\"FORWARDED\",\"l7\":{\"http\":{\"url\":\"http://shop/\"}}}}\n","stream":"stdout"})");
  REQUIRE(detail != nullptr);
  CHECK(detail->http->url == "http://shop/");
}

TEST_CASE("UUIDs", "[flows]") {
  struct Case { std::string_view why, text; std::uint8_t first, last; };
  const auto c = GENERATE(values<Case>({
      {"as Hubble writes it", "2d1c7458-2ec4-48e0-bb41-ff0dafe6b89a", 0x2d, 0x9a},
      {"capitals", "2D1C7458-2EC4-48E0-BB41-FF0DAFE6B89A", 0x2d, 0x9a},
      {"no dashes", "2d1c74582ec448e0bb41ff0dafe6b89a", 0, 0},
      {"a dash elsewhere", "2d1c745-82ec4-48e0-bb41-ff0dafe6b89a", 0, 0},
      {"no hex digit", "2d1c7458-2ec4-48e0-bb41-ff0dafe6b89g", 0, 0},
      {"too short", "2d1c7458-2ec4-48e0-bb41-ff0dafe6b89", 0, 0},
      {"empty", "", 0, 0}}));
  INFO(c.why);
  Lines lines;
  lines.detail_with(R"("uuid":")" + std::string(c.text) + "\"");
  CHECK(lines.record.uuid.front() == c.first);
  CHECK(lines.record.uuid.back() == c.last);
  if (c.first == 0) CHECK(lines.record.uuid == Uuid{});
}

TEST_CASE("the printed line shows the request", "[flows]") {
  Lines lines;
  const auto printed = [&](const std::string& event) {
    lines.detail_with(event);
    return to_text(lines.record, lines.interned);
  };
  CHECK_THAT(printed(R"("l7":{"type":"REQUEST","http":{"method":"GET","url":"http://shop/cart"}})"), Catch::EndsWith(" GET http://shop/cart"));
  CHECK_THAT(printed(R"("l7":{"type":"RESPONSE","http":{"code":404,"method":"GET","url":"http://shop/cart"}})"), Catch::EndsWith(" GET http://shop/cart 404"));
  CHECK_THAT(printed(R"("l7":{"type":"REQUEST","dns":{"query":"db.example."}})"), Catch::EndsWith(" dns db.example."));
  CHECK_THAT(printed(R"("is_reply":false)"), !Catch::Contains(" dns "));
}
