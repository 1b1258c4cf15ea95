#include <algorithm>

#include "compiler/api/meta.h"
#include "compiler/api/pod_spec.h"
#include "compiler/api/readers.h"
#include "compiler/api/tables.h"
#include "ir/base/code.h"

namespace weir::compiler {
namespace {

constexpr Support kSkip = Support::Irrelevant;
constexpr std::string_view kChoice = "which endpoint is taken, never whether policy lets it pass";

constexpr Field kFields[] = {kApiVersionField, kKindField, kMetadataField, {"spec"}, kStatusField};
constexpr Field kSpecFields[] = {
    {"allocateLoadBalancerNodePorts", kSkip}, {"clusterIP"}, {"clusterIPs"}, {"externalIPs", kSkip},
    {"externalName", kSkip}, {"externalTrafficPolicy", kSkip, kChoice}, {"healthCheckNodePort", kSkip},
    {"internalTrafficPolicy", kSkip, kChoice}, {"ipFamilies", kSkip}, {"ipFamily", kSkip}, {"ipFamilyPolicy", kSkip},
    {"loadBalancerClass", kSkip}, {"loadBalancerIP", kSkip}, {"loadBalancerSourceRanges", kSkip}, {"ports"},
    {"publishNotReadyAddresses", kSkip}, {"selector"}, {"sessionAffinity", kSkip, kChoice},
    {"sessionAffinityConfig", kSkip, kChoice}, {"topologyKeys", kSkip}, {"trafficDistribution", kSkip, kChoice}, {"type"}};
constexpr Field kPortFields[] = {{"appProtocol"}, {"name"}, {"nodePort", kSkip, "node ports are not simulated"},
                                 {"port"}, {"protocol"}, {"targetPort"}};

std::string to_target(const IntOrString& value) { return value.number ? std::to_string(*value.number) : value.text; }

ServicePortSpec read_port(const Node& node, ir::Diagnostics& diagnostics) {
  const FieldReader reader(node, kServicePortTable, diagnostics);
  ServicePortSpec out;
  if (const auto name = reader.string("name")) out.name = name->value;
  if (const auto protocol = reader.string("appProtocol")) out.app_protocol = protocol->value;
  out.protocol = read_transport_protocol(reader);
  if (reader.require("port"))
    if (const auto port = reader.integer("port", 1, 65535)) out.port = static_cast<std::uint16_t>(port->value);
  if (const auto target = reader.int_or_string("targetPort")) {
    out.target = to_target(target->value);
    if (target->value.number && (*target->value.number < 1 || *target->value.number > 65535))
      reader.report(ir::Code::InvalidValue, target->span, "`targetPort` must be 1 to 65535, not " + out.target);
  }
  return out;
}

/// clusterIP and clusterIPs; "None" (headless) and "" are no addresses.
std::vector<ir::IpAddress> read_cluster_ips(const FieldReader& spec) {
  auto texts = spec.strings("clusterIPs").value_or(std::vector<Located<std::string>>{});
  if (auto one = spec.string("clusterIP")) texts.insert(texts.begin(), std::move(*one));
  std::vector<ir::IpAddress> out;
  for (const auto& text : texts) {
    if (text.value.empty() || text.value == "None") continue;
    const auto address = read_address(text, spec.diagnostics());
    if (address && std::count(out.begin(), out.end(), *address) == 0) out.push_back(*address);
  }
  return out;
}

void read_spec(const Node& node, ServiceObject& out, ir::Diagnostics& diagnostics) {
  const FieldReader spec(node, kServiceSpecTable, diagnostics);
  if (const auto type = spec.one_of("type", {"ClusterIP", "NodePort", "LoadBalancer", "ExternalName"})) out.type = type->value;
  out.cluster_ips = read_cluster_ips(spec);
  // A Service with an empty selector is one without: its endpoints are given by hand.
  if (auto selector = spec.string_map("selector"); selector && !selector->empty()) out.selector = std::move(selector);
  out.ports = spec.list<ServicePortSpec>("ports", [&](const Node& item) { return read_port(item, diagnostics); })
                  .value_or(std::vector<ServicePortSpec>{});
}

}  // namespace

const FieldTable kServiceTable{"Service", kFields};
const FieldTable kServiceSpecTable{"ServiceSpec", kSpecFields};
const FieldTable kServicePortTable{"ServicePort", kPortFields};

void read_service(const Document& document, InventoryObjects& out, ir::Diagnostics& diagnostics) {
  const FieldReader top(document.root, kServiceTable, diagnostics);
  ServiceObject object;
  object.meta = read_meta(top, document, Scope::Namespaced);
  if (top.require("spec")) read_spec(*top.get("spec"), object, diagnostics);
  out.services.push_back(std::move(object));
}

}  // namespace weir::compiler
