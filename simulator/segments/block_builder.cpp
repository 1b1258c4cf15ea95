// Lines -> the columns of a block (docs/segments.md). Tested by tests/unit/simulator/segments/segment_test.cpp.

#include "simulator/segments/block_builder.h"

#include "simulator/segments/block_encoder.h"

namespace weir::simulator {

std::uint32_t BlockBuilder::kind_id(Kind kind, const Record& record) {
  if (record.detail != nullptr) kind.detail = details_.id(detail_bytes(*record.detail, texts_)) + 1;
  for (const std::uint32_t party : {kind.source, kind.destination}) {
    if (party_seen_.size() <= party) party_seen_.resize(party + 1);
    if (!party_seen_[party]) party_bytes_ += interned_.parties.key({party}).size();
    party_seen_[party] = true;
  }
  const auto [at, added] = kind_ids_.try_emplace(kind, static_cast<std::uint32_t>(kinds_.size()));
  if (added) kinds_.push_back(kind);
  return at->second;
}

std::uint32_t BlockBuilder::request_id(const Record& record) {
  if (record.detail == nullptr || (!record.detail->http && !record.detail->dns)) return 0;
  return requests_.id(request_bytes(*record.detail, texts_));
}

void BlockBuilder::add(const Record& record, Intervals& intervals) {
  bool source_is_low = false;
  const Ends ends = ends_of(record, source_is_low);
  Kind kind = kind_of(record);
  if (source_is_low) kind.flags |= kSourceIsLow;
  const std::uint32_t piece = intervals.add(ends, record.time, record.has_time);
  flows_.push_back({record.time, record.uuid, kind_id(kind, record), request_id(record), piece});
}

void BlockBuilder::add_loose(const Record& record) {
  loose_.push_back({record.time, record.uuid, kind_id(kind_of(record), record), request_id(record), record.source_address,
                    record.destination_address, record.source_port, record.destination_port});
}

BuiltBlock BlockBuilder::build(Intervals& intervals, const std::vector<std::int64_t>& changes) {
  BlockEncoder encoder(interned_, texts_, kinds_, intervals, changes);
  BuiltBlock built = encoder.encode(flows_, loose_);
  const auto put = [&built](Column column, std::string bytes) { built.columns[static_cast<std::size_t>(column)] = std::move(bytes); };
  put(Column::Details, details_.column());
  put(Column::Requests, requests_.column());
  put(Column::Texts, texts_.column());
  for (Dictionary* dictionary : {&texts_, &details_, &requests_}) dictionary->clear();
  kind_ids_.clear();
  kinds_.clear();
  party_seen_.clear();
  party_bytes_ = 0;
  flows_.clear();
  loose_.clear();
  return built;
}

}  // namespace weir::simulator
