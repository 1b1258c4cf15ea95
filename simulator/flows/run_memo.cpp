#include "simulator/flows/run_memo.h"

#include <cstring>

namespace weir::simulator {
namespace {

std::uint64_t load(const char* at) {
  std::uint64_t word;
  std::memcpy(&word, at, sizeof word);
  return word;
}

}  // namespace

/// `{"type":4,"sub_type":3},"traffic_direction":"EGRESS"`: where these differ.
std::size_t RunMemo::set_of(const char* text) {
  const std::uint64_t word = load(text + 7) ^ (load(text + 23) << 1) ^ (load(text + 39) << 2);
  return (word * 0x9e3779b97f4a7c15u) >> 58;
}

std::size_t RunMemo::take(std::string_view text, Record& record) const {
  const Run* best = nullptr;
  for (const Run& run : runs_[set_of(text.data())]) {
    if (run.size <= (best == nullptr ? 0 : best->size) || run.size > text.size()) continue;
    if (std::memcmp(text.data(), run.text.data(), run.size) == 0) best = &run;
  }
  if (best == nullptr) return 0;
  const Event& event = best->event;
  record.direction = event.direction;
  record.point = event.point;
  record.reason = event.reason;
  record.is_reply = event.is_reply;
  record.event_type = event.event_type;
  record.sub_type = event.sub_type;
  record.match_type = event.match_type;
  return best->size;
}

void RunMemo::learn(std::string_view text, const Record& record) {
  static_assert(kSets == 64, "set_of gives six bits");
  if (text.size() > kLongest) return;
  auto& set = runs_[set_of(text.data())];
  for (std::size_t way = kWays - 1; way > 0; --way) set[way] = set[way - 1];
  Run& run = set[0];
  std::memcpy(run.text.data(), text.data(), text.size());
  run.size = text.size();
  run.event = {record.direction, record.point, record.reason, record.is_reply, record.event_type, record.sub_type, record.match_type};
}

}  // namespace weir::simulator
