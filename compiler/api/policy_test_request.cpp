// What travels inside the connection of a check, and what DNS is known to answer (cli.md "Policy tests").
#include <algorithm>
#include <cctype>

#include "compiler/api/policy_test_parts.h"
#include "ir/base/code.h"

namespace weir::compiler {
namespace {

constexpr Field kHttpFields[] = {{"headers"}, {"host"}, {"method"}, {"path"}};
constexpr FieldTable kHttp{"HttpCheck", kHttpFields};
constexpr Field kDnsFields[] = {{"query"}};
constexpr FieldTable kDns{"DnsCheck", kDnsFields};
constexpr Field kTlsFields[] = {{"sni"}};
constexpr FieldTable kTls{"TlsCheck", kTlsFields};

ir::HttpRequest read_http(const Node& node, ir::Diagnostics& diagnostics) {
  const FieldReader reader(node, kHttp, diagnostics);
  ir::HttpRequest out;
  if (const auto method = reader.string("method")) out.method = method->value;
  if (const auto path = reader.string("path")) out.path = path->value;
  if (const auto host = reader.string("host")) out.host = host->value;
  for (auto& [name, value] : reader.string_map("headers").value_or(StringMap{})) out.headers.emplace_back(name, value);
  return out;
}

/// The one field of `dns` and `tls`, which must be there.
std::optional<std::string> read_only(const Node& node, const FieldTable& table, ir::Diagnostics& diagnostics) {
  const FieldReader reader(node, table, diagnostics);
  const std::string_view field = table.fields.front().name;
  if (node.kind == NodeKind::Mapping && !reader.require(field)) return std::nullopt;
  const auto text = reader.string(field);
  return text ? std::optional(text->value) : std::nullopt;
}

void refuse(const ir::Span& span, std::string detail, std::string fix, ir::Diagnostics& diagnostics) {
  diagnostics.report({.kind = ir::Code::InvalidValue, .primary = span, .detail = std::move(detail), .labels = {},
                      .notes = {}, .fix = std::move(fix), .witness = {}});
}

/// As Cluster::names has it.
std::string known_as(std::string name) {
  while (name.ends_with('.')) name.pop_back();
  std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return name;
}

std::vector<ir::IpAddress> read_addresses(const Node& list, ir::Diagnostics& diagnostics) {
  std::vector<ir::IpAddress> out;
  if (!is_sequence(list, "the addresses of a name", diagnostics)) return out;
  for (const Node& item : list.items) {
    const auto text = as_string(item, "an address", diagnostics);
    if (!text) continue;
    const auto address = ir::parse_address(text->value);
    if (address)
      out.push_back(*address);
    else
      refuse(text->span, show(text->value) + " is not an IP address", "write it as 192.0.2.10 or 2001:db8::1", diagnostics);
  }
  return out;
}

}  // namespace

std::optional<ir::L7Request> read_check_request(const FieldReader& reader) {
  ir::L7Request out;
  if (const Node* http = reader.get("http")) out.http = read_http(*http, reader.diagnostics());
  if (const Node* dns = reader.get("dns")) out.dns = read_only(*dns, kDns, reader.diagnostics());
  if (const Node* tls = reader.get("tls")) out.sni = read_only(*tls, kTls, reader.diagnostics());
  if (out.dns && (out.http || out.sni))
    reader.report(ir::Code::InvalidValue, reader.span("dns"), "`dns` cannot travel beside `http` or `tls`",
                  "ask in two checks");
  return out.http || out.dns || out.sni ? std::optional(out) : std::nullopt;
}

std::map<std::string, std::vector<ir::IpAddress>> read_names(const Node& node, ir::Diagnostics& diagnostics) {
  std::map<std::string, std::vector<ir::IpAddress>> out;
  if (!is_mapping(node, "`names`", diagnostics)) return out;
  for (const auto& [key, value] : node.entries) {
    auto& addresses = out[known_as(key.text)];
    for (const ir::IpAddress& address : read_addresses(value, diagnostics)) addresses.push_back(address);
    std::sort(addresses.begin(), addresses.end());
    addresses.erase(std::unique(addresses.begin(), addresses.end()), addresses.end());
  }
  return out;
}

std::vector<const FieldTable*> test_request_tables() { return {&kHttp, &kDns, &kTls}; }

}  // namespace weir::compiler
