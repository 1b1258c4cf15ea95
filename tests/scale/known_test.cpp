// Replay of known traffic gives the known numbers. No policy engine made them (tests/perf/known_traffic.h).

#include <nlohmann/json.hpp>

#include "simulator/flows/times.h"
#include "tests/scale/ground.h"

namespace weir::scale {
namespace {

using nlohmann::json;
using perf::EdgeCount;
using perf::EdgeKey;
using Edges = std::map<EdgeKey, EdgeCount>;

std::int64_t time_of(const json& text) { return simulator::parse_time(text.get<std::string>()).value(); }

void add(Edges& edges, const json& row) {
  const EdgeKey key{row.at("src"), row.at("dst"), row.at("protocol"), row.at(row.contains("port") ? "port" : "icmpType")};
  const EdgeCount count{row.at("count"), time_of(row.at("first")), time_of(row.at("last"))};
  const auto [at, fresh] = edges.try_emplace(key, count);
  if (fresh) return;
  at->second.connections += count.connections;
  at->second.first = std::min(at->second.first, count.first);
  at->second.last = std::max(at->second.last, count.last);
}

std::string to_text(const Edges& edges) {
  std::ostringstream out;
  for (const auto& [key, count] : edges)
    out << key.source << " -> " << key.destination << " " << key.protocol << "/" << key.port << " " << count.connections << " "
        << simulator::time_text(count.first) << " " << simulator::time_text(count.last) << "\n";
  return out.str();
}

void check_edges(const json& report, const perf::Known& known) {
  Edges denied, allowed, kept;
  for (const json& row : report.at("connections")) {
    const bool was = row.at("recorded") == "FORWARDED", is = row.at("predicted") == "FORWARDED";
    add(was == is ? kept : was ? denied : allowed, row);
  }
  CHECK(to_text(denied) == to_text(known.denied));
  CHECK(to_text(allowed) == to_text(known.allowed));
  CHECK(to_text(kept) == to_text(known.kept));
}

void check_report(const json& report, const perf::Known& known) {
  const json& flows = report.at("flows");
  CHECK(flows.at("read") == known.lines);
  CHECK(flows.at("malformed") == 0);
  const json& agreement = report.at("agreement");
  CHECK(agreement.at("same") == known.same);
  CHECK(agreement.at("newlyDenied") == known.newly_denied);
  CHECK(agreement.at("newlyAllowed") == known.newly_allowed);
  CHECK(agreement.at("unknown") == 0);
  CHECK(known.same + known.newly_denied + known.newly_allowed == known.compared);
  for (const json& node : report.at("nodes")) {
    const std::string name = node.at("name");
    CHECK(node.at("flows") == known.flows_of_node.at(name));
    const auto lost = known.lost_of_node.find(name);
    CHECK(node.at("lostEvents") == (lost == known.lost_of_node.end() ? 0 : lost->second));
  }
  CHECK(report.at("nodes").size() == known.flows_of_node.size());
  check_edges(report, known);
}

}  // namespace

TEST_CASE("a change drops and lets in exactly the connections that it was made to") {
  const auto weir = tests::weir_binary();
  if (!weir) return;
  std::uint64_t denied = 0, allowed = 0, compared = 0;
  for (const std::uint64_t seed : {1, 2, 3, 4, 5, 6, 7, 8}) {
    INFO("seed " << seed);
    const Ground ground(*weir, {.seed = seed});
    const perf::Known& known = ground.known();
    REQUIRE(known.newly_denied > 50);
    REQUIRE(known.newly_allowed > 0);
    denied += known.newly_denied;
    allowed += known.newly_allowed;
    compared += known.compared;
    const tests::Ran against_base = ground.report({"--flows", "flows"});
    INFO(against_base.err);
    REQUIRE(against_base.exit_code == 1);
    check_report(json::parse(against_base.out), known);
    // What was recorded is what the policies before the change say, so it may stand for them.
    const tests::Ran against_recording = ground.run({"replay", "after", "--all", "-o", "json", "--flows", "flows"});
    REQUIRE(against_recording.exit_code == 1);
    check_report(json::parse(against_recording.out), known);
    // And nothing changes without the change.
    const tests::Ran unchanged = ground.run({"replay", "before", "--base", "before", "-o", "json", "--flows", "flows"});
    CHECK(unchanged.exit_code == 0);
    CHECK(json::parse(unchanged.out).at("agreement").at("same") == known.compared);
  }
  std::cout << "scale: 8 recordings, " << compared << " connections, " << denied << " newly denied and " << allowed
            << " newly allowed, each as constructed\n";
}

}  // namespace weir::scale
