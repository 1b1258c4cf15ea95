#include "compiler/invariants/terms.h"

#include <charconv>

namespace weir::compiler {
namespace {

constexpr std::string_view kNamespacePrefix = "namespace:";
constexpr std::string_view kCidrPrefix = "cidr:";
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
    if (name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") != std::string_view::npos)
      return ir::failure(quoted(name) + " is not the name of a namespace", kRefused);
    return NamespaceParty{std::string(name)};
  }
  if (text.starts_with(kCidrPrefix)) {
    const auto prefix = ir::parse_prefix(text.substr(kCidrPrefix.size()));
    if (!prefix) return ir::failure(quoted(text.substr(kCidrPrefix.size())) + " is not a CIDR", kRefused);
    return CidrParty{*prefix};
  }
  auto party = ir::parse_party(text, "default");
  if (!party) return tl::unexpected(party.error());
  if (party->kind == ir::PartyKind::Fqdn)
    return ir::failure("a property about " + quoted(text) + " is not supported: what a name resolves to changes", kRefused);
  return *party;
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
