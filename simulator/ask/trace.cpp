#include "simulator/ask/trace.h"

#include <algorithm>
#include <charconv>

#include "ir/cluster/service_target.h"
#include "ir/flow/decided_by.h"
#include "ir/eval/eval.h"
#include "ir/flow/endpoint.h"

namespace weir::simulator {
namespace {

struct Target {
  ir::Endpoint endpoint;
  std::uint16_t port = 0;
};

/// The Service of the client's own cluster that has the address: others cannot be reached by it.
const ir::Service* service_at(const ir::Cluster& cluster, const std::optional<ir::IpAddress>& address, const std::string& from) {
  if (!address) return nullptr;
  for (const ir::Service& service : cluster.services)
    if (service.cluster == from &&
        std::find(service.cluster_ips.begin(), service.cluster_ips.end(), *address) != service.cluster_ips.end())
      return &service;
  return nullptr;
}

// policy.md 4.5: policy sees the backend and its own port, never the address of the Service.
std::vector<Target> behind(const ir::Cluster& cluster, const ir::Service& service, const TraceQuestion& question) {
  std::vector<Target> out;
  for (const ir::ServicePort& port : service.ports) {
    if (port.port != question.port || port.protocol != question.protocol) continue;
    for (const ir::ServiceBackend& backend : ir::backends(cluster, service, port))
      out.push_back({backend.pod ? ir::endpoint_of(cluster, *backend.pod) : ir::endpoint_of(cluster, backend.address), backend.port});
  }
  return out;
}

void note(TraceAnswer& out, std::string text) {
  auto& assumptions = out.decision.assumptions;
  assumptions.push_back(std::move(text));
  std::sort(assumptions.begin(), assumptions.end());
}

ir::Result<TraceAnswer> through_service(const compiler::Resolved& resolved, const ir::Files& files,
                                        const TraceQuestion& question, const ir::Endpoint& source,
                                        const ir::Service& service) {
  const std::string name = "Service `" + service.namespace_name + "/" + service.name + "`";
  const auto targets = behind(resolved.cluster, service, question);
  if (targets.empty())
    return ir::failure(name + " has nothing ready behind port " + std::to_string(question.port) + "/" +
                           ir::to_text(question.protocol) + " that the input knows", 2);
  std::optional<TraceAnswer> first;
  bool differ = false;
  for (const Target& target : targets) {
    TraceAnswer one = trace_flow(resolved, files, {source, target.endpoint, question.protocol, target.port, 0, question.request});
    if (!first)
      first = std::move(one);
    else
      differ = differ || one.decision.verdict != first->decision.verdict;
  }
  note(*first, "the address belongs to " + name + "; policy sees its pods, here `" + first->flow.destination.name + "`");
  if (!differ) return *first;
  first->decision.verdict = ir::Verdict::Unknown;
  note(*first, "the pods behind " + name + " fare differently");
  return *first;
}

}  // namespace

TraceAnswer trace_flow(const compiler::Resolved& resolved, const ir::Files& files, ir::Flow flow) {
  TraceAnswer out;
  out.flow = std::move(flow);
  out.decision = ir::decide(resolved.policies, resolved.cluster, out.flow);
  const auto side = [&](const ir::SideDecision& decision, ir::Direction direction) {
    return TraceSide{decision, decided_by(resolved.policies, files, decision, direction),
                     isolated_by(resolved.policies, files, decision)};
  };
  out.egress = side(out.decision.egress, ir::Direction::Egress);
  out.ingress = side(out.decision.ingress, ir::Direction::Ingress);
  if (out.decision.l7) out.l7_decided_by = decided_by(resolved.policies, files, *out.decision.l7);
  return out;
}

ir::Party at_home(ir::Party party, const ir::Settings& settings) {
  if (party.cluster == settings.cluster_name) party.cluster.clear();
  return party;
}

ir::Result<std::pair<ir::Endpoint, ir::Endpoint>> both_ends(const ir::Cluster& cluster, const ir::Party& source,
                                                            const ir::Party& destination) {
  const bool source_last = source.kind == ir::PartyKind::Entity && destination.kind != ir::PartyKind::Entity;
  const ir::Party& early = source_last ? destination : source;
  const ir::Party& late = source_last ? source : destination;
  auto one = ir::endpoint_of(cluster, early, nullptr);
  if (!one) return tl::unexpected(one.error());
  auto two = ir::endpoint_of(cluster, late, &*one);
  if (!two) return tl::unexpected(two.error());
  if (source_last) std::swap(*one, *two);
  return std::pair(std::move(*one), std::move(*two));
}

std::optional<std::uint16_t> named_port(const ir::Cluster& cluster, const ir::Party& destination, ir::Protocol protocol,
                                        std::string_view name) {
  for (const ir::Pod& pod : cluster.pods) {
    if (pod.namespace_name != destination.namespace_name || pod.cluster != destination.cluster) continue;
    const bool meant = destination.kind == ir::PartyKind::Pod        ? pod.name == destination.name
                       : destination.kind == ir::PartyKind::Workload ? pod.workload.name == destination.name
                                                                     : false;
    if (!meant) continue;
    for (const ir::ContainerPort& port : pod.ports)
      if (port.name == name && port.protocol == protocol) return port.port;
  }
  return std::nullopt;
}

ir::Result<TraceAnswer> trace(const compiler::Resolved& resolved, const ir::Files& files, const TraceQuestion& question) {
  const auto ends = both_ends(resolved.cluster, question.source, question.destination);
  if (!ends) return tl::unexpected(ends.error());
  if (question.destination.kind == ir::PartyKind::Ip)
    if (const ir::Service* service = service_at(resolved.cluster, question.destination.address, question.source.cluster))
      return through_service(resolved, files, question, ends->first, *service);
  return trace_flow(resolved, files, {ends->first, ends->second, question.protocol, question.port, question.icmp_code,
                                 question.request});
}

}  // namespace weir::simulator
