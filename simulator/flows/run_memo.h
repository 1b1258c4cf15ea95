#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "simulator/flows/keys.h"
#include "simulator/flows/record.h"

namespace weir::simulator {

/// What kind of event a line is takes six fields one after the other, and a recording has a handful of such texts. A run
/// that was read once is known by its bytes.
class RunMemo {
 public:
  /// What a run says; the fields of Record of these names.
  struct Event {
    FlowDirection direction = FlowDirection::Unknown;
    TracePoint point = TracePoint::Unknown;
    TraceReason reason = TraceReason::Unknown;
    Tristate is_reply = Tristate::Unknown;
    std::uint8_t event_type = 0, sub_type = 0, match_type = 0;
  };

  /// `key` is one of the six.
  [[nodiscard]] static bool belongs(Key key) {
    return key == Key::EventType || key == Key::TrafficDirection || key == Key::PolicyMatchType || key == Key::TraceObservationPoint ||
           key == Key::TraceReason || key == Key::IsReply;
  }
  /// A run begins with the value of `event_type`. The length of the longest known one that `text` begins with; 0: none. Then
  /// `record`, in which none of the six was set, has them. Reads up to 64 bytes from the start of `text`.
  std::size_t take(std::string_view text, Record& record) const;
  /// `text` was read into `record`, in which none of the six had been set.
  void learn(std::string_view text, const Record& record);

 private:
  static constexpr std::size_t kLongest = 240, kSets = 64, kWays = 4;
  struct Run {
    std::array<char, kLongest> text{};
    std::size_t size = 0;
    Event event;
  };

  [[nodiscard]] static std::size_t set_of(const char* text);
  std::array<std::array<Run, kWays>, kSets> runs_{};
};

}  // namespace weir::simulator
