#pragma once

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "compiler/api/gateway.h"
#include "compiler/resolve/gateway_status.h"
#include "ir/base/diagnostic.h"
#include "ir/cluster/cluster.h"
#include "ir/route/route_table.h"

namespace weir::compiler {

/// What became of a BackendTLSPolicy (gateway.md 39). Empty reasons: Accepted, ResolvedRefs.
struct ResolvedTlsPolicy {
  const BackendTlsPolicyObject* object = nullptr;
  std::string refused;     // "Conflicted", "TargetNotFound", "NoValidCACertificate"
  std::string unresolved;  // "InvalidCACertificateRef", "InvalidKind"
};

/// The policies that have a say, by the Service ports that they are for.
class BackendTls {
 public:
  BackendTls(const GatewayObjects&, const ir::Cluster&, ir::Diagnostics&);

  /// Fills Backend::tls_invalid of a valid backend whose policy cannot be used.
  void apply(ir::Backend&, const ir::Service&, const ir::ServicePort&) const;
  [[nodiscard]] const std::vector<ResolvedTlsPolicy>& policies() const { return policies_; }

 private:
  void judge(const BackendTlsPolicyObject&, const GatewayObjects&, const ir::Cluster&, ir::Diagnostics&);

  std::vector<ResolvedTlsPolicy> policies_;
  // (namespace, Service, port name; empty: every port) -> the place of the policy that has it
  std::map<std::tuple<std::string, std::string, std::string>, std::size_t> targets_;
};

}  // namespace weir::compiler
