#include "simulator/flows/enum_names.h"

#include <array>

#include "simulator/flows/drop_reasons.h"

namespace weir::simulator {
namespace {

template <class Value>
struct Named {
  std::string_view name;
  Value value;
};

template <class Value, std::size_t count>
Value pick(const std::array<Named<Value>, count>& table, std::string_view name, Value otherwise) {
  for (const Named<Value>& entry : table)
    if (entry.name == name) return entry.value;
  return otherwise;
}

/// Values 0..count-1 of a table are the proto's numbers.
template <class Value, std::size_t count>
Value pick(const std::array<Named<Value>, count>& table, std::int64_t number, Value otherwise) {
  return number >= 0 && number < static_cast<std::int64_t>(count) ? table[static_cast<std::size_t>(number)].value
                                                                  : otherwise;
}

constexpr std::array<Named<FlowVerdict>, 8> kVerdicts = {{
    {"VERDICT_UNKNOWN", FlowVerdict::Unknown}, {"FORWARDED", FlowVerdict::Forwarded},
    {"DROPPED", FlowVerdict::Dropped}, {"ERROR", FlowVerdict::Error}, {"AUDIT", FlowVerdict::Audit},
    {"REDIRECTED", FlowVerdict::Redirected}, {"TRACED", FlowVerdict::Traced},
    {"TRANSLATED", FlowVerdict::Translated}}};

constexpr std::array<Named<FlowType>, 4> kTypes = {{{"UNKNOWN_TYPE", FlowType::Unknown}, {"L3_L4", FlowType::L3L4},
                                                    {"L7", FlowType::L7}, {"SOCK", FlowType::Sock}}};

constexpr std::array<Named<FlowDirection>, 3> kDirections = {
    {{"TRAFFIC_DIRECTION_UNKNOWN", FlowDirection::Unknown}, {"INGRESS", FlowDirection::Ingress},
     {"EGRESS", FlowDirection::Egress}}};

constexpr std::array<Named<TracePoint>, 14> kPoints = {{
    {"UNKNOWN_POINT", TracePoint::Unknown}, {"TO_PROXY", TracePoint::ToProxy}, {"TO_HOST", TracePoint::ToHost},
    {"TO_STACK", TracePoint::ToStack}, {"TO_OVERLAY", TracePoint::ToOverlay}, {"FROM_ENDPOINT", TracePoint::From},
    {"FROM_PROXY", TracePoint::From}, {"FROM_HOST", TracePoint::From}, {"FROM_STACK", TracePoint::From},
    {"FROM_OVERLAY", TracePoint::From}, {"FROM_NETWORK", TracePoint::From}, {"TO_NETWORK", TracePoint::ToNetwork},
    {"FROM_CRYPTO", TracePoint::From}, {"TO_CRYPTO", TracePoint::ToCrypto}}};

constexpr std::array<Named<TraceReason>, 6> kReasons = {{
    {"TRACE_REASON_UNKNOWN", TraceReason::Unknown}, {"NEW", TraceReason::New},
    {"ESTABLISHED", TraceReason::Established}, {"REPLY", TraceReason::Reply}, {"RELATED", TraceReason::Related},
    {"REOPENED", TraceReason::New}}};

constexpr std::array<Named<L7Type>, 4> kL7Types = {{{"UNKNOWN_L7_TYPE", L7Type::None}, {"REQUEST", L7Type::Request},
                                                    {"RESPONSE", L7Type::Response}, {"SAMPLE", L7Type::Sample}}};

}  // namespace

FlowVerdict verdict_named(std::string_view name) { return pick(kVerdicts, name, FlowVerdict::Other); }
FlowVerdict verdict_numbered(std::int64_t number) { return pick(kVerdicts, number, FlowVerdict::Other); }
FlowType type_named(std::string_view name) { return pick(kTypes, name, FlowType::Other); }
FlowType type_numbered(std::int64_t number) { return pick(kTypes, number, FlowType::Other); }
FlowDirection direction_named(std::string_view name) { return pick(kDirections, name, FlowDirection::Other); }
FlowDirection direction_numbered(std::int64_t number) { return pick(kDirections, number, FlowDirection::Other); }

TracePoint point_named(std::string_view name) {
  return name == "TO_ENDPOINT" ? TracePoint::ToEndpoint : pick(kPoints, name, TracePoint::Other);
}

TracePoint point_numbered(std::int64_t number) {
  // The proto numbers TO_ENDPOINT 101 because 0 means unknown there (flows.md 1.3).
  return number == 101 ? TracePoint::ToEndpoint : pick(kPoints, number, TracePoint::Other);
}

TracePoint point_of_sub_type(std::int64_t number) {
  return number == 0 ? TracePoint::ToEndpoint : pick(kPoints, number, TracePoint::Other);
}

TraceReason reason_named(std::string_view name) { return pick(kReasons, name, TraceReason::Other); }
TraceReason reason_numbered(std::int64_t number) { return pick(kReasons, number, TraceReason::Other); }
L7Type l7_named(std::string_view name) { return pick(kL7Types, name, L7Type::None); }
L7Type l7_numbered(std::int64_t number) { return pick(kL7Types, number, L7Type::None); }
std::uint8_t drop_named(std::string_view name) { return drop_reason_number(name).value_or(kOtherDrop); }

std::string_view to_text(FlowVerdict verdict) {
  const auto number = static_cast<std::size_t>(verdict);
  return number < kVerdicts.size() ? kVerdicts[number].name : "OTHER";
}

}  // namespace weir::simulator
