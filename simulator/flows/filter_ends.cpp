// Filter flags about the source or the destination of a flow.

#include <charconv>

#include "simulator/flows/filter_regex.h"
#include "simulator/flows/filter_terms.h"
#include "simulator/flows/label_query.h"

namespace weir::simulator {
namespace {

const Party& party_of(const FlowView& flow, FlowEnd end) {
  return flow.interned.parties.at(end == FlowEnd::Source ? flow.record.source : flow.record.destination);
}

const std::optional<ir::IpAddress>& address_of(const Record& record, FlowEnd end) {
  return end == FlowEnd::Source ? record.source_address : record.destination_address;
}

ir::Result<FlowTest> fqdn(const std::string& value, FlowEnd end) {
  const ir::Result<FlowRegex> pattern = name_pattern(value);
  if (!pattern) return bad_filter("fqdn", value, "a name, in which `*` is any part: `*.cilium.io`");
  return [pattern = *pattern, end](const FlowView& flow) {
    const FlowDetail* detail = flow.record.detail;
    if (detail == nullptr) return false;
    for (const std::string_view name : end == FlowEnd::Source ? detail->source_names : detail->destination_names)
      if (pattern.found_in(name)) return true;
    return false;
  };
}

ir::Result<FlowTest> ip(const std::string& value, FlowEnd end) {
  const std::optional<ir::IpPrefix> prefix = ir::parse_prefix(value);
  if (!prefix) return bad_filter("ip", value, "an address or a range: `10.0.0.1`, `10.0.0.0/8`");
  return [prefix = *prefix, end](const FlowView& flow) {
    const auto& address = address_of(flow.record, end);
    return address && ir::contains(prefix, *address);
  };
}

ir::Result<FlowTest> label(const std::string& value, FlowEnd end) {
  const ir::Result<LabelQuery> query = LabelQuery::parse(value);
  if (!query) return tl::unexpected(query.error());
  return [query = *query, end](const FlowView& flow) { return query.matches(party_of(flow, end).labels); };
}

std::optional<std::uint32_t> number_of(std::string_view text, std::uint32_t most) {
  std::uint32_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || text.empty() || number > most) return std::nullopt;
  return number;
}

/// A port, or a range of them as in `8000-8080`.
ir::Result<FlowTest> port(const std::string& value, FlowEnd end) {
  const std::size_t dash = value.find('-');
  const auto first = number_of(std::string_view(value).substr(0, dash), 65535);
  const auto last = dash == std::string::npos ? first : number_of(std::string_view(value).substr(dash + 1), 65535);
  if (!first || !last || *first > *last) return bad_filter("port", value, "a port, or a range of ports: `8080`, `8000-8080`");
  return [first = *first, last = *last, end](const FlowView& flow) {
    const Record& record = flow.record;
    const bool ports = record.protocol == ir::Protocol::Tcp || record.protocol == ir::Protocol::Udp || record.protocol == ir::Protocol::Sctp;
    const std::uint16_t recorded = end == FlowEnd::Source ? record.source_port : record.destination_port;
    return ports && recorded != 0 && first <= recorded && recorded <= last;
  };
}

std::optional<std::uint32_t> reserved_identity(std::string_view name) {
  // flows.md 1.3
  constexpr std::string_view kNames[] = {"host", "world", "unmanaged", "health", "init", "remote-node", "kube-apiserver", "ingress",
                                         "world-ipv4", "world-ipv6"};
  std::uint32_t number = 0;
  for (const std::string_view known : kNames) {
    ++number;
    if (known == name) return number;
  }
  return std::nullopt;
}

ir::Result<FlowTest> identity(const std::string& value, FlowEnd end) {
  constexpr std::uint32_t kNodeLocal = 1 << 24;
  const auto reserved = reserved_identity(value);
  const auto number = reserved ? reserved : number_of(value, kNodeLocal - 1);
  if (!number || *number == 0)
    return bad_filter("identity", value,
                      "a number from 1 to 16777215 or a reserved name such as `world`; higher numbers mean something else on each node");
  return [number = *number, end](const FlowView& flow) { return party_of(flow, end).identity == number; };
}

/// "web", "Deployment/web", "Deployment/".
ir::Result<FlowTest> workload(const std::string& value, FlowEnd end) {
  const std::size_t slash = value.find('/');
  const std::string kind = slash == std::string::npos ? "" : value.substr(0, slash);
  const std::string name = slash == std::string::npos ? value : value.substr(slash + 1);
  if (kind.empty() && name.empty()) return bad_filter("workload", value, "`NAME`, `KIND/NAME` or `KIND/`");
  return [kind, name, end](const FlowView& flow) {
    const Party& party = party_of(flow, end);
    if (party.workload.empty() && party.workload_kind.empty()) return false;
    return (name.empty() || party.workload == name) && (kind.empty() || party.workload_kind == kind);
  };
}

ir::Result<FlowTest> cluster(const std::string& value, FlowEnd end) {
  const ir::Result<FlowRegex> pattern = name_pattern(value);
  if (!pattern) return bad_filter("cluster", value, "the name of a cluster, in which `*` is any part");
  return [pattern = *pattern, end](const FlowView& flow) { return pattern.found_in(party_of(flow, end).cluster); };
}

FlowTest named(const NamePrefix& wanted, FlowEnd end, bool service) {
  return [wanted, end, service](const FlowView& flow) {
    std::string_view space, name;
    if (!service) {
      const Party& party = party_of(flow, end);
      space = party.namespace_name, name = party.pod;
    } else if (const FlowDetail* detail = flow.record.detail) {
      space = end == FlowEnd::Source ? detail->source_service_namespace : detail->destination_service_namespace;
      name = end == FlowEnd::Source ? detail->source_service : detail->destination_service;
    }
    if (space.empty() && name.empty()) return false;
    return name.starts_with(wanted.prefix) && (wanted.namespace_name->empty() || space == *wanted.namespace_name);
  };
}

}  // namespace

ir::Result<FlowTest> end_term(std::string_view kind, const std::string& value, FlowEnd end) {
  if (kind == "fqdn") return fqdn(value, end);
  if (kind == "ip") return ip(value, end);
  if (kind == "label") return label(value, end);
  if (kind == "port") return port(value, end);
  if (kind == "identity") return identity(value, end);
  if (kind == "workload") return workload(value, end);
  return cluster(value, end);
}

NamePrefix parse_name_prefix(const std::string& value) {
  const std::size_t slash = value.find('/');
  if (slash == std::string::npos) return {std::nullopt, value};
  return {value.substr(0, slash), value.substr(slash + 1)};
}

FlowTest pod_term(const NamePrefix& wanted, FlowEnd end) { return named(wanted, end, false); }
FlowTest service_term(const NamePrefix& wanted, FlowEnd end) { return named(wanted, end, true); }

}  // namespace weir::simulator
