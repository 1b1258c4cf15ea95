#pragma once

#include <cstdint>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "tests/perf/hubble_line.h"
#include "tests/perf/known_traffic.h"

// The inside of write_traffic: the cluster, who talks to whom, and what the change does to them.

namespace weir::perf {

/// What policies a namespace has.
enum class Regime : std::uint8_t {
  Ingress,  // a default deny of ingress
  Both,     // and of egress
  Labelled, // as Ingress; the change denies what is labelled `tier: legacy`
  Enforced, // no policy; the change brings a default deny of ingress, and no rule
  Open,     // no policy, before and after
};
[[nodiscard]] constexpr Regime regime_of(std::uint32_t namespace_number) { return static_cast<Regime>(namespace_number % 5); }
[[nodiscard]] constexpr bool denies_egress(Regime regime) { return regime == Regime::Both; }
[[nodiscard]] constexpr bool denies_ingress(Regime regime, bool after) {
  return regime != Regime::Open && (regime != Regime::Enforced || after);
}

struct AppPod {
  PodEnd pod;
  End end;
};

struct App {
  std::uint32_t namespace_number = 0, number = 0;
  std::string namespace_name, name;
  bool legacy = false;  // has the label `tier: legacy`
  std::vector<AppPod> pods;
  [[nodiscard]] Regime regime() const { return regime_of(namespace_number); }
};

/// One end of a pair: an app, or a block of addresses outside.
struct Side {
  std::optional<std::uint32_t> app;
  std::uint32_t block = 0;  // of /27, where there is no app
  auto operator<=>(const Side&) const = default;
};
[[nodiscard]] std::string cidr_of(const Side&, bool client);
[[nodiscard]] std::string address_in(const Side&, bool client, std::uint32_t number);

/// The two rules that let a pair talk: in a policy of the server for its ingress, of the client for its egress.
struct Rules {
  bool ingress = true, egress = true;
};

struct Pair {
  Side client, server;
  Wire wire = Wire::Tcp;
  std::uint16_t port = 0;   // nothing for ICMP
  bool range = false;       // the rules are for PORT to PORT + 3, after the change from PORT + 1 when `narrowed`
  bool narrowed = false;
  bool service = false;     // the client asked for a service
  Rules before, after;
  std::uint32_t connections = 0;
};

struct Cluster {
  TrafficPlan plan;
  std::vector<App> apps;
  std::vector<Pair> pairs;

  [[nodiscard]] const App* app(const Side& side) const { return side.app ? &apps[*side.app] : nullptr; }
  /// Which side drops the pair's connections: neither, or the first of them that does.
  [[nodiscard]] bool egress_denied(const Pair&, bool after) const;
  [[nodiscard]] bool ingress_denied(const Pair&, bool after) const;
  [[nodiscard]] bool denied(const Pair& pair, bool after) const { return egress_denied(pair, after) || ingress_denied(pair, after); }
};

[[nodiscard]] Cluster make_cluster(const TrafficPlan&, std::mt19937_64&);

/// The manifests before or after the change, as YAML.
[[nodiscard]] std::string manifests_of(const Cluster&, bool after);

}  // namespace weir::perf
