#pragma once

#include <tsl/robin_map.h>

#include <array>
#include <string>
#include <vector>

#include "simulator/flows/decode.h"
#include "simulator/segments/dictionary.h"
#include "simulator/segments/format.h"
#include "simulator/segments/intervals.h"

namespace weir::simulator {

/// One line that waits for its block. Those of a connection have a piece, the others their ends.
struct WaitingFlow {
  std::int64_t time = 0;
  Uuid uuid{};
  std::uint32_t kind = 0, request = 0;
  std::uint32_t piece = 0;
};

struct WaitingLoose {
  std::int64_t time = 0;
  Uuid uuid{};
  std::uint32_t kind = 0, request = 0;
  std::optional<ir::IpAddress> source, destination;
  std::uint16_t source_port = 0, destination_port = 0;
};

/// The finished columns of a block and what its header says.
struct BuiltBlock {
  std::array<std::string, kColumns> columns;
  std::uint64_t flows = 0, loose = 0;
  std::uint32_t pieces = 0, timed_pieces = 0;
  std::int64_t first = 0, last = 0;          // of its timed flows
  std::vector<std::uint32_t> place;          // by number in Intervals: number in the block
};

/// Collects the lines of one block and turns them into columns (docs/segments.md).
class BlockBuilder {
 public:
  explicit BlockBuilder(const Interned& interned) : interned_(interned) {}

  void add(const Record&, Intervals&);
  void add_loose(const Record&);
  [[nodiscard]] std::size_t flows() const { return flows_.size() + loose_.size(); }
  /// Of its dictionaries, about.
  [[nodiscard]] std::size_t text_bytes() const { return texts_.bytes() + details_.bytes() + requests_.bytes() + party_bytes_; }
  /// `changes`: times at which policy changed. The builder is empty then.
  [[nodiscard]] BuiltBlock build(Intervals&, const std::vector<std::int64_t>& changes);

 private:
  struct Order;
  std::uint32_t kind_id(Kind, const Record&);
  std::uint32_t request_id(const Record&);

  const Interned& interned_;
  Dictionary texts_, details_, requests_;
  tsl::robin_map<Kind, std::uint32_t, KindHash> kind_ids_;
  std::vector<Kind> kinds_;
  std::vector<bool> party_seen_;
  std::size_t party_bytes_ = 0;
  std::vector<WaitingFlow> flows_;
  std::vector<WaitingLoose> loose_;
};

}  // namespace weir::simulator
