#include <catch2/catch.hpp>

#include <algorithm>
#include <random>

#include "simulator/flows/decode.h"
#include "simulator/flows/line_reader.h"
#include "simulator/flows/times.h"
#include "simulator/replay/connection_table.h"
#include "tests/unit/simulator/flow_text.h"

using namespace weir;
using namespace weir::simulator;
using test::FlowText;

namespace {

struct Closed {
  std::int64_t first, last;
  std::uint32_t lines;
  bool denied, conflict;
  friend auto operator<=>(const Closed&, const Closed&) = default;
};

std::vector<Closed> fold_all(const std::vector<FlowText>& texts) {
  Interned interned;
  Decoder decoder(interned);
  std::vector<Closed> closed;
  ConnectionTable table(interned.parties, [&](const ConnectionKey&, const Connection& connection) {
    for (const Half& half : connection.halves) {
      if (!half.seen) continue;
      const SideEvidence& ingress = half.sides[0];
      closed.push_back({connection.first / 1'000'000'000, connection.last / 1'000'000'000,
                        half.lines[0] + half.lines[1] + half.reply_lines + half.fold_lines, ingress.denied(), ingress.conflict});
    }
  });
  for (const FlowText& text : texts) {
    std::string line = text.line();
    line.reserve(line.size() + kPadding);
    Record record;
    REQUIRE(decoder.decode(line.data(), line.size(), record));
    table.add(record, classify(record, interned.parties));
  }
  table.finish();
  std::sort(closed.begin(), closed.end());
  return closed;
}

constexpr std::int64_t kStart = 1'767'225'600;  // 2026-01-01

FlowText at(std::int64_t second, const std::string& l4 = R"("TCP":{"source_port":40000,"destination_port":8080})") {
  FlowText text;
  text.time = time_text((kStart + second) * 1'000'000'000);
  text.l4 = l4;
  return text;
}

FlowText reply_at(std::int64_t second) {
  FlowText text = at(second, R"("TCP":{"source_port":8080,"destination_port":40000})");
  std::swap(text.source, text.destination);
  std::swap(text.source_ip, text.destination_ip);
  text.event = R"("event_type":{"type":4},"is_reply":true)";
  return text;
}

const std::string kUdp = R"("UDP":{"source_port":40000,"destination_port":53})";

}  // namespace

TEST_CASE("windows of idle connections", "[replay]") {
  struct Case { std::string why; std::vector<FlowText> lines; std::size_t connections; };
  const auto c = GENERATE(values<Case>({
      {"SYN retransmits are one connection", {at(0), at(1), at(3), at(7), at(15)}, 1},
      {"60 s apart is still one", {at(0), at(60)}, 1},
      {"61 s apart are two", {at(0), at(61)}, 2},
      {"the gap counts, not the length", {at(0), at(50), at(100), at(150)}, 1},
      {"UDP: 30 s", {at(0, kUdp), at(30, kUdp)}, 1},
      {"UDP: 31 s are two", {at(0, kUdp), at(31, kUdp)}, 2},
      {"another port is another connection", {at(0), at(0, R"("TCP":{"source_port":40001,"destination_port":8080})")}, 2},
      {"a reply folds in", {at(0), reply_at(1)}, 1},
      {"a reply alone", {reply_at(1)}, 1},
      {"a late line bridges two", {at(0), at(100), at(50)}, 1},
      {"a line of long ago is its own", {at(400), at(0)}, 2}}));
  INFO(c.why);
  CHECK(fold_all(c.lines).size() == c.connections);
}

TEST_CASE("echo replies fold into their requests", "[replay]") {
  FlowText request = at(0, R"("ICMPv4":{"type":8})"), answer = at(1, R"("ICMPv4":{})");
  std::swap(answer.source_ip, answer.destination_ip);
  std::swap(answer.source, answer.destination);
  answer.event = R"("event_type":{"type":4})";
  CHECK(fold_all({request, answer}).size() == 1);
  CHECK(fold_all({answer, request}).size() == 1);
}

TEST_CASE("the order of lines within the window changes nothing", "[replay]") {
  std::vector<FlowText> lines;
  std::mt19937 random(7);
  for (int i = 0; i < 60; ++i) {
    const bool reply = random() % 3 == 0;
    FlowText line = reply ? reply_at(random() % 55) : at(random() % 55);
    if (!reply && random() % 5 == 0) line.verdict = "DROPPED", line.event = R"("event_type":{"type":5},"drop_reason":133,"traffic_direction":"INGRESS")";
    lines.push_back(line);
  }
  const std::vector<Closed> expected = fold_all(lines);
  REQUIRE(expected.size() == 1);
  CHECK(expected.front().lines == 60);
  for (int round = 0; round < 20; ++round) {
    std::shuffle(lines.begin(), lines.end(), random);
    CHECK(fold_all(lines) == expected);
  }
}

TEST_CASE("memory does not grow with the recording", "[replay]") {
  Interned interned;
  Decoder decoder(interned);
  std::size_t closed = 0, most = 0;
  ConnectionTable table(interned.parties, [&](const ConnectionKey&, const Connection&) { ++closed; });
  for (int second = 0; second < 2000; ++second) {
    std::string line = at(second, R"("TCP":{"source_port":)" + std::to_string(1000 + second) + R"(,"destination_port":80})").line();
    line.reserve(line.size() + kPadding);
    Record record;
    REQUIRE(decoder.decode(line.data(), line.size(), record));
    table.add(record, classify(record, interned.parties));
    most = std::max(most, table.open());
  }
  CHECK(most < 150);
  table.finish();
  CHECK(closed == 2000);
  CHECK(table.late() == 0);
}
