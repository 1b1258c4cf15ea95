#include "simulator/flows/keys.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
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
    {"node_names", Key::NodeNames}, {"dns", Key::Dns}, {"uuid", Key::Uuid}, {"source_names", Key::SourceNames},
    {"destination_names", Key::DestinationNames}, {"source_service", Key::SourceService},
    {"node_labels", Key::NodeLabels}, {"source_xlated", Key::SourceXlated}, {"http", Key::Http}, {"method", Key::Method},
    {"url", Key::Url}, {"protocol", Key::Protocol}, {"headers", Key::Headers}, {"key", Key::HeaderKey},
    {"value", Key::HeaderValue}, {"query", Key::Query}, {"ips", Key::Ips}, {"ttl", Key::Ttl}, {"cnames", Key::Cnames},
    {"rcode", Key::Rcode}, {"qtypes", Key::Qtypes}, {"flags", Key::Flags}, {"FIN", Key::Fin}, {"SYN", Key::Syn},
    {"RST", Key::Rst}, {"PSH", Key::Psh}, {"ACK", Key::Ack}, {"URG", Key::Urg}, {"ECE", Key::Ece}, {"CWR", Key::Cwr},
    // Of no use here; named so that they cost one probe and no second look.
    {"ethernet", Key::Ethernet}, {"Summary", Key::Ignored}, {"interface", Key::Interface}, {"emitter", Key::Ignored},
    {"ipVersion", Key::Ignored},
    {"egress_allowed_by", Key::Ignored}, {"ingress_allowed_by", Key::Ignored}, {"egress_denied_by", Key::Ignored},
    {"ingress_denied_by", Key::Ignored}, {"policy_log", Key::Ignored}, {"proxy_port", Key::Ignored},
    {"socket_cookie", Key::Ignored}, {"cgroup_id", Key::Ignored}, {"sock_xlate_point", Key::Ignored},
    {"latency_ns", Key::Ignored}, {"auth_type", Key::Ignored}, {"file", Key::Ignored},
};

constexpr std::size_t kSlots = 256;

/// The first and the last eight bytes of a name: all of it up to sixteen. Little-endian, zero past its end.
struct Words {
  std::uint64_t head = 0, tail = 0;
};

constexpr Words words_of(std::string_view name) {
  Words words;
  for (std::size_t i = 0; i < name.size() && i < 8; ++i) words.head |= std::uint64_t{static_cast<unsigned char>(name[i])} << (8 * i);
  if (name.size() > 8)
    for (std::size_t i = 0; i < 8; ++i)
      words.tail |= std::uint64_t{static_cast<unsigned char>(name[name.size() - 8 + i])} << (8 * i);
  return words;
}

std::uint64_t load(const char* at) {
  std::uint64_t word;
  std::memcpy(&word, at, sizeof word);
  return word;
}

Words fast_words_of(std::string_view name) {
  static_assert(std::endian::native == std::endian::little);
  const std::uint64_t head = load(name.data());
  if (name.size() < 8) return {head & ((std::uint64_t{1} << (8 * name.size())) - 1), 0};
  return {head, name.size() > 8 ? load(name.data() + name.size() - 8) : 0};
}

constexpr std::size_t slot_of(const Words& words, std::size_t size) {
  return ((words.head ^ words.tail ^ size) * 0x9e3779b97f4a7c15u) >> 56;
}

/// Small, so that the table stays in the first cache.
struct Slot {
  Words words;
  std::uint8_t size = 0;  // of the name; 0: empty
  std::uint8_t entry = 0; // in kKeys
};

constexpr std::array<Slot, kSlots> make_table() {
  std::array<Slot, kSlots> table{};
  for (std::size_t i = 0; i < std::size(kKeys); ++i) {
    const std::string_view name = kKeys[i].name;
    const Words words = words_of(name);
    std::size_t slot = slot_of(words, name.size());
    while (table[slot].size != 0) slot = (slot + 1) % kSlots;
    table[slot] = {words, static_cast<std::uint8_t>(name.size()), static_cast<std::uint8_t>(i)};
  }
  return table;
}

constexpr std::array<Slot, kSlots> kTable = make_table();

Key probe(std::string_view name) {
  const Words words = fast_words_of(name);
  for (std::size_t at = slot_of(words, name.size()); kTable[at].size != 0; at = (at + 1) % kSlots) {
    const Slot& slot = kTable[at];
    if (slot.words.head != words.head || slot.words.tail != words.tail || slot.size != name.size()) continue;
    if (name.size() <= 16 || kKeys[slot.entry].name == name) return kKeys[slot.entry].key;
  }
  return Key::Unknown;
}

/// "nodeName" -> "node_name"; empty when the name has no capital inside.
std::string snake(std::string_view name) {
  std::string text;
  const bool capital_inside = std::any_of(name.begin() + 1, name.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
  if (!capital_inside) return text;
  text.reserve(64);
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
