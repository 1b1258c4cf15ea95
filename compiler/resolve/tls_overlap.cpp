// Tested by tests/unit/compiler/resolve/gateway_status_test.cpp.
#include "compiler/resolve/tls_overlap.h"

#include "compiler/resolve/gateway_report.h"
#include "ir/base/code.h"
#include "ir/route/hostname.h"

namespace weir::compiler {
namespace {

bool is_tls(const ResolvedListener& one) {
  return one.listener.protocol == ir::ListenerProtocol::Https || one.listener.protocol == ir::ListenerProtocol::Tls;
}

/// The names of the listener's certificates; empty where it does not terminate TLS or they are not known.
std::vector<std::string> names_of(const ResolvedListener& one, const ir::Cluster& cluster) {
  std::vector<std::string> out;
  if (!one.object->tls || one.object->tls->mode != ir::TlsMode::Terminate) return out;
  for (const ObjectRef& ref : one.object->tls->certificates) {
    const auto at = cluster.certificates.find({ref.namespace_name, ref.name});
    if (at != cluster.certificates.end()) out.insert(out.end(), at->second.names.begin(), at->second.names.end());
  }
  return out;
}

/// A name that certificates of both have; empty: none.
std::string shared_name(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  for (const std::string& first : a)
    for (const std::string& second : b)
      if (const auto both = ir::intersect(first, second)) return *both;
  return {};
}

void tell(ResolvedListener& a, ResolvedListener& b, const std::string& reason, const std::string& what, ir::Diagnostics& diagnostics) {
  for (ResolvedListener* one : {&a, &b})
    if (one->overlaps != "OverlappingCertificates") one->overlaps = reason;
  if (!a.good() || !b.good()) return;
  report(diagnostics, ir::Code::OverlappingTls, a.object->origin,
         what + " on port " + std::to_string(a.listener.port) + " (OverlappingTLSConfig=True, " + reason +
             "): a connection that a browser reuses comes to the other listener",
         {}, {{b.object->origin, "the other listener"}});
}

}  // namespace

void find_overlaps(std::vector<ResolvedListener>& listeners, const ir::Cluster& cluster, ir::Diagnostics& diagnostics) {
  for (std::size_t i = 0; i < listeners.size(); ++i)
    for (std::size_t j = i; j-- > 0 && listeners[j].gateway == listeners[i].gateway;) {
      ResolvedListener &a = listeners[i], &b = listeners[j];
      if (a.listener.port != b.listener.port || !is_tls(a) || !is_tls(b)) continue;
      const std::string both = "listeners `" + b.object->name + "` and `" + a.object->name + "`";
      // The reason that says more goes first.
      const std::string shared = shared_name(names_of(a, cluster), names_of(b, cluster));
      if (!shared.empty()) tell(a, b, "OverlappingCertificates", both + " have certificates that both name `" + shared + "`", diagnostics);
      else if (ir::intersect(a.listener.hostname, b.listener.hostname))
        tell(a, b, "OverlappingHostnames", both + " have hostnames that overlap", diagnostics);
    }
}

}  // namespace weir::compiler
