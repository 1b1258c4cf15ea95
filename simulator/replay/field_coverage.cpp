#include "simulator/replay/field_coverage.h"

#include <algorithm>
#include <filesystem>
#include <string_view>

#include "simulator/flows/flow_reader.h"
#include "simulator/flows/inputs.h"
#include "simulator/segments/kind_row.h"
#include "simulator/segments/segment_reader.h"

namespace weir::simulator {
namespace {

/// In the order of `present_`. The last two are asked only of the events that carry them.
constexpr std::array<std::string_view, 10> kNames = {"verdict", "IP", "l4", "event_type", "source", "destination", "node_name", "time",
                                                     "traffic_direction", "drop_reason_desc"};
constexpr std::size_t kSource = 4, kDestination = 5, kNodeName = 6, kTime = 7, kDirection = 8, kDropReason = 9, kDirectionOf = 10, kDropReasonOf = 11;

// flows.md 1.3
constexpr std::string_view kMask =
    "time,verdict,drop_reason_desc,IP,l4,source,destination,Type,event_type,traffic_direction,is_reply,policy_match_type,"
    "trace_observation_point,trace_reason,destination_names,l7,node_name";

constexpr std::uint64_t kSample = 2'000, kLeast = 20, kSampledBytes = 64 << 20;

bool is_described(const Party& party) { return party.identity != 0 || !party.labels.empty() || !party.pod.empty(); }

/// The kinds of lines in the first block of a slice, once each.
void sample_segment(const Slice& slice, FieldCoverage& coverage) {
  Interned interned;
  const ir::Result<SegmentFile> file = SegmentFile::open(slice.path);
  if (!file) return;
  const BlockRange range = blocks_in(file->index(), slice);
  Block block;
  if (range.begin == range.end || !file->load(range.begin, interned, block, Block::Parts::Kinds)) return;
  for (const Kind& kind : block.kinds) {
    Record record;
    fill_kind_record(kind, record);
    coverage.add(record, interned.parties);
  }
}

void sample(const Slice& slice, std::uint64_t flows, FieldCoverage& coverage) {
  if (is_segment(slice.path)) return sample_segment(slice, coverage);
  Interned interned;
  ir::Result<FlowReader> reader = FlowReader::open(slice, interned);
  if (!reader) return;
  for (Record record; flows != 0 && reader->next(record);) {
    if (record.kind != RecordKind::Flow) continue;
    coverage.add(record, interned.parties);
    --flows;
  }
}

}  // namespace

void FieldCoverage::add(const Record& flow, const Parties& parties, std::uint64_t flows) {
  // Socket events lack half of the fields by nature.
  if (flow.type == FlowType::Sock || flow.event_type == kSock) return;
  flows_ += flows;
  present_[0] += flow.verdict != FlowVerdict::Unknown ? flows : 0;
  present_[1] += flow.source_address.has_value() && flow.destination_address.has_value() ? flows : 0;
  present_[2] += flow.has_ports || flow.not_policed ? flows : 0;
  present_[3] += flow.event_type != 0 ? flows : 0;
  present_[kSource] += is_described(parties.at(flow.source)) ? flows : 0;
  present_[kDestination] += is_described(parties.at(flow.destination)) ? flows : 0;
  present_[kNodeName] += flow.node.index != 0 ? flows : 0;
  present_[kTime] += flow.has_time ? flows : 0;
  // Traces may have no direction, and only drops have a reason.
  const bool directed = flow.event_type == kPolicyVerdict, dropped = flow.event_type == kDrop;
  present_[kDirectionOf] += directed ? flows : 0;
  present_[kDirection] += directed && flow.direction != FlowDirection::Unknown ? flows : 0;
  present_[kDropReasonOf] += dropped ? flows : 0;
  present_[kDropReason] += dropped && flow.drop_reason != 0 ? flows : 0;
}

void FieldCoverage::merge(const FieldCoverage& other) {
  flows_ += other.flows_;
  for (std::size_t i = 0; i < kFields; ++i) present_[i] += other.present_[i];
}

FieldCoverage::Count FieldCoverage::count(std::size_t field) const {
  if (field == kDirection) return {present_[field], present_[kDirectionOf]};
  if (field == kDropReason) return {present_[field], present_[kDropReasonOf]};
  return {present_[field], flows_};
}

std::vector<std::string> FieldCoverage::missing() const {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < kNames.size(); ++i)
    if (const Count found = count(i); found.present * 2 < found.of) names.emplace_back(kNames[i]);
  return names;
}

std::vector<std::string> FieldCoverage::deleted() const {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    // Without these, connections can still be told apart and judged.
    if (i == kNodeName || i == kTime) continue;
    // One end may be known by its address.
    if ((i == kSource || i == kDestination) && present_[kSource] + present_[kDestination] != 0) continue;
    if (const Count found = count(i); found.present == 0 && found.of != 0) names.emplace_back(kNames[i]);
  }
  return names;
}

ir::Result<FieldCoverage> sample_fields(const std::vector<std::string>& paths) {
  const ir::Result<std::vector<std::string>> files = expand_recordings(paths);
  if (!files) return tl::unexpected(files.error());
  FieldCoverage coverage;
  const std::uint64_t each = std::max(kLeast, kSample / std::max<std::size_t>(1, files->size()));
  for (const std::string& path : *files) {
    if (!can_read_twice(path)) continue;
    sample({.path = path, .end = kSampledBytes}, each, coverage);
    if (coverage.deleted().empty()) continue;
    // The mask may have been changed while the file grew. An archive cannot be entered, and gives nothing here.
    std::error_code unknown;
    const std::uint64_t size = std::filesystem::file_size(path, unknown);
    for (std::uint64_t part = 1; !unknown && part < 4; ++part) {
      const std::uint64_t begin = size / 4 * part;
      sample({.path = path, .begin = begin, .end = begin + kSampledBytes}, kLeast, coverage);
    }
  }
  return coverage;
}

std::optional<ir::Error> refusal_of(const FieldCoverage& coverage) {
  const std::vector<std::string> deleted = coverage.deleted();
  if (deleted.empty()) return std::nullopt;
  std::string names;
  for (const std::string& name : deleted) names += (names.empty() ? "`" : ", `") + name + "`";
  return ir::Error{"no flow of the recordings has " + names + ", without which there is no verdict to compare (WEIR0606): " +
                       "record without a field mask, or with `--set \"hubble.export.static.fieldMask=" + minimum_mask() + "\"`",
                   3};
}

std::string minimum_mask() { return "{" + std::string(kMask) + "}"; }

}  // namespace weir::simulator
