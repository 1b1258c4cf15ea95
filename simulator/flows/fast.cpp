#include "simulator/flows/fast.h"

#include "simulator/flows/fields.h"
#include "simulator/flows/shapes.h"

namespace weir::simulator {
namespace {

constexpr std::size_t kMostNodes = 4096, kMostLabels = 4096;  // whose labels are kept, and how much of them

std::string_view rest_of(const RawScanner& scanner) {
  return {scanner.at, static_cast<std::size_t>(scanner.end - scanner.at)};
}

}  // namespace

PartyId FastDecoder::read_party(RawValue& value, const std::optional<ir::IpAddress>& address, bool& local) {
  if (!value.is_object()) return scanner_.fail(), PartyId();
  const std::uint64_t key = PartyCache::key_of(value.begin, address);
  if (const PartyCache::Known* known = cache_.find(key, rest_of(scanner_))) {
    scanner_.at += known->text.size();
    local = known->local;
    return known->party;
  }
  reader_.read(value, local);
  if (scanner_.bad) return {};
  const std::uint32_t party = parties_.find(reader_.key(), hash_bytes(reader_.key()));
  // A new party is interned only when all of its line is known to be good.
  if (party == Parties::kNone) return scanner_.fail(), PartyId();
  cache_.add(key, {{value.begin, static_cast<std::size_t>(scanner_.at - value.begin)}, PartyId{party}, local});
  return PartyId{party};
}

void FastDecoder::read_node(RawValue& value, Record& record) {
  const std::optional<NodeNameId> node = nodes_.find(value.text());
  if (!node) return void(scanner_.fail());
  record.node = *node;
}

/// A kilobyte in each line of some clouds, the same in all lines of a node.
void FastDecoder::skip_labels(RawValue& value, NodeNameId node) {
  if (node.index >= kMostNodes || value.kind != '[') return;
  if (labels_.size() <= node.index) labels_.resize(node.index + 1);
  std::string& labels = labels_[node.index];
  if (!labels.empty() && rest_of(scanner_).starts_with(labels)) {
    scanner_.at += labels.size();
    return;
  }
  scanner_.skip();
  const auto size = static_cast<std::size_t>(scanner_.at - value.begin);
  if (!scanner_.bad && size <= kMostLabels) labels.assign(value.begin, size);
}

/// A field of the run that RunMemo knows.
void FastDecoder::read_event(Key key, RawValue& value, Record& record, DetailStore& store) {
  if (!event_seen_ && key == Key::EventType && value.is_object()) {
    event_seen_ = is_flow_ = true;
    if (const std::size_t size = runs_.take(rest_of(scanner_), record); size != 0) {
      scanner_.at += size;
      return;
    }
    run_begin_ = value.begin;
  }
  event_seen_ = true;
  is_flow_ = read_flow_field(key, value, record, store) || is_flow_;
  run_end_ = scanner_.at;
}

void FastDecoder::end_run(const Record& record) {
  if (run_begin_ != nullptr && !scanner_.bad) runs_.learn({run_begin_, static_cast<std::size_t>(run_end_ - run_begin_)}, record);
  run_begin_ = nullptr;
}

void FastDecoder::read_field(Key key, RawValue& value, Record& record, DetailStore& store) {
  if (RunMemo::belongs(key)) return read_event(key, value, record, store);
  if (run_begin_ != nullptr) end_run(record);
  switch (key) {
    case Key::Time: time_ = value.is_plain() ? value.text() : std::string_view(); break;
    case Key::NodeName:
      node_ = value.is_plain() ? value.text() : std::string_view();
      return read_node(value, record);
    case Key::Source: record.source = read_party(value, record.source_address, record.source_local); return;
    case Key::Destination:
      record.destination = read_party(value, record.destination_address, record.destination_local);
      return;
    case Key::Ethernet:
      if (value.is_object()) static_cast<void>(take_ethernet(scanner_));
      return;
    case Key::Interface:
      if (value.is_object()) static_cast<void>(take_interface(scanner_));
      return;
    case Key::Ip:
      if (!value.is_object() || !take_addresses(scanner_, record)) break;
      is_flow_ = true;
      return;
    case Key::L4:
      if (store.filters || !value.is_object() || !take_ports(scanner_, record)) break;
      is_flow_ = true;
      return;
    case Key::NodeLabels:
      if (!store.filters) return skip_labels(value, record.node);
      break;
    // Takes part in `is_reply`.
    case Key::Reply: event_seen_ = true; break;
    default: break;
  }
  is_flow_ = read_flow_field(key, value, record, store) || is_flow_;
}

void FastDecoder::read_flow(RawValue& value, Record& record, DetailStore& store) {
  const auto read = [&](Key key, RawValue& member) { read_field(key, member, record, store); };
  if (value.is_object() && take_start(scanner_, record, time_)) {
    is_flow_ = true;
    value.each_left(read);
  } else {
    is_flow_ = value.each(read) || is_flow_;
  }
  end_run(record);
  // What is repeated behind the flow says nothing new (see read_top()).
  if (!scanner_.bad && record.has_time && !node_.empty() && !time_.empty()) static_cast<void>(take_tail(scanner_, node_, time_));
}

void FastDecoder::read_top(Key key, RawValue& value, Record& record, DetailStore& store) {
  switch (key) {
    case Key::Flow: return read_flow(value, record, store);
    case Key::Log:
    case Key::LostEvents:
    case Key::NodeStatus:
    case Key::AgentEvent:
    case Key::DebugEvent: scanner_.fail(); return;
    case Key::Time: if (!record.has_time) read_time(value, record); return;
    case Key::NodeName: if (record.node.index == 0) read_node(value, record); return;
    default: return read_field(key, value, record, store);
  }
}

/// Nothing but white space is left.
bool FastDecoder::at_end() {
  if (scanner_.bad || scanner_.at > scanner_.end) return false;
  return rest_of(scanner_).find_first_not_of(" \t\r\n") == std::string_view::npos;
}

bool FastDecoder::decode(const char* text, std::size_t size, Record& record, DetailStore& store) {
  scanner_.start(text, size);
  run_begin_ = nullptr;
  node_ = time_ = {};
  event_seen_ = is_flow_ = false;
  if (size == 0 || *text != '{') return false;
  RawValue root(scanner_, 0);
  root.each([&](Key key, RawValue& value) { read_top(key, value, record, store); });
  if (!at_end() || !is_flow_) return false;
  if (record.point == TracePoint::Unknown && record.event_type == kTrace) record.point = point_of_sub_type(record.sub_type);
  return true;
}

}  // namespace weir::simulator
