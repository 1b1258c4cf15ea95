// Any cut of a recording, any order and grouping of its parts gives the same report (architecture.md rule 10).

#include "simulator/replay/gathered.h"

#include <catch2/catch.hpp>
#include <random>

#include "simulator/replay/gather.h"
#include "simulator/replay/partial.h"
#include "simulator/replay/replay.h"
#include "tests/unit/simulator/replay/replay_text.h"

using namespace weir;
using namespace weir::simulator;
using test::FlowText;

namespace {

const std::string kSource = R"("ID":1,"identity":2001,"namespace":"shop","labels":["k8s:app=web","k8s:io.kubernetes.pod.namespace=shop"],"pod_name":"web-1")";
const std::string kWorld = R"("identity":2,"labels":["reserved:world"])";

struct Dice {
  std::mt19937_64 engine;
  std::uint64_t below(std::uint64_t n) { return engine() % n; }
  template <class T>
  const T& pick(const std::vector<T>& list) { return list[below(list.size())]; }
};

std::string time_at(std::uint64_t seconds) {
  char text[40];
  std::snprintf(text, sizeof text, "2026-01-01T00:%02d:%02dZ", static_cast<int>(seconds / 60), static_cast<int>(seconds % 60));
  return text;
}

/// Lines in order of time, of few connections with gaps shorter and longer than a window, so that cuts go through them.
std::vector<std::string> random_lines(Dice& dice) {
  std::vector<std::string> lines;
  std::uint64_t second = 0;
  for (int i = 0; i < 300; ++i) {
    second = std::min<std::uint64_t>(second + (dice.below(20) == 0 ? dice.below(90) : dice.below(4)), 3599);
    if (dice.below(60) == 0) {
      lines.push_back(R"({"agent_event":{"type":"POLICY_UPDATED"},"node_name":"n1","time":")" + time_at(second) + "\"}\n");
      continue;
    }
    if (dice.below(60) == 0) {
      lines.push_back(R"({"lost_events":{"num_events_lost":"3"},"node_name":"n2","time":")" + time_at(second) + "\"}\n");
      continue;
    }
    FlowText text;
    text.time = time_at(second);
    text.node = dice.pick<std::string>({"n1", "n2"});
    const auto port = std::to_string(40000 + dice.below(6)), server = dice.pick<std::string>({"80", "8080"});
    const bool reply = dice.below(4) == 0;
    if (dice.below(3) == 0) text.source = kWorld, text.source_ip = "203.0.113." + std::to_string(dice.below(4));
    text.l4 = R"("TCP":{"source_port":)" + port + R"(,"destination_port":)" + server + "}";
    text.verdict = dice.pick<std::string>({"FORWARDED", "FORWARDED", "DROPPED"});
    text.event = text.verdict == "DROPPED" ? R"("event_type":{"type":5},"drop_reason":133,"traffic_direction":"INGRESS")"
                 : dice.below(2) == 0      ? R"("event_type":{"type":4},"trace_observation_point":"TO_ENDPOINT","is_reply":false)"
                                           : text.event;
    if (reply) {
      std::swap(text.source, text.destination);
      std::swap(text.source_ip, text.destination_ip);
      text.l4 = R"("TCP":{"source_port":)" + server + R"(,"destination_port":)" + port + "}";
      text.verdict = "FORWARDED";
      text.event = R"("event_type":{"type":4},"trace_observation_point":"TO_ENDPOINT","is_reply":true)";
    }
    std::string line = text.line();
    if (dice.below(3) != 0) {
      char uuid[64];
      std::snprintf(uuid, sizeof uuid, R"("uuid":"%08x-0000-4000-8000-%012x",)", static_cast<unsigned>(dice.below(1000)), 1u);
      line.insert(line.find("\"verdict\""), uuid);
    }
    lines.push_back(dice.below(50) == 0 ? "no flow\n" : line);
  }
  return lines;
}

struct Policies {
  ir::Files files;
  compiler::Resolved after = test::resolve_text(test::kPods + test::db_takes(80), ir::settings_for(ir::Dialect::Cilium120), files);
  compiler::Resolved before = test::resolve_text(test::kPods + test::db_takes(8080), ir::settings_for(ir::Dialect::Cilium120), files);
  AddressClasses addresses{after, &before};
};

/// All numbers that do not name a file.
std::string text_of(const ReplayReport& report) {
  std::string text;
  const ReplayFlows& f = report.flows;
  for (const std::uint64_t number :
       {f.read, f.malformed, f.evaluated, f.reply, f.not_policy, f.duplicate, f.not_comparable, f.lost_events, f.late, report.compared,
        report.unexplained, report.pods_seen, report.rules_exercised, report.allowed, report.denied, report.unknown, report.same,
        report.newly_denied, report.newly_allowed, report.workloads_seen})
    text += std::to_string(number) + " ";
  text += std::to_string(report.first.value_or(0)) + " " + std::to_string(report.last.value_or(0)) + "\n";
  for (const auto& [reason, count] : report.not_comparable) text += reason + " " + std::to_string(count) + "\n";
  for (const ReplayNode& node : report.nodes) text += node.name + " " + std::to_string(node.flows) + " " + std::to_string(node.lost_events) + "\n";
  for (const ReplayEdge& edge : report.edges)
    text += edge.source + " " + edge.destination + " " + std::to_string(edge.port) + " " + std::to_string(static_cast<int>(edge.change)) + " " +
            std::to_string(edge.count) + " " + std::to_string(edge.flows) + " " + std::to_string(edge.first.value_or(0)) + " " +
            std::to_string(edge.last.value_or(0)) + " " + edge.recorded + " " + edge.predicted + " " + edge.reason + " " + edge.example + "\n";
  return text;
}

std::string report_of(const Gathered& gathered, Policies& policies) {
  ir::Diagnostics diagnostics;
  return text_of(tally(gathered, policies.after, &policies.before, policies.files, {}, diagnostics));
}

Gathered gather_text(const std::string& text, const Policies& policies, bool whole) {
  const test::TemporaryFile file(text);
  auto gathered = gather({file.path()}, &policies.addresses, whole, {});
  REQUIRE(gathered);
  return std::move(*gathered);
}

/// Merges in random order and grouping; some parts go through bytes.
Gathered merge_randomly(std::vector<Gathered> parts, Dice& dice) {
  while (parts.size() > 1) {
    const std::size_t a = dice.below(parts.size());
    Gathered one = std::move(parts[a]);
    parts.erase(parts.begin() + static_cast<std::ptrdiff_t>(a));
    Gathered& into = parts[dice.below(parts.size())];
    if (dice.below(2) == 0) {
      auto read = partial_of(to_bytes({}, one));
      REQUIRE(read);
      one = std::move(read->gathered);
    }
    merge(into, one);
  }
  return std::move(parts.front());
}

}  // namespace

TEST_CASE("parts of a recording add up to the whole, however it is cut", "[gathered]") {
  Policies policies;
  const char* wanted = std::getenv("WEIR_SEED");
  const std::uint64_t seed = wanted != nullptr ? std::strtoull(wanted, nullptr, 10) : 20261123;
  for (std::uint64_t round = 0; round < 60; ++round) {
    CAPTURE(seed, round);
    Dice dice{std::mt19937_64(seed + round)};
    const std::vector<std::string> lines = random_lines(dice);
    std::string all;
    for (const std::string& line : lines) all += line;
    Gathered whole = gather_text(all, policies, true);
    close_all(whole, &policies.addresses);

    std::vector<std::string> texts(1 + dice.below(6));
    const bool contiguous = dice.below(2) == 0;
    for (std::size_t i = 0; i < lines.size(); ++i)
      texts[contiguous ? i * texts.size() / lines.size() : dice.below(texts.size())] += lines[i];
    std::vector<Gathered> parts;
    for (const std::string& text : texts) parts.push_back(gather_text(text, policies, false));
    Gathered sum = merge_randomly(std::move(parts), dice);
    close_all(sum, &policies.addresses);
    REQUIRE(report_of(sum, policies) == report_of(whole, policies));
  }
}

TEST_CASE("workers and shards of a recording add up to the whole", "[gathered]") {
  Policies policies;
  for (std::uint64_t round = 0; round < 20; ++round) {
    CAPTURE(round);
    Dice dice{std::mt19937_64(round)};
    std::array<std::string, 2> nodes;  // each node's file
    for (const std::string& line : random_lines(dice)) nodes[line.find("\"n2\"") != std::string::npos] += line;
    const test::TemporaryFile one(nodes[0]), two(nodes[1]);
    const std::vector<std::string> paths = {one.path(), two.path()};
    auto whole = gather(paths, &policies.addresses, true, {});
    REQUIRE(whole);
    close_all(*whole, &policies.addresses);
    const std::string wanted = report_of(*whole, policies);

    for (const unsigned threads : {2u, 3u, 7u}) {
      ReplayOptions options;
      options.threads = threads;
      auto sum = gather(paths, &policies.addresses, true, options);
      REQUIRE(sum);
      close_all(*sum, &policies.addresses);
      REQUIRE(report_of(*sum, policies) == wanted);
    }
    for (const std::size_t shards : {2u, 7u}) {
      std::vector<Gathered> parts;
      for (std::size_t i = 0; i < shards; ++i) {
        ReplayOptions options;
        options.shard = {i, shards};
        auto part = gather(paths, &policies.addresses, true, options);
        REQUIRE(part);
        parts.push_back(std::move(*part));
      }
      Gathered sum = merge_randomly(std::move(parts), dice);
      close_all(sum, &policies.addresses);
      REQUIRE(report_of(sum, policies) == wanted);
    }
  }
}
