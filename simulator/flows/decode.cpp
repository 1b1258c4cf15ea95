// One line of a recording -> Record (flows.md 1.1 to 1.3). Tested by tests/unit/simulator/flows/decode_test.cpp.
//
// protojson leaves zero values out, writes 64-bit numbers as strings and unknown enum values as numbers; shippers cut
// fields. So nothing is required here but that the line is a known record: a field of the wrong shape counts as absent,
// and replay says what it could not compare. Source and destination objects repeat: their fields are laid end to end
// in a scratch buffer, hashed and interned, which costs less than building them.

#include "simulator/flows/decode.h"

#include <simdjson.h>

#include <charconv>
#include <cstring>
#include <utility>

#include "simulator/flows/fields.h"
#include "simulator/flows/line_reader.h"

namespace weir::simulator {
namespace {

using simdjson::dom::array;
using simdjson::dom::element;
using simdjson::dom::element_type;
using simdjson::dom::object;

/// Identities from here on are numbered by each node for itself (flows.md 1.3).
constexpr std::int64_t kNodeLocalIdentity = 1 << 24;

std::int64_t number_in(std::string_view text, std::int64_t otherwise) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size() ? number : otherwise;
}

/// A value of simdjson's DOM, as fields.h reads it.
struct DomValue {
  element value;

  [[nodiscard]] bool is_string() const { return value.type() == element_type::STRING; }
  [[nodiscard]] bool is_integer() const { return value.type() == element_type::INT64; }
  [[nodiscard]] bool is_object() const { return value.is_object(); }
  [[nodiscard]] bool truth(bool& out) const { return value.get_bool().get(out) == simdjson::SUCCESS; }
  [[nodiscard]] std::string_view text() const { return is_string() ? value.get_string().value_unsafe() : std::string_view(); }
  [[nodiscard]] std::optional<ir::IpAddress> address() const { return ir::parse_address(text()); }
  [[nodiscard]] std::optional<std::int64_t> time() const { return parse_time(text()); }

  [[nodiscard]] std::int64_t number(std::int64_t otherwise) const {
    switch (value.type()) {
      case element_type::INT64: return value.get_int64().value_unsafe();
      case element_type::UINT64: return INT64_MAX;
      case element_type::STRING: return number_in(text(), otherwise);
      default: return otherwise;
    }
  }
  template <class Act>
  bool each(Act act) const {
    object members;
    if (value.get_object().get(members) != simdjson::SUCCESS) return false;
    for (const auto& [name, member] : members) {
      DomValue inner{member};
      act(find_key(name), inner);
    }
    return true;
  }
  template <class Act>
  bool each_item(Act act) const {
    array items;
    if (value.get_array().get(items) != simdjson::SUCCESS) return false;
    for (const element item : items) {
      DomValue inner{item};
      act(inner);
    }
    return true;
  }
};

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

struct Decoder::State {
  explicit State(Interned& shared_) : shared(shared_) {}

  Interned& shared;
  simdjson::dom::parser parser;
  // The fields of a party, end to end: a tag, four bytes of length, the bytes.
  std::vector<char> scratch = std::vector<char>(4096);
  std::size_t used = 0;
  std::string unpacked;  // the inner line of a Docker log record
  std::string outer_time;
  std::vector<NodeNameId> status_nodes;
  DetailStore store;
  bool is_flow = false, is_known = false;

  bool decode_line(const char* text, std::size_t size, Record& record, bool inner);
  void read_top(Key key, DomValue& value, Record& record, std::string_view& log);
  void read_field(Key key, DomValue& value, Record& record);
  PartyId read_party(const DomValue& value, bool& local);
  void put(char tag, std::string_view bytes);
  void put_labels(const DomValue& value);
  void put_workload(const DomValue& value);
  Party build() const;
  void read_node_status(const DomValue& value, Record& record);
  void read_agent_event(const DomValue& value, Record& record);
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

void Decoder::State::put_labels(const DomValue& value) {
  value.each_item([&](const DomValue& label) {
    if (has_key(label.text())) put('l', label.text());
  });
}

/// The first workload: Hubble lists the owner that a person knows first.
void Decoder::State::put_workload(const DomValue& value) {
  bool first = true;
  value.each_item([&](const DomValue& workload) {
    if (!std::exchange(first, false)) return;
    workload.each([&](Key key, const DomValue& member) {
      if (key == Key::Name) put('w', member.text());
      if (key == Key::Kind) put('k', member.text());
    });
  });
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

PartyId Decoder::State::read_party(const DomValue& value, bool& local) {
  used = 0;
  local = false;
  value.each([&](Key key, const DomValue& member) {
    switch (key) {
      case Key::Id: local = member.number(0) != 0; return;
      case Key::Identity: {
        const std::int64_t number = member.number(0);
        const auto identity = static_cast<std::uint32_t>(number > 0 && number < kNodeLocalIdentity ? number : 0);
        return put('i', {reinterpret_cast<const char*>(&identity), 4});
      }
      case Key::ClusterName: return put('c', member.text());
      case Key::Namespace: return put('n', member.text());
      case Key::PodName: return put('p', member.text());
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

void Decoder::State::read_node_status(const DomValue& value, Record& record) {
  record.kind = RecordKind::NodeStatus;
  status_nodes.clear();
  value.each([&](Key key, const DomValue& member) {
    if (key == Key::StateChange) {
      const std::int64_t number = member.number(0);
      // NODE_CONNECTED is 1; unavailable, gone and error are 2 to 4.
      record.node_gone = number > 1 || (!member.text().empty() && member.text() != "NODE_CONNECTED");
    }
    if (key == Key::NodeNames)
      member.each_item([&](const DomValue& name) { status_nodes.push_back(shared.nodes.id(name.text())); });
  });
}

void Decoder::State::read_agent_event(const DomValue& value, Record& record) {
  record.kind = RecordKind::AgentEvent;
  value.each([&](Key key, const DomValue& member) {
    if (key != Key::LowerType) return;
    const std::int64_t number = member.number(0);
    const std::string_view name = member.text();
    // AgentEventType: 3 POLICY_UPDATED, 4 POLICY_DELETED.
    record.policy_changed = number == 3 || number == 4 || name == "POLICY_UPDATED" || name == "POLICY_DELETED";
  });
}

void Decoder::State::read_field(Key key, DomValue& value, Record& record) {
  switch (key) {
    case Key::NodeName: record.node = shared.nodes.id(value.text()); return;
    case Key::Source: record.source = read_party(value, record.source_local); return;
    case Key::Destination: record.destination = read_party(value, record.destination_local); return;
    default: is_flow = read_flow_field(key, value, record, store) || is_flow; return;
  }
}

void Decoder::State::read_top(Key key, DomValue& value, Record& record, std::string_view& log) {
  switch (key) {
    case Key::Flow: {
      const bool object = value.each([&](Key inner, DomValue& member) { read_field(inner, member, record); });
      is_flow = is_flow || object;
      return;
    }
    case Key::Log: log = value.text(); return;
    case Key::LostEvents:
      record.kind = RecordKind::LostEvents;
      is_known = value.each([&](Key inner, DomValue& member) {
        if (inner == Key::NumEventsLost) record.lost = static_cast<std::uint64_t>(std::max<std::int64_t>(0, member.number(0)));
      });
      return;
    case Key::NodeStatus: is_known = true; return read_node_status(value, record);
    case Key::AgentEvent: is_known = true; return read_agent_event(value, record);
    case Key::DebugEvent: is_known = true; record.kind = RecordKind::DebugEvent; return;
    case Key::Time: if (!record.has_time) read_time(value, record); return;
    case Key::NodeName: if (record.node.index == 0) record.node = shared.nodes.id(value.text()); return;
    default: return read_field(key, value, record);
  }
}

bool Decoder::State::decode_line(const char* text, std::size_t size, Record& record, bool inner) {
  element root;
  if (parser.parse(text, size, false).get(root) != simdjson::SUCCESS) return false;
  is_flow = is_known = false;
  std::string_view log;
  if (!DomValue{root}.each([&](Key key, DomValue& value) { read_top(key, value, record, log); })) return false;
  if (is_known) return true;
  if (!is_flow && !inner && !log.empty()) {
    // Docker's json-file driver wraps each line of a container.
    unpacked.assign(log).reserve(log.size() + kPadding);
    record = Record{};
    store.clear();
    return decode_line(unpacked.data(), unpacked.size(), record, true);
  }
  if (is_flow && record.point == TracePoint::Unknown && record.event_type == kTrace)
    record.point = point_of_sub_type(record.sub_type);
  return is_flow;
}

Decoder::Decoder(Interned& shared) : state_(std::make_unique<State>(shared)) {}
Decoder::~Decoder() = default;

bool Decoder::decode(const char* text, std::size_t size, Record& record) {
  record = Record{};
  state_->store.clear();
  if (!state_->decode_line(text, size, record, false)) return false;
  record.detail = state_->store.result();
  record.cluster = state_->shared.nodes.cluster(record.node);
  return true;
}

void Decoder::want_filters(bool wanted) { state_->store.filters = wanted; }

const std::vector<NodeNameId>& Decoder::status_nodes() const { return state_->status_nodes; }

}  // namespace weir::simulator
