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
  bool filter_fields = false;  // decoders also read what only filters ask for (Decoder::want_filters)
};

/// JSON text of one record -> Record: by FastDecoder, or by simdjson where that does not understand the line.
class Decoder {
 public:
  explicit Decoder(Interned&);
  ~Decoder();

  /// False: neither a flow nor another known record. `text` has kPadding readable bytes behind it, and stays as it is as
  /// long as `record.detail` is looked at, which ends with the next call.
  /// The last of two equal keys wins (protobuf JSON would refuse them).
  [[nodiscard]] bool decode(const char* text, std::size_t size, Record& record);
  /// Also what only filters ask for: TCP flags, services, translated addresses and labels of nodes. Off at first.
  void want_filters(bool wanted);
  /// Off: every line is parsed by simdjson, which gives the same (tests, benchmarks).
  void use_fast(bool wanted);
  /// The last line took the fast way.
  [[nodiscard]] bool was_fast() const;
  /// The nodes of the last NodeStatus record.
  [[nodiscard]] const std::vector<NodeNameId>& status_nodes() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace weir::simulator
