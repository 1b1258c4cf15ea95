#pragma once

#include <string>
#include <vector>

#include "simulator/flows/detail.h"
#include "simulator/flows/parties.h"
#include "simulator/flows/party_cache.h"
#include "simulator/flows/party_reader.h"
#include "simulator/flows/raw_value.h"
#include "simulator/flows/record.h"
#include "simulator/flows/run_memo.h"

namespace weir::simulator {

/// Flows as Hubble writes them, without a parser in between: compact JSON, no escapes, parties and nodes seen before.
/// Whatever else a line is, this says so, and leaves it to the Decoder; a line it takes has every field that the Decoder
/// would give it.
class FastDecoder {
 public:
  FastDecoder(Parties& parties, Names& nodes) : parties_(parties), nodes_(nodes) {}

  /// False: not decoded, `record` and `store` hold anything. `text` as in Decoder::decode().
  [[nodiscard]] bool decode(const char* text, std::size_t size, Record& record, DetailStore& store);

 private:
  void read_top(Key key, RawValue& value, Record& record, DetailStore& store);
  void read_flow(RawValue& value, Record& record, DetailStore& store);
  void read_field(Key key, RawValue& value, Record& record, DetailStore& store);
  void read_event(Key key, RawValue& value, Record& record, DetailStore& store);
  void end_run(const Record& record);
  void read_node(RawValue& value, Record& record);
  PartyId read_party(RawValue& value, const std::optional<ir::IpAddress>& address, bool& local);
  void skip_labels(RawValue& value, NodeNameId node);
  [[nodiscard]] bool at_end();

  Parties& parties_;
  Names& nodes_;
  RawScanner scanner_;
  PartyReader reader_;
  PartyCache cache_;
  std::vector<std::string> labels_;  // the last labels of each node, as written
  RunMemo runs_;
  // Of the line being read.
  const char* run_begin_ = nullptr;  // of a run that is being read and may be learnt
  const char* run_end_ = nullptr;
  std::string_view node_, time_;     // of the flow, as written
  bool event_seen_ = false;          // a field of the event was set
  bool is_flow_ = false;
};

}  // namespace weir::simulator
