// One line of a recording -> Record (flows.md 1.1 to 1.3). Tested by tests/unit/simulator/flows/decode_test.cpp.
//
// Nothing is required here but that the line is a known record: a field of the wrong shape counts as absent, and replay
// says what it could not compare. Nearly all lines of a recording are compact JSON about parties seen before, which
// FastDecoder reads; simdjson reads the rest. What the fields mean is written once for both (fields.h), and
// tests/unit/simulator/flows/decode_same_test.cpp holds them against each other.

#include "simulator/flows/decode.h"

#include <simdjson.h>

#include "simulator/flows/fast.h"
#include "simulator/flows/fields.h"
#include "simulator/flows/line_reader.h"
#include "simulator/flows/numbers.h"
#include "simulator/flows/party_reader.h"

namespace weir::simulator {
namespace {

using simdjson::dom::array;
using simdjson::dom::element;
using simdjson::dom::element_type;
using simdjson::dom::object;

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

}  // namespace

struct Decoder::State {
  explicit State(Interned& shared_) : shared(shared_), fast(shared_.parties, shared_.nodes) { store.filters = shared_.filter_fields; }

  Interned& shared;
  FastDecoder fast;
  bool use_fast = true;
  unsigned refused = 0;  // lines in a row that the fast decoder left
  simdjson::dom::parser parser;
  PartyReader reader;
  std::string unpacked;  // the inner line of a Docker log record
  std::vector<NodeNameId> status_nodes;
  DetailStore store;
  bool is_flow = false, is_known = false;

  bool decode_fast(const char* text, std::size_t size, Record& record);
  bool decode_line(const char* text, std::size_t size, Record& record, bool inner);
  void read_top(Key key, DomValue& value, Record& record, std::string_view& log);
  void read_field(Key key, DomValue& value, Record& record);
  PartyId read_party(DomValue& value, bool& local);
  void read_node_status(const DomValue& value, Record& record);
  void read_agent_event(const DomValue& value, Record& record);
};

PartyId Decoder::State::read_party(DomValue& value, bool& local) {
  reader.read(value, local);
  const std::uint64_t hash = hash_bytes(reader.key());
  const std::uint32_t known = shared.parties.find(reader.key(), hash);
  return known != Parties::kNone ? PartyId{known} : shared.parties.add(reader.key(), hash, reader.build());
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
    if (use_fast && fast.decode(unpacked.data(), unpacked.size(), record, store)) return true;
    record = Record{};
    store.clear();
    return decode_line(unpacked.data(), unpacked.size(), record, true);
  }
  if (is_flow && record.point == TracePoint::Unknown && record.event_type == kTrace)
    record.point = point_of_sub_type(record.sub_type);
  return is_flow;
}

bool Decoder::State::decode_fast(const char* text, std::size_t size, Record& record) {
  // A recording that it never understands costs only a try now and then.
  constexpr unsigned kPatience = 64, kPause = 16;
  if (!use_fast || (refused >= kPatience && ++refused % kPause != 0)) return false;
  if (fast.decode(text, size, record, store)) {
    refused = 0;
    return true;
  }
  ++refused;
  record = Record{};
  store.clear();
  return false;
}

Decoder::Decoder(Interned& shared) : state_(std::make_unique<State>(shared)) {}
Decoder::~Decoder() = default;

bool Decoder::decode(const char* text, std::size_t size, Record& record) {
  record = Record{};
  state_->store.clear();
  if (!state_->decode_fast(text, size, record) && !state_->decode_line(text, size, record, false)) return false;
  record.detail = state_->store.result();
  record.cluster = state_->shared.nodes.cluster(record.node);
  return true;
}

void Decoder::use_fast(bool wanted) { state_->use_fast = wanted; }
bool Decoder::was_fast() const { return state_->use_fast && state_->refused == 0; }
void Decoder::want_filters(bool wanted) { state_->store.filters = wanted; }

const std::vector<NodeNameId>& Decoder::status_nodes() const { return state_->status_nodes; }

}  // namespace weir::simulator
