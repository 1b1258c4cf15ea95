#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "compiler/api/meta.h"
#include "compiler/api/selector.h"
#include "ir/base/ip.h"
#include "ir/base/span.h"
#include "ir/route/route_table.h"

namespace weir::compiler {

// One kind a struct, one struct for the five kinds of routes: what differs between them is checked where they are read.

/// allowedRoutes.namespaces.from (absent: Same) and allowedListeners.namespaces.from (absent: None), gateway.md 2.
enum class NamespacesFrom : std::uint8_t { None, Same, All, Selector };

struct AllowedNamespaces {
  NamespacesFrom from = NamespacesFrom::Same;
  std::optional<LabelSelector> selector;  // for Selector: over labels of the Namespace
  friend auto operator<=>(const AllowedNamespaces&, const AllowedNamespaces&) = default;
};

/// A reference to a Secret, a ConfigMap or an extension; the namespace is filled in.
struct ObjectRef {
  std::string group, kind, namespace_name, name;
  ir::Span origin;
  friend auto operator<=>(const ObjectRef&, const ObjectRef&) = default;
};

/// listeners[].tls
struct ListenerTls {
  ir::TlsMode mode = ir::TlsMode::Terminate;
  std::vector<ObjectRef> certificates;
  bool has_options = false;
  ir::Span origin;
  friend auto operator<=>(const ListenerTls&, const ListenerTls&) = default;
};

struct RouteKind {
  std::string group, kind;
  ir::Span origin;
  friend auto operator<=>(const RouteKind&, const RouteKind&) = default;
};

/// One entry of spec.listeners of a Gateway or ListenerSet with its defaults applied.
struct ListenerObject {
  std::string name;
  std::string protocol;  // "HTTP", "HTTPS", "TLS", "TCP", "UDP", or another name as written
  std::uint16_t port = 0;
  std::string hostname;  // as written; empty: every host
  AllowedNamespaces routes;
  std::vector<RouteKind> kinds;      // empty: those of the protocol (gateway.md 8)
  std::optional<ListenerTls> tls;
  ir::Span origin;
  friend auto operator<=>(const ListenerObject&, const ListenerObject&) = default;
};

struct GatewayClassObject {
  ObjectMeta meta;
  std::string controller;  // "io.cilium/gateway-controller"
  std::optional<ObjectRef> parameters;
  friend auto operator<=>(const GatewayClassObject&, const GatewayClassObject&) = default;
};

/// spec.tls.frontend.default or .perPort[] (gateway.md 38).
struct FrontendTls {
  std::optional<std::uint16_t> port;  // absent: the default
  std::vector<ObjectRef> authorities;
  bool insecure_fallback = false;
  ir::Span origin;
  friend auto operator<=>(const FrontendTls&, const FrontendTls&) = default;
};

struct GatewayObject {
  ObjectMeta meta;
  std::string class_name;
  std::vector<ListenerObject> listeners;
  AllowedNamespaces listener_sets{NamespacesFrom::None, {}};  // allowedListeners (gateway.md 5)
  std::vector<FrontendTls> frontend;
  std::optional<ObjectRef> client_certificate;                // spec.tls.backend.clientCertificateRef
  std::vector<ir::IpAddress> addresses;                       // IPAddress of spec.addresses and status.addresses
  std::string default_scope;                                  // "All", "None" or empty (gateway.md 15)
  friend auto operator<=>(const GatewayObject&, const GatewayObject&) = default;
};

struct ParentRef {
  std::string group, kind, namespace_name, name;
  std::optional<std::string> section_name;
  std::optional<std::uint16_t> port;
  ir::Span origin;
  friend auto operator<=>(const ParentRef&, const ParentRef&) = default;
};

/// gateway.md 5.
struct ListenerSetObject {
  ObjectMeta meta;
  ParentRef parent;
  std::vector<ListenerObject> listeners;
  friend auto operator<=>(const ListenerSetObject&, const ListenerSetObject&) = default;
};

/// A mirror before its backend is looked up.
struct MirrorObject {
  std::string group, kind, namespace_name, name;
  std::optional<std::uint16_t> port;
  std::uint32_t numerator = 100, denominator = 100;
  friend auto operator<=>(const MirrorObject&, const MirrorObject&) = default;
};

/// ExtensionRef, or ExternalAuth [X], which fails closed.
struct ExtensionObject {
  ObjectRef ref;
  bool external_auth = false;
  friend auto operator<=>(const ExtensionObject&, const ExtensionObject&) = default;
};

/// One entry of filters[] (gateway.md 1.6). An unknown type, or a header with more than one action, makes `unknown` not
/// empty: why the filter cannot be honoured, for people. Accepted=False UnsupportedValue.
struct FilterObject {
  std::variant<ir::RequestHeaders, ir::ResponseHeaders, ir::RequestRedirect, ir::UrlRewrite, ir::Cors, MirrorObject,
               ExtensionObject> what;
  std::string unknown;
  ir::Span origin;
  friend auto operator<=>(const FilterObject&, const FilterObject&) = default;
};

struct BackendRef {
  std::string group, kind, namespace_name, name;
  std::optional<std::uint16_t> port;
  std::uint32_t weight = 1;
  std::vector<FilterObject> filters;
  ir::Span origin;
  friend auto operator<=>(const BackendRef&, const BackendRef&) = default;
};

struct RouteMatchObject {
  ir::RouteMatch match;  // repeated header and query names already dropped (gateway.md 21)
  ir::Span origin;
  friend auto operator<=>(const RouteMatchObject&, const RouteMatchObject&) = default;
};

struct RouteRuleObject {
  std::string name;
  std::vector<RouteMatchObject> matches;  // never empty: the default matches everything
  std::vector<FilterObject> filters;
  std::vector<BackendRef> backends;
  std::optional<std::uint64_t> request_timeout, backend_timeout;  // milliseconds
  ir::Span origin;
  friend auto operator<=>(const RouteRuleObject&, const RouteRuleObject&) = default;
};

/// HTTPRoute, GRPCRoute, TLSRoute, TCPRoute, UDPRoute.
struct RouteObject {
  std::string kind;
  ObjectMeta meta;
  std::vector<ParentRef> parents;
  std::vector<Located<std::string>> hostnames;
  std::vector<RouteRuleObject> rules;
  bool default_gateways = false;  // useDefaultGateways: All (gateway.md 15)
  friend auto operator<=>(const RouteObject&, const RouteObject&) = default;
};

/// gateway.md 32.
struct GrantFrom {
  std::string group, kind, namespace_name;
  ir::Span origin;
  friend auto operator<=>(const GrantFrom&, const GrantFrom&) = default;
};
struct GrantTo {
  std::string group, kind;
  std::optional<std::string> name;
  ir::Span origin;
  friend auto operator<=>(const GrantTo&, const GrantTo&) = default;
};
struct ReferenceGrantObject {
  ObjectMeta meta;
  std::vector<GrantFrom> from;
  std::vector<GrantTo> to;
  friend auto operator<=>(const ReferenceGrantObject&, const ReferenceGrantObject&) = default;
};

/// gateway.md 39.
struct TlsPolicyTarget {
  std::string group, kind, name;
  std::optional<std::string> section_name;  // the name of a port
  ir::Span origin;
  friend auto operator<=>(const TlsPolicyTarget&, const TlsPolicyTarget&) = default;
};
struct BackendTlsPolicyObject {
  ObjectMeta meta;
  std::vector<TlsPolicyTarget> targets;
  std::vector<ObjectRef> authorities;  // caCertificateRefs
  bool system_authorities = false;     // wellKnownCACertificates: System
  std::string hostname;
  std::vector<std::string> alternative_names;
  friend auto operator<=>(const BackendTlsPolicyObject&, const BackendTlsPolicyObject&) = default;
};

/// A Secret or ConfigMap that a listener, Gateway or BackendTLSPolicy names. Its PEM text is never printed or emitted.
struct CertificateObject {
  ObjectMeta meta;
  std::string type;                                  // of a Secret: "kubernetes.io/tls"
  std::optional<std::string> certificate, key, authority;  // tls.crt, tls.key, ca.crt, decoded; absent: no such item
  friend auto operator<=>(const CertificateObject&, const CertificateObject&) = default;
};

/// Every Gateway API object of a run, in the order of the documents.
struct GatewayObjects {
  std::vector<GatewayClassObject> classes;
  std::vector<GatewayObject> gateways;
  std::vector<ListenerSetObject> listener_sets;
  std::vector<RouteObject> routes;
  std::vector<ReferenceGrantObject> grants;
  std::vector<BackendTlsPolicyObject> tls_policies;
  std::vector<CertificateObject> secrets, config_maps;  // those that a gateway object names
  bool certificates_given = false;  // the input holds a Secret of type kubernetes.io/tls, named or not
  std::vector<ObjectRef> extensions;            // objects of groups that are not Kubernetes' own, for ExtensionRef
  friend auto operator<=>(const GatewayObjects&, const GatewayObjects&) = default;
};

}  // namespace weir::compiler
