// Tested by tests/unit/simulator/replay/gathered_test.cpp.

#include "simulator/replay/shape.h"

#include <algorithm>
#include <cstring>
#include <string_view>

#include "simulator/flows/parties.h"

namespace weir::simulator {
namespace {

/// The fields of a value end to end, without padding.
template <std::size_t Size>
struct Packed {
  std::array<char, Size> bytes;
  std::size_t used = 0;

  template <class T>
  void put(const T& value) {
    static_assert(std::is_trivially_copyable_v<T>);
    std::memcpy(bytes.data() + used, &value, sizeof value);
    used += sizeof value;
  }
  void put(const ir::IpAddress& address) {
    put(address.family);
    put(address.bytes);
  }
  void put(const SideEvidence& side) {
    put(side.source.index);
    put(side.destination.index);
    put(side.rank);
    put(side.verdict);
    put(side.drop_reason);
    put(side.conflict);
  }
  [[nodiscard]] std::size_t hash() const { return hash_bytes({bytes.data(), used}); }
};

void widen(bool& timed, std::int64_t& first, std::int64_t& last, bool other_timed, std::int64_t other_first, std::int64_t other_last) {
  if (!other_timed) return;
  first = timed ? std::min(first, other_first) : other_first;
  last = timed ? std::max(last, other_last) : other_last;
  timed = true;
}

}  // namespace

std::size_t ShapeHash::operator()(const Shape& shape) const noexcept {
  Packed<96> packed;
  packed.put(shape.source.index);
  packed.put(shape.destination.index);
  for (const SideEvidence& side : shape.sides) packed.put(side);
  packed.put(shape.client);
  packed.put(shape.server);
  packed.put(shape.cluster);
  packed.put(shape.port);
  packed.put(shape.protocol);
  packed.put(shape.icmp_code);
  packed.put(shape.excuse);
  packed.put(shape.redirected);
  packed.put(shape.policy_changed);
  return packed.hash();
}

std::size_t ShapeHash::operator()(const RequestShape& shape) const noexcept {
  Packed<64> packed;
  packed.put(shape.source.index);
  packed.put(shape.destination.index);
  packed.put(shape.client);
  packed.put(shape.server);
  packed.put(shape.port);
  packed.put(shape.protocol);
  packed.put(shape.direction);
  packed.put(shape.verdict);
  packed.put(shape.dns);
  packed.put(shape.text);
  return packed.hash();
}

void ShapeCount::add(const ShapeCount& other) {
  connections += other.connections;
  for (std::size_t side = 0; side < 2; ++side) {
    lines[side] += other.lines[side];
    with_lines[side] += other.with_lines[side];
  }
  excused_lines += other.excused_lines;
  reply_lines += other.reply_lines;
  fold_lines += other.fold_lines;
  widen(timed, first, last, other.timed, other.first, other.last);
  keep_earlier(example_time, example, other.example_time, other.example);
}

void ShapeCount::multiply(std::uint64_t by) {
  connections *= by;
  for (std::size_t side = 0; side < 2; ++side) {
    lines[side] *= by;
    with_lines[side] *= by;
  }
  excused_lines *= by;
  reply_lines *= by;
  fold_lines *= by;
}

void RequestCount::add(const RequestCount& other) {
  requests += other.requests;
  widen(timed, first, last, other.timed, other.first, other.last);
  keep_earlier(example_time, example, other.example_time, other.example);
}

std::string uuid_text(const Uuid& uuid) {
  if (uuid == Uuid{}) return {};
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  for (std::size_t i = 0; i < uuid.size(); ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) text += '-';
    text += kDigits[uuid[i] >> 4];
    text += kDigits[uuid[i] & 15];
  }
  return text;
}

Shaped shape_of(const ConnectionKey& key, const Connection& connection, bool client_is_low) {
  const Half& half = connection.halves[client_is_low ? 0 : 1];
  const ir::IpFamily family = key.v6 != 0 ? ir::IpFamily::V6 : ir::IpFamily::V4;
  const ir::IpAddress low{family, key.low_address}, high{family, key.high_address};
  Shaped out;
  out.shape = {half.source, half.destination, half.sides, client_is_low ? low : high, client_is_low ? high : low, key.cluster,
               client_is_low ? key.high_port : key.low_port, key.protocol, half.icmp_code, half.excuse, half.redirected, false};
  ShapeCount& count = out.count;
  count.connections = 1;
  for (std::size_t side = 0; side < 2; ++side) {
    count.lines[side] = half.lines[side];
    count.with_lines[side] = half.lines[side] != 0;
  }
  count.excused_lines = half.excused_lines;
  count.reply_lines = half.reply_lines;
  count.fold_lines = half.fold_lines;
  count.timed = connection.timed;
  count.first = connection.first;
  count.last = connection.last;
  count.example_time = connection.example_time;
  count.example = connection.example;
  return out;
}

}  // namespace weir::simulator
