// One line of a recording -> Record (flows.md 1.1 to 1.3). Tested by tests/unit/simulator/flows/decode_test.cpp.
//
// protojson leaves zero values out, writes 64-bit numbers as strings and unknown enum values as numbers; shippers cut
// fields. So nothing is required here but that the line is a known record: a field of the wrong shape counts as absent,
// and replay says what it could not compare. Source and destination objects repeat: their fields are laid end to end
// in a scratch buffer, hashed and interned, which costs less than building them.

#include "simulator/flows/decode.h"

#include <simdjson.h>

#include <cstring>

#include "simulator/flows/detail_internal.h"
#include "simulator/flows/enum_names.h"
#include "simulator/flows/fast_line.h"
#include "simulator/flows/json_internal.h"
#include "simulator/flows/keys.h"
#include "simulator/flows/line_reader.h"
#include "simulator/flows/record_values.h"
#include "simulator/flows/times.h"

namespace weir::simulator {
namespace {

using simdjson::dom::array;
using simdjson::dom::element;
using simdjson::dom::element_type;
using simdjson::dom::object;

/// Identities from here on are numbered by each node for itself (flows.md 1.3).
constexpr std::int64_t kNodeLocalIdentity = 1 << 24;

template <class Value>
Value enum_of(element value, Value (*named)(std::string_view), Value (*numbered)(std::int64_t), Value otherwise) {
  if (value.type() == element_type::STRING) return named(text_of(value));
  return value.type() == element_type::INT64 ? numbered(number_of(value, -1)) : otherwise;
}

void read_icmp(element value, ir::Protocol protocol, Record& record) {
  record.protocol = protocol;
  std::int64_t type = 0, code = 0;  // zero values are absent: echo reply is `{}`
  const bool good = each_member(value, [&](Key key, element member) {
    if (key == Key::LowerType) type = number_of(member, -1);
    if (key == Key::Code) code = number_of(member, -1);
  });
  set_icmp(good ? type : -1, code, record);
}

void read_ports(element value, ir::Protocol protocol, Record& record, DetailReader* flags) {
  record.protocol = protocol;
  std::int64_t source = 0, destination = -1;
  each_member(value, [&](Key key, element member) {
    if (key == Key::SourcePort) source = number_of(member, -1);
    if (key == Key::DestinationPort) destination = number_of(member, -1);
    if (key == Key::Flags && flags != nullptr) flags->read_tcp_flags(member);
  });
  set_ports(source, destination, record);
}

/// `flags`: who reads those of TCP; null: nobody asks.
void read_l4(element value, Record& record, DetailReader* flags) {
  each_member(value, [&](Key key, element member) {
    switch (key) {
      case Key::Tcp: return read_ports(member, ir::Protocol::Tcp, record, flags);
      case Key::Udp: return read_ports(member, ir::Protocol::Udp, record, flags);
      case Key::Sctp: return read_ports(member, ir::Protocol::Sctp, record, flags);
      case Key::Icmpv4: return read_icmp(member, ir::Protocol::Icmp, record);
      case Key::Icmpv6: return read_icmp(member, ir::Protocol::Icmpv6, record);
      case Key::Vrrp:
      case Key::Igmp: record.not_policed = true; return;
      default: return;
    }
  });
}

void read_event_type(element value, Record& record) {
  each_member(value, [&](Key key, element member) {
    const std::int64_t number = number_of(member, 255);
    const auto byte = static_cast<std::uint8_t>(number < 0 || number > 255 ? 255 : number);
    if (key == Key::LowerType) record.event_type = byte;
    if (key == Key::SubType) record.sub_type = byte;
  });
}

void read_l7(element value, Record& record, DetailReader& detail) {
  detail.forget_l7();
  each_member(value, [&](Key key, element member) {
    if (key == Key::LowerType) record.l7 = enum_of(member, l7_named, l7_numbered, L7Type::None);
    if (key == Key::Dns) record.dns = member.is_object();
    detail.read_l7_field(key, member);
  });
}

std::uint8_t drop_number(element value) { return drop_of_number(number_of(value, kOtherDrop)); }

/// What FastLine reads itself: a rest that has it would change it.
bool is_own(Key key) {
  switch (key) {
    case Key::Time: case Key::Uuid: case Key::Verdict: case Key::DropReason: case Key::Ip: case Key::L4: case Key::Source:
    case Key::Destination: return true;
    default: return false;
  }
}

/// No flow, or one around another.
bool is_foreign(Key key) {
  return key == Key::Flow || key == Key::LostEvents || key == Key::NodeStatus || key == Key::AgentEvent || key == Key::DebugEvent || key == Key::Log;
}

void read_reply(Key key, element value, Record& record) {
  bool reply = false;
  if (value.get_bool().get(reply) != simdjson::SUCCESS) return;
  if (key == Key::IsReply) record.is_reply = reply ? Tristate::Yes : Tristate::No;
  // The deprecated field is written only when true.
  if (key == Key::Reply && reply && record.is_reply == Tristate::Unknown) record.is_reply = Tristate::Yes;
}

/// "source:key=value" with a key; what has none is no label.
bool has_key(std::string_view label) {
  label = label.substr(0, label.find('='));
  const std::size_t colon = label.find(':');
  return colon == std::string_view::npos ? !label.empty() : colon + 1 < label.size();
}

/// What follows from the labels of a party.
void derive(Party& party) {
  constexpr std::string_view kCluster = "k8s:io.cilium.k8s.policy.cluster=";
  for (const std::string& label : party.labels) {
    if (party.cluster.empty() && label.starts_with(kCluster)) party.cluster = label.substr(kCluster.size());
    party.ignored = party.ignored || label == "reserved:health" || label == "reserved:unknown";
  }
  if (party.labels.empty() && party.identity == 4) party.ignored = true;
}

}  // namespace

struct Decoder::State final : SlowDecoder {
  explicit State(Interned& shared_) : shared(shared_) {}

  Interned& shared;
  simdjson::dom::parser parser;
  // The fields of a party, end to end: a tag, four bytes of length, the bytes.
  std::vector<char> scratch = std::vector<char>(4096);
  std::size_t used = 0;
  std::string unpacked;  // the inner line of a Docker log record
  std::string outer_time;
  std::vector<NodeNameId> status_nodes;
  DetailReader detail;
  bool all_details = false;  // those too that only filters ask for
  bool is_flow = false, is_known = false;
  bool fast_wanted = true;
  FastLine fast{*this};

  bool party(std::string_view object, FastParty& party) override;
  bool rest(std::string_view object, Record& record) override;
  bool decode_line(const char* text, std::size_t size, Record& record, bool inner);
  void read_top(Key key, element value, Record& record, std::string_view& log);
  void read_flow_field(Key key, element value, Record& record);
  void read_ip(element value, Record& record);
  PartyId read_party(element value, bool& local);
  void put(char tag, std::string_view bytes);
  void put_labels(element value);
  void put_workload(element value);
  Party build() const;
  void read_node_status(element value, Record& record);
  void read_agent_event(element value, Record& record);
  void read_time(element value, Record& record);
};

void Decoder::State::put(char tag, std::string_view bytes) {
  const auto size = static_cast<std::uint32_t>(bytes.size());
  if (used + 5 + size > scratch.size()) scratch.resize(2 * (used + 5 + size));
  char* at = scratch.data() + used;
  *at = tag;
  std::memcpy(at + 1, &size, 4);
  // An empty view may hold no pointer at all.
  if (size > 0) std::memcpy(at + 5, bytes.data(), size);
  used += 5 + size;
}

void Decoder::State::put_labels(element value) {
  array labels;
  if (value.get_array().get(labels) != simdjson::SUCCESS) return;
  for (const element label : labels)
    if (has_key(text_of(label))) put('l', text_of(label));
}

/// The first workload: Hubble lists the owner that a person knows first.
void Decoder::State::put_workload(element value) {
  array workloads;
  if (value.get_array().get(workloads) != simdjson::SUCCESS) return;
  for (const element workload : workloads) {
    each_member(workload, [&](Key key, element member) {
      if (key == Key::Name) put('w', text_of(member));
      if (key == Key::Kind) put('k', text_of(member));
    });
    break;
  }
}

Party Decoder::State::build() const {
  Party party;
  for (std::size_t at = 0; at < used;) {
    std::uint32_t size;
    std::memcpy(&size, scratch.data() + at + 1, 4);
    const std::string_view bytes(scratch.data() + at + 5, size);
    switch (scratch[at]) {
      case 'i': std::memcpy(&party.identity, bytes.data(), 4); break;
      case 'c': party.cluster = bytes; break;
      case 'n': party.namespace_name = bytes; break;
      case 'p': party.pod = bytes; break;
      case 'l': party.labels.emplace_back(bytes); break;
      case 'w': party.workload = bytes; break;
      default: party.workload_kind = bytes; break;
    }
    at += 5 + size;
  }
  derive(party);
  return party;
}

PartyId Decoder::State::read_party(element value, bool& local) {
  used = 0;
  local = false;
  each_member(value, [&](Key key, element member) {
    switch (key) {
      case Key::Id: local = number_of(member, 0) != 0; return;
      case Key::Identity: {
        const std::int64_t number = number_of(member, 0);
        const auto identity = static_cast<std::uint32_t>(number > 0 && number < kNodeLocalIdentity ? number : 0);
        return put('i', {reinterpret_cast<const char*>(&identity), 4});
      }
      case Key::ClusterName: return put('c', text_of(member));
      case Key::Namespace: return put('n', text_of(member));
      case Key::PodName: return put('p', text_of(member));
      case Key::Labels: return put_labels(member);
      case Key::Workloads: return put_workload(member);
      default: return;
    }
  });
  const std::string_view key(scratch.data(), used);
  const std::uint64_t hash = hash_bytes(key);
  const std::uint32_t known = shared.parties.find(key, hash);
  return known != Parties::kNone ? PartyId{known} : shared.parties.add(key, hash, build());
}

void Decoder::State::read_ip(element value, Record& record) {
  each_member(value, [&](Key key, element member) {
    if (key == Key::Source) record.source_address = ir::parse_address(text_of(member));
    if (key == Key::Destination) record.destination_address = ir::parse_address(text_of(member));
    if (key == Key::SourceXlated && all_details) detail.read_translated(member);
  });
}

void Decoder::State::read_time(element value, Record& record) {
  if (const std::optional<std::int64_t> time = parse_time(text_of(value))) {
    record.time = *time;
    record.has_time = true;
  }
}

void Decoder::State::read_node_status(element value, Record& record) {
  record.kind = RecordKind::NodeStatus;
  status_nodes.clear();
  each_member(value, [&](Key key, element member) {
    if (key == Key::StateChange) {
      const std::int64_t number = number_of(member, 0);
      // NODE_CONNECTED is 1; unavailable, gone and error are 2 to 4.
      record.node_gone = number > 1 || (!text_of(member).empty() && text_of(member) != "NODE_CONNECTED");
    }
    array names;
    if (key != Key::NodeNames || member.get_array().get(names) != simdjson::SUCCESS) return;
    for (const element name : names) status_nodes.push_back(shared.nodes.id(text_of(name)));
  });
}

void Decoder::State::read_agent_event(element value, Record& record) {
  record.kind = RecordKind::AgentEvent;
  each_member(value, [&](Key key, element member) {
    if (key != Key::LowerType) return;
    const std::int64_t number = number_of(member, 0);
    const std::string_view name = text_of(member);
    // AgentEventType: 3 POLICY_UPDATED, 4 POLICY_DELETED.
    record.policy_changed = number == 3 || number == 4 || name == "POLICY_UPDATED" || name == "POLICY_DELETED";
  });
}

void Decoder::State::read_flow_field(Key key, element value, Record& record) {
  switch (key) {
    case Key::Time: return read_time(value, record);
    case Key::NodeName: record.node = shared.nodes.id(text_of(value)); return;
    case Key::Verdict:
      record.verdict = enum_of(value, verdict_named, verdict_numbered, FlowVerdict::Unknown);
      is_flow = true;
      return;
    case Key::DropReason: record.drop_reason = drop_number(value); return;
    case Key::DropReasonDesc:
      if (record.drop_reason == 0)
        record.drop_reason = value.is_string() ? drop_named(text_of(value)) : drop_number(value);
      return;
    case Key::Ip: is_flow = true; return read_ip(value, record);
    case Key::L4: is_flow = true; return read_l4(value, record, all_details ? &detail : nullptr);
    case Key::Source: record.source = read_party(value, record.source_local); return;
    case Key::Destination: record.destination = read_party(value, record.destination_local); return;
    case Key::Type: record.type = enum_of(value, type_named, type_numbered, FlowType::Unknown); return;
    case Key::EventType: is_flow = true; return read_event_type(value, record);
    case Key::TrafficDirection:
      record.direction = enum_of(value, direction_named, direction_numbered, FlowDirection::Unknown);
      return;
    case Key::PolicyMatchType: record.match_type = static_cast<std::uint8_t>(number_of(value, 0)); return;
    case Key::TraceObservationPoint: record.point = enum_of(value, point_named, point_numbered, TracePoint::Unknown); return;
    case Key::TraceReason: record.reason = enum_of(value, reason_named, reason_numbered, TraceReason::Unknown); return;
    case Key::IsReply:
    case Key::Reply: return read_reply(key, value, record);
    case Key::DestinationService: record.to_service = value.is_object(); break;
    case Key::L7: return read_l7(value, record, detail);
    case Key::Uuid: record.uuid = parse_uuid(text_of(value)); return;
    default: break;
  }
  detail.read_flow_field(key, value, all_details);
}

void Decoder::State::read_top(Key key, element value, Record& record, std::string_view& log) {
  switch (key) {
    case Key::Flow: {
      const bool object = each_member(value, [&](Key inner, element member) { read_flow_field(inner, member, record); });
      is_flow = is_flow || object;
      return;
    }
    case Key::Log: log = text_of(value); return;
    case Key::LostEvents:
      record.kind = RecordKind::LostEvents;
      is_known = each_member(value, [&](Key inner, element member) {
        if (inner == Key::NumEventsLost) record.lost = static_cast<std::uint64_t>(std::max<std::int64_t>(0, number_of(member, 0)));
      });
      return;
    case Key::NodeStatus: is_known = true; return read_node_status(value, record);
    case Key::AgentEvent: is_known = true; return read_agent_event(value, record);
    case Key::DebugEvent: is_known = true; record.kind = RecordKind::DebugEvent; return;
    case Key::Time: if (!record.has_time) read_time(value, record); return;
    case Key::NodeName: if (record.node.index == 0) record.node = shared.nodes.id(text_of(value)); return;
    default: return read_flow_field(key, value, record);
  }
}

bool Decoder::State::decode_line(const char* text, std::size_t size, Record& record, bool inner) {
  element root;
  if (parser.parse(text, size, false).get(root) != simdjson::SUCCESS) return false;
  is_flow = is_known = false;
  detail.clear();
  std::string_view log;
  if (!each_member(root, [&](Key key, element value) { read_top(key, value, record, log); })) return false;
  if (is_known) return true;
  if (!is_flow && !inner && !log.empty()) {
    // Docker's json-file driver wraps each line of a container.
    unpacked.assign(log).reserve(log.size() + kPadding);
    record = Record{};
    return decode_line(unpacked.data(), unpacked.size(), record, true);
  }
  if (is_flow && record.point == TracePoint::Unknown && record.event_type == kTrace)
    record.point = point_of_sub_type(record.sub_type);
  record.detail = detail.detail();
  return is_flow;
}

bool Decoder::State::party(std::string_view object, FastParty& out) {
  element root;
  if (parser.parse(object.data(), object.size(), false).get(root) != simdjson::SUCCESS || !root.is_object()) return false;
  out.id = read_party(root, out.local);
  return true;
}

bool Decoder::State::rest(std::string_view object, Record& record) {
  unpacked.assign(object).reserve(object.size() + kPadding);
  element root;
  if (parser.parse(unpacked.data(), unpacked.size(), false).get(root) != simdjson::SUCCESS) return false;
  const bool wrapped = object.starts_with(R"({"flow":{)");
  bool good = true, first = true;
  each_member(root, [&](Key key, element value) {
    if (wrapped && first) {
      each_member(value, [&](Key inner, element) { good = good && !is_own(inner) && !is_foreign(inner); });
    } else {
      good = good && !is_foreign(key) && (!is_own(key) || (wrapped && key == Key::Time));
    }
    first = false;
  });
  if (!good) return false;
  record = Record{};
  detail.clear();
  std::string_view log;
  each_member(root, [&](Key key, element value) { read_top(key, value, record, log); });
  if (record.point == TracePoint::Unknown && record.event_type == kTrace) record.point = point_of_sub_type(record.sub_type);
  return detail.detail() == nullptr && record.l7 == L7Type::None;
}

Decoder::Decoder(Interned& shared, bool fast) : state_(std::make_unique<State>(shared)) { state_->fast_wanted = fast; }
Decoder::~Decoder() = default;

bool Decoder::decode(const char* text, std::size_t size, Record& record) {
  const bool read = state_->fast_wanted && !state_->all_details && state_->fast.decode(text, size, record);
  if (!read) record = Record{};
  if (!read && !state_->decode_line(text, size, record, false)) return false;
  record.cluster = state_->shared.nodes.cluster(record.node);
  return true;
}

void Decoder::want_all_details(bool wanted) { state_->all_details = wanted; }
const std::vector<NodeNameId>& Decoder::status_nodes() const { return state_->status_nodes; }

}  // namespace weir::simulator
