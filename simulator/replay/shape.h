#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <string>

#include "simulator/replay/connection.h"

namespace weir::simulator {

/// All that the comparison of a finished connection with a prediction depends on: everything but when it was and the
/// client's port. Connections of one shape are counted together and decided once.
struct Shape {
  PartyId source, destination;
  std::array<SideEvidence, 2> sides;  // by ir::Direction
  ir::IpAddress client, server;
  std::uint32_t cluster = 0;          // as ConnectionKey
  std::uint16_t port = 0;             // of the server; the type for ICMP
  std::uint8_t protocol = 0, icmp_code = 0;
  Excuse excuse = Excuse::None;
  bool redirected = false;
  bool policy_changed = false;        // while it was open
  friend bool operator==(const Shape&, const Shape&) = default;
};

/// Connections of one shape, added up. Adding is associative and commutative.
struct ShapeCount {
  std::uint64_t connections = 0;
  std::array<std::uint64_t, 2> lines{};       // evidence for a side, not replies
  std::array<std::uint64_t, 2> with_lines{};  // connections that have such lines
  std::uint64_t excused_lines = 0, reply_lines = 0, fold_lines = 0;
  bool timed = false;
  std::int64_t first = 0, last = 0;  // nanoseconds since 1970
  std::int64_t example_time = 0;     // of the earliest line that has an uuid; the smallest uuid where times are equal
  Uuid example{};                    // zero: none

  void add(const ShapeCount&);
  /// So many connections with as many lines each.
  void multiply(std::uint64_t by);
};

struct ShapeHash {
  std::size_t operator()(const Shape&) const noexcept;
  std::size_t operator()(const struct RequestShape&) const noexcept;
};

/// One half of a finished connection as its shape and the count of one.
struct Shaped {
  Shape shape;
  ShapeCount count;
};
[[nodiscard]] Shaped shape_of(const ConnectionKey&, const Connection&, bool client_is_low);

/// One recorded request inside a connection. Requests of one key are counted together.
struct RequestShape {
  PartyId source, destination;
  ir::IpAddress client, server;
  std::uint16_t port = 0;
  std::uint8_t protocol = 0;
  FlowDirection direction = FlowDirection::Unknown;  // whose proxy saw it
  FlowVerdict verdict = FlowVerdict::Unknown;
  bool dns = false;
  std::uint32_t text = 0;  // Gathered::texts: "METHOD URL\nheader: value\n..." or the name asked for
  friend bool operator==(const RequestShape&, const RequestShape&) = default;
};

struct RequestCount {
  std::uint64_t requests = 0;
  bool timed = false;
  std::int64_t first = 0, last = 0, example_time = 0;
  Uuid example{};

  void add(const RequestCount&);
};

/// "6ba7b810-9dad-11d1-80b4-00c04fd430c8"; empty for none.
[[nodiscard]] std::string uuid_text(const Uuid&);

/// DNS was seen to answer this to this endpoint (flows.md 1.5 "FQDN"), or a flow says so itself (destination_names).
struct NameFact {
  PartyId source;
  ir::IpAddress address;
  std::uint32_t name = 0;  // Gathered::texts
  friend auto operator<=>(const NameFact&, const NameFact&) = default;
};

}  // namespace weir::simulator
