// Ties, hostnames and targets (gateway.md 4: V2, V5, V7). Tested by tests/unit/compiler/resolve/gateway_lints_test.cpp.
#include "compiler/resolve/gateway_lints.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "compiler/resolve/gateway_report.h"
#include "ir/base/code.h"
#include "ir/cluster/service_target.h"
#include "ir/route/hostname.h"

namespace weir::compiler {
namespace {

std::string called(const ir::Route& route) { return route.kind + " `" + route.namespace_name + "/" + route.name + "`"; }

/// Matches that take the same requests in the same rank are written alike.
ir::RouteMatch normal(ir::RouteMatch match) {
  std::sort(match.headers.begin(), match.headers.end());
  std::sort(match.query.begin(), match.query.end());
  if (match.path.kind == ir::PathKind::Prefix && match.path.value.size() > 1 && match.path.value.ends_with('/')) match.path.value.pop_back();
  return match;
}

struct Place {
  std::size_t route = 0, rule = 0;
};

bool older(const ir::Route& a, const ir::Route& b) {
  return std::tuple(a.created.empty(), a.created, a.namespace_name, a.name) < std::tuple(b.created.empty(), b.created, b.namespace_name, b.name);
}

void tell_tie(const ir::RouteTable& table, Place one, Place other, const ir::RouteMatch& match, const std::string& host, ir::Diagnostics& diagnostics) {
  if (older(table.routes[other.route], table.routes[one.route])) std::swap(one, other);
  const ir::Route &winner = table.routes[one.route], &loser = table.routes[other.route];
  const std::string by = winner.created == loser.created ? "by its name" : "by its age";
  std::string detail = called(loser) + " and " + called(winner) + " have an equal match for " + (host.empty() ? "every host" : "`" + host + "`") + ", " +
                       ir::to_text(match) + ": the second one wins " + by;
  if (ir::behaviour(table.dialect).joins_rules_across_routes)
    detail += "; " + std::string(ir::to_text(table.dialect)) + " sends a share of the requests to the backends of each";
  report(diagnostics, ir::Code::RouteTie, loser.rules[other.rule].origin, std::move(detail), "give one of them another path, host or header",
         {{winner.rules[one.rule].origin, "the equal match"}});
}

std::vector<std::string> names_of(const ir::Route& route) { return route.hostnames.empty() ? std::vector<std::string>{""} : route.hostnames; }

/// Whether requests for `name` that reach the port come to another, more specific listener, where the route is not.
bool taken_away(const ir::RouteTable& table, const ir::Route& route, std::uint32_t listener, const std::string& name) {
  const ir::Listener& own = table.listeners[listener];
  return std::any_of(table.listeners.begin(), table.listeners.end(), [&](const ir::Listener& other) {
    const auto number = static_cast<std::uint32_t>(&other - table.listeners.data());
    const bool beside = other.usable && other.gateway == own.gateway && other.gateway_namespace == own.gateway_namespace &&
                        other.port == own.port && other.protocol == own.protocol;
    return beside && ir::host_rank(other.hostname) > ir::host_rank(own.hostname) && ir::intersect(other.hostname, name) == name &&
           !std::binary_search(route.listeners.begin(), route.listeners.end(), number);
  });
}

void lint_hostname(const ir::RouteTable& table, const ir::Route& route, const std::string& name, ir::Diagnostics& diagnostics) {
  const auto meets = [&](std::uint32_t i) { return ir::intersect(table.listeners[i].hostname, name).has_value(); };
  if (std::none_of(route.listeners.begin(), route.listeners.end(), meets))
    return report(diagnostics, ir::Code::HostnameUnused, route.origin,
                  called(route) + ": no listener that takes the route takes the hostname `" + name + "`, so no request can bring it");
  const bool never = std::all_of(route.listeners.begin(), route.listeners.end(),
                                 [&](std::uint32_t i) { return !meets(i) || taken_away(table, route, i, name); });
  if (never)
    report(diagnostics, ir::Code::HostnameUnused, route.origin,
           called(route) + ": requests for `" + name + "` come to a more specific listener, which the route is not attached to",
           "attach the route to that listener");
}

}  // namespace

void lint_ties(const ir::RouteTable& table, ir::Diagnostics& diagnostics) {
  std::map<std::tuple<std::uint32_t, std::string, std::string, ir::RouteMatch>, Place> first;
  std::set<std::tuple<std::size_t, std::size_t, std::size_t>> told;
  for (std::size_t r = 0; r < table.routes.size(); ++r) {
    const ir::Route& route = table.routes[r];
    if (route.kind != "HTTPRoute" && route.kind != "GRPCRoute") continue;
    for (const std::uint32_t listener : route.listeners)
      for (const std::string& host : names_of(route))
        for (std::size_t u = 0; u < route.rules.size(); ++u)
          for (const ir::RouteMatch& match : route.rules[u].matches) {
            const auto [at, added] = first.emplace(std::tuple(listener, route.kind, host, normal(match)), Place{r, u});
            if (added || at->second.route == r || !told.emplace(at->second.route, r, u).second) continue;
            tell_tie(table, at->second, {r, u}, match, host, diagnostics);
          }
  }
}

void lint_hostnames(const ir::RouteTable& table, ir::Diagnostics& diagnostics) {
  for (const ir::Route& route : table.routes)
    if (!route.listeners.empty() && route.kind != "TCPRoute" && route.kind != "UDPRoute")
      for (const std::string& name : route.hostnames) lint_hostname(table, route, name, diagnostics);
}

void lint_targets(const ir::RouteTable& table, const ir::Cluster& cluster, ir::Diagnostics& diagnostics) {
  std::set<std::tuple<std::string, std::string, std::uint16_t>> seen;
  const auto lint = [&](const ir::Backend& backend) {
    if (!backend.invalid.empty() || !seen.emplace(backend.namespace_name, backend.service, backend.port).second) return;
    const ir::Service* service = cluster.find_service(backend.namespace_name, backend.service);
    if (service == nullptr || !service->selector || service->selector->empty()) return;
    for (const ir::ServicePort& port : service->ports) {
      if (port.port != backend.port) continue;
      std::size_t pods = 0, with = 0, silent = 0;
      for (const ir::Pod& pod : cluster.pods) {
        if (!ir::selects(*service, pod)) continue;
        ++pods;
        const auto target = ir::target_port(pod, port);
        silent += pod.ports.empty() && target ? 1 : 0;  // a port that nobody declares may still be open
        with += target && std::any_of(pod.ports.begin(), pod.ports.end(), [&](const ir::ContainerPort& p) { return p.port == *target; }) ? 1 : 0;
      }
      if (pods == 0 || with > 0 || silent > 0) continue;
      report(diagnostics, ir::Code::BackendPortUnserved, backend.origin,
             "Service `" + backend.namespace_name + "/" + backend.service + "` sends port " + std::to_string(port.port) + " to `" +
                 (port.target.empty() ? std::to_string(port.port) : port.target) + "`, which none of its " + std::to_string(pods) + " pods declares",
             "name a port of the containers in `targetPort`", {{service->origin, "the Service"}});
    }
  };
  for (const ir::Route& route : table.routes)
    for (const ir::RouteRule& rule : route.rules) std::for_each(rule.backends.begin(), rule.backends.end(), lint);
}

}  // namespace weir::compiler
