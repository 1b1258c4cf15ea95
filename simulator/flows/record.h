#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "ir/base/id.h"
#include "ir/base/ip.h"
#include "ir/base/ports.h"

namespace weir::simulator {

using PartyId = ir::Id<struct PartyTag>;        // index into Parties: one distinct source or destination object
using NodeNameId = ir::Id<struct NodeNameTag>;  // index into Names of the reader

enum class RecordKind : std::uint8_t { Flow, LostEvents, NodeStatus, AgentEvent, DebugEvent };

/// flow.proto Verdict; Other: a value that this version does not know.
enum class FlowVerdict : std::uint8_t { Unknown, Forwarded, Dropped, Error, Audit, Redirected, Traced, Translated, Other };

enum class FlowType : std::uint8_t { Unknown, L3L4, L7, Sock, Other };
enum class FlowDirection : std::uint8_t { Unknown, Ingress, Egress, Other };
enum class L7Type : std::uint8_t { None, Request, Response, Sample };
enum class Tristate : std::uint8_t { Unknown, No, Yes };

/// flow.proto TraceObservationPoint, by name; the sub types of event_type 4 map onto it (flows.md 1.3).
enum class TracePoint : std::uint8_t {
  Unknown, ToEndpoint, ToProxy, ToHost, ToStack, ToOverlay, ToNetwork, ToCrypto, From, Other
};

enum class TraceReason : std::uint8_t { Unknown, New, Established, Reply, Related, Other };

/// monitor event types (flows.md 1.3).
enum EventType : std::uint8_t { kDrop = 1, kDebug = 2, kCapture = 3, kTrace = 4, kPolicyVerdict = 5, kSock = 7, kL7 = 129 };

using Uuid = std::array<std::uint8_t, 16>;  // zero: not recorded, or no UUID

struct HttpDetail {
  std::string_view method, url, protocol;
  std::uint16_t status = 0;  // of a response
  std::vector<std::pair<std::string_view, std::string_view>> headers;
};

struct DnsDetail {
  std::string_view query;
  std::vector<std::string_view> ips, cnames, query_types;
  std::uint32_t rcode = 0, ttl = 0;  // ttl in seconds
};

/// What few lines have, or only filters ask for (Decoder::want_filters). The views live until the reader's next record.
struct FlowDetail {
  std::vector<std::string_view> source_names, destination_names;
  std::string_view source_service_namespace, source_service, destination_service_namespace, destination_service;
  std::optional<HttpDetail> http;
  std::optional<DnsDetail> dns;
  std::uint8_t tcp_flags = 0;  // as on the wire: FIN 1, SYN 2, RST 4, PSH 8, ACK 16, URG 32, ECE 64, CWR 128
  std::optional<ir::IpAddress> source_translated;  // IP.source_xlated
  std::vector<std::string_view> node_labels;
};

/// One line of a recording: what replay needs of it, nothing owned. Absent fields keep their zero.
struct Record {
  RecordKind kind = RecordKind::Flow;
  FlowVerdict verdict = FlowVerdict::Unknown;
  FlowType type = FlowType::Unknown;
  FlowDirection direction = FlowDirection::Unknown;
  TracePoint point = TracePoint::Unknown;
  TraceReason reason = TraceReason::Unknown;
  L7Type l7 = L7Type::None;
  Tristate is_reply = Tristate::Unknown;
  std::uint8_t event_type = 0;       // 0: not recorded
  std::uint8_t sub_type = 0;
  std::uint8_t match_type = 0;
  std::uint8_t drop_reason = 0;      // monitor's number, 133 POLICY_DENIED ...
  std::uint8_t icmp_code = 0;
  std::optional<ir::Protocol> protocol;  // absent: not TCP, UDP, SCTP or ICMP, or not recorded
  bool source_local = false;         // the endpoint ID is not 0: it lives on the node that recorded the line
  bool destination_local = false;
  bool to_service = false;           // destination_service is set
  bool dns = false;                  // an L7 DNS line: its l4 protocol is not trusted (flows.md 1.4, 4)
  bool policy_changed = false;       // an agent event that changes policy
  bool node_gone = false;            // a node status that says so
  bool not_policed = false;          // VRRP, IGMP: carried by no policy
  bool has_ports = false;            // destination port known; for ICMP the type
  std::uint16_t source_port = 0, destination_port = 0;  // host order; ICMP: both are the type
  std::optional<ir::IpAddress> source_address, destination_address;
  PartyId source, destination;
  NodeNameId node;
  std::uint32_t cluster = 0;         // hash of the cluster in a node name "cluster/node"; 0: none
  std::int64_t time = 0;             // nanoseconds since 1970
  bool has_time = false;
  std::uint64_t lost = 0;            // LostEvents: how many
  Uuid uuid{};
  const FlowDetail* detail = nullptr;  // null: the line has nothing of it. Owned by the reader, until its next record
  std::uint64_t line = 0;            // from 1
};

}  // namespace weir::simulator
