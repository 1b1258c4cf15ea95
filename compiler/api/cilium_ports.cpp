// toPorts and icmps of a CiliumNetworkPolicy (policy.md 3.6, 3.7, 3.9).

#include "compiler/api/cilium_ports.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "compiler/api/port_name.h"
#include "compiler/api/tables.h"
#include "ir/eval/route.h"

namespace weir::compiler {
namespace {

constexpr Support kNo = Support::Unsupported;
constexpr std::string_view kTls = "needs TLS inspection";
constexpr std::string_view kL7 = "rules about requests are not decided yet";

constexpr Field kPortRuleFields[] = {
    {"listener", kNo, "sends the connection to an Envoy listener"}, {"originatingTLS", kNo, kTls}, {"ports"},
    {"rules", Support::Partly, "only an empty one, which restricts nothing"}, {"serverNames", kNo, kTls, true},
    {"terminatingTLS", kNo, kTls}};
constexpr Field kPortDenyRuleFields[] = {{"ports"}};
constexpr Field kL7Fields[] = {{"dns", kNo, kL7, true}, {"http", Support::Partly, "its expressions are checked, then it is refused", true}, {"kafka", kNo, kL7, true},
                               {"l7", kNo, kL7, true}, {"l7proto", kNo, kL7}};
constexpr FieldTable kL7Table{"L7Rules", kL7Fields};
constexpr Field kHttpFields[] = {{"headerMatches", kNo, kL7}, {"headers", kNo, kL7}, {"host"}, {"method"}, {"path"}};
constexpr FieldTable kHttpTable{"PortRuleHTTP", kHttpFields};
constexpr Field kPortFields[] = {{"endPort"}, {"port", Support::Partly, "numbers; a port by name is refused"},
                                 {"protocol", Support::Partly, "TCP, UDP, SCTP, ANY"}};
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
constexpr std::array<IcmpName, 25> kIcmpv6Names = {
    {{"DestinationUnreachable", 1}, {"PacketTooBig", 2}, {"TimeExceeded", 3}, {"ParameterProblem", 4}, {"EchoRequest", 128},
     {"EchoReply", 129}, {"MulticastListenerQuery", 130}, {"MulticastListenerReport", 131}, {"MulticastListenerDone", 132},
     {"RouterSolicitation", 133}, {"RouterAdvertisement", 134}, {"NeighborSolicitation", 135},
     {"NeighborAdvertisement", 136}, {"RedirectMessage", 137}, {"RouterRenumbering", 138}, {"ICMPNodeInformationQuery", 139},
     {"ICMPNodeInformationResponse", 140}, {"InverseNeighborDiscoverySolicitation", 141},
     {"InverseNeighborDiscoveryAdvertisement", 142}, {"HomeAgentAddressDiscoveryRequest", 144},
     {"HomeAgentAddressDiscoveryReply", 145}, {"MobilePrefixSolicitation", 146}, {"MobilePrefixAdvertisement", 147},
     {"DuplicateAddressRequestCodeSuffix", 157}, {"DuplicateAddressConfirmationCodeSuffix", 158}}};

std::optional<std::int64_t> number(std::string_view text) {
  if (text.empty() || !std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; })) return std::nullopt;
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc{} ? value : std::int64_t{1} << 40;
}

// policy.md 3.7: absent, "" and ANY mean TCP, UDP and SCTP, never ICMP.
std::vector<ir::Protocol> read_protocols(const FieldReader& reader) {
  const auto text = reader.string("protocol");
  if (text && (text->value == "TCP" || text->value == "UDP" || text->value == "SCTP"))
    return {*ir::parse_protocol(text->value)};
  if (text && !text->value.empty() && text->value != "ANY") {
    constexpr std::array<std::string_view, 7> extended = {"VRRP", "IGMP", "GRE", "IPIP", "IPV6", "ESP", "AH"};
    if (std::find(extended.begin(), extended.end(), text->value) != extended.end())
      reader.report(ir::Code::UnsupportedField, text->span,
                    "protocol " + show(text->value) + " needs the agent's extended IP protocols, which weir does not honour yet");
    else
      static_cast<void>(reader.one_of("protocol", {"TCP", "UDP", "SCTP", "ANY"}));
  }
  return {ir::Protocol::Tcp, ir::Protocol::Udp, ir::Protocol::Sctp};
}

std::optional<ir::PortRange> read_range(const FieldReader& reader) {
  const auto end = reader.integer("endPort", 0, 65535);
  if (!reader.require("port")) return std::nullopt;
  const auto text = reader.string("port");
  if (!text) return std::nullopt;
  const auto first = number(text->value);
  if (!first) {
    check_port_name(reader, {{std::nullopt, text->value}, text->span}, end && end->value > 0);
    return std::nullopt;
  }
  if (*first > 65535) {
    reader.report(ir::Code::InvalidValue, text->span, "`port` must be 0 to 65535, not " + show(text->value));
    return std::nullopt;
  }
  if (*first == 0 && end && end->value > 0) {
    reader.report(ir::Code::UnsupportedField, end->span, "`endPort` beside port 0, which means every port, is not honoured",
                  "write `port: \"1\"`, or remove `endPort`");
    return std::nullopt;
  }
  // policy.md 3.7: port 0 is every port; an endPort that is not greater means a single port.
  if (*first == 0) return ir::PortRange{};
  const std::int64_t last = end && end->value > *first ? end->value : *first;
  return ir::PortRange{static_cast<std::uint16_t>(*first), static_cast<std::uint16_t>(last)};
}

std::vector<ir::PortMatch> read_port(const Node& node, ir::Diagnostics& diagnostics) {
  const FieldReader reader(node, kCiliumPortTable, diagnostics);
  const auto protocols = read_protocols(reader);
  const auto range = read_range(reader);
  std::vector<ir::PortMatch> out;
  if (range)
    for (const ir::Protocol protocol : protocols) out.push_back({protocol, *range});
  return out;
}

/// A broken expression is the mistake of its writer, and said before weir refuses the rest (policy.md 5.1).
bool has_bad_expression(const Node& node, ir::Diagnostics& diagnostics) {
  const FieldReader reader(node, kHttpTable, diagnostics);
  bool bad = false;
  for (const std::string_view name : {"path", "method", "host"}) {
    const auto text = reader.string(name);
    const std::string error = text ? ir::regex_error(text->value) : "";
    if (!error.empty()) reader.report(ir::Code::InvalidValue, text->span, show(text->value) + " is no regular expression: " + error);
    bad = bad || !error.empty();
  }
  return bad;
}

void read_l7(const Node& node, ir::Diagnostics& diagnostics) {
  const FieldReader reader(node, kL7Table, diagnostics);
  const auto http = reader.list<bool>("http", [&](const Node& item) { return has_bad_expression(item, diagnostics); });
  if (!http || http->empty() || std::find(http->begin(), http->end(), true) != http->end()) return;
  reader.report(ir::Code::UnsupportedField, reader.span("http"), "`http` of L7Rules is not honoured yet: " + std::string(kL7));
}

/// One item of toPorts. Nothing in it means that it matches no port.
std::vector<ir::PortMatch> read_port_rule(const Node& node, bool deny, ir::Diagnostics& diagnostics) {
  const FieldReader reader(node, deny ? kCiliumPortDenyRuleTable : kCiliumPortRuleTable, diagnostics);
  if (!deny)
    if (const Node* rules = reader.get("rules")) read_l7(*rules, diagnostics);
  std::vector<ir::PortMatch> out;
  const auto ports =
      reader.list<std::vector<ir::PortMatch>>("ports", [&](const Node& item) { return read_port(item, diagnostics); });
  if (ports && ports->size() > kMostPorts)
    reader.report(ir::Code::InvalidValue, reader.span("ports"),
                  "`ports` holds " + std::to_string(ports->size()) + " entries, at most 40 are allowed", "split the rule in two");
  for (const auto& matches : ports.value_or(std::vector<std::vector<ir::PortMatch>>{}))
    out.insert(out.end(), matches.begin(), matches.end());
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

using Rules = std::optional<std::vector<std::vector<ir::PortMatch>>>;

/// A list of port rules as one list: absent and [] are absent (policy.md 3.6).
std::optional<std::vector<ir::PortMatch>> flatten(const Rules& rules, CiliumElement& element) {
  if (!rules || rules->empty()) return std::nullopt;
  std::vector<ir::PortMatch> out;
  for (const auto& rule : *rules) {
    // policy.md 3.6, derived
    if (rule.empty()) element.assumptions.push_back("derived.port_rule_without_ports_matches_nothing");
    out.insert(out.end(), rule.begin(), rule.end());
  }
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

}  // namespace

const FieldTable kCiliumPortRuleTable{"PortRule", kPortRuleFields};
const FieldTable kCiliumPortDenyRuleTable{"PortDenyRule", kPortDenyRuleFields};
const FieldTable kCiliumPortTable{"PortProtocol", kPortFields};
const FieldTable kCiliumIcmpRuleTable{"ICMPRule", kIcmpRuleFields};
const FieldTable kCiliumIcmpFieldTable{"ICMPField", kIcmpFieldFields};

void read_cilium_ports(const FieldReader& element, bool deny, CiliumElement& out) {
  ir::Diagnostics& diagnostics = element.diagnostics();
  const Rules ports = element.list<std::vector<ir::PortMatch>>(
      "toPorts", [&](const Node& item) { return read_port_rule(item, deny, diagnostics); });
  const Rules icmps = element.list<std::vector<ir::PortMatch>>(
      "icmps", [&](const Node& item) { return read_icmp_rule(item, diagnostics); });
  out.ports = flatten(ports, out);
  out.icmps = flatten(icmps, out);
  if (out.ports && out.icmps)
    element.report(ir::Code::ExclusiveFields, element.span("icmps"), "`icmps` excludes `toPorts` in one element",
                   "write two list items");
  std::sort(out.assumptions.begin(), out.assumptions.end());
  out.assumptions.erase(std::unique(out.assumptions.begin(), out.assumptions.end()), out.assumptions.end());
}

}  // namespace weir::compiler
