#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace weir::perf {

/// One end of generated traffic, as `source` and `destination` objects show it.
struct End {
  std::string node;        // that runs it; empty: outside
  std::string local;       // the object on the node that runs it: with endpoint ID and workloads
  std::string remote;      // on other nodes: identity and labels only (flows.md 1.4, 6)
  std::string address, address6;
  std::string mac;
  std::string interface;   // {"index":14,"name":"lxc1f2e3d4c5b6a"}
};

struct PodEnd {
  std::string namespace_name, workload, pod, node, address, address6, cluster = "default";
  std::uint32_t identity = 0, endpoint = 0;
  std::string tier;  // one more label; may be empty
};
[[nodiscard]] End end_of(const PodEnd&);
[[nodiscard]] End world_end(std::string address);

enum class Wire : std::uint8_t { Tcp, Udp, Sctp, Icmp };
enum class Replied : std::uint8_t { Absent, No, Yes };
enum TcpFlag : std::uint8_t { kFin = 1, kSyn = 2, kRst = 4, kPsh = 8, kAck = 16 };

/// One flow. What is empty or zero is not printed, as protojson does (flows.md 1.2).
struct FlowLine {
  std::int64_t time = 0;           // nanoseconds since 1970
  std::uint64_t uuid_high = 0, uuid_low = 0;
  std::string_view node;           // that recorded it
  std::string_view node_labels;    // a JSON array
  const End* from = nullptr;
  const End* to = nullptr;
  bool v6 = false;
  Wire wire = Wire::Tcp;
  std::uint16_t source_port = 0, destination_port = 0;
  std::uint8_t icmp_type = 0, flags = 0;
  std::string_view verdict = "FORWARDED", drop_text;
  std::uint8_t drop_reason = 0, event_type = 4, sub_type = 0, match_type = 0;
  Replied replied = Replied::No;
  std::string_view direction, point, reason;
  std::string_view service;        // the destination_service object
  bool sock = false;               // an event of the socket load balancer: TRACED, without ethernet and direction
  std::string_view interface;
  std::string_view decided_by;     // "ingress_allowed_by":[...]
};

/// Adds the line as `hubble observe -o jsonpb` of Cilium 1.18 prints it, with its line break: the fields in the order of
/// flow.proto's declaration, compact.
void append(std::string& out, const FlowLine&);
void append_lost_events(std::string& out, std::string_view node, std::int64_t time, std::uint64_t count);

/// The labels of an EKS node, about 1 kB, as a JSON array (flows.md 1.4, 5).
[[nodiscard]] std::string node_labels(std::string_view node);

}  // namespace weir::perf
