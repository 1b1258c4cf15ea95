// Documents -> Objects: looks at apiVersion and kind, calls the reader of the kind (readers.h), and leaves
// out policies in which an error was found.

#include <algorithm>
#include <set>

#include "compiler/api/certificates.h"
#include "compiler/api/config_map.h"
#include "compiler/api/duplicates.h"
#include "compiler/api/gateway_parents.h"
#include "compiler/api/gateway_rules.h"
#include "compiler/api/gateway_versions.h"
#include "compiler/api/kinds.h"
#include "compiler/api/meta.h"
#include "compiler/api/object_set.h"
#include "compiler/api/readers.h"
#include "compiler/api/secret.h"
#include "ir/base/code.h"

namespace weir::compiler {
namespace {

struct State {
  explicit State(ir::Diagnostics& into) : diagnostics(into) {}

  Objects objects;
  ir::Diagnostics& diagnostics;
  Duplicates duplicates;
  // Read last: only what names them says which are wanted.
  std::vector<Document> secrets, config_maps;
  std::set<ir::SecretName> rule_secrets, gateway_secrets;
};

void report(State& run, ir::Code code, ir::Span span, std::string detail, std::string fix = {}) {
  run.diagnostics.report({.kind = code, .primary = span, .detail = std::move(detail), .labels = {}, .notes = {},
                          .fix = std::move(fix), .witness = {}});
}

const Node* child(const Node* node, std::string_view key) {
  return node == nullptr || node->kind != NodeKind::Mapping ? nullptr : node->find(key);
}

ir::Span head_span(const Document& document, std::string_view field) {
  const Node* node = child(&document.root, field);
  return node == nullptr ? document.root.span : node->span;
}

std::size_t errors(const ir::Diagnostics& diagnostics) {
  return static_cast<std::size_t>(std::count_if(diagnostics.list().begin(), diagnostics.list().end(), [](const auto& d) {
    return ir::info(d.kind).severity == ir::Severity::Error;
  }));
}

/// Reads one policy, and takes it back when an error was found in it: half a policy is another policy.
template <class T>
void read_whole(const Document& document, std::vector<T>& list, PolicyObjects& out, ir::Diagnostics& diagnostics,
                void (*read)(const Document&, PolicyObjects&, ir::Diagnostics&)) {
  ir::Diagnostics own;
  read(document, out, own);
  if (errors(own) > 0) list.pop_back();
  for (ir::Diagnostic& diagnostic : own.list()) diagnostics.report(std::move(diagnostic));
}

void read_policy(const Document& document, std::string_view kind, State& run) {
  PolicyObjects& policies = run.objects.policies;
  if (kind == "NetworkPolicy")
    return read_whole(document, policies.network_policies, policies, run.diagnostics, read_network_policy);
  if (kind == "CiliumCIDRGroup") return read_whole(document, policies.cidr_groups, policies, run.diagnostics, read_cidr_group);
  read_whole(document, policies.cilium_network_policies, policies, run.diagnostics, read_cilium_network_policy);
}

using PolicyReader = void (*)(const Document&, PolicyObjects&, ir::Diagnostics&);

/// The kinds of policy.networking.k8s.io.
PolicyReader admin_reader(std::string_view kind) {
  if (kind == "AdminNetworkPolicy") return read_admin_network_policy;
  if (kind == "BaselineAdminNetworkPolicy") return read_baseline_admin_network_policy;
  return kind == "ClusterNetworkPolicy" ? read_cluster_network_policy : nullptr;
}

/// A Secret goes where it is named.
void read_secret(const Document& document, State& run) {
  const SecretItems secret = read_secret_items(document, run.diagnostics);
  const ir::SecretName name = object_name(document);
  if (run.rule_secrets.contains(name)) run.objects.inventory.secrets.push_back(to_secret(secret));
  if (run.gateway_secrets.contains(name)) run.objects.gateway.secrets.push_back(to_certificate(secret));
}

void read_config_map_of(const Document& document, State& run) {
  if (is_cilium_config(document)) return static_cast<void>(read_cilium_config(document, run.diagnostics));
  run.objects.gateway.config_maps.push_back(read_config_map(document, run.diagnostics));
}

/// The kinds of the Gateway API.
GatewayReader* gateway_reader(std::string_view kind) {
  constexpr std::pair<std::string_view, GatewayReader*> kReaders[] = {
      {"GatewayClass", read_gateway_class},
      {"Gateway", read_gateway},
      {"ListenerSet", read_listener_set},
      {"XListenerSet", read_listener_set},
      {"HTTPRoute", read_http_route},
      {"GRPCRoute", read_grpc_route},
      {"TLSRoute", read_tls_route},
      {"TCPRoute", read_tcp_route},
      {"UDPRoute", read_udp_route},
      {"ReferenceGrant", read_reference_grant},
      {"BackendTLSPolicy", read_backend_tls_policy},
      {"XBackend", read_experimental_gateway_kind},
      {"XBackendTrafficPolicy", read_experimental_gateway_kind},
      {"XMesh", read_experimental_gateway_kind},
  };
  for (const auto& [name, reader] : kReaders)
    if (name == kind) return reader;
  return nullptr;
}

void read_kind(const Document& document, std::string_view kind, State& run) {
  InventoryObjects& inventory = run.objects.inventory;
  ir::Diagnostics& diagnostics = run.diagnostics;
  if (kind == "NetworkPolicy" || kind.starts_with("Cilium")) return read_policy(document, kind, run);
  PolicyObjects& policies = run.objects.policies;
  if (const PolicyReader reader = admin_reader(kind))
    return read_whole(document, policies.admin_policies, policies, diagnostics, reader);
  if (kind == "Namespace") return read_namespace(document, inventory, diagnostics);
  if (kind == "Pod") return read_pod(document, inventory, diagnostics);
  if (kind == "Node") return read_node(document, inventory, diagnostics);
  if (kind == "Service") return read_service(document, inventory, diagnostics);
  if (kind == "EndpointSlice") return read_endpoint_slice(document, inventory, diagnostics);
  if (kind == "Endpoints") return read_endpoints(document, inventory, diagnostics);
  if (kind == "Secret") return read_secret(document, run);
  if (kind == "ConfigMap") return read_config_map_of(document, run);
  if (GatewayReader* reader = gateway_reader(kind)) return reader(document, run.objects.gateway, diagnostics);
  if (kind == "PolicyTest") return read_policy_test(document, run.objects.tests, diagnostics);
  read_workload(document, inventory, diagnostics);
}

/// A second object of one name is read for its mistakes only.
void read_once(const Document& document, const std::string& kind, State& run) {
  const auto found = kind == "PolicyTest" ? Duplicates::Found::New : run.duplicates.add(document, kind, run.diagnostics);
  if (found == Duplicates::Found::New) return read_kind(document, kind, run);
  if (found != Duplicates::Found::Different) return;
  State aside(run.diagnostics);
  read_kind(document, kind, aside);
}

bool is_gateway_group(std::string_view group) { return group == kGatewayGroup || group == kExperimentalGatewayGroup; }

std::string expected(const KindInfo& info) {
  std::string text;
  for (const std::string_view version : info.versions)
    text += (text.empty() ? "`" : ", `") + std::string(info.group) + (info.group.empty() ? "" : "/") + std::string(version) + "`";
  return text;
}

void report_mismatch(const Document& document, const KindMatch& match, State& run) {
  const std::string kind(match.kind->kind), version = show(head(document, "apiVersion"));
  if (match.found == KindMatch::Found::WrongKind)
    return report(run, ir::Code::InvalidValue, head_span(document, "kind"),
                  version + " has no kind " + show(head(document, "kind")), "write `" + kind + "`");
  if (match.found == KindMatch::Found::OwnGroup)
    return report(run, ir::Code::InvalidValue, head_span(document, "apiVersion"), version + " has no kind `" + kind + "`",
                  "write apiVersion " + expected(*match.kind));
  const bool removed = match.found == KindMatch::Found::RemovedVersion;
  report(run, removed ? ir::Code::InvalidValue : ir::Code::UnknownVersion, head_span(document, "apiVersion"),
         removed ? version + " was removed from Kubernetes" : kind + " is not read at " + version,
         "write apiVersion " + expected(*match.kind));
}

void read_known(const Document& document, const KindMatch& match, State& run) {
  const std::string kind(match.kind->kind);
  if (match.found != KindMatch::Found::Kind) return report_mismatch(document, match, run);
  if (match.kind->use == KindUse::Refused)
    return report(run, ir::Code::UnsupportedKind, head_span(document, "kind"), show(kind) + " is not read yet",
                  "keep it out of the paths, and mind that answers then know nothing of it");
  if (match.kind->use == KindUse::Skipped)
    return run.objects.skipped.push_back(head(document, "apiVersion") + "/" + kind);
  if (kind == "Secret" && document.cluster.empty()) return run.secrets.push_back(document);
  if (kind == "ConfigMap" && document.cluster.empty() && !is_cilium_config(document))
    return run.config_maps.push_back(certificates_of(document));
  if (kind == "Secret" || (kind == "ConfigMap" && !document.cluster.empty())) return run.objects.skipped.push_back("v1/" + kind);
  if (!document.cluster.empty() && is_gateway_group(match.kind->group))
    return report(run, ir::Code::UnsupportedKind, head_span(document, "kind"),
                  "a " + kind + " of another cluster, " + show(document.cluster) + ", is not read", "keep it out of the path");
  check_gateway_version(document, *match.kind, run.diagnostics);
  read_once(document, kind, run);
}

/// Those of `documents` that are wanted; the others are counted.
template <class Wanted>
void read_wanted(const std::vector<Document>& documents, const std::string& kind, State& run, Wanted&& wanted) {
  for (const Document& document : documents)
    if (wanted(object_name(document)))
      read_once(document, kind, run);
    else
      run.objects.skipped.push_back("v1/" + kind);
}

bool is_tls_secret(const Document& document) {
  const Node* type = document.root.find("type");
  return type != nullptr && type->text == "kubernetes.io/tls";
}

void read_named(State& run) {
  run.rule_secrets = secret_names(run.objects.policies);
  run.gateway_secrets = gateway_secret_names(run.objects.gateway);
  read_wanted(run.secrets, "Secret", run, [&](const ir::SecretName& name) {
    return run.rule_secrets.contains(name) || run.gateway_secrets.contains(name);
  });
  run.objects.gateway.certificates_given = std::any_of(run.secrets.begin(), run.secrets.end(), is_tls_secret);
  const auto maps = gateway_config_map_names(run.objects.gateway);
  read_wanted(run.config_maps, "ConfigMap", run, [&](const ir::SecretName& name) { return maps.contains(name); });
}

/// An object that weir has no use for. An ExtensionRef can name one of a group that is not Kubernetes' own.
void skip(const Document& document, const std::string& api_version, const std::string& kind, State& run) {
  run.objects.skipped.push_back(api_version + "/" + kind);
  const std::string group = api_version.substr(0, api_version.find('/'));
  if (!document.cluster.empty() || group.find('.') == std::string::npos || group.ends_with(".k8s.io")) return;
  ir::SecretName name = object_name(document);
  run.objects.gateway.extensions.push_back({group, kind, std::move(name.first), std::move(name.second), document.root.span});
}

void read_document(const Document& document, State& run) {
  if (!document.readable || document.root.is_null()) return;
  if (document.root.kind != NodeKind::Mapping)
    return report(run, ir::Code::NotAnObject, document.root.span,
                  "a Kubernetes object is a mapping with `apiVersion` and `kind`, this is " + std::string(describe(document.root)));
  const std::string api_version = head(document, "apiVersion"), kind = head(document, "kind");
  for (const std::string_view field : {"apiVersion", "kind"})
    if (head(document, field).empty()) {
      std::vector<std::string_view> keys;
      for (const auto& entry : document.root.entries) keys.push_back(entry.first.text);
      const std::string near = child(&document.root, field) != nullptr ? "" : nearest(field, keys);
      return report(run, ir::Code::NotAnObject, head_span(document, field),
                    "the document has no `" + std::string(field) + "` that is a text",
                    near.empty() ? "" : "rename " + show(near) + " to `" + std::string(field) + "`");
    }
  const KindMatch match = find_kind(api_version, kind);
  if (match.found == KindMatch::Found::Unknown) return skip(document, api_version, kind, run);
  read_known(document, match, run);
}

/// Of the metadata, the annotations for weir: suppressions are read from them.
Node stub_of(const Node& root) {
  Node out;
  out.kind = root.kind;
  out.span = root.span;
  const Node* metadata = child(&root, "metadata");
  const Node* annotations = child(metadata, "annotations");
  if (annotations == nullptr || annotations->kind != NodeKind::Mapping) return out;
  Node kept;
  kept.kind = NodeKind::Mapping;
  kept.span = annotations->span;
  for (const auto& entry : annotations->entries)
    if (entry.first.text.starts_with("weir.dev/")) kept.entries.push_back(entry);
  if (kept.entries.empty()) return out;
  Node above;
  above.kind = NodeKind::Mapping;
  above.span = metadata->span;
  const auto key = [](std::string_view text) {
    Node node;
    node.kind = NodeKind::Scalar;
    node.text = text;
    return node;
  };
  above.entries.emplace_back(key("annotations"), std::move(kept));
  out.entries.emplace_back(key("metadata"), std::move(above));
  return out;
}

}  // namespace

struct ObjectReader::Run {
  State state;
};

ObjectReader::ObjectReader(ir::Diagnostics& diagnostics) : run_(new Run{State(diagnostics)}) {}
ObjectReader::~ObjectReader() = default;

void ObjectReader::add(const Document& document) { read_document(document, run_->state); }

void ObjectReader::take(Document& document) {
  add(document);
  if (!is_cilium_config(document)) document.root = stub_of(document.root);
}

Objects ObjectReader::finish() {
  State& run = run_->state;
  read_named(run);
  std::sort(run.objects.skipped.begin(), run.objects.skipped.end());
  return std::move(run.objects);
}

Objects read(const Sources& sources, const ir::Files&, ir::Diagnostics& diagnostics) {
  ObjectReader reader(diagnostics);
  for (const Document& document : sources.documents) reader.add(document);
  return reader.finish();
}

}  // namespace weir::compiler
