// GatewayClass and Gateway (gateway.md 1.1, 1.2).
#include "compiler/api/gateway.h"

#include <algorithm>
#include <set>

#include "compiler/api/gateway_addresses.h"
#include "compiler/api/gateway_listener.h"
#include "compiler/api/gateway_parts.h"
#include "compiler/api/gateway_tables.h"
#include "compiler/api/gateway_tls.h"
#include "compiler/api/names.h"
#include "compiler/api/readers.h"
#include "ir/base/code.h"

namespace weir::compiler {
namespace {

constexpr FieldTable kGatewayClass{"GatewayClass", kGatewayObjectFields};
constexpr Field kClassSpecFields[] = {{"controllerName"}, {"description", Support::Irrelevant}, {"parametersRef"}};
constexpr FieldTable kGatewayClassSpec{"GatewayClassSpec", kClassSpecFields};

constexpr FieldTable kGateway{"Gateway", kGatewayObjectFields};
constexpr Field kGatewaySpecFields[] = {
    {"addresses", Support::Partly, "checked; those of type IPAddress are where the agent listens; a request names its gateway"},
    {"allowedListeners"},
    {"defaultScope"},
    {"gatewayClassName"},
    {"infrastructure", Support::Partly, "checked; it configures the controller, not the routes"},
    {"listeners"},
    {"tls"},
};
constexpr FieldTable kGatewaySpec{"GatewaySpec", kGatewaySpecFields};

constexpr Field kParametersFields[] = {{"group"}, {"kind"}, {"name"}, {"namespace"}};
constexpr FieldTable kParameters{"ParametersReference", kParametersFields};
constexpr Field kLocalParametersFields[] = {{"group"}, {"kind"}, {"name"}};
constexpr FieldTable kLocalParameters{"LocalParametersReference", kLocalParametersFields};

constexpr Field kAddressFields[] = {{"type"}, {"value"}};
constexpr FieldTable kAddress{"GatewaySpecAddress", kAddressFields};
constexpr Field kInfrastructureFields[] = {{"annotations"}, {"labels"}, {"parametersRef"}};
constexpr FieldTable kInfrastructure{"GatewayInfrastructure", kInfrastructureFields};
constexpr Field kAllowedListenersFields[] = {{"namespaces"}};
constexpr FieldTable kAllowedListeners{"AllowedListeners", kAllowedListenersFields};
constexpr Field kNamespacesFields[] = {{"from"}, {"selector"}};
constexpr FieldTable kListenerNamespaces{"ListenerNamespaces", kNamespacesFields};

/// "example.com/controller"
bool is_controller(std::string_view name) {
  const std::size_t slash = name.find('/');
  return name.size() <= 253 && slash != std::string_view::npos && slash + 1 < name.size() && is_dns_subdomain(name.substr(0, slash));
}

ObjectRef read_parameters(const Node& node, ir::Diagnostics& diagnostics) {
  const FieldReader reader(node, kParameters, diagnostics);
  ObjectRef out = to_ref(read_target(reader, {}), node.span);
  out.namespace_name = text_of(reader, "namespace");
  return out;
}

using Address = std::pair<std::string, std::string>;

Address read_address(const Node& node, ir::Diagnostics& diagnostics) {
  const FieldReader reader(node, kAddress, diagnostics);
  return {text_of(reader, "type", "IPAddress"), text_of(reader, "value")};
}

void read_addresses(const FieldReader& spec) {
  const auto addresses =
      spec.list<Address>("addresses", [&](const Node& item) { return read_address(item, spec.diagnostics()); });
  if (!addresses || addresses->empty()) return;
  check_count(spec, "addresses", addresses->size(), 16);
  std::set<Address> seen;
  for (const Address& address : *addresses)
    if (!address.second.empty() && !seen.insert(address).second)
      spec.report(ir::Code::InvalidValue, spec.span("addresses"), "the address " + show(address.second) + " stands here twice");
  // Those of type IPAddress are what `weir compile` listens on (datapath.md 3 "Gateways").
  const bool others = std::any_of(addresses->begin(), addresses->end(), [](const Address& a) { return a.first != "IPAddress"; });
  if (others) not_simulated(spec, "addresses", "weir acts on those of type IPAddress alone");
}

void read_infrastructure(const Node& node, const FieldReader& spec) {
  const FieldReader reader(node, kInfrastructure, spec.diagnostics());
  for (const std::string_view field : {"annotations", "labels"})
    if (const auto map = reader.string_map(field)) check_count(reader, field, map->size(), 8);
  if (const Node* ref = reader.get("parametersRef"))
    static_cast<void>(read_target(FieldReader(*ref, kLocalParameters, spec.diagnostics()), {}));
  not_simulated(spec, "infrastructure", "it configures the controller, not the routes");
}

void read_allowed_listeners(const Node& node, GatewayObject& out, ir::Diagnostics& diagnostics) {
  const FieldReader reader(node, kAllowedListeners, diagnostics);
  if (const Node* namespaces = reader.get("namespaces"))
    out.listener_sets = read_namespaces(*namespaces, kListenerNamespaces, true, diagnostics);
}

void read_gateway_spec(const Node& node, GatewayObject& out, ir::Diagnostics& diagnostics) {
  const FieldReader spec(node, kGatewaySpec, diagnostics);
  spec.require("gatewayClassName");
  out.class_name = text_of(spec, "gatewayClassName");
  out.listeners = read_listeners(spec, out.meta);
  if (const Node* allowed = spec.get("allowedListeners")) read_allowed_listeners(*allowed, out, diagnostics);
  if (const Node* tls = spec.get("tls")) read_gateway_tls(*tls, out, diagnostics);
  if (const auto scope = spec.one_of("defaultScope", {"All", "None"})) out.default_scope = scope->value;
  read_addresses(spec);
  if (const Node* infrastructure = spec.get("infrastructure")) read_infrastructure(*infrastructure, spec);
}

}  // namespace

void read_gateway_class(const Document& document, GatewayObjects& objects, ir::Diagnostics& diagnostics) {
  const FieldReader top(document.root, kGatewayClass, diagnostics);
  GatewayClassObject out;
  out.meta = read_meta(top, document, Scope::Cluster);
  if (!top.require("spec")) return;
  const FieldReader spec(*top.get("spec"), kGatewayClassSpec, diagnostics);
  spec.require("controllerName");
  out.controller = text_of(spec, "controllerName");
  if (!out.controller.empty() && !is_controller(out.controller))
    spec.report(ir::Code::InvalidValue, spec.span("controllerName"),
                show(out.controller) + " cannot be the name of a controller", "write a domain, `/` and a name");
  if (const Node* ref = spec.get("parametersRef")) out.parameters = read_parameters(*ref, diagnostics);
  objects.classes.push_back(std::move(out));
}

void read_gateway(const Document& document, GatewayObjects& objects, ir::Diagnostics& diagnostics) {
  const FieldReader top(document.root, kGateway, diagnostics);
  GatewayObject out;
  out.meta = read_meta(top, document, Scope::Namespaced);
  if (!top.require("spec")) return;
  read_gateway_spec(*top.get("spec"), out, diagnostics);
  out.addresses = gateway_addresses(document.root);
  objects.gateways.push_back(std::move(out));
}

std::vector<const FieldTable*> gateway_tables() {
  return {&kGateway,          &kGatewaySpec,        &kAddress,   &kInfrastructure, &kLocalParameters, &kAllowedListeners,
          &kListenerNamespaces, &kGatewayClass, &kGatewayClassSpec, &kParameters};
}

}  // namespace weir::compiler
