// BackendTLSPolicy (gateway.md 39). Tested by tests/unit/compiler/resolve/gateway_test.cpp.
#include "compiler/resolve/backend_tls.h"

#include <algorithm>
#include <tuple>

#include "compiler/resolve/gateway_report.h"
#include "compiler/resolve/listener_tls.h"
#include "ir/base/code.h"

namespace weir::compiler {
namespace {

std::string called(const BackendTlsPolicyObject& policy) { return "BackendTLSPolicy `" + name_of(policy.meta) + "`"; }

const ir::ServicePort* port_named(const ir::Service& service, const std::string& name) {
  for (const ir::ServicePort& port : service.ports)
    if (port.name == name) return &port;
  return nullptr;
}

}  // namespace

BackendTls::BackendTls(const GatewayObjects& objects, const ir::Cluster& cluster, ir::Diagnostics& diagnostics) {
  std::vector<const BackendTlsPolicyObject*> order;
  for (const BackendTlsPolicyObject& policy : objects.tls_policies) order.push_back(&policy);
  // The oldest has its targets, then by namespace and name.
  const auto age = [](const BackendTlsPolicyObject* p) {
    return std::tuple(p->meta.created.empty(), p->meta.created, p->meta.namespace_name, p->meta.name);
  };
  std::stable_sort(order.begin(), order.end(), [&](auto* a, auto* b) { return age(a) < age(b); });
  for (const BackendTlsPolicyObject* policy : order) judge(*policy, objects, cluster, diagnostics);
}

void BackendTls::judge(const BackendTlsPolicyObject& policy, const GatewayObjects& objects, const ir::Cluster& cluster,
                       ir::Diagnostics& diagnostics) {
  ResolvedTlsPolicy out{&policy, {}, {}};
  bool found = false, free = false;
  for (const TlsPolicyTarget& target : policy.targets) {
    const ir::Service* service = target.group.empty() && target.kind == "Service" ? cluster.find_service(policy.meta.namespace_name, target.name) : nullptr;
    const std::string section = target.section_name.value_or("");
    if (service == nullptr || (!section.empty() && port_named(*service, section) == nullptr)) continue;
    found = true;
    free = targets_.emplace(std::tuple(policy.meta.namespace_name, target.name, section), policies_.size()).second || free;
  }
  std::size_t bad = 0;
  for (const ObjectRef& ref : policy.authorities) {
    const std::string reason = authority_problem(objects, ref, "BackendTLSPolicy", policy.meta.namespace_name, cluster);
    if (reason.empty()) continue;
    ++bad;
    out.unresolved = reason;
  }
  if (!found) out.refused = "TargetNotFound";
  else if (!free) out.refused = "Conflicted";
  else if (bad > 0 && bad == policy.authorities.size()) out.refused = "NoValidCACertificate";
  if (!out.refused.empty())
    report(diagnostics, ir::Code::BackendTls, policy.meta.origin, called(policy) + " has no effect (Accepted=False, " + out.refused + ")");
  else if (!out.unresolved.empty())
    report(diagnostics, ir::Code::BackendTls, policy.meta.origin, called(policy) + " names an authority that cannot be used (ResolvedRefs=False, " + out.unresolved + ")");
  policies_.push_back(std::move(out));
}

void BackendTls::apply(ir::Backend& backend, const ir::Service& service, const ir::ServicePort& port) const {
  auto at = port.name.empty() ? targets_.end() : targets_.find({service.namespace_name, service.name, port.name});
  if (at == targets_.end()) at = targets_.find({service.namespace_name, service.name, ""});
  if (at == targets_.end() || policies_[at->second].refused != "NoValidCACertificate") return;
  backend.tls_invalid = "NoValidCACertificate";
}

}  // namespace weir::compiler
