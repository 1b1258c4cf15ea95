// From bytes to answers on a generated cluster: load, read, resolve, rule index, classes, tables of one node. Prints its
// figures (user CPU and wall time) and the peak memory; the bounds are ratios inside one run, so that a busy machine
// passes and a wrong complexity does not. WEIR_CAMPAIGN adds the cluster of 100,000 pods.
#include <sys/resource.h>

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
  run({});
}

TEST_CASE("the largest cluster", "[perf]") {
  if (std::getenv("WEIR_CAMPAIGN") == nullptr) {
    std::cout << "SKIPPED: WEIR_CAMPAIGN is not set\n";
    return;
  }
  run({100'000, 75'000, 1});
}

}  // namespace weir::perf
