#pragma once

#include <cstring>
#include <tuple>
#include <string>
#include <string_view>
#include <vector>

#include "simulator/flows/decode.h"
#include "simulator/flows/line_reader.h"

namespace weir::test {

inline bool same(const simulator::FlowDetail* a, const simulator::FlowDetail* b) {
  if (a == nullptr || b == nullptr) return a == b;
  if (a->http.has_value() != b->http.has_value() || a->dns.has_value() != b->dns.has_value()) return false;
  if (a->http && (a->http->method != b->http->method || a->http->url != b->http->url || a->http->protocol != b->http->protocol ||
                  a->http->status != b->http->status || a->http->headers != b->http->headers))
    return false;
  if (a->dns && (a->dns->query != b->dns->query || a->dns->ips != b->dns->ips || a->dns->cnames != b->dns->cnames ||
                 a->dns->query_types != b->dns->query_types || a->dns->rcode != b->dns->rcode || a->dns->ttl != b->dns->ttl))
    return false;
  return a->source_names == b->source_names && a->destination_names == b->destination_names && a->source_service == b->source_service &&
         a->source_service_namespace == b->source_service_namespace && a->destination_service == b->destination_service &&
         a->destination_service_namespace == b->destination_service_namespace && a->tcp_flags == b->tcp_flags &&
         a->source_translated == b->source_translated && a->node_labels == b->node_labels;
}

/// Every field of a record.
inline bool same(const simulator::Record& a, const simulator::Record& b) {
  const auto enums = [](const simulator::Record& r) {
    return std::tuple(r.kind, r.verdict, r.type, r.direction, r.point, r.reason, r.l7, r.is_reply, r.event_type, r.sub_type, r.match_type,
                      r.drop_reason, r.icmp_code, r.protocol);
  };
  const auto switches = [](const simulator::Record& r) {
    return std::tuple(r.source_local, r.destination_local, r.to_service, r.dns, r.policy_changed, r.node_gone, r.not_policed, r.has_ports,
                      r.has_time);
  };
  const auto rest = [](const simulator::Record& r) {
    return std::tuple(r.source_port, r.destination_port, r.source_address, r.destination_address, r.source, r.destination, r.node, r.cluster,
                      r.time, r.lost, r.uuid, r.line);
  };
  return enums(a) == enums(b) && switches(a) == switches(b) && rest(a) == rest(b) && same(a.detail, b.detail);
}

/// The same lines, one after the other, by simdjson alone and with the fast path: nothing may tell the two apart.
class BothWays {
 public:
  explicit BothWays(bool filters) {
    parser_.use_fast(false);
    parser_.want_filters(filters);
    fast_.want_filters(filters);
  }

  /// `behind`: what stands in memory after the line.
  [[nodiscard]] bool agree(std::string_view line, std::string_view behind = {}) {
    const std::string a = padded(line, behind), b = a;
    simulator::Record one, two;
    const bool known = parser_.decode(a.data(), line.size(), one);
    if (known != fast_.decode(b.data(), line.size(), two)) return false;
    lines += known;
    fast_lines += known && fast_.was_fast();
    if (known && !same(one, two)) return false;
    if (known && one.kind == simulator::RecordKind::NodeStatus && parser_.status_nodes() != fast_.status_nodes()) return false;
    return parties_.parties.size() == fast_parties_.parties.size() && parties_.nodes.size() == fast_parties_.nodes.size();
  }

  std::uint64_t lines = 0, fast_lines = 0;  // known ones

 private:
  static std::string padded(std::string_view line, std::string_view behind) {
    std::string text(line);
    text += behind.substr(0, simulator::kPadding);
    text.resize(line.size() + simulator::kPadding);
    return text;
  }

  simulator::Interned parties_, fast_parties_;
  simulator::Decoder parser_{parties_}, fast_{fast_parties_};
};

}  // namespace weir::test
