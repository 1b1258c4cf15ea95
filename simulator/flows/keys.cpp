#include "simulator/flows/keys.h"

#include <array>
#include <string>

namespace weir::simulator {
namespace {

struct Entry {
  std::string_view name;
  Key key = Key::Unknown;
};

constexpr Entry kKeys[] = {
    {"flow", Key::Flow}, {"node_name", Key::NodeName}, {"time", Key::Time}, {"lost_events", Key::LostEvents},
    {"node_status", Key::NodeStatus}, {"agent_event", Key::AgentEvent}, {"debug_event", Key::DebugEvent},
    {"log", Key::Log}, {"verdict", Key::Verdict}, {"drop_reason", Key::DropReason},
    {"drop_reason_desc", Key::DropReasonDesc}, {"IP", Key::Ip}, {"l4", Key::L4}, {"source", Key::Source},
    {"destination", Key::Destination}, {"Type", Key::Type}, {"event_type", Key::EventType},
    {"traffic_direction", Key::TrafficDirection}, {"policy_match_type", Key::PolicyMatchType},
    {"trace_observation_point", Key::TraceObservationPoint}, {"trace_reason", Key::TraceReason},
    {"is_reply", Key::IsReply}, {"reply", Key::Reply}, {"destination_service", Key::DestinationService},
    {"l7", Key::L7}, {"type", Key::LowerType}, {"sub_type", Key::SubType}, {"source_port", Key::SourcePort},
    {"destination_port", Key::DestinationPort}, {"code", Key::Code}, {"TCP", Key::Tcp}, {"UDP", Key::Udp},
    {"SCTP", Key::Sctp}, {"ICMPv4", Key::Icmpv4}, {"ICMPv6", Key::Icmpv6}, {"VRRP", Key::Vrrp}, {"IGMP", Key::Igmp},
    {"ID", Key::Id}, {"identity", Key::Identity}, {"cluster_name", Key::ClusterName}, {"namespace", Key::Namespace},
    {"labels", Key::Labels}, {"pod_name", Key::PodName}, {"workloads", Key::Workloads}, {"name", Key::Name},
    {"kind", Key::Kind}, {"num_events_lost", Key::NumEventsLost}, {"state_change", Key::StateChange},
    {"node_names", Key::NodeNames}, {"dns", Key::Dns},
    // Of no use here; named so that they cost one probe and no second look.
    {"uuid", Key::Ignored}, {"ethernet", Key::Ignored}, {"node_labels", Key::Ignored}, {"Summary", Key::Ignored},
    {"interface", Key::Ignored}, {"emitter", Key::Ignored}, {"flags", Key::Ignored}, {"ipVersion", Key::Ignored},
    {"source_names", Key::Ignored}, {"destination_names", Key::Ignored}, {"source_service", Key::Ignored},
    {"egress_allowed_by", Key::Ignored}, {"ingress_allowed_by", Key::Ignored}, {"egress_denied_by", Key::Ignored},
    {"ingress_denied_by", Key::Ignored}, {"policy_log", Key::Ignored}, {"proxy_port", Key::Ignored},
    {"socket_cookie", Key::Ignored}, {"cgroup_id", Key::Ignored}, {"sock_xlate_point", Key::Ignored},
    {"http", Key::Ignored}, {"latency_ns", Key::Ignored}, {"auth_type", Key::Ignored}, {"file", Key::Ignored},
};

constexpr std::size_t kSlots = 256;

constexpr std::size_t slot_of(std::string_view name) {
  const auto at = [&](std::size_t i) { return static_cast<unsigned char>(name[i]); };
  const std::size_t size = name.size();
  return (size * 29 + at(0) * 7 + at(size - 1) * 31 + at(size / 2) * 13) % kSlots;
}

constexpr std::array<Entry, kSlots> make_table() {
  std::array<Entry, kSlots> table{};
  for (const Entry& entry : kKeys) {
    std::size_t slot = slot_of(entry.name);
    while (!table[slot].name.empty()) slot = (slot + 1) % kSlots;
    table[slot] = entry;
  }
  return table;
}

constexpr std::array<Entry, kSlots> kTable = make_table();

Key probe(std::string_view name) {
  for (std::size_t slot = slot_of(name); !kTable[slot].name.empty(); slot = (slot + 1) % kSlots)
    if (kTable[slot].name == name) return kTable[slot].key;
  return Key::Unknown;
}

/// "nodeName" -> "node_name"; empty when the name has no capital inside.
std::string snake(std::string_view name) {
  std::string text;
  bool changed = false;
  for (const char c : name) {
    const bool capital = c >= 'A' && c <= 'Z';
    if (capital && !text.empty()) text += '_', changed = true;
    text += capital ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return changed ? text : std::string();
}

}  // namespace

Key find_key(std::string_view name) {
  if (name.empty()) return Key::Unknown;
  const Key key = probe(name);
  if (key != Key::Unknown || name.size() > 32) return key;
  const std::string other = snake(name);
  return other.empty() ? Key::Unknown : probe(other);
}

}  // namespace weir::simulator
