// Damaged lines are counted exactly, and cost nothing but themselves.

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <set>

#include "tests/scale/ground.h"

namespace weir::scale {
namespace {

using nlohmann::json;

constexpr std::uint32_t kLines = 1'000'000, kDamaged = 10'000, kTooLong = 20;
constexpr std::uint32_t kClients = 20, kPorts = kLines / kClients;  // each line is a connection of its own

constexpr const char* kManifests = R"(apiVersion: v1
kind: Namespace
metadata: {name: shop}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: shop}
spec:
  podSelector: {matchLabels: {app: web}}
  ingress:
  - from: [{podSelector: {matchLabels: {app: client}}}]
    ports: [{port: 80}]
)";

/// As an exporter with the least field mask writes it (flows.md 1.3).
std::string line_of(std::uint32_t number) {
  const std::uint32_t client = number % kClients, port = 10'000 + number / kClients, milli = number / 4;
  return fmt::format(
      R"({{"flow":{{"time":"2026-01-01T00:{:02}:{:02}.{:03}Z","uuid":"{:08x}-0000-4000-8000-000000000001","verdict":"FORWARDED","IP":{{"source":"10.0.0.{}","destination":"10.0.1.1","ipVersion":"IPv4"}},"l4":{{"TCP":{{"source_port":{},"destination_port":80}}}},"source":{{"namespace":"shop","labels":["k8s:app=client"],"pod_name":"client-{}"}},"destination":{{"ID":7,"namespace":"shop","labels":["k8s:app=web"],"pod_name":"web-0"}},"Type":"L3_L4","node_name":"node-1","event_type":{{"type":5}},"traffic_direction":"INGRESS","policy_match_type":2,"is_reply":false}}}})",
      milli / 60'000 % 60, milli / 1000 % 60, milli % 1000, number, 2 + client, port, client);
}

/// Places where a byte is punctuation of JSON, or letters of a string.
std::vector<std::size_t> places(const std::string& line, bool in_string) {
  std::vector<std::size_t> found;
  bool inside = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '"') inside = !inside;
    else if (inside ? in_string : !in_string && std::string_view("{}[]:,").find(line[i]) != std::string_view::npos) found.push_back(i);
  }
  return found;
}

class Damager {
 public:
  /// No JSON reader may take what comes out: `kind` says why.
  std::string damage(std::string line, int kind) {
    switch (kind) {
      case 0: return line.substr(0, 1 + below(line.size() - 1));                  // its braces never close
      case 1: line[pick(places(line, false))] = ';'; return line;                 // no such punctuation
      case 2: line.erase(line.find('"', below(line.size() / 2)), 1); return line; // an odd number of quotes
      case 3: line[pick(places(line, true))] = '\xff'; return line;               // no UTF-8
      case 4: line[pick(places(line, true))] = '\x01'; return line;               // a control character in a string
      case 5: return junk();
      default: return "{\"flow\":{\"Summary\":\"" + std::string(1 << 20, 'x') + "\"}}";  // over the line limit
    }
  }

 private:
  std::size_t below(std::size_t limit) { return static_cast<std::size_t>(random_() % limit); }
  std::size_t pick(const std::vector<std::size_t>& from) { return from[below(from.size())]; }

  std::string junk() {
    std::string bytes(1 + below(2000), '\xfe');
    for (std::size_t i = 1; i < bytes.size(); ++i) {
      bytes[i] = static_cast<char>(random_());
      if (bytes[i] == '\n') bytes[i] = '\xfe';
    }
    return bytes;
  }
  std::mt19937_64 random_{77};
};

/// The recording; gives the number of its first damaged line, from 1.
std::uint32_t write_damaged(const std::string& path) {
  std::mt19937_64 random(5);
  std::set<std::uint32_t> chosen;
  while (chosen.size() < kDamaged) chosen.insert(static_cast<std::uint32_t>(random() % kLines));
  std::ofstream file(path, std::ios::binary);
  Damager damager;
  std::uint32_t done = 0;
  std::string text;
  for (std::uint32_t i = 0; i < kLines; ++i) {
    std::string line = line_of(i);
    if (chosen.count(i)) {
      line = damager.damage(std::move(line), done < kTooLong ? 6 : static_cast<int>(done % 6));
      ++done;
    }
    text += line;
    text += '\n';
    if (text.size() > 1 << 20) file << std::exchange(text, {});
  }
  file << text;
  return *chosen.begin() + 1;
}

}  // namespace

TEST_CASE("damaged lines in a million are counted exactly") {
  const auto weir = tests::weir_binary();
  if (!weir) return;
  const Folder folder;
  write(folder / "policies.yaml", kManifests);
  const std::uint32_t first = write_damaged(folder / "flows.jsonl");
  const auto run = [&](const Arguments& more) {
    return tests::run_program(join({*weir, "replay", "policies.yaml"}, more), folder.path(), std::chrono::seconds(110));
  };
  const tests::Ran whole = run({"--flows", "flows.jsonl", "-o", "json"});
  INFO(whole.err);
  REQUIRE(whole.exit_code == 0);
  const json report = json::parse(whole.out);
  CHECK(report.at("flows").at("malformed") == kDamaged);
  CHECK(report.at("flows").at("read") == kLines - kDamaged);
  // Each line was a connection: none of a neighbour's is missing or joined.
  CHECK(report.at("agreement").at("same") == kLines - kDamaged);
  CHECK(whole.err.find("WEIR0602") != std::string::npos);
  CHECK(whole.err.find("flows.jsonl:" + std::to_string(first)) != std::string::npos);
  CHECK((run({"--flows", "flows.jsonl", "-o", "json", "--threads", "3"}).out == whole.out));
  Arguments parts;
  for (const std::string shard : {"1/3", "2/3", "3/3"}) {
    parts.push_back("part-" + shard.substr(0, 1));
    REQUIRE(run({"--flows", "flows.jsonl", "--shard", shard, "--partial", parts.back()}).exit_code == 0);
  }
  CHECK((run(join({"-o", "json", "--merge"}, parts)).out == whole.out));
  std::cout << "scale: " << kDamaged << " damaged lines in " << kLines << ": all counted, the other connections as they were, "
            << whole.cpu_millis << " ms of CPU\n";
}

}  // namespace weir::scale
