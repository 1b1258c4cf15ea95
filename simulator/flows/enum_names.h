#pragma once

#include <cstdint>
#include <string_view>

#include "simulator/flows/record.h"

namespace weir::simulator {

/// flow.proto names -> values. A name of a later version gives Other, never a value that means something.
[[nodiscard]] FlowVerdict verdict_named(std::string_view);
[[nodiscard]] FlowVerdict verdict_numbered(std::int64_t);
[[nodiscard]] FlowType type_named(std::string_view);
[[nodiscard]] FlowType type_numbered(std::int64_t);
[[nodiscard]] FlowDirection direction_named(std::string_view);
[[nodiscard]] FlowDirection direction_numbered(std::int64_t);
[[nodiscard]] TracePoint point_named(std::string_view);
[[nodiscard]] TracePoint point_numbered(std::int64_t);
/// The sub type of event_type 4 (flows.md 1.3).
[[nodiscard]] TracePoint point_of_sub_type(std::int64_t);
[[nodiscard]] TraceReason reason_named(std::string_view);
[[nodiscard]] TraceReason reason_numbered(std::int64_t);
[[nodiscard]] L7Type l7_named(std::string_view);
[[nodiscard]] L7Type l7_numbered(std::int64_t);
/// The number of a drop reason (flows.md 2), kOtherDrop for one of a later version.
[[nodiscard]] std::uint8_t drop_named(std::string_view);
inline constexpr std::uint8_t kOtherDrop = 255;

/// "FORWARDED", "DROPPED" ...
[[nodiscard]] std::string_view to_text(FlowVerdict);

}  // namespace weir::simulator
