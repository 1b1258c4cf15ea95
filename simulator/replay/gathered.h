#pragma once

#include <tsl/robin_map.h>

#include <limits>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "simulator/flows/decode.h"
#include "simulator/replay/address_classes.h"
#include "simulator/replay/field_coverage.h"
#include "simulator/replay/shape.h"

namespace weir::simulator {

/// What happened to the lines of one recording.
struct RecordingStats {
  std::uint64_t read = 0, malformed = 0, too_long = 0;
  std::set<std::uint64_t> malformed_lines;  // the first few
  std::set<std::string> damage, remarks;
};

/// What a recording says, before any policy: a sum over its lines. Two parts of a recording merge to what the whole would
/// have given, whatever the cut and the order (architecture.md rule 10).
struct Gathered {
  Interned interned;
  Names texts;

  tsl::robin_map<Shape, ShapeCount, ShapeHash> shapes;                  // finished connections
  tsl::robin_map<RequestShape, RequestCount, ShapeHash> requests;
  std::vector<std::pair<ConnectionKey, Connection>> open;               // a line of another part may still join them
  static constexpr std::size_t kRequests = 200'000;
  std::multimap<std::uint64_t, RequestShape> request_order;             // `requests` by the hash of their content
  std::uint64_t requests_left_out = 0;                                  // beyond kRequests distinct ones
  std::set<NameFact> names;

  std::map<std::string, RecordingStats> recordings;                     // by path
  std::map<std::uint32_t, std::uint64_t> flows_of_node;                 // by NodeNameId
  std::map<std::string, std::map<std::uint32_t, std::uint64_t>> lost_of_node;  // by path, by NodeNameId
  std::map<std::string, std::set<std::uint32_t>> gone_nodes;
  std::map<std::string, std::uint64_t> local_clusters;                  // names that local endpoints give, with flows
  std::set<std::int64_t> policy_changes;
  std::array<std::uint64_t, kExcuses> loose{};                          // lines that belong to no connection
  std::uint64_t not_policy = 0, late = 0, filtered = 0;
  std::uint64_t unoriented = 0, unoriented_lines = 0;                   // connections of which no line says who opened them
  FieldCoverage fields;
  std::optional<std::int64_t> first, last;
};

/// When a connection can be closed for good: no other part of the recording has lines this near to it.
struct SafeTime {
  std::int64_t after = std::numeric_limits<std::int64_t>::min();   // other parts end here
  std::int64_t before = std::numeric_limits<std::int64_t>::max();  // other parts begin here
  /// Of a part about whose neighbours nothing is known.
  friend bool operator==(const SafeTime&, const SafeTime&) = default;
  static constexpr SafeTime never() { return {std::numeric_limits<std::int64_t>::max(), std::numeric_limits<std::int64_t>::min()}; }
};

/// Adds `part` to `sum`. Parties are joined by content.
void merge(Gathered& sum, const Gathered& part);
/// Joins and closes what is open: no other part is to come. `addresses` as in GatherOptions.
void close_all(Gathered&, const AddressClasses* addresses);

}  // namespace weir::simulator
