#include "compiler/invariants/terms.h"

#include <array>
#include <charconv>

#include "compiler/api/bandwidth.h"
#include "ir/route/url.h"

namespace weir::compiler {
namespace {

constexpr std::string_view kNamespacePrefix = "namespace:";
constexpr std::string_view kCidrPrefix = "cidr:";
constexpr std::string_view kClusterPrefix = "cluster:";
constexpr std::string_view kNodePrefix = "node:";
constexpr std::string_view kNameCharacters = "abcdefghijklmnopqrstuvwxyz0123456789-";
constexpr int kRefused = 3;

std::string quoted(std::string_view text) { return "`" + std::string(text) + "`"; }

bool has_ports(ir::Protocol protocol) {
  return protocol == ir::Protocol::Tcp || protocol == ir::Protocol::Udp || protocol == ir::Protocol::Sctp;
}

bool has_types(ir::Protocol protocol) { return protocol == ir::Protocol::Icmp || protocol == ir::Protocol::Icmpv6; }

std::optional<std::uint16_t> number(std::string_view text, unsigned greatest) {
  unsigned value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || value > greatest) return std::nullopt;
  return static_cast<std::uint16_t>(value);
}

/// Only names: in this language a bare number is a port, never a protocol.
std::optional<ir::Protocol> protocol_name(std::string_view text) {
  if (text.empty() || (text[0] >= '0' && text[0] <= '9')) return std::nullopt;
  return ir::parse_protocol(text);
}

ir::Result<ir::PortMatch> read_range(std::string_view text, std::string_view range, ir::Protocol protocol) {
  const std::size_t dash = range.find('-');
  const unsigned greatest = has_types(protocol) ? 255 : 65535;
  const auto first = number(range.substr(0, dash), greatest);
  const auto last = dash == std::string_view::npos ? first : number(range.substr(dash + 1), greatest);
  if (!first || !last) return ir::failure(quoted(text) + " is beyond " + std::to_string(greatest), kRefused);
  if (*last < *first) return ir::failure("the range " + quoted(text) + " ends before it begins", kRefused);
  return ir::PortMatch{protocol, {*first, *last}};
}

}  // namespace

ir::Result<InvariantParty> read_invariant_party(std::string_view text) {
  if (text.starts_with(kNamespacePrefix)) {
    const std::string_view name = text.substr(kNamespacePrefix.size());
    if (name.find_first_not_of(kNameCharacters) != std::string_view::npos)
      return ir::failure(quoted(name) + " is not the name of a namespace", kRefused);
    return NamespaceParty{std::string(name)};
  }
  if (text.starts_with(kCidrPrefix)) {
    const auto prefix = ir::parse_prefix(text.substr(kCidrPrefix.size()));
    if (!prefix) return ir::failure(quoted(text.substr(kCidrPrefix.size())) + " is not a CIDR", kRefused);
    return CidrParty{*prefix};
  }
  if (text.starts_with(kClusterPrefix)) return ClusterParty{std::string(text.substr(kClusterPrefix.size()))};
  if (text.starts_with(kNodePrefix)) {
    const std::string_view label = text.substr(kNodePrefix.size());
    const std::size_t equals = label.find('=');
    if (equals == 0 || equals == std::string_view::npos) return ir::failure(quoted(label) + " is not a label; write node:key=value", kRefused);
    return NodeParty{std::string(label.substr(0, equals)), std::string(label.substr(equals + 1))};
  }
  auto party = ir::parse_party(text, "default");
  const std::string kind = nearest(text.substr(0, text.find(':')), {"cidr", "cluster", "entity", "fqdn", "labels", "namespace", "node", "pod", "workload"});
  if (!party && !kind.empty() && !text.starts_with(kind + ":")) return ir::failure(party.error().message + "; did you mean `" + kind + ":`?", kRefused);
  if (!party) return tl::unexpected(party.error());
  return *party;
}

ir::Result<std::uint64_t> read_invariant_bandwidth(std::string_view text) {
  const auto quantity = parse_quantity(text);
  if (!quantity) return ir::failure(quoted(text) + " is no bandwidth; write bits per second such as 100M or 1G", kRefused);
  return whole_value(*quantity);
}

ir::Result<ServesInvariant> read_invariant_service(std::string_view text) {
  ServesInvariant serves;
  const std::size_t slash = text.find('/'), colon = text.find(':');
  serves.namespace_name = std::string(text.substr(0, slash));
  serves.service = std::string(text.substr(slash + 1, colon == std::string_view::npos ? colon : colon - slash - 1));
  if (colon == std::string_view::npos) return serves;
  serves.port = number(text.substr(colon + 1), 65535);
  if (!serves.port) return ir::failure(quoted(text.substr(colon + 1)) + " is no port of a Service", kRefused);
  return serves;
}

ir::Result<void> check_invariant_url(std::string_view text) {
  const auto request = ir::request_of(text);
  if (!request) return tl::unexpected(request.error());
  if (request->scheme != "http" && request->scheme != "https" && request->scheme != "grpc")
    return ir::failure("a route statement is about http, https or grpc, not " + quoted(request->scheme), kRefused);
  return {};
}

ir::Result<std::string> read_invariant_date(std::string_view text) {
  const unsigned year = number(text.substr(0, 4), 9999).value_or(0);
  const unsigned month = number(text.substr(5, 2), 12).value_or(0), day = number(text.substr(8, 2), 31).value_or(0);
  constexpr std::array<unsigned, 13> kDays = {0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = month == 2 && year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
  if (month == 0 || day == 0 || day > kDays[month] + (leap ? 1U : 0U)) return ir::failure(quoted(text) + " is no day; write 2027-01-31", kRefused);
  return std::string(text);
}

ir::Result<ir::Severity> read_invariant_severity(std::string_view text) {
  for (const ir::Severity severity : {ir::Severity::Error, ir::Severity::Warning, ir::Severity::Note})
    if (to_text(severity) == text) return severity;
  return ir::failure(quoted(text) + " is no severity; it is error, warning or note", kRefused);
}

ir::Result<ir::PortMatch> read_invariant_port(std::string_view text) {
  const std::size_t slash = text.find('/');
  const bool word = slash == std::string_view::npos && protocol_name(text);
  if (word) return ir::PortMatch{*protocol_name(text), {}};
  const auto protocol = slash == std::string_view::npos ? ir::Protocol::Tcp : protocol_name(text.substr(slash + 1));
  if (!protocol || text.empty() || text[0] < '0' || text[0] > '9')
    return ir::failure(quoted(text) + " is no port; write 8080, 8080/TCP, 8000-8100/TCP or ICMP", kRefused);
  if (!has_ports(*protocol) && !has_types(*protocol))
    return ir::failure(quoted(text) + ": this protocol has no ports", kRefused);
  return read_range(text, text.substr(0, slash), *protocol);
}

}  // namespace weir::compiler
