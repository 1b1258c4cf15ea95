#pragma once

#include <simdjson.h>

#include <string_view>

#include "simulator/flows/keys.h"
#include "simulator/flows/record.h"

namespace weir::simulator {

/// "6ba7b810-9dad-11d1-80b4-00c04fd430c8"; zero for anything else.
[[nodiscard]] Uuid parse_uuid(std::string_view);

/// The values of a flow that go into FlowDetail; the views are those of the parser.
class DetailReader {
 public:
  void clear() { any_ = false; }
  /// True when the key is one of a flow's that this reads. `all`: those too that only filters ask for.
  bool read_flow_field(Key key, simdjson::dom::element value, bool all);
  /// A second `l7` counts alone.
  void forget_l7();
  void read_l7_field(Key key, simdjson::dom::element value);
  void read_tcp_flags(simdjson::dom::element value);
  void read_translated(simdjson::dom::element value);
  /// What was read since clear(); null when nothing was.
  [[nodiscard]] const FlowDetail* detail() const { return any_ ? &detail_ : nullptr; }

 private:
  FlowDetail& touch();
  void read_http(simdjson::dom::element value);
  void read_dns(simdjson::dom::element value);

  FlowDetail detail_;
  bool any_ = false;
};

}  // namespace weir::simulator
