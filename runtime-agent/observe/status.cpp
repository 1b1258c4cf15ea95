#include "runtime-agent/observe/status.h"

#include <fmt/format.h>

#include <iterator>

#include "runtime-agent/observe/observer.h"

namespace weir::agent {
namespace {

struct Counter {
  const char* name;
  std::uint32_t key;
};
constexpr Counter kCounters[] = {{"established", WEIR_METRIC_ESTABLISHED}, {"allowed", WEIR_METRIC_ALLOWED},
                                 {"denied", WEIR_METRIC_DENIED},           {"invalid", WEIR_METRIC_INVALID},
                                 {"audited", WEIR_METRIC_AUDITED},         {"unchecked", WEIR_METRIC_UNCHECKED}};

std::string counters(const Datapath& datapath, std::uint32_t direction) {
  std::string out;
  for (const Counter& counter : kCounters) {
    const Metric metric = read_metric(datapath, counter.key + WEIR_METRIC_PER_DIRECTION * direction);
    out += fmt::format("{}{} {}", out.empty() ? "" : ", ", counter.name, metric.packets);
  }
  return out;
}

/// An agent without a proxy refuses what only one could serve, and says so (datapath.md 3 "Gateways").
std::string listener_lines(const backends::Bundle& bundle) {
  std::string out;
  for (const backends::ListenerEntry& l : bundle.maps.listeners) {
    const bool v6 = l.address.family == ir::IpFamily::V6;
    out += fmt::format("listener: {} {}{}{}:{}/{} ", l.name, v6 ? "[" : "", ir::to_text(l.address), v6 ? "]" : "", l.port,
                       ir::to_text(static_cast<ir::Protocol>(l.protocol)));
    if (l.kind == WEIR_LISTENER_BALANCE) out += fmt::format("balanced over {} backends\n", l.count);
    else if (l.kind == WEIR_LISTENER_REDIRECT) out += fmt::format("refused, it needs a proxy and there is none: {}\n", l.reason);
    else out += fmt::format("refused: {}\n", l.reason);
  }
  return out;
}

}  // namespace

std::string status_text(const Datapath& datapath, const Progress& progress) {
  const auto bundle = datapath.current();
  if (!bundle) return "generation: 0\n";
  std::string out = fmt::format("generation: {}\nnode: {}\nshape: {}\nepoch: {}\n", bundle->generation, bundle->node,
                                bundle->shape, datapath.epoch());
  for (const Interface& interface : datapath.interfaces())
    out += fmt::format("interface: {} {}/{}\n", interface.name, interface.namespace_name, interface.pod);
  out += listener_lines(*bundle);
  out += fmt::format("rules: {}\nprefixes: {}\n", bundle->rules.size(), progress.last.prefixes);
  out += fmt::format("last load: {} in {} us, {} canary packets\n",
                     progress.last.replaced_program ? "new program" : "flip", progress.last.micros,
                     progress.last.canaries);
  out += fmt::format("loads: {}\nrefused: {}\n", progress.loads, progress.refused);
  if (!progress.last_refusal.empty()) out += fmt::format("last refusal: {}\n", progress.last_refusal);
  out += fmt::format("ingress packets: {}\negress packets: {}\n", counters(datapath, WEIR_INGRESS),
                     counters(datapath, WEIR_EGRESS));
  out += fmt::format("conntrack full: {}\nevents: {}\nevents lost: {}\n",
                     read_metric(datapath, WEIR_METRIC_CT_FULL).packets, progress.events, progress.lost);
  return out;
}

}  // namespace weir::agent
