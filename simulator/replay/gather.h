#pragma once

#include <memory>

#include "simulator/flows/filter.h"
#include "simulator/replay/address_classes.h"
#include "simulator/replay/connection_table.h"
#include "simulator/replay/gathered.h"

namespace weir::simulator {

struct GatherOptions {
  const AddressClasses* addresses = nullptr;  // null: outside addresses are kept as they are
  const FlowFilter* filter = nullptr;         // null: every flow
};

/// Records in about the order of time -> Gathered (flows.md 1.5). Holds the connections that a line may still join; the rest
/// is counted and forgotten.
class Gather {
 public:
  Gather(Gathered&, const SafeTime&, const GatherOptions&);
  ~Gather();

  /// The parties of the record are those of Gathered::interned.
  void add(const Record&);
  /// So many flows that say the same, of connections that are folded elsewhere: what a flow counts for besides its connection.
  void count(const Record&, const Evidence&, std::uint64_t flows);
  /// A finished connection that was folded elsewhere.
  void close(const ConnectionKey&, const Connection&);
  /// The end of the part. What only neighbours can finish goes to Gathered::open.
  void finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace weir::simulator
