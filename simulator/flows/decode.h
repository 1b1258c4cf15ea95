#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "simulator/flows/parties.h"
#include "simulator/flows/record.h"

namespace weir::simulator {

/// What all readers of a run share: interned parties and node names.
struct Interned {
  Parties parties;
  Names nodes;
};

/// JSON text of one record -> Record. One simdjson parse a line, in place; the DOM is not kept.
class Decoder {
 public:
  /// `fast`: lines as Hubble prints them may go through FastLine, which gives the same.
  explicit Decoder(Interned&, bool fast = true);
  ~Decoder();

  /// False: neither a flow nor another known record. `text` has kPadding readable bytes behind it.
  /// The last of two equal keys wins (protobuf JSON would refuse them).
  [[nodiscard]] bool decode(const char* text, std::size_t size, Record& record);
  /// Whether Record::detail has what only filters ask for: services, TCP flags, node labels, the address before NAT.
  void want_all_details(bool);
  /// The nodes of the last NodeStatus record.
  [[nodiscard]] const std::vector<NodeNameId>& status_nodes() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace weir::simulator
