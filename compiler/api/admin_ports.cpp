// Ports of the Admin and Baseline tiers: `ports` of v1alpha1, `protocols` of v1alpha2 (policy.md 8.6).

#include <array>

#include "compiler/api/admin_policy.h"
#include "compiler/api/admin_tables.h"
#include "compiler/api/pod_spec.h"
#include "compiler/api/port_name.h"
#include "compiler/api/reader.h"
#include "ir/base/code.h"

namespace weir::compiler {
namespace {

constexpr Field kAdminPortFields[] = {{"namedPort"}, {"portNumber"}, {"portRange"}};
constexpr Field kNumberFields[] = {{"port"}, {"protocol"}};
constexpr Field kRangeFields[] = {{"end"}, {"protocol"}, {"start"}};
constexpr Field kProtocolFields[] = {{"destinationNamedPort"}, {"sctp"}, {"tcp"}, {"udp"}};
constexpr Field kTransportFields[] = {{"destinationPort"}};
constexpr Field kPortFields[] = {{"number"}, {"range"}};
constexpr Field kPortRangeFields[] = {{"end"}, {"start"}};

constexpr FieldTable kAdminPort{"AdminNetworkPolicyPort", kAdminPortFields};
constexpr FieldTable kNumber{"AdminNetworkPolicyPort.portNumber", kNumberFields};
constexpr FieldTable kRange{"AdminNetworkPolicyPort.portRange", kRangeFields};
constexpr FieldTable kProtocol{"ClusterNetworkPolicyProtocol", kProtocolFields};
constexpr FieldTable kTransport{"ClusterNetworkPolicyProtocol.tcp", kTransportFields};
constexpr FieldTable kPort{"ClusterNetworkPolicyProtocol.tcp.destinationPort", kPortFields};
constexpr FieldTable kPortRange{"ClusterNetworkPolicyProtocol.tcp.destinationPort.range", kPortRangeFields};

constexpr std::array kProtocols = {ir::Protocol::Tcp, ir::Protocol::Udp, ir::Protocol::Sctp};

std::uint16_t read_number(const FieldReader& reader, std::string_view field) {
  const auto port = reader.require(field) ? reader.integer(field, 1, 65535) : std::nullopt;
  return port ? static_cast<std::uint16_t>(port->value) : 0;
}

/// start and end, both needed, start before end.
ir::PortRange read_range(const FieldReader& reader) {
  const ir::PortRange range{read_number(reader, "start"), read_number(reader, "end")};
  if (range.first != 0 && range.last != 0 && range.first >= range.last)
    reader.report(ir::Code::InvalidValue, reader.span("end"), "`end` of a range must be greater than `start`",
                  range.first == range.last ? "write a single port" : "swap them");
  return range;
}

/// The container port of this name, whatever its protocol.
PortSpec read_named(const FieldReader& reader, std::string_view field, std::vector<PortSpec>& more) {
  PortSpec out;
  const auto name = reader.string(field);
  if (!name) return out;
  out.span = name->span;
  if (!is_port_name(name->value)) {
    reader.report(ir::Code::InvalidValue, name->span, show(name->value) + " is no port name");
    return out;
  }
  out.name = name->value;
  for (char& c : out.name) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  for (const ir::Protocol protocol : kProtocols)
    if (protocol != out.protocol) more.push_back({protocol, {}, out.name, out.span});
  return out;
}

ir::PortRange read_destination(const Node& node, ir::Diagnostics& diagnostics) {
  const FieldReader reader(node, kPort, diagnostics);
  if (node.kind != NodeKind::Mapping) return {};
  const std::string_view field = only_field(reader, node, {"number", "range"});
  if (field == "number") {
    const std::uint16_t port = read_number(reader, field);
    return {port, port};
  }
  return field == "range" ? read_range(FieldReader(*reader.get(field), kPortRange, diagnostics)) : ir::PortRange{};
}

/// tcp, udp or sctp. policy.md 8.6: `tcp: {}` was every port in drafts; the API asks for at least one property.
ir::PortRange read_transport(const Node& node, std::string_view field, ir::Diagnostics& diagnostics) {
  const FieldReader reader(node, kTransport, diagnostics);
  if (node.kind != NodeKind::Mapping) return {};
  if (const Node* port = reader.get("destinationPort")) return read_destination(*port, diagnostics);
  reader.report(ir::Code::MissingField, node.span, "`" + std::string(field) + "` needs `destinationPort`",
                "write `destinationPort: {range: {start: 1, end: 65535}}` for every port");
  return {};
}

}  // namespace

std::vector<const FieldTable*> admin_port_tables() {
  return {&kAdminPort, &kNumber, &kRange, &kProtocol, &kTransport, &kPort, &kPortRange};
}

PortSpec read_admin_port(const Node& node, std::vector<PortSpec>& more, ir::Diagnostics& diagnostics) {
  const FieldReader reader(node, kAdminPort, diagnostics);
  PortSpec out;
  out.span = node.span;
  if (node.kind != NodeKind::Mapping) return out;
  const std::string_view field = only_field(reader, node, {"namedPort", "portNumber", "portRange"});
  if (field == "namedPort") return read_named(reader, field, more);
  if (field.empty()) return out;
  const FieldReader port(*reader.get(field), field == "portNumber" ? kNumber : kRange, diagnostics);
  out.protocol = read_transport_protocol(port);
  if (field == "portRange") out.ports = read_range(port);
  if (field == "portNumber") out.ports.first = out.ports.last = read_number(port, "port");
  return out;
}

PortSpec read_cluster_protocol(const Node& node, std::vector<PortSpec>& more, ir::Diagnostics& diagnostics) {
  const FieldReader reader(node, kProtocol, diagnostics);
  PortSpec out;
  out.span = node.span;
  if (node.kind != NodeKind::Mapping) return out;
  const std::string_view field = only_field(reader, node, {"tcp", "udp", "sctp", "destinationNamedPort"});
  if (field == "destinationNamedPort") return read_named(reader, field, more);
  if (field.empty()) return out;
  out.protocol = field == "udp" ? ir::Protocol::Udp : field == "sctp" ? ir::Protocol::Sctp : ir::Protocol::Tcp;
  out.ports = read_transport(*reader.get(field), field, diagnostics);
  return out;
}

}  // namespace weir::compiler
