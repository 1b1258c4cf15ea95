// The fast way of reading a line gives what the ordinary one gives, for every line.

#include <catch2/catch.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>

#include "tests/unit/simulator/both_ways.h"
#include "tests/unit/simulator/flow_text.h"

using namespace weir;
using namespace weir::simulator;
namespace fs = std::filesystem;

namespace {

struct Both : test::BothWays {
  Both() : test::BothWays(false) {}
  std::uint64_t compared = 0;
  void compare(const std::string& line) {
    ++compared;
    if (agree(line)) return;
    INFO(line);
    FAIL("the two ways differ");
  }
};

std::vector<std::string> lines_of(const fs::path& path) {
  std::vector<std::string> lines;
  std::ifstream in(path, std::ios::binary);
  for (std::string line; lines.size() < 600 && std::getline(in, line);)
    if (!line.empty() && line.size() < 20'000) lines.push_back(line);
  return lines;
}

/// Lines of every kind that Hubble prints, and what repeats in them.
std::vector<std::string> seeds() {
  std::vector<std::string> seeds = lines_of(fs::path(WEIR_SOURCE_DIR) / "testdata/flows/lab.jsonl");
  REQUIRE(seeds.size() > 10);
  test::FlowText text;
  for (const char* l4 : {R"("UDP":{"source_port":1,"destination_port":53})", R"("ICMPv4":{"type":8})", R"("ICMPv6":{"type":128,"code":1})",
                         R"("ICMPv4":{})", R"("SCTP":{"source_port":9,"destination_port":9})",
                         R"("TCP":{"source_port":40000,"destination_port":80,"flags":{"SYN":true,"ACK":false}})", ""}) {
    text.l4 = l4;
    seeds.push_back(text.line());
    seeds.push_back(text.flow());
  }
  if (const char* folder = std::getenv("WEIR_FLOWS"))
    for (const auto& entry : fs::recursive_directory_iterator(folder))
      if (entry.path().extension() == ".jsonl")
        for (std::string& line : lines_of(entry.path())) seeds.push_back(std::move(line));
  for (std::string& seed : seeds) seed.erase(seed.find_last_not_of("\r\n") + 1);
  return seeds;
}

using Engine = std::mt19937_64;

/// A member of the line, with its comma: `"key":...,` up to the next key.
std::pair<std::size_t, std::size_t> random_member(const std::string& line, Engine& random) {
  std::vector<std::size_t> keys;
  for (std::size_t at = line.find(",\""); at != std::string::npos; at = line.find(",\"", at + 1)) keys.push_back(at);
  if (keys.size() < 2) return {0, 0};
  const std::size_t i = random() % (keys.size() - 1);
  return {keys[i], keys[i + 1] - keys[i]};
}

std::string mutated(std::string line, const std::vector<std::string>& seeds, Engine& random) {
  constexpr std::string_view kBytes = "\"\\{}[]:,0129 \xc3\xa9\xff-TZntfe.";
  for (std::size_t times = 1 + random() % 3; times != 0 && !line.empty(); --times) {
    const std::size_t at = random() % line.size();
    switch (random() % 8) {
      case 0: line[at] = kBytes[random() % kBytes.size()]; break;
      case 1: line.insert(at, 1, kBytes[random() % kBytes.size()]); break;
      case 2: line.erase(at, 1 + random() % 3); break;
      case 3: line.resize(at); break;
      case 4: {
        const auto [begin, size] = random_member(line, random);
        line.insert(begin, line.substr(begin, size));
        break;
      }
      case 5: {
        const auto [begin, size] = random_member(line, random);
        line.erase(begin, size);
        break;
      }
      case 6: {
        const std::string& other = seeds[random() % seeds.size()];
        const auto [begin, size] = random_member(line, random);
        const auto [from, taken] = random_member(other, random);
        line.replace(begin, size, other.substr(from, taken));
        break;
      }
      default: {
        const auto [begin, size] = random_member(line, random);
        const std::string member = line.substr(begin, size);
        line.erase(begin, size);
        line.insert(random_member(line, random).first, member);
        break;
      }
    }
  }
  return line;
}

}  // namespace

TEST_CASE("the fast way of reading a line gives what the ordinary one gives", "[flows]") {
  const std::vector<std::string> all = seeds();
  const char* wanted = std::getenv("WEIR_SEED");
  const std::uint64_t seed = wanted != nullptr ? std::strtoull(wanted, nullptr, 10) : 20261123;
  CAPTURE(seed);
  Both both;
  for (int round = 0; round < 2; ++round)
    for (const std::string& line : all) both.compare(line);
  Engine random(seed);
  for (int i = 0; i < 150'000; ++i) {
    both.compare(mutated(all[random() % all.size()], all, random));
    if (i % 64 == 0) both.compare(all[random() % all.size()]);
  }
  CHECK(both.compared > 150'000);
}

TEST_CASE("lines that look alike and are not", "[flows]") {
  Both both;
  test::FlowText text;
  const std::string plain = text.line();
  both.compare(plain);
  const auto with = [&](const std::string& from, const std::string& to) {
    std::string line = plain;
    const std::size_t at = line.find(from);
    REQUIRE(at != std::string::npos);
    both.compare(line.replace(at, from.size(), to));
    both.compare(plain);
  };
  with(R"("is_reply":false)", R"("is_reply":false,"verdict":"DROPPED")");
  with(R"("is_reply":false)", R"("is_reply":false,"IP":{"source":"9.9.9.9"})");
  with(R"("node_name":"n1","time")", R"("verdict":"DROPPED","node_name":"n1","time")");
  with(R"("time":"2026-01-01T00:00:00Z"})", R"("time":"2026-01-01T00:00:00Z","source":{"pod_name":"x"}})");
  with(R"("time":"2026-01-01T00:00:00Z"})", R"("time":"soonZ"})");
  with(R"({"flow":{)", R"({"flow":{"lost_events":1,)");
  with(R"("is_reply":false)", R"("is_reply":false,"flow":{"verdict":"DROPPED"})");
  with("10.0.0.1", "010.0.0.1");
  with("10.0.0.1", "10.0.0.256");
  with("10.0.0.1", "::ffff:10.0.0.1");
  with("40000", "040000");
  with("40000", "0");
  with("40000", "-1");
  with("2026-01-01T00:00:00Z", "2026-01-01T00:00:60Z");
  with("2026-01-01T00:00:00Z", "2026-01-01T00:00:61Z");
  with("2026-01-01T00:00:00Z", "2026-01-01T00:00:00.Z");
  with("2026-01-01T00:00:00Z", "2026-01-01T00:00:00.1234567891Z");
  with("2026-01-01T00:00:00Z", "2026-01-01T00:00:00.5+02:00");
  with("k8s:app=web", "k8s:app=w\\u0065b");
  with("k8s:app=web", "k8s:app=\xff");
  with("\"}\n", "\"}}\n");
  with("\"}\n", "\"} x\n");
}
