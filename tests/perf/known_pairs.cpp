#include "tests/perf/known_pairs.h"

#include <fmt/format.h>

#include <set>
#include <tuple>

namespace weir::perf {
namespace {

constexpr std::uint32_t kBlocks = 4;
constexpr std::uint16_t kPorts[] = {53, 5432, 8080, 8443, 9000};

App make_app(const TrafficPlan& plan, std::uint32_t namespace_number, std::uint32_t number) {
  App app{namespace_number, number, fmt::format("team-{}", namespace_number), fmt::format("app-{}", number), number % 4 == 1, {}};
  for (std::uint32_t r = 0; r < plan.replicas; ++r) {
    const std::uint32_t serial = (namespace_number * plan.workloads + number) * plan.replicas + r;
    PodEnd pod;
    pod.namespace_name = app.namespace_name;
    pod.workload = app.name;
    pod.pod = fmt::format("{}-5f6c7d8b9-{:05x}", app.name, serial * 7919 % 1048576);
    pod.node = fmt::format("node-{}", serial % plan.nodes);
    pod.address = fmt::format("10.20.{}.{}", serial / 200, 2 + serial % 200);
    pod.address6 = fmt::format("fd00:20::{:x}", 16 + serial);
    pod.identity = 20000 + namespace_number * 100 + number;
    pod.endpoint = 200 + serial;
    if (app.legacy) pod.tier = "legacy";
    app.pods.push_back({pod, end_of(pod)});
  }
  return app;
}

class PairMaker {
 public:
  PairMaker(Cluster& cluster, std::mt19937_64& random) : cluster_(cluster), random_(random) {}

  void run() {
    for (std::uint32_t tries = 0; cluster_.pairs.size() < cluster_.plan.pairs && tries < 100 * cluster_.plan.pairs; ++tries) {
      Pair pair = draw();
      // A pair is told by these, and so are its rules: no other's rule lets it talk.
      if (!taken_.insert(std::tuple(pair.client, pair.server, pair.wire, pair.port)).second) continue;
      decide(pair);
      cluster_.pairs.push_back(pair);
    }
    delete_a_policy();
  }

 private:
  std::uint32_t below(std::uint32_t limit) { return static_cast<std::uint32_t>(random_() % limit); }
  bool enforces(const Side& side, bool egress) const {
    const App* app = cluster_.app(side);
    return app != nullptr && (egress ? denies_egress(app->regime()) : denies_ingress(app->regime(), false));
  }

  Pair draw() {
    Pair pair;
    const auto apps = static_cast<std::uint32_t>(cluster_.apps.size());
    const std::uint32_t client = below(apps), server = (client + 1 + below(apps - 1)) % apps, outside = below(6);
    if (outside != 0) pair.client.app = client;
    else pair.client.block = below(kBlocks);
    if (outside != 1) pair.server.app = server;
    else pair.server.block = below(kBlocks);
    const std::uint32_t wire = below(8);
    pair.wire = wire == 0 ? Wire::Icmp : wire <= 2 ? Wire::Udp : Wire::Tcp;
    // Rules of a range of ports, and rules about ICMP, are only made between pods.
    const bool inside = pair.client.app && pair.server.app;
    if (!inside && pair.wire == Wire::Icmp) pair.wire = Wire::Tcp;
    if (pair.wire != Wire::Icmp) pair.port = kPorts[below(std::size(kPorts))];
    pair.range = inside && pair.wire != Wire::Icmp && below(3) == 0;
    pair.service = inside && pair.wire == Wire::Tcp && below(4) == 0;
    pair.connections = 1 + below(cluster_.plan.connections);
    return pair;
  }

  /// What is recorded of it, and what the change does to it.
  void decide(Pair& pair) {
    const bool egress = enforces(pair.client, true), ingress = enforces(pair.server, false);
    if ((egress || ingress) && below(4) == 0) {
      // Dropped as recorded: a rule is missing, or both are. One in three is let in by the change.
      const std::uint32_t which = below(3);
      pair.before = {!(ingress && (which != 0 || !egress)), !(egress && (which != 1 || !ingress))};
      pair.after = below(3) == 0 ? Rules{} : pair.before;
      return;
    }
    switch (below(8)) {
      case 0: pair.after.ingress = false; break;
      case 1: pair.after.egress = false; break;
      case 2: pair.after = {false, false}; break;
      case 3: pair.narrowed = pair.range; break;
      default: break;
    }
  }

  /// All that lets others into the first app of an enforced namespace.
  void delete_a_policy() {
    for (Pair& pair : cluster_.pairs) {
      const App* server = cluster_.app(pair.server);
      if (server != nullptr && server->number == 0 && server->regime() == Regime::Ingress) pair.after.ingress = false;
    }
  }

  Cluster& cluster_;
  std::mt19937_64& random_;
  std::set<std::tuple<Side, Side, Wire, std::uint16_t>> taken_;
};

}  // namespace

std::string cidr_of(const Side& side, bool client) { return fmt::format("{}.{}/27", client ? "203.0.113" : "198.51.100", side.block * 32); }

std::string address_in(const Side& side, bool client, std::uint32_t number) {
  return fmt::format("{}.{}", client ? "203.0.113" : "198.51.100", side.block * 32 + number % 32);
}

bool Cluster::egress_denied(const Pair& pair, bool after) const {
  const App* client = app(pair.client);
  if (client == nullptr || !denies_egress(client->regime())) return false;
  return after ? !pair.after.egress || pair.narrowed : !pair.before.egress;
}

bool Cluster::ingress_denied(const Pair& pair, bool after) const {
  const App* server = app(pair.server);
  if (server == nullptr || !denies_ingress(server->regime(), after)) return false;
  if (!after) return !pair.before.ingress;
  const App* client = app(pair.client);
  if (server->regime() == Regime::Labelled && client != nullptr && client->legacy) return true;
  return server->regime() == Regime::Enforced || !pair.after.ingress || pair.narrowed;
}

Cluster make_cluster(const TrafficPlan& plan, std::mt19937_64& random) {
  Cluster cluster{plan, {}, {}};
  for (std::uint32_t n = 0; n < plan.namespaces; ++n)
    for (std::uint32_t w = 0; w < plan.workloads; ++w) cluster.apps.push_back(make_app(plan, n, w));
  PairMaker(cluster, random).run();
  return cluster;
}

}  // namespace weir::perf
