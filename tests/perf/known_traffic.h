#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <string>

namespace weir::perf {

/// How much traffic. The same plan gives the same bytes.
struct TrafficPlan {
  std::uint64_t seed = 1;
  std::uint32_t namespaces = 5, workloads = 4, replicas = 3, nodes = 5;
  std::uint32_t pairs = 90;        // who talks to whom on which port
  std::uint32_t connections = 12;  // of a pair, at most
  std::uint32_t seconds = 1800;
};

/// One row of what a report counts together.
struct EdgeKey {
  std::string source, destination, protocol;  // "team-0/app-1", "entity:world"; "TCP"
  std::uint16_t port = 0;                     // the type for ICMP
  auto operator<=>(const EdgeKey&) const = default;
};

struct EdgeCount {
  std::uint64_t connections = 0;
  std::int64_t first = 0, last = 0;  // of their lines, nanoseconds since 1970
  auto operator<=>(const EdgeCount&) const = default;
};

/// What replay must say about the change. Nobody asked a policy engine: each pair of the plan has rules of its own, so
/// which pairs a change takes away is known when it is made, and their connections were counted as they were written.
struct Known {
  std::uint64_t lines = 0;      // flows, lost events not among them
  std::uint64_t compared = 0, same = 0, newly_denied = 0, newly_allowed = 0;
  std::map<EdgeKey, EdgeCount> denied, allowed;  // newly
  std::map<EdgeKey, EdgeCount> kept;             // the same before and after
  std::map<std::string, std::uint64_t> flows_of_node, lost_of_node;
};

/// Writes FOLDER/flows/NODE.jsonl for each node, and FOLDER/before and FOLDER/after, the manifests of the cluster before and
/// after a change.
///
/// The traffic: TCP, UDP and ICMP, IPv4 and IPv6, between pods, from and to addresses outside, some through services; both ends' nodes
/// record their side, their clocks up to two seconds apart, their lines up to three seconds out of order. Connections: short
/// ones; ones of many minutes; two lives of one 5-tuple with a pause below and above the window that makes them one or two
/// (exactly at it too); ones whose beginning was not recorded; drops with retransmits, as verdict and as drop event.
/// Some lines appear twice; some events are lost.
///
/// The change: rules lose a peer, a port, a policy; an egress rule goes; a label is denied; a namespace gets its default
/// deny; and some of what was dropped is let in.
Known write_traffic(const TrafficPlan&, const std::string& folder);

}  // namespace weir::perf
