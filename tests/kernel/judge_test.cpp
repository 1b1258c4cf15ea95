// The lab's kernel as the judge of replay (testdata/judge/README.md): what `weir replay` predicts from recorded events is
// what real packets then meet.

#include <catch2/catch.hpp>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>

#include "tests/kernel/judge_lab.h"
#include "tests/run_program.h"

using namespace weir;
using namespace weir::kernel_test;
using nlohmann::json;
namespace fs = std::filesystem;

namespace {

const fs::path kRoot = fs::path(WEIR_SOURCE_DIR) / "testdata/judge";

/// The connections that the second policies treat otherwise than the first.
struct Changes {
  std::set<Tried> denied, allowed;
};

Changes real_changes(const Fates& before, const Fates& after) {
  Changes changes;
  for (const auto& [connection, reached] : before) {
    if (reached && !after.at(connection)) changes.denied.insert(connection);
    if (!reached && after.at(connection)) changes.allowed.insert(connection);
  }
  return changes;
}

struct Pod {
  const char* name;
  const char* v4;
  const char* v6;
};
constexpr std::array<Pod, 3> kPods = {{{"shop/frontend", "10.77.1.10", "fd77:0:0:1::10"},
                                       {"shop/backend", "10.77.2.10", "fd77:0:0:2::10"},
                                       {"shop/database", "10.77.2.20", "fd77:0:0:2::20"}}};

/// A part of the traffic in which a workload's name stands for one address: one family, and at most one end that is no pod.
struct Part {
  bool v6 = false;
  std::string other;
  friend auto operator<=>(const Part&, const Part&) = default;
};

Part part_of(const json& flow) {
  Part part;
  for (const char* end : {"source", "destination"}) {
    const std::string address = flow["IP"][end];
    part.v6 = address.find(':') != std::string::npos;
    const bool pod = std::any_of(kPods.begin(), kPods.end(), [&](const Pod& p) { return address == p.v4 || address == p.v6; });
    if (!pod) part.other = address;
  }
  return part;
}

std::string address_of(const std::string& name, const Part& part) {
  for (const Pod& pod : kPods)
    if (name == pod.name) return part.v6 ? pod.v6 : pod.v4;
  return part.other;
}

struct Report {
  json whole;
  int exit_code = 0;
};

/// `base` null: the policies alone.
Report replay(const fs::path& pair, const char* base, const fs::path& recording) {
  const std::string inventory = (kRoot / "inventory.yaml").string();
  std::vector<std::string> arguments = {program_folder() + "/weir", "replay", inventory, (pair / "policies-b.yaml").string(),
                                        "-o", "json", "--flows", recording.string()};
  if (base != nullptr) arguments.insert(arguments.end(), {"--base", inventory, (pair / base).string()});
  const tests::Ran ran = tests::run_program(arguments, pair);
  INFO(ran.err);
  REQUIRE(json::accept(ran.out));
  return {json::parse(ran.out), ran.exit_code};
}

/// Everything that was recorded could be compared, and the base explains it.
void check_explained(const json& report) {
  INFO(report["notComparable"].dump() << " " << report["unexplained"].dump());
  CHECK(report["unexplained"]["connections"] == 0);
  CHECK(report["agreement"]["unknown"] == 0);
  for (const auto& [reason, count] : report["notComparable"].items()) CHECK(reason == "NO_POLICY_ENDPOINT");
}

void write_lines(const fs::path& file, const std::vector<std::string>& lines) {
  std::ofstream out(file, std::ios::binary);
  for (const std::string& line : lines) out << line << '\n';
}

Tried tried(const json& edge, const Part& part) {
  return {address_of(edge["src"], part), address_of(edge["dst"], part), edge["protocol"],
          edge.contains("port") ? edge["port"].get<unsigned>() : edge["icmpType"].get<unsigned>()};
}

void add_changes(const json& report, const Part& part, Changes& changes) {
  // Only what changes is listed, and what is unknown.
  for (const json& edge : report["connections"]) {
    if (edge["predicted"] == "DROPPED") changes.denied.insert(tried(edge, part));
    if (edge["predicted"] == "FORWARDED" || edge["predicted"] == "AUDIT") changes.allowed.insert(tried(edge, part));
  }
}

/// The report names workloads, so it is asked about parts in which those are addresses.
Changes predicted_changes(const fs::path& pair, const std::vector<std::string>& lines, const fs::path& folder) {
  std::map<Part, std::vector<std::string>> parts;
  for (const std::string& line : lines)
    if (const json parsed = json::parse(line); parsed.contains("flow")) parts[part_of(parsed["flow"])].push_back(line);
  Changes changes;
  for (const auto& [part, some] : parts) {
    const fs::path file = folder / "part.jsonl";
    write_lines(file, some);
    const Report report = replay(pair, "policies-a.yaml", file);
    add_changes(report.whole, part, changes);
  }
  return changes;
}

/// Connections of which the agents recorded a drop.
std::set<Tried> recorded_drops(const std::vector<std::string>& lines) {
  std::set<Tried> drops;
  for (const std::string& line : lines) {
    const json parsed = json::parse(line);
    if (!parsed.contains("flow") || parsed["flow"]["verdict"] != "DROPPED") continue;
    const json& flow = parsed["flow"];
    const auto l4 = flow["l4"].items().begin();
    const bool icmp = l4.key().starts_with("ICMP");
    drops.insert({flow["IP"]["source"], flow["IP"]["destination"], l4.key() == "ICMPv4" ? "ICMP" : l4.key(),
                  l4.value().value(icmp ? "type" : "destination_port", 0u)});
  }
  return drops;
}

std::set<Tried> lost(const Fates& fates) {
  std::set<Tried> out;
  for (const auto& [connection, reached] : fates)
    if (!reached) out.insert(connection);
  return out;
}

std::string difference(const std::set<Tried>& a, const std::set<Tried>& b, const char* only_a, const char* only_b) {
  std::string text;
  for (const Tried& t : a)
    if (!b.contains(t)) text += std::string(only_a) + to_text(t) + "\n";
  for (const Tried& t : b)
    if (!a.contains(t)) text += std::string(only_b) + to_text(t) + "\n";
  return text;
}

/// One side of a pair in the kernel: the traffic under its policies, and what the agents said of it.
struct Run {
  Fates fates;
  std::vector<std::string> lines;
};

Run enforce_and_run(JudgeLab& lab, const fs::path& policies) {
  REQUIRE(lab.enforce(policies));
  Run run;
  run.fates = lab.run_matrix();
  run.lines = lab.recorded();
  // The agents saw what the clients felt.
  CHECK(difference(lost(run.fates), recorded_drops(run.lines), "lost without a drop: ", "dropped but reached: ") == "");
  return run;
}

/// Predictions about a recording of the first policies.
Changes predict(const JudgeLab& lab, const fs::path& pair, const Run& before) {
  const fs::path recording = lab.folder() / "before.jsonl";
  write_lines(recording, before.lines);
  const Report whole = replay(pair, "policies-a.yaml", recording);
  check_explained(whole.whole);
  const Changes predicted = predicted_changes(pair, before.lines, lab.folder());
  CHECK(whole.whole["agreement"]["newlyDenied"] == predicted.denied.size());
  CHECK(whole.whole["agreement"]["newlyAllowed"] == predicted.allowed.size());
  CHECK(whole.exit_code == (predicted.denied.empty() ? 0 : 1));
  return predicted;
}

/// A recording of the second policies is what they predict themselves.
void check_own(const JudgeLab& lab, const fs::path& pair, const Run& after) {
  const fs::path recording = lab.folder() / "after.jsonl";
  write_lines(recording, after.lines);
  const Report own = replay(pair, nullptr, recording);
  check_explained(own.whole);
  CHECK(own.whole["agreement"]["newlyDenied"] == 0);
  CHECK(own.whole["agreement"]["newlyAllowed"] == 0);
}

void judge(JudgeLab& lab, const fs::path& pair) {
  INFO(pair.string());
  const Run before = enforce_and_run(lab, pair / "policies-a.yaml");
  const Changes predicted = predict(lab, pair, before);
  const Run after = enforce_and_run(lab, pair / "policies-b.yaml");
  const Changes real = real_changes(before.fates, after.fates);
  CHECK(difference(predicted.denied, real.denied, "predicted to be dropped, passed: ", "dropped, not predicted: ") == "");
  CHECK(difference(predicted.allowed, real.allowed, "predicted to pass, dropped: ", "passed, not predicted: ") == "");
  CHECK(real.denied.size() + real.allowed.size() > 0);
  check_own(lab, pair, after);
  std::cout << "judge: " << pair.filename().string() << ": " << before.fates.size() << " connections, "
            << real.denied.size() << " newly denied, " << real.allowed.size() << " newly allowed\n";
}

std::vector<fs::path> pairs_in(const fs::path& folder) {
  std::vector<fs::path> pairs;
  for (const auto& entry : fs::directory_iterator(folder))
    if (entry.is_directory()) pairs.push_back(entry.path());
  std::sort(pairs.begin(), pairs.end());
  return pairs;
}

void judge_all(const fs::path& folder, std::size_t at_least) {
  const std::string why = why_no_lab();
  if (!why.empty() || !fs::exists(program_folder() + "/weir-agent")) {
    std::cout << "SKIPPED: " << (why.empty() ? "weir-agent is not built" : why) << "\n";
    return;
  }
  const auto pairs = pairs_in(folder);
  REQUIRE(pairs.size() >= at_least);
  JudgeLab lab;
  REQUIRE(lab.up());
  for (const fs::path& pair : pairs) judge(lab, pair);
}

}  // namespace

TEST_CASE("what replay predicts is what the kernel then drops", "[kernel][lab][judge]") { judge_all(kRoot / "ci", 3); }

TEST_CASE("what replay predicts is what the kernel then drops, more pairs", "[kernel][lab][judge]") {
  if (std::getenv("WEIR_CAMPAIGN") == nullptr) {
    std::cout << "SKIPPED: WEIR_CAMPAIGN is not set\n";
    return;
  }
  judge_all(kRoot / "campaign", 10);
}
