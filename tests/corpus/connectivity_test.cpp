// The connection lists that np-guard's netpol-analyzer keeps for the applications of the corpus, line by line. What the two
// say differently on purpose is one of the conventions below and nothing else. WEIR_CORPUS names the corpus; unset, the test
// is skipped.
#include "compiler/verify/connectivity.h"

#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <regex>
#include <set>

#include "cli/input.h"
#include "cli/report/connectivity_report.h"

namespace fs = std::filesystem;
using namespace weir;

namespace {

using Lines = std::multiset<std::string>;

Lines lines_of(std::istream& in) {
  Lines lines;
  for (std::string line; std::getline(in, line);)
    if (!line.empty()) lines.insert(line);
  return lines;
}

/// How many lines each convention explains.
struct Conventions {
  std::map<std::string, std::size_t> used;

  /// A line of np-guard as weir writes it; empty when weir has no such line.
  std::string theirs(std::string line, const Lines& finished) {
    // A made-up pod that serves Ingress and Route objects, which weir does not read.
    if (line.find("{ingress-controller}") != std::string::npos) return count("made-up ingress controller"), "";
    // A pod that has run to its end has no connections.
    for (const std::string& end : finished)
      if (line.find(end) != std::string::npos) return count("finished pods"), "";
    // All IPv4 addresses; weir speaks of both families.
    line = replaced(line, R"(0\.0\.0\.0-255\.255\.255\.255\[External\])", "entity:world", "every outside address");
    // A ReplicaSet NAME-HASH is Deployment NAME to weir, as its pods' label pod-template-hash tells.
    return replaced(line, R"(-[0-9a-f]{8,10}\[ReplicaSet\])", "[Deployment]", "ReplicaSet of a Deployment");
  }

  /// Whether np-guard has no such line: it does not speak of nodes, which reach the pods that run on them.
  bool only_ours(const std::string& line) {
    const bool node = line.starts_with("entity:host => ");
    if (node) count("the own node");
    return node;
  }

 private:
  void count(const std::string& name) { ++used[name]; }
  std::string replaced(const std::string& line, const char* pattern, const char* with, const char* name) {
    const std::string text = std::regex_replace(line, std::regex(pattern), with);
    if (text != line) count(name);
    return text;
  }
};

/// "ns/workload[Kind]" of the pods that are Succeeded or Failed: np-guard lists them.
Lines finished_pods(const compiler::Objects& objects) {
  Lines found;
  for (const compiler::PodObject& pod : objects.inventory.pods)
    if (pod.finished && !pod.meta.owners.empty())
      found.insert(pod.meta.namespace_name + "/" + pod.meta.owners.front().name + "[" + pod.meta.owners.front().kind + "]");
  return found;
}

/// The flags that np-guard's file name stands for.
const std::map<std::string, compiler::ConnectivityQuestion>& focus_questions() {
  using ir::Direction;
  static const std::map<std::string, compiler::ConnectivityQuestion> kQuestions = {
      {"asset-cache", {.workloads = {"asset-cache"}}},
      {"backend_recommendation", {.workloads = {"backend/recommendation"}}},
      {"backend_recommendation_egress", {.workloads = {"backend/recommendation"}, .direction = Direction::Egress}},
      {"backend_recommendation_ingress", {.workloads = {"backend/recommendation"}, .direction = Direction::Ingress}},
      {"frontend_asset-cache", {.workloads = {"frontend/asset-cache"}}},
      {"backend_checkout_frontend_webapp_with_backend_recommendation",
       {.workloads = {"backend/checkout", "frontend/webapp"}, .peers = {"backend/recommendation"}}},
      {"checkout_ingress_with_webapp", {.workloads = {"checkout"}, .peers = {"webapp"}, .direction = Direction::Ingress}},
      {"checkout_reports_egress_with_recommendation_catalog",
       {.workloads = {"checkout", "reports"}, .peers = {"recommendation", "catalog"}, .direction = Direction::Egress}},
      {"emailservice", {.workloads = {"emailservice"}}}};
  return kQuestions;
}

/// Compares one list; returns how many of its lines weir has too.
std::size_t compare(const fs::path& list, const compiler::ConnectivityQuestion& question, Conventions& conventions) {
  INFO(list.string());
  const fs::path folder = list.parent_path().filename() == "focus" ? list.parent_path().parent_path() : list.parent_path();
  cli::CommonOptions options;
  options.dialect = "k8s";
  const auto input = cli::read_input({(folder / "input").string()}, options);
  REQUIRE(input);
  REQUIRE_FALSE(input->diagnostics.has(ir::Effect::Refuse));
  const auto answer = compiler::connectivity(input->resolved.policies, input->resolved.cluster, question);
  REQUIRE(answer);
  std::stringstream text(cli::connectivity_text(*answer));
  Lines ours, theirs;
  for (const std::string& line : lines_of(text))
    if (!conventions.only_ours(line)) ours.insert(line);
  std::ifstream in(list);
  const Lines finished = finished_pods(input->objects);
  for (const std::string& line : lines_of(in))
    if (const std::string own = conventions.theirs(line, finished); !own.empty()) theirs.insert(own);
  CHECK(ours == theirs);
  return theirs.size();
}

}  // namespace

TEST_CASE("np-guard's connection lists", "[corpus]") {
  const char* corpus = std::getenv("WEIR_CORPUS");
  if (corpus == nullptr) {
    std::cout << "SKIPPED: WEIR_CORPUS is not set\n";
    return;
  }
  Conventions conventions;
  std::size_t lists = 0, focused = 0, lines = 0;
  for (const auto& folder : fs::directory_iterator(fs::path(corpus) / "applications-np-guard")) {
    if (fs::exists(folder.path() / "connlist.txt")) lines += compare(folder.path() / "connlist.txt", {}, conventions), ++lists;
    if (!fs::exists(folder.path() / "focus")) continue;
    for (const auto& file : fs::directory_iterator(folder.path() / "focus")) {
      // Its workload is the made-up one.
      if (file.path().stem() == "ingress-controller") continue;
      const auto question = focus_questions().find(file.path().stem().string());
      INFO(file.path().string());
      REQUIRE(question != focus_questions().end());
      lines += compare(file.path(), question->second, conventions), ++focused;
    }
  }
  std::cout << "np-guard: " << lists << " lists and " << focused << " focused ones, " << lines << " lines equal; by convention:";
  for (const auto& [name, count] : conventions.used) std::cout << " " << name << " " << count << ";";
  std::cout << "\n";
  CHECK(lists == 5);
  CHECK(focused == 9);
  CHECK(lines > 150);
}
