#include <algorithm>

#include "compiler/api/mesh_tables.h"
#include "compiler/api/meta.h"
#include "compiler/api/pod_spec.h"
#include "compiler/api/readers.h"

namespace weir::compiler {
namespace {

constexpr Support kSkip = Support::Irrelevant;
constexpr std::string_view kChoice = "which endpoint is taken, never whether policy lets it pass";
constexpr std::string_view kServiceNameLabel = "kubernetes.io/service-name";

constexpr Field kSliceFields[] = {{"addressType"}, kApiVersionField, {"endpoints"}, kKindField, kMetadataField, {"ports"}};
constexpr Field kEndpointFields[] = {{"addresses"}, {"conditions"}, {"deprecatedTopology", kSkip}, {"hints", kSkip, kChoice},
                                     {"hostname", kSkip}, {"nodeName", kSkip}, {"targetRef", kSkip}, {"topology", kSkip},
                                     {"zone", kSkip}};
constexpr Field kConditionsFields[] = {{"ready"}, {"serving"}, {"terminating"}};
constexpr Field kPortFields[] = {{"appProtocol", kSkip}, {"name"}, {"port"}, {"protocol"}};
constexpr Field kEndpointsFields[] = {kApiVersionField, kKindField, kMetadataField, {"subsets"}};
constexpr Field kSubsetFields[] = {{"addresses"}, {"notReadyAddresses", kSkip, "no connection goes there"}, {"ports"}};
constexpr Field kAddressFields[] = {{"hostname", kSkip}, {"ip"}, {"nodeName", kSkip}, {"targetRef", kSkip}};

constexpr FieldTable kSliceTable{"EndpointSlice", kSliceFields};
constexpr FieldTable kEndpointTable{"Endpoint", kEndpointFields};
constexpr FieldTable kConditionsTable{"EndpointConditions", kConditionsFields};
constexpr FieldTable kPortTable{"EndpointPort", kPortFields};
constexpr FieldTable kEndpointsTable{"Endpoints", kEndpointsFields};
constexpr FieldTable kSubsetTable{"EndpointSubset", kSubsetFields};
constexpr FieldTable kAddressTable{"EndpointAddress", kAddressFields};

void add_address(const Located<std::string>& text, EndpointsObject& out, ir::Diagnostics& diagnostics) {
  const auto address = read_address(text, diagnostics);
  if (address && std::count(out.addresses.begin(), out.addresses.end(), *address) == 0) out.addresses.push_back(*address);
}

/// discovery/v1 EndpointConditions: ready unless it says otherwise; one that is going away may still serve.
bool usable(const FieldReader& endpoint, ir::Diagnostics& diagnostics) {
  const Node* node = endpoint.get("conditions");
  if (node == nullptr) return true;
  const FieldReader conditions(*node, kConditionsTable, diagnostics);
  const auto is = [&](std::string_view name, bool absent) {
    const auto flag = conditions.boolean(name);
    return flag ? flag->value : absent;
  };
  return is("ready", true) || (is("serving", false) && is("terminating", false));
}

void read_ports(const FieldReader& reader, EndpointsObject& out, ir::Diagnostics& diagnostics) {
  const auto ports = reader.list<ContainerPortSpec>("ports", [&](const Node& node) {
    const FieldReader port(node, kPortTable, diagnostics);
    ContainerPortSpec spec;
    if (const auto name = port.string("name")) spec.name = name->value;
    spec.protocol = read_transport_protocol(port);
    if (const auto number = port.integer("port", 1, 65535)) spec.port = static_cast<std::uint16_t>(number->value);
    return spec;
  });
  if (!ports) return;
  for (const ContainerPortSpec& port : *ports)
    if (port.port != 0 && std::count(out.ports.begin(), out.ports.end(), port) == 0) out.ports.push_back(port);
}

void read_slice_endpoints(const FieldReader& top, bool names, EndpointsObject& out, ir::Diagnostics& diagnostics) {
  const auto all = top.list<std::vector<Located<std::string>>>("endpoints", [&](const Node& node) {
    const FieldReader endpoint(node, kEndpointTable, diagnostics);
    endpoint.require("addresses");
    auto addresses = endpoint.strings("addresses").value_or(std::vector<Located<std::string>>{});
    if (names || !usable(endpoint, diagnostics)) addresses.clear();
    return addresses;
  });
  if (!all) return;
  for (const auto& addresses : *all)
    for (const auto& text : addresses) add_address(text, out, diagnostics);
}

void read_subset(const Node& node, EndpointsObject& out, ir::Diagnostics& diagnostics) {
  const FieldReader subset(node, kSubsetTable, diagnostics);
  const auto addresses = subset.list<std::optional<Located<std::string>>>("addresses", [&](const Node& item) {
    const FieldReader address(item, kAddressTable, diagnostics);
    return address.require("ip") ? address.string("ip") : std::nullopt;
  });
  if (addresses)
    for (const auto& text : *addresses)
      if (text) add_address(*text, out, diagnostics);
  read_ports(subset, out, diagnostics);
}

}  // namespace

std::vector<const FieldTable*> endpoints_tables() {
  return {&kSliceTable, &kEndpointTable, &kConditionsTable, &kPortTable, &kEndpointsTable, &kSubsetTable, &kAddressTable};
}

void read_endpoint_slice(const Document& document, InventoryObjects& out, ir::Diagnostics& diagnostics) {
  const FieldReader top(document.root, kSliceTable, diagnostics);
  EndpointsObject object;
  object.meta = read_meta(top, document, Scope::Namespaced);
  if (const auto name = object.meta.labels.find(std::string(kServiceNameLabel)); name != object.meta.labels.end())
    object.service = name->second;
  top.require("addressType");
  const auto type = top.one_of("addressType", {"IPv4", "IPv6", "FQDN"});
  read_slice_endpoints(top, type && type->value == "FQDN", object, diagnostics);
  read_ports(top, object, diagnostics);
  out.endpoints.push_back(std::move(object));
}

void read_endpoints(const Document& document, InventoryObjects& out, ir::Diagnostics& diagnostics) {
  const FieldReader top(document.root, kEndpointsTable, diagnostics);
  EndpointsObject object;
  object.meta = read_meta(top, document, Scope::Namespaced);
  object.service = object.meta.name;
  const auto subsets = top.list<int>("subsets", [&](const Node& node) { return read_subset(node, object, diagnostics), 0; });
  static_cast<void>(subsets);
  out.endpoints.push_back(std::move(object));
}

}  // namespace weir::compiler
