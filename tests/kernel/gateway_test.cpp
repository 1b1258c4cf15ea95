// The gateway of testdata/clusters/lab/gateway/cart.yaml with real traffic (datapath.md 3 "Gateways").
#include <catch2/catch.hpp>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <fstream>
#include <iostream>
#include <iterator>
#include <sstream>
#include <thread>

#include "compiler/lower/listeners.h"
#include "tests/kernel/lab_nodes.h"

using namespace weir;
using namespace weir::kernel_test;

namespace {

constexpr const char* kGateway4 = "10.77.100.1";
constexpr const char* kGateway6 = "fd77:0:0:100::1";

/// Connections that the servers of a machine have accepted, as its own kernel counts them ("Tcp: PassiveOpens").
long accepted(const Lab& lab, const std::string& machine) {
  long count = -1;
  inside(lab.ns(machine), [&] {
    std::ifstream in("/proc/thread-self/net/snmp");
    std::vector<std::string> names;
    for (std::string line; std::getline(in, line);) {
      if (!line.starts_with("Tcp:")) continue;
      std::istringstream words(line);
      std::vector<std::string> row{std::istream_iterator<std::string>(words), {}};
      if (names.empty()) names = row;
      else
        for (std::size_t i = 0; i < row.size(); ++i)
          if (names[i] == "PassiveOpens") count = std::stol(row[i]);
    }
  });
  return count;
}

std::vector<lab::Attempt> attempts(const char* address, std::size_t count) {
  lab::Attempt attempt;
  attempt.address = address;
  attempt.port = 80;
  return std::vector<lab::Attempt>(count, attempt);
}

/// Says why for the first three. Catch2 may be used by one thread only, so not through it.
std::size_t failed(const std::vector<lab::Attempt>& all) {
  std::size_t count = 0;
  for (const lab::Attempt& attempt : all)
    if (!attempt.answered && ++count <= 3) std::cerr << attempt.address + ": " + attempt.why + "\n";
  return count;
}

/// The same listeners with other weights; a weight of 0 leaves the backend out.
std::vector<ir::TableListener> weighted(std::vector<ir::TableListener> listeners, std::uint64_t first, std::uint64_t second) {
  for (ir::TableListener& listener : listeners) {
    if (listener.kind != ir::ListenerKind::Balance) continue;
    listener.backends.at(0).weight = first;
    listener.backends.at(1).weight = second;
    std::erase_if(listener.backends, [](const ir::TableBackend& backend) { return backend.weight == 0; });
  }
  return listeners;
}

}  // namespace

TEST_CASE("10,000 real connections to a gateway are split 90/10 within 1.5 points", "[kernel][lab][gateway]") {
  if (const std::string why = why_no_lab(); !why.empty()) {
    std::cout << "SKIPPED: " << why << "\n";
    return;
  }
  const Lab lab;
  REQUIRE(lab.up());
  Nodes nodes;
  nodes.load(lab, lab_policies("policies-before", "gateway"), 1);
  for (const char* address : {kGateway4, kGateway6}) {
    const long backend = accepted(lab, "backend"), canary = accepted(lab, "canary");
    auto all = attempts(address, 10000);
    inside(lab.ns("frontend"), [&] { lab::run(all, 64, 3000); });
    const std::size_t lost = failed(all);
    CHECK(lost == 0);
    const long to_backend = accepted(lab, "backend") - backend, to_canary = accepted(lab, "canary") - canary;
    std::cout << "gateway " << address << ": 10,000 connections, " << lost << " failed, " << to_backend
              << " to the backend (weight 90), " << to_canary << " to the canary (weight 10)\n";
    CHECK(to_backend + to_canary == 10000);
    CHECK(std::abs(static_cast<double>(to_canary) / 100 - 10) <= 1.5);
  }
  // What needs a proxy is refused, and not passed on.
  auto refused = attempts("10.77.100.2", 20);
  inside(lab.ns("frontend"), [&] { lab::run(refused, 20, 500); });
  CHECK(std::none_of(refused.begin(), refused.end(), [](const auto& attempt) { return attempt.answered; }));
}

TEST_CASE("the backends of a gateway change under traffic and no connection fails", "[kernel][lab][gateway]") {
  if (const std::string why = why_no_lab(); !why.empty()) {
    std::cout << "SKIPPED: " << why << "\n";
    return;
  }
  const Lab lab;
  REQUIRE(lab.up());
  const LabPolicies policies = lab_policies("policies-before", "gateway");
  const auto listeners = compiler::lower_listeners(policies.resolved.routes, policies.resolved.cluster);
  Nodes nodes;
  nodes.load(lab, policies, 1);
  Conversation kept(lab.ns("frontend"), kGateway4, 80);
  REQUIRE(kept.connected());
  CHECK(kept.talks(2000));
  std::atomic<bool> done = false;
  std::size_t tried = 0, lost = 0;
  std::thread traffic([&] {
    while (!done) {
      auto all = attempts(tried % 2 == 0 ? kGateway4 : kGateway6, 101);
      inside(lab.ns("frontend"), [&] { lab::run(all, 16, 3000); });
      tried += all.size();
      lost += failed(all);
    }
  });
  constexpr int kChanges = 60;
  for (int change = 0; change < kChanges; ++change) {
    const std::vector<ir::TableListener> next =
        weighted(listeners, change % 3 == 0 ? 0 : 50, change % 3 == 1 ? 0 : 50);
    nodes.load(lab, policies, static_cast<std::uint64_t>(change) + 2, &next);
    CHECK(kept.talks(2000));
  }
  done = true;
  traffic.join();
  std::cout << "gateway: " << kChanges << " changes of the backends under traffic, " << tried << " connections, " << lost
            << " failed\n";
  CHECK(lost == 0);
  CHECK(tried > 1000);
  // And the last table is what decides: only the canary, then only the backend.
  for (const bool canary : {true, false}) {
    const std::vector<ir::TableListener> next = weighted(listeners, canary ? 0 : 1, canary ? 1 : 0);
    nodes.load(lab, policies, kChanges + (canary ? 2 : 3), &next);
    const long backend = accepted(lab, "backend"), other = accepted(lab, "canary");
    auto all = attempts(kGateway4, 200);
    inside(lab.ns("frontend"), [&] { lab::run(all, 16, 3000); });
    CHECK(failed(all) == 0);
    CHECK(accepted(lab, "backend") - backend == (canary ? 0 : 200));
    CHECK(accepted(lab, "canary") - other == (canary ? 200 : 0));
  }
}
