// From bytes to answers on a generated cluster: load, read, resolve, rule index, classes, tables of one node. Prints its
// figures (CPU and wall time) and the peak memory. The bounds are ratios inside one run, of a cluster and one of a tenth of
// it, so that a busy machine passes and a wrong complexity does not. WEIR_CAMPAIGN adds the cluster of 100,000 pods.
#include <sys/resource.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iostream>

#include "compiler/api/object_set.h"
#include "compiler/lower/lower.h"
#include "compiler/resolve/cluster.h"
#include "compiler/resolve/lints.h"
#include "compiler/resolve/policies.h"
#include "ir/cluster/settings_merge.h"
#include "tests/perf/big_cluster.h"

namespace weir::perf {
namespace {

namespace fs = std::filesystem;
using namespace weir::compiler;

double cpu_now() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& t) { return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6; };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

long peak_mb() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss / 1024;
}

/// Runs one step and prints it; its CPU seconds.
double step(const char* name, const std::function<void()>& work) {
  const auto begin = std::chrono::steady_clock::now();
  const double cpu = cpu_now();
  work();
  const double used = cpu_now() - cpu;
  const double wall = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  std::cout << "perf:   " << name << " " << used * 1e3 << " ms of CPU, " << wall * 1e3 << " ms, peak " << peak_mb() << " MB\n";
  return used;
}

/// The files of one size, removed at the end.
struct Folder {
  fs::path path;
  explicit Folder(const ClusterSize& size) : path(fs::temp_directory_path() / ("weir-cluster-" + std::to_string(getpid()))) {
    fs::create_directories(path);
    std::ofstream inventory(path / "inventory.json"), policies(path / "policies.json");
    write_inventory(size, inventory);
    write_policies(size, policies);
  }
  ~Folder() { fs::remove_all(path); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
};

/// CPU seconds of one run.
struct Times {
  double load = 0, cluster = 0, policies = 0, lints = 0, index = 0, classify = 0, tables = 0;
  [[nodiscard]] double validate() const { return load + cluster + policies + lints; }
};

/// What ten times the input costs, over ten times the cost: 1 is linear. `small` is the cheaper of several runs, `large`
/// one alone, which a busy machine makes dearer; a step that goes through all pairs has 10 here.
void check_growth(const char* name, double small, double large, double most) {
  const double growth = large / (10 * small);
  std::cout << "perf:   " << name << ": " << growth << " times the cost for each object in a cluster ten times as large\n";
  CHECK(growth <= most);
}

Times lesser(const Times& a, const Times& b) {
  return {std::min(a.load, b.load),   std::min(a.cluster, b.cluster),   std::min(a.policies, b.policies), std::min(a.lints, b.lints),
          std::min(a.index, b.index), std::min(a.classify, b.classify), std::min(a.tables, b.tables)};
}

void classify(const ir::Cluster& cluster, ir::RuleIndex& index) {
  Classifier classifier(index);
  for (const ir::Pod& pod : cluster.pods) {
    static_cast<void>(classifier.subject(pod.labels));
    static_cast<void>(classifier.peer(pod.labels, pod.addresses.front()));
  }
}

Times run(const ClusterSize& size) {
  const Folder folder(size);
  std::cout << "perf: " << size.pods << " pods, " << size.policies << " policies\n";
  Times times;
  ir::Files files;
  ir::Diagnostics diagnostics;
  const ir::Settings settings = *ir::merge_settings({});
  Objects objects;
  times.load = step("load and read", [&] {
    ObjectReader reader(diagnostics);
    const auto sources = load({folder.path.string()}, {}, files, diagnostics, [&](Document& document) { reader.take(document); });
    objects = reader.finish();
  });
  ir::Cluster cluster;
  ir::PolicySet policies;
  ir::RuleIndex index;
  times.cluster = step("resolve the inventory", [&] { cluster = resolve_cluster(objects, settings); });
  times.policies = step("resolve the policies", [&] { policies = resolve_policies(objects.policies, cluster, diagnostics); });
  times.lints = step("lints", [&] { lint_policies(objects, cluster, policies, compiler::Lints::Yes, diagnostics); });
  times.index = step("rule index", [&] { index = index_rules(policies, cluster); });
  times.classify = step("every pod classified", [&] { classify(cluster, index); });
  ir::TableSet tables;
  times.tables = step("tables of a node", [&] {
    auto made = lower(policies, cluster, {}, "node-7");
    if (!made) FAIL(made.error().message);
    tables = std::move(*made);
  });
  std::cout << "perf:   " << policies.rules.size() << " rules, " << index.subjects.size() << " subject classes, "
            << tables.endpoints.size() << " endpoints, " << tables.cells.size() << " cells, " << diagnostics.list().size()
            << " findings; validate " << times.validate() * 1e3 << " ms, index and classes "
            << (times.index + times.classify) * 1e3 << " ms\n";
  CHECK(cluster.pods.size() == size.pods);
  CHECK(policies.policies.size() == size.policies);
  CHECK(tables.endpoints.size() == 110);
  for (const ir::Diagnostic& one : diagnostics.list())
    if (ir::info(one.kind).severity == ir::Severity::Error) {
      FAIL_CHECK(one.detail);
      break;
    }
  return times;
}

}  // namespace

TEST_CASE("from bytes to answers", "[perf]") {
  const ClusterSize large;
  const ClusterSize small{large.pods / 10, large.policies / 10, large.seed};
  Times least = run(small);
  for (int i = 0; i < 2; ++i) least = lesser(least, run(small));
  const Times whole = run(large);
  check_growth("load and read", least.load, whole.load, 2.5);
  check_growth("resolve", least.cluster + least.policies, whole.cluster + whole.policies, 4);
  check_growth("lints", least.lints, whole.lints, 4);
  check_growth("validate", least.validate(), whole.validate(), 2.5);
  // The parts are a few milliseconds of the small cluster, so a disturbance shows in them.
  check_growth("rule index and classes", least.index + least.classify, whole.index + whole.classify, 4);
  check_growth("tables of a node", least.tables, whole.tables, 2.5);
}

TEST_CASE("the largest cluster", "[perf]") {
  if (std::getenv("WEIR_CAMPAIGN") == nullptr) {
    std::cout << "SKIPPED: WEIR_CAMPAIGN is not set\n";
    return;
  }
  run({100'000, 75'000, 1});
}

}  // namespace weir::perf
