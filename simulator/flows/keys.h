#pragma once

#include <cstdint>
#include <string_view>

namespace weir::simulator {

/// Every JSON key weir knows in a recording. Ignored: known, and of no use to replay.
enum class Key : std::uint8_t {
  Unknown, Ignored,
  Flow, NodeName, Time, LostEvents, NodeStatus, AgentEvent, DebugEvent, Log,
  Verdict, DropReason, DropReasonDesc, Ip, L4, Source, Destination, Type, EventType, TrafficDirection,
  PolicyMatchType, TraceObservationPoint, TraceReason, IsReply, Reply, DestinationService, L7,
  LowerType, SubType, SourcePort, DestinationPort, Code,
  Tcp, Udp, Sctp, Icmpv4, Icmpv6, Vrrp, Igmp,
  Id, Identity, ClusterName, Namespace, Labels, PodName, Workloads, Name, Kind,
  NumEventsLost, StateChange, NodeNames, Dns,
  Uuid, Ethernet, Interface, SourceNames, DestinationNames, SourceService, NodeLabels, SourceXlated,
  Http, Method, Url, Protocol, Headers, HeaderKey, HeaderValue, Query, Ips, Ttl, Cnames, Rcode, Qtypes,
  Flags, Fin, Syn, Rst, Psh, Ack, Urg, Ece, Cwr
};

/// By the proto name, or by its lowerCamelCase form (the other legal protobuf JSON form). Eight bytes from the start of
/// the name are readable, as in simdjson's strings, so that a name is mostly one word to compare.
[[nodiscard]] Key find_key(std::string_view);

}  // namespace weir::simulator
