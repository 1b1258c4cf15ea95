// TLS of listeners (gateway.md 37, 38). Tested by tests/unit/compiler/resolve/gateway_test.cpp.
#include "compiler/resolve/listener_tls.h"

#include <algorithm>
#include <ctime>

#include "compiler/resolve/certificates.h"
#include "compiler/resolve/gateway_report.h"
#include "compiler/resolve/grants.h"
#include "ir/base/code.h"

namespace weir::compiler {
namespace {

bool terminates(const ResolvedListener& one) {
  const bool tls = one.listener.protocol == ir::ListenerProtocol::Https || one.listener.protocol == ir::ListenerProtocol::Tls;
  return tls && one.object->tls && one.object->tls->mode == ir::TlsMode::Terminate;
}

struct Problem {
  std::string reason, why;  // empty: none
};

Problem certificate_problem(const GatewayObjects& objects, const ResolvedListener& one, const ObjectRef& ref, const ir::Cluster& cluster) {
  const std::string name = "`" + ref.namespace_name + "/" + ref.name + "`";
  if (!ref.group.empty() || ref.kind != "Secret") return {"InvalidCertificateRef", "a certificate is a Secret, not a " + ref.kind};
  // RefNotPermitted goes first: a foreign object is never said to exist or not.
  const Reference reference{one.set ? "ListenerSet" : "Gateway", one.owner_namespace(), "", "Secret", ref.namespace_name, ref.name};
  if (!permitted(objects, reference)) return {"RefNotPermitted", "Secret " + name + " is in another namespace, and no ReferenceGrant permits it"};
  const auto at = cluster.certificates.find({ref.namespace_name, ref.name});
  if (at == cluster.certificates.end()) return {"InvalidCertificateRef", "there is no Secret " + name};
  if (!at->second.problem.empty()) return {"InvalidCertificateRef", "Secret " + name + ": " + at->second.problem};
  return {};
}

std::string owner(const ResolvedListener& one) {
  return "listener `" + one.object->name + "` of " + (one.set ? "ListenerSet `" + name_of(one.set->meta) : "Gateway `" + name_of(one.gateway->meta)) + "`";
}

constexpr std::int64_t kSoon = 30 * 24 * 3600;  // seconds

std::string date_text(std::int64_t seconds) {
  const std::time_t time = seconds;
  std::tm parts{};
  char text[16];
  gmtime_r(&time, &parts);
  std::strftime(text, sizeof text, "%Y-%m-%d", &parts);
  return text;
}

/// gateway.md 4 V9. Without a time nothing has expired.
void check_dates(const ResolvedListener& one, const ObjectRef& ref, const ir::Cluster& cluster, ir::Diagnostics& diagnostics) {
  const ir::Certificate& facts = cluster.certificates.at({ref.namespace_name, ref.name});
  const std::int64_t now = cluster.settings.now;
  if (now == 0) return;
  const std::string what = "the certificate of " + owner(one) + " in Secret `" + ref.namespace_name + "/" + ref.name + "`";
  if (facts.not_after < now) report(diagnostics, ir::Code::CertificateInvalid, ref.origin, what + " has expired on " + date_text(facts.not_after));
  else if (facts.not_before > now) report(diagnostics, ir::Code::CertificateInvalid, ref.origin, what + " is not valid before " + date_text(facts.not_before));
  else if (facts.not_after < now + kSoon) report(diagnostics, ir::Code::CertificateExpiring, ref.origin, what + " expires on " + date_text(facts.not_after));
}

/// Whether one of the listener's certificates has a name for its hostname.
void check_names(const ResolvedListener& one, const ir::Cluster& cluster, ir::Diagnostics& diagnostics) {
  if (one.listener.hostname.empty()) return;
  std::string names;
  for (const ObjectRef& ref : one.object->tls->certificates) {
    const auto at = cluster.certificates.find({ref.namespace_name, ref.name});
    if (at == cluster.certificates.end()) continue;
    for (const std::string& name : at->second.names) {
      if (covers(name, one.listener.hostname)) return;
      names += (names.empty() ? "" : ", ") + name;
    }
  }
  report(diagnostics, ir::Code::CertificateName, one.object->tls->certificates.front().origin,
         "no certificate of " + owner(one) + " covers its hostname `" + one.listener.hostname + "`; they name " + (names.empty() ? "nothing" : names));
}

void check_certificates(const GatewayObjects& objects, const ir::Cluster& cluster, ResolvedListener& one, ir::Diagnostics& diagnostics) {
  std::size_t good = 0;
  for (const ObjectRef& ref : one.object->tls->certificates) {
    const Problem problem = certificate_problem(objects, one, ref, cluster);
    if (problem.reason.empty()) {
      ++good;
      check_dates(one, ref, cluster, diagnostics);
      continue;
    }
    if (one.unresolved != "RefNotPermitted") one.unresolved = problem.reason;
    report(diagnostics, ir::Code::CertificateInvalid, ref.origin,
           owner(one) + " has no usable certificate: " + problem.why + " (ResolvedRefs=False, " + problem.reason + ")");
  }
  if (good > 0) check_names(one, cluster, diagnostics);
  if (good == 0 && !one.object->tls->certificates.empty()) one.listener.broken = one.unresolved;
}

const FrontendTls* frontend_of(const GatewayObject& gateway, std::uint16_t port) {
  const FrontendTls* found = nullptr;
  for (const FrontendTls& frontend : gateway.frontend)
    if (frontend.port == port || (!frontend.port && found == nullptr)) found = &frontend;
  return found;
}

// Item 38: one bad reference is ResolvedRefs=False, all bad ones Accepted=False.
void check_frontend(const GatewayObjects& objects, const ir::Cluster& cluster, ResolvedListener& one, ir::Diagnostics& diagnostics) {
  const FrontendTls* frontend = frontend_of(*one.gateway, one.listener.port);
  if (frontend == nullptr || frontend->authorities.empty()) return;
  std::size_t bad = 0;
  for (const ObjectRef& ref : frontend->authorities) {
    std::string reason = authority_problem(objects, ref, "Gateway", one.gateway->meta.namespace_name, cluster);
    if (reason.empty()) continue;
    if (reason == "InvalidKind") reason = "InvalidCACertificateKind";
    ++bad;
    one.unresolved = reason;
    report(diagnostics, ir::Code::CertificateInvalid, ref.origin,
           owner(one) + " cannot check client certificates with `" + ref.namespace_name + "/" + ref.name + "` (ResolvedRefs=False, " + reason + ")");
  }
  if (bad == frontend->authorities.size()) one.refused = "NoValidCACertificate";
}

}  // namespace

std::string authority_problem(const GatewayObjects& objects, const ObjectRef& ref, std::string_view from_kind, std::string_view from_namespace,
                              const ir::Cluster& cluster) {
  if (!ref.group.empty() || ref.kind != "ConfigMap") return "InvalidKind";
  if (!permitted(objects, {from_kind, from_namespace, "", "ConfigMap", ref.namespace_name, ref.name})) return "RefNotPermitted";
  if (objects.config_maps.empty() && !certificates_known(objects)) return {};
  const auto at = cluster.authorities.find({ref.namespace_name, ref.name});
  return at == cluster.authorities.end() || !at->second.problem.empty() ? "InvalidCACertificateRef" : "";
}

void resolve_listener_tls(const GatewayObjects& objects, const ir::Cluster& cluster, std::vector<ResolvedListener>& listeners,
                          ir::Diagnostics& diagnostics) {
  const ir::GatewayBehaviour& behaviour = ir::behaviour(ir::gateway_dialect(cluster.settings));
  const bool known = certificates_known(objects);
  for (ResolvedListener& one : listeners) {
    // The API takes an HTTPS listener without `tls`; no handshake can succeed there.
    if (one.listener.protocol == ir::ListenerProtocol::Https && !one.object->tls) {
      one.unresolved = one.listener.broken = "InvalidCertificateRef";
      report(diagnostics, ir::Code::ListenerUnusable, one.object->origin, owner(one) + " is HTTPS and has no `tls`", "add `tls.certificateRefs`");
    }
    if (!terminates(one)) continue;
    if (known) check_certificates(objects, cluster, one, diagnostics);
    else if (!one.object->tls->certificates.empty())
      report(diagnostics, ir::Code::NotSimulated, one.object->tls->certificates.front().origin,
             "the input holds no certificate: that of " + owner(one) + " is taken as present and good");
    if (behaviour.frontend_tls && one.listener.protocol == ir::ListenerProtocol::Https) check_frontend(objects, cluster, one, diagnostics);
    // Item 36: an implementation without TLSRoute over Terminate does not take the listener's routes.
    if (one.listener.protocol == ir::ListenerProtocol::Tls && !behaviour.tls_route_terminate && one.refused.empty()) {
      one.refused = "UnsupportedValue";
      report(diagnostics, ir::Code::ListenerUnusable, one.object->tls->origin,
             owner(one) + " terminates TLS for a TLSRoute, which this dialect does not support (Accepted=False, UnsupportedValue)");
    }
  }
}

}  // namespace weir::compiler
