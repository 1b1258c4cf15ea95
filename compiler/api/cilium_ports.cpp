// toPorts and icmps of a CiliumNetworkPolicy (policy.md 3.6, 3.7, 3.9).

#include "compiler/api/cilium_ports.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "compiler/api/port_name.h"
#include "compiler/api/tables.h"
#include "compiler/api/cilium_l7.h"
#include "ir/base/code.h"

namespace weir::compiler {
namespace {

constexpr Field kPortRuleFields[] = {{"listener"}, {"originatingTLS"}, {"ports"}, {"rules"}, {"serverNames"}, {"terminatingTLS"}};
constexpr Field kPortDenyRuleFields[] = {{"ports"}};
constexpr Field kPortFields[] = {{"endPort"}, {"port"}, {"protocol"}};
constexpr Field kIcmpRuleFields[] = {{"fields"}};
constexpr Field kIcmpFieldFields[] = {{"family"}, {"type"}};

constexpr std::size_t kMostPorts = 40;

struct IcmpName {
  std::string_view name;
  std::uint16_t type;
};
constexpr std::array<IcmpName, 14> kIcmpNames = {{{"EchoReply", 0}, {"DestinationUnreachable", 3}, {"Redirect", 5},
                                                  {"Echo", 8}, {"EchoRequest", 8}, {"RouterAdvertisement", 9},
                                                  {"RouterSelection", 10}, {"TimeExceeded", 11}, {"ParameterProblem", 12},
                                                  {"Timestamp", 13}, {"TimestampReply", 14}, {"Photuris", 40},
                                                  {"ExtendedEchoRequest", 42}, {"ExtendedEchoReply", 43}}};
// Names as in Cilium's pkg/policy/api/icmp.go.
constexpr std::array<IcmpName, 27> kIcmpv6Names = {
    {{"DestinationUnreachable", 1}, {"PacketTooBig", 2}, {"TimeExceeded", 3}, {"ParameterProblem", 4}, {"EchoRequest", 128},
     {"EchoReply", 129}, {"MulticastListenerQuery", 130}, {"MulticastListenerReport", 131}, {"MulticastListenerDone", 132},
     {"RouterSolicitation", 133}, {"RouterAdvertisement", 134}, {"NeighborSolicitation", 135},
     {"NeighborAdvertisement", 136}, {"RedirectMessage", 137}, {"RouterRenumbering", 138}, {"ICMPNodeInformationQuery", 139},
     {"ICMPNodeInformationResponse", 140}, {"InverseNeighborDiscoverySolicitation", 141},
     {"InverseNeighborDiscoveryAdvertisement", 142}, {"HomeAgentAddressDiscoveryRequest", 144},
     {"HomeAgentAddressDiscoveryReply", 145}, {"MobilePrefixSolicitation", 146}, {"MobilePrefixAdvertisement", 147},
     {"DuplicateAddressRequestCodeSuffix", 157}, {"DuplicateAddressConfirmationCodeSuffix", 158},
     {"ExtendedEchoRequest", 160}, {"ExtendedEchoReply", 161}}};

std::optional<std::int64_t> number(std::string_view text) {
  if (text.empty() || !std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; })) return std::nullopt;
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc{} ? value : std::int64_t{1} << 40;
}

struct ExtendedProtocol {
  std::string_view name;
  ir::Protocol protocol;
};
// IANA protocol numbers.
constexpr std::array<ExtendedProtocol, 7> kExtended = {{{"VRRP", ir::Protocol{112}}, {"IGMP", ir::Protocol{2}},
                                                        {"GRE", ir::Protocol{47}}, {"IPIP", ir::Protocol{4}},
                                                        {"IPV6", ir::Protocol{41}}, {"ESP", ir::Protocol{50}},
                                                        {"AH", ir::Protocol{51}}}};

/// One entry of `ports`, its protocols spread out.
struct Port {
  std::vector<PortSpec> specs;
  bool any_protocol = false;  // absent, "" or ANY
  bool extended = false;
  bool zero = false;          // port 0: every port
  bool range = false;
};

// policy.md 3.7: absent, "" and ANY mean TCP, UDP and SCTP, never ICMP.
std::vector<ir::Protocol> read_protocols(const FieldReader& reader, Port& port) {
  const auto text = reader.string("protocol");
  const std::string name = text ? text->value : "";
  if (name == "TCP" || name == "UDP" || name == "SCTP") return {*ir::parse_protocol(name)};
  for (const ExtendedProtocol& known : kExtended) {
    if (name != known.name) continue;
    port.extended = true;
    return {known.protocol};
  }
  if (!name.empty() && name != "ANY")
    static_cast<void>(reader.one_of("protocol", {"TCP", "UDP", "SCTP", "ANY", "VRRP", "IGMP", "GRE", "IPIP", "IPV6", "ESP", "AH"}));
  port.any_protocol = true;
  return {ir::Protocol::Tcp, ir::Protocol::Udp, ir::Protocol::Sctp};
}

std::optional<ir::PortRange> read_number(const FieldReader& reader, const Located<std::string>& text, std::int64_t first,
                                         const std::optional<Located<std::int64_t>>& end, Port& port) {
  if (first > 65535) {
    reader.report(ir::Code::InvalidValue, text.span, "`port` must be 0 to 65535, not " + show(text.value));
    return std::nullopt;
  }
  if (port.extended && first != 0) {
    reader.report(ir::Code::InvalidValue, text.span, "this protocol has no ports", "remove `port`");
    return std::nullopt;
  }
  if (first == 0 && end && end->value > 0) {
    reader.report(ir::Code::UnsupportedField, end->span, "`endPort` beside port 0, which means every port, is not honoured",
                  "write `port: \"1\"`, or remove `endPort`");
    return std::nullopt;
  }
  port.zero = first == 0 && !port.extended;
  port.range = end && end->value > first;
  // policy.md 3.7: port 0 is every port; an endPort that is not greater means a single port.
  if (first == 0) return ir::PortRange{};
  return ir::PortRange{static_cast<std::uint16_t>(first), static_cast<std::uint16_t>(port.range ? end->value : first)};
}

Port read_port(const Node& node, ir::Diagnostics& diagnostics) {
  const FieldReader reader(node, kCiliumPortTable, diagnostics);
  Port out;
  const auto protocols = read_protocols(reader, out);
  const auto end = reader.integer("endPort", 0, 65535);
  const auto text = reader.string("port");
  const bool absent = !text || (out.extended && text->value.empty());
  // policy.md 3.7: only a protocol without ports may leave the port out.
  if (absent && !out.extended && !reader.has("port")) reader.require("port");
  if (absent && !out.extended) return out;
  PortSpec spec;
  spec.span = node.span;
  if (const auto first = absent ? std::optional<std::int64_t>(0) : number(text->value)) {
    const auto range = read_number(reader, absent ? Located<std::string>{"", node.span} : *text, *first, end, out);
    if (!range) return out;
    spec.ports = *range;
  } else {
    const auto name = read_port_name(reader, {{std::nullopt, text->value}, text->span}, end && end->value > 0);
    if (!name) return out;
    spec.name = *name;
  }
  for (const ir::Protocol protocol : protocols) {
    spec.protocol = protocol;
    out.specs.push_back(spec);
  }
  return out;
}

// policy.md 3.12
void check_l7_ports(const FieldReader& reader, const std::vector<Port>& ports, const ir::L7Rules& l7) {
  const bool dns = !l7.dns.empty();
  if (l7.http.empty() && !dns && l7.parser.empty()) return;
  const ir::Span span = reader.span("rules");
  if (dns && ports.empty()) reader.report(ir::Code::InvalidValue, span, "`dns` rules need explicit ports", "name port 53");
  for (const Port& port : ports) {
    if (port.zero) reader.report(ir::Code::InvalidValue, span, "rules about requests cannot apply to port 0");
    if (dns && port.range) reader.report(ir::Code::InvalidValue, span, "`dns` rules cannot apply to a range of ports");
    const bool tcp = !port.specs.empty() && !port.any_protocol && port.specs.front().protocol == ir::Protocol::Tcp;
    const bool udp = !port.specs.empty() && !port.any_protocol && port.specs.front().protocol == ir::Protocol::Udp;
    if (port.specs.empty() || tcp || (dns && (udp || port.any_protocol))) continue;
    reader.report(ir::Code::InvalidValue, span, "rules about requests need protocol TCP, or TCP, UDP or ANY for `dns`",
                  "write `protocol: TCP` beside the port");
  }
}

/// One item of toPorts. Nothing in it means that it matches no port.
CiliumPortRule read_port_rule(const Node& node, const PortContext& context, ir::Diagnostics& diagnostics) {
  const FieldReader reader(node, context.deny ? kCiliumPortDenyRuleTable : kCiliumPortRuleTable, diagnostics);
  CiliumPortRule out;
  out.span = node.span;
  const auto ports = reader.list<Port>("ports", [&](const Node& item) { return read_port(item, diagnostics); });
  if (ports && ports->size() > kMostPorts)
    reader.report(ir::Code::InvalidValue, reader.span("ports"),
                  "`ports` holds " + std::to_string(ports->size()) + " entries, at most 40 are allowed", "split the rule in two");
  for (const Port& port : ports.value_or(std::vector<Port>{})) out.ports.insert(out.ports.end(), port.specs.begin(), port.specs.end());
  if (context.deny) return out;
  out.l7 = read_cilium_l7(reader, context);
  if (out.l7) check_l7_ports(reader, ports.value_or(std::vector<Port>{}), *out.l7);
  return out;
}

template <std::size_t N>
std::optional<std::uint16_t> find_type(const std::array<IcmpName, N>& names, std::string_view name) {
  for (const IcmpName& entry : names)
    if (entry.name == name) return entry.type;
  return std::nullopt;
}

template <std::size_t N>
std::string nearest_type(const std::array<IcmpName, N>& names, std::string_view name) {
  std::vector<std::string_view> all;
  for (const IcmpName& entry : names) all.push_back(entry.name);
  const std::string near = nearest(name, all);
  return near.empty() ? "" : "write `" + near + "`";
}

std::optional<std::uint16_t> read_icmp_type(const FieldReader& reader, bool v6) {
  const auto written = reader.int_or_string("type");
  if (!written) return std::nullopt;
  const std::string& text = written->value.text;
  const auto value = written->value.number ? written->value.number : number(text);
  if (value && (*value < 0 || *value > 255)) {
    reader.report(ir::Code::InvalidValue, written->span, "an ICMP type must be 0 to 255");
    return std::nullopt;
  }
  if (value) return static_cast<std::uint16_t>(*value);
  const auto named = v6 ? find_type(kIcmpv6Names, text) : find_type(kIcmpNames, text);
  if (!named)
    reader.report(ir::Code::InvalidValue, written->span, show(text) + " is no ICMP type of " + (v6 ? "IPv6" : "IPv4"),
                  v6 ? nearest_type(kIcmpv6Names, text) : nearest_type(kIcmpNames, text));
  return named;
}

std::optional<ir::PortMatch> read_icmp_field(const Node& node, ir::Diagnostics& diagnostics) {
  const FieldReader reader(node, kCiliumIcmpFieldTable, diagnostics);
  const auto family = reader.one_of("family", {"IPv4", "IPv6"});
  const bool v6 = family && family->value == "IPv6";
  if (!reader.require("type")) return std::nullopt;
  const auto type = read_icmp_type(reader, v6);
  if (!type) return std::nullopt;
  return ir::PortMatch{v6 ? ir::Protocol::Icmpv6 : ir::Protocol::Icmp, {*type, *type}};
}

std::vector<ir::PortMatch> read_icmp_rule(const Node& node, ir::Diagnostics& diagnostics) {
  const FieldReader reader(node, kCiliumIcmpRuleTable, diagnostics);
  std::vector<ir::PortMatch> out;
  const auto fields = reader.list<std::optional<ir::PortMatch>>(
      "fields", [&](const Node& item) { return read_icmp_field(item, diagnostics); });
  if (fields && fields->size() > kMostPorts)
    reader.report(ir::Code::InvalidValue, reader.span("fields"),
                  "`fields` holds " + std::to_string(fields->size()) + " entries, at most 40 are allowed", "split the rule in two");
  for (const auto& field : fields.value_or(std::vector<std::optional<ir::PortMatch>>{}))
    if (field) out.push_back(*field);
  return out;
}

}  // namespace

const FieldTable kCiliumPortRuleTable{"PortRule", kPortRuleFields};
const FieldTable kCiliumPortDenyRuleTable{"PortDenyRule", kPortDenyRuleFields};
const FieldTable kCiliumPortTable{"PortProtocol", kPortFields};
const FieldTable kCiliumIcmpRuleTable{"ICMPRule", kIcmpRuleFields};
const FieldTable kCiliumIcmpFieldTable{"ICMPField", kIcmpFieldFields};

void read_cilium_ports(const FieldReader& element, const PortContext& context, CiliumElement& out) {
  ir::Diagnostics& diagnostics = element.diagnostics();
  out.port_rules = element.list<CiliumPortRule>(
      "toPorts", [&](const Node& item) { return read_port_rule(item, context, diagnostics); });
  const auto icmps = element.list<std::vector<ir::PortMatch>>(
      "icmps", [&](const Node& item) { return read_icmp_rule(item, diagnostics); });
  // policy.md 3.6: [] is absent.
  if (out.port_rules && out.port_rules->empty()) out.port_rules.reset();
  if (icmps && !icmps->empty()) {
    out.icmps.emplace();
    for (const auto& fields : *icmps) out.icmps->insert(out.icmps->end(), fields.begin(), fields.end());
    std::sort(out.icmps->begin(), out.icmps->end());
    out.icmps->erase(std::unique(out.icmps->begin(), out.icmps->end()), out.icmps->end());
  }
  if (out.port_rules && out.icmps)
    element.report(ir::Code::ExclusiveFields, element.span("icmps"), "`icmps` excludes `toPorts` in one element",
                   "write two list items");
}

}  // namespace weir::compiler
