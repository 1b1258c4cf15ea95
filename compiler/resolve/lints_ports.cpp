// policy.md 4.5 and corner case 19: a connection to a Service reaches policy with the pod's address and the target port.
// Tested by tests/unit/compiler/resolve/lints_test.cpp.

#include "compiler/resolve/lints_ports.h"

#include <algorithm>

#include "ir/base/code.h"
#include "ir/cluster/service_target.h"

namespace weir::compiler {
namespace {

ir::Selector selector_of(const ir::Service& service) {
  ir::Selector out;
  out.add(ir::equals("k8s", ir::kNamespaceKey, service.namespace_name));
  for (const auto& [key, value] : *service.selector) out.add(ir::equals("k8s", key, value));
  return out;
}

bool is_one(const PortSpec& port) { return port.name.empty() && port.ports.first == port.ports.last; }

}  // namespace

PortLint::PortLint(const Lint& lint) : lint_(lint), targets_(lint.cluster.pods.size()) {
  for (const ir::Service& service : lint.cluster.services) {
    if (!service.selector || service.selector->empty()) continue;
    lint.pods.visit(selector_of(service), [&](std::uint32_t pod) {
      for (const ir::ServicePort& port : service.ports)
        if (const auto target = ir::target_port(lint.cluster.pods[pod], port))
          targets_[pod].push_back({&service, port.protocol, port.port, *target});
      return true;
    });
  }
}

const PortLint::Target* PortLint::renamed(std::uint32_t pod, const PortSpec& written) const {
  const std::uint16_t port = written.ports.first;
  const auto& own = lint_.cluster.pods[pod].ports;
  if (std::any_of(own.begin(), own.end(), [&](const auto& p) { return p.port == port && p.protocol == written.protocol; }))
    return nullptr;
  const Target* found = nullptr;
  for (const Target& target : targets_[pod]) {
    if (target.protocol != written.protocol) continue;
    if (target.target == port) return nullptr;
    if (target.port == port && !found) found = &target;
  }
  return found;
}

void PortLint::report(const WrittenElement& element, const PortSpec& written, const Target& target) const {
  const bool has_target = std::any_of(element.ports.begin(), element.ports.end(), [&](const PortSpec* port) {
    return !port->name.empty() || port->ports.contains(target.target);
  });
  if (has_target) return;  // whoever wrote it knows both
  lint_.report(ir::Code::ServicePortUsed, written.span,
               "port `" + std::to_string(target.port) + "` is that of Service " +
                   show(target.service->namespace_name + "/" + target.service->name) + ", whose pods listen on `" +
                   std::to_string(target.target) + "`",
               "write `" + std::to_string(target.target) + "`");
}

/// Certain only when every pod that is selected is behind such a Service.
void PortLint::look_at(const WrittenElement& element, const ir::Selector& pods) const {
  constexpr int kEnough = 256;  // of one mind: nobody puts more behind one port by accident
  for (const PortSpec* port : element.ports) {
    if (!is_one(*port)) continue;
    const Target* found = nullptr;
    int seen = 0;
    lint_.pods.visit(pods, [&](std::uint32_t pod) {
      const Target* one = renamed(pod, *port);
      if (!one) {
        found = nullptr;
        return false;
      }
      if (!found) found = one;
      return ++seen < kEnough;
    });
    if (found) report(element, *port, *found);
  }
}

void PortLint::look_at(const WrittenElement& element, const CiliumService& named) const {
  if (named.name.empty() || named.namespace_name.empty()) return;
  const ir::Service* service = lint_.cluster.find_service(named.namespace_name, named.name);
  if (service && service->selector && !service->selector->empty()) look_at(element, selector_of(*service));
}

void PortLint::look(const WrittenPolicy& policy) const {
  if (lint_.pods.empty() || policy.on_nodes) return;
  for (const WrittenElement& element : policy.elements) {
    if (element.direction == ir::Direction::Ingress) {
      if (PodIndex::about_pods(policy.subject.resolved)) look_at(element, policy.subject.resolved);
      continue;
    }
    for (const WrittenSelector& peer : element.peers)
      if (PodIndex::about_pods(peer.resolved)) look_at(element, peer.resolved);
    for (const CiliumService* service : element.services) look_at(element, *service);
  }
}

}  // namespace weir::compiler
