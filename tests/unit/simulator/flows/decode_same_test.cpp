// The two ways a line is decoded give the same, whatever the line.
#include <catch2/catch.hpp>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <random>

#include "tests/unit/simulator/both_ways.h"
#include "tests/unit/simulator/flow_text.h"

using namespace weir;
using test::BothWays;
using test::FlowText;

namespace {

using Lines = std::vector<std::string>;

void add_lines(const std::filesystem::path& path, Lines& lines) {
  std::ifstream file(path, std::ios::binary);
  for (std::string line; std::getline(file, line);) lines.push_back(line);
}

/// What the fields of FlowText can be, beyond what recordings at hand show.
Lines written_lines() {
  Lines lines;
  for (const char* event : {
           R"("event_type":{"type":4,"sub_type":3},"traffic_direction":"EGRESS","trace_observation_point":"TO_STACK","trace_reason":"NEW","is_reply":false,"interface":{"index":14,"name":"lxc1"},"Summary":"TCP Flags: SYN")",
           R"("event_type":{"type":5},"traffic_direction":2,"policy_match_type":2,"drop_reason":133,"drop_reason_desc":"POLICY_DENIED","is_reply":true,"reply":true)",
           R"("event_type":{"type":1,"sub_type":133},"drop_reason_desc":181,"egress_denied_by":[{"name":"a","namespace":"b","labels":["k8s:c=d"],"revision":"1","kind":"CiliumNetworkPolicy"}])",
           R"("l7":{"type":"REQUEST","latency_ns":"41","http":{"code":200,"method":"GET","url":"http://a/b?c","protocol":"HTTP/1.1","headers":[{"key":"A","value":"b"},{"key":"C"}]}},"event_type":{"type":129})",
           R"("l7":{"type":"RESPONSE","dns":{"query":"a.b.","ips":["192.0.2.1","2001:db8::1"],"ttl":30,"cnames":["c."],"observation_source":"proxy","rcode":3,"qtypes":["A"],"rrtypes":["A"]}},"event_type":{"type":129})",
           R"("node_labels":["a=b","c=d"],"source_names":["x"],"destination_names":["y","z"],"destination_service":{"name":"db","namespace":"shop"},"source_service":{"name":"web"})",
           R"("uuid":"2d1c7458-2ec4-48e0-bb41-ff0dafe6b89a","emitter":{"name":"Hubble","version":"1.19"},"ethernet":{"source":"02:00:00:00:00:01"},"socket_cookie":"71","weir":{"generation":1,"decidedBy":[{"line":16},null,true]})"})
    for (const char* l4 : {R"("TCP":{"source_port":40000,"destination_port":8080,"flags":{"SYN":true,"ACK":true}})",
                           R"("UDP":{"source_port":53})", R"("ICMPv6":{"type":128,"code":1})", R"("SCTP":{"source_port":"1","destination_port":"2"})", R"("VRRP":{})", ""}) {
      FlowText text;
      text.event = event;
      text.l4 = l4;
      text.node = lines.size() % 2 == 0 ? "default/n1" : "n2";
      text.time = lines.size() % 3 == 0 ? "2026-01-01T00:00:00.000000004Z" : "2026-01-01T00:00:00.5Z";
      if (lines.size() % 5 == 0) text.source_ip = "2001:db8::7", text.source = R"("identity":2,"labels":["reserved:world"])";
      if (lines.size() % 7 == 0) text.source_ip = R"(10.0.0.1","source_xlated":"192.0.2.7)";
      lines.push_back(lines.size() % 4 == 3 ? text.flow() : text.line());
    }
  lines.push_back(R"({"lost_events":{"source":"HUBBLE_RING_BUFFER","num_events_lost":"17"},"node_name":"n9","time":"2026-01-01T00:00:00Z"})");
  lines.push_back(R"({"node_status":{"state_change":"NODE_GONE","node_names":["n1","n8"]}})");
  lines.push_back(R"({"agent_event":{"type":"POLICY_UPDATED"},"node_name":"n1"})");
  lines.push_back(R"({"log":"{\"flow\":{\"verdict\":\"DROPPED\",\"source\":{\"identity\":7}}}\n","stream":"stdout"})");
  lines.push_back(R"({"flow":{"verdict":"FORWARDED","source":{"identity":2001,"labels":["k8s:a=\u00e9\"","k8s:b=)" "\xc3\xa9" R"("]}}})");
  return lines;
}

Lines all_lines() {
  Lines lines = written_lines();
  add_lines(WEIR_SOURCE_DIR "/testdata/flows/lab.jsonl", lines);
  const char* flows = std::getenv("WEIR_FLOWS");
  if (flows == nullptr) return lines;
  for (const char* folder : {"hubble-otel", "nt531", "quoted"})
    for (const auto& entry : std::filesystem::directory_iterator(std::filesystem::path(flows) / folder))
      if (entry.path().extension() == ".jsonl") add_lines(entry.path(), lines);
  // A directory lists its files in any order.
  std::sort(lines.begin(), lines.end());
  return lines;
}

/// Damages lines the way bugs, shippers and attackers do.
class Mutator {
 public:
  Mutator(const Lines& lines, std::uint64_t seed) : lines_(lines), random_(seed) {}

  std::string next() {
    std::string line = pick(lines_);
    for (std::size_t left = 1 + below(3); left > 0; --left) mutate(line);
    return line;
  }
  std::size_t below(std::size_t limit) { return limit == 0 ? 0 : random_() % limit; }

 private:
  const std::string& pick(const Lines& lines) { return lines[below(lines.size())]; }

  void mutate(std::string& line) {
    static const Lines kPieces = {"\"", "\\", "{", "}", "[", "]", ",", ":", " ", "\n", "0", "9", "-", ".", "e", "null", "true", "false", "{}", "[]",
                                  "\\u0041", "\\n", "\\\"", "\\\\", "\\u00e9", "\\u20AC", "\\ud83d\\ude00", "\\ud83d", "\\u12", "\\x", "\xc3\xa9", "\xff", "\x01", "1e3", "-5", "00", "99999999999999999999", "1234567890123456789",
                                  "\"source\":{\"identity\":9},", "\"verdict\":\"DROPPED\",", "\"IP\":{\"source\":\"1.2.3.4\"},", "\"node_name\":\"n3\",",
                                  "\"isReply\":true,", "\"time\":null,", "\"flow\":{},", std::string(1, '\0')};
    const std::size_t at = below(line.size() + 1), size = below(std::min<std::size_t>(line.size() - at + 1, 40));
    switch (below(8)) {
      case 0: if (at < line.size()) line[at] = static_cast<char>(random_()); return;
      case 1: line.erase(at, size); return;
      case 2: line.insert(at, pick(kPieces)); return;
      case 3: line.insert(below(line.size() + 1), line.substr(at, size)); return;
      case 4: line.replace(at, size, pick(kPieces)); return;
      case 5: line.resize(at); return;
      case 6: number(line, at); return;
      default: swap_member(line, at); return;
    }
  }
  /// Puts another number where the next digit is.
  void number(std::string& line, std::size_t at) {
    const std::size_t digit = line.find_first_of("0123456789", at);
    if (digit != std::string::npos) line.replace(digit, 1, std::to_string(random_() >> below(64)));
  }
  /// Moves what stands between two commas to another comma.
  void swap_member(std::string& line, std::size_t at) {
    const std::size_t from = line.find(",\"", at), to = line.find(",\"", from + 1);
    if (from == std::string::npos || to == std::string::npos) return;
    const std::string member = line.substr(from, to - from);
    line.erase(from, to - from);
    const std::size_t there = line.find(",\"", below(line.size() + 1));
    line.insert(there == std::string::npos ? from : there, member);
  }

  const Lines& lines_;
  std::mt19937_64 random_;
};

}  // namespace

TEST_CASE("both decoders read whole lines alike, and the fast one takes nearly all", "[flows][same]") {
  const bool filters = GENERATE(false, true);
  const Lines lines = all_lines();
  BothWays both(filters);
  // The first time brings new parties, which only the parser takes.
  for (int round = 0; round < 2; ++round)
    for (const std::string& line : lines) {
      INFO(line);
      REQUIRE(both.agree(line));
    }
  CHECK(both.lines > 0);
  CHECK(both.fast_lines * 10 > both.lines * 6);
}

/// The same flow with one thing in another form.
std::string with(const std::string& old, const std::string& text, bool all = false) {
  std::string line =
      R"({"flow":{"time":"2026-01-01T00:00:00.000000001Z","uuid":"2d1c7458-2ec4-48e0-bb41-ff0dafe6b89a","verdict":"FORWARDED","ethernet":{"source":"02:00:00:00:00:01","destination":"02:00:00:00:00:02"},"IP":{"source":"10.0.0.1","destination":"10.0.0.2","ipVersion":"IPv4"},"l4":{"TCP":{"source_port":40000,"destination_port":8080,"flags":{"SYN":true,"ACK":true}}},"source":{"ID":1,"identity":2001,"labels":["k8s:app=web"]},"destination":{"identity":2002,"labels":["k8s:app=db"]},"Type":"L3_L4","node_name":"n1","node_labels":["a=b"],"event_type":{"type":5},"traffic_direction":"INGRESS","policy_match_type":1,"is_reply":false,"interface":{"index":14,"name":"lxc1"},"Summary":"TCP Flags: SYN"},"node_name":"n1","time":"2026-01-01T00:00:00.000000001Z"})";
  for (std::size_t at = line.find(old); at != std::string::npos; at = all ? line.find(old, at + text.size()) : std::string::npos)
    line.replace(at, old.size(), text);
  return line;
}

TEST_CASE("both decoders read odd forms alike", "[flows][same]") {
  const auto deep = [](std::size_t levels) { return std::string(levels, '[') + "1" + std::string(levels, ']'); };
  const std::string flags = R"({"SYN":true,"ACK":true})", uuid = "2d1c7458-2ec4-48e0-bb41-ff0dafe6b89a", node = R"("node_name":"n1")";
  const std::string time = R"("time":"2026-01-01T00:00:00.000000001Z")", address = "10.0.0.1", port = "40000", match = R"("policy_match_type":1)";
  Lines lines;
  for (const char* text : {"", "{}", "}", "{", R"({"SYN":true,})", R"({"SYN":false})", R"({"SYN":true}})", R"({"S\"N":true})", R"({"SYN":true "ACK":true})", "7"})
    lines.push_back(with(flags, text));
  for (const char* text : {"0", "65535", "65536", "05", "1e3", "1.5", "-1", "\"40000\"", "123456", "", "99999999999999999999"}) lines.push_back(with(port, text));
  for (const char* text : {"010.0.0.1", "256.0.0.1", "1.2.3", "1.2.3.4.5", "1.2.3.4 ", "", "::1", "1..2.3", "1.2.3.", "1.2.3.4444", "255.255.255.255", "0.0.0.0"})
    lines.push_back(with(address, text));
  for (const char* text : {"00000000-0000-0000-0000-000000000000", "2D1C7458-2ec4-48e0-bb41-ff0dafe6b89A", "2d1c7458-2ec4-48e0-bb41-ff0dafe6b8\"a", "2d1c7458-2ec4-48e0-bb41-ff0dafe6b89\\", "x"})
    lines.push_back(with(uuid, text));
  for (const char* text : {R"("node_name":"a\\b")", R"("node_name":"a\"b")", R"("node_name":"")", R"("node_name":7)", R"("node_name":"n2")", R"("node_name":"\u006e1")"}) {
    lines.push_back(with(node, text));
    lines.push_back(with(node, text, true));
  }
  // The flow's node needs no escape outside, where it would read another name, or end the text.
  lines.push_back(with(node, R"("node_name":"a\\b")").replace(with(node, R"("node_name":"a\\b")").rfind("n1"), 2, "a\\b"));
  lines.push_back(with(node, R"("node_name":"a\"b")").replace(with(node, R"("node_name":"a\"b")").rfind("n1"), 2, "a\"b"));
  lines.push_back(with("\"Type\"", R"("time":"a\"b","Type")").replace(with("\"Type\"", R"("time":"a\"b","Type")").rfind("2026-01-01T00:00:00.000000001Z"), 30, "a\"b"));
  for (const char* text : {R"("time":"2026-01-01T00:00:00Z")", R"("time":"2026-02-30T00:00:00.000000001Z")", R"("time":"2026-01-01T00:00:00.00000000+00:0")", R"("time":7)", R"("time":"2026-01-01T00:00:60.000000001Z")", R"("time":"2026-01-01T00:00:00.000000\"01Z")", R"("TIME":"")"}) {
    lines.push_back(with(time, text));
    lines.push_back(with(time, text, true));
  }
  for (const char* text : {R"("policy_match_type":12)", R"("policy_match_type":"1")", R"("policy_match_type":1,"reply":true)", R"("event_type":{"sub_type":3},"policy_match_type":2)", R"("policy_match_type":01)"})
    lines.push_back(with(match, text));
  for (const char* text : {R"("reply":true,"event_type")", R"("is_reply":true,"event_type")", R"("event_type":{"type":4,"sub_type":3},"event_type")", R"("event_type":7,"event_type")", R"("eventType")"})
    lines.push_back(with("\"event_type\"", text));
  for (const char* text : {"TCP\x01", "TCP\x7f", "TCP\xc3\xa9", "TCP\xff", "TCP\\u0000", "TCP\\u00e9", "TCP\\ud83d\\ude00", "TCP\\ude00", "TCP\\u+123", "TCP\\"}) {
    lines.push_back(with("TCP Flags", text));
    lines.push_back(with("k8s:app=web", text));
    lines.push_back(with("a=b", text));
    lines.push_back(with("02:00:00:00:00:01", text));
  }
  for (const std::size_t levels : {3, 30, 31, 32, 33, 34, 1019, 1020, 1021, 1022, 1023, 1024, 1100}) {
    lines.push_back(with("\"TCP Flags: SYN\"", deep(levels)));
    lines.push_back(with("[\"k8s:app=web\"]", deep(levels)));
  }
  for (const char* text : {"{}", "[]", "null", "7", "\"\"", "{\"identity\":1}", "{\"ID\":1}"}) lines.push_back(with(R"({"ID":1,"identity":2001,"labels":["k8s:app=web"]})", text));
  for (const char* text : {" ", "\t\r\n ", "x", "{}", ",", "}"}) lines.push_back(with("", "") + text);
  for (const bool filters : {false, true}) {
    BothWays both(filters);
    for (const std::string& line : lines)
      for (const std::string& next : {with("", ""), line, line, with("", "")}) {
        INFO(next);
        REQUIRE(both.agree(next));
        REQUIRE(both.agree(next, next));
      }
    CHECK(both.fast_lines > lines.size() * 4);
  }
}

TEST_CASE("both decoders read damaged lines alike", "[flows][same]") {
  const bool filters = GENERATE(false, true);
  const char* text = std::getenv("WEIR_SEED");
  const std::uint64_t seed = text == nullptr ? std::random_device{}() : std::strtoull(text, nullptr, 10);
  std::cout << "WEIR_SEED=" << seed << "\n";
  const Lines lines = all_lines();
  Mutator mutator(lines, seed);
  BothWays both(filters);
  for (int i = 0; i < 100'000; ++i) {
    const std::string line = mutator.next();
    // The line ends early, and what follows in memory continues it.
    const std::size_t cut = mutator.below(8) == 0 ? mutator.below(line.size() + 1) : line.size();
    const std::string_view whole = line;
    INFO("seed " << seed << ", line " << i << ", cut at " << cut << ": " << line);
    REQUIRE(both.agree(whole.substr(0, cut), whole.substr(cut)));
    // Undamaged lines between keep the parties and labels known.
    REQUIRE(both.agree(lines[mutator.below(lines.size())]));
  }
  CHECK(both.fast_lines > 0);
}
