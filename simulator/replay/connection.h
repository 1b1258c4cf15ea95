#pragma once

#include <array>
#include <cstdint>

#include "ir/base/ip.h"
#include "simulator/flows/record.h"
#include "simulator/replay/evidence.h"

namespace weir::simulator {

/// The two ends of a connection without saying which is the client: `low` orders before `high`. For ICMP both ports
/// are the type of the request.
struct ConnectionKey {
  std::array<std::uint8_t, 16> low_address{}, high_address{};
  std::uint32_t cluster = 0;  // Record::cluster: addresses of two clusters may be the same
  std::uint16_t low_port = 0, high_port = 0;
  std::uint8_t protocol = 0;
  std::uint8_t v6 = 0;
  friend bool operator==(const ConnectionKey&, const ConnectionKey&) = default;
};

[[nodiscard]] std::uint64_t hash_of(const ConnectionKey&);

/// What is recorded of a connection with the client at one of the two ends.
struct Half {
  bool seen = false;            // a line said that this end is the client
  bool redirected = false;
  Excuse excuse = Excuse::None; // the first, by number, of those its lines gave
  PartyId source, destination;
  std::array<SideEvidence, 2> sides;          // by ir::Direction
  std::array<std::uint32_t, 2> lines{};       // lines that are evidence for a side; not replies
  std::uint32_t excused_lines = 0, reply_lines = 0, fold_lines = 0;
  std::uint8_t icmp_code = 0;
};

/// The lines of one key with no gap longer than its window.
struct Connection {
  std::int64_t first = 0, last = 0;  // nanoseconds since 1970
  bool timed = false;
  std::array<Half, 2> halves;        // [client is `low`, client is `high`]
  std::uint32_t loose_lines = 0;     // of this key, client not known
  std::int64_t example_time = 0;     // of the earliest line with an uuid
  Uuid example{};                    // its uuid; zero: no line has one
  std::uint32_t next = 0;            // ConnectionTable: the next interval of the same key
};

/// Joins what two sets of lines say. Associative and commutative: the order of lines does not matter.
void merge(Connection& into, const Connection& from, const Parties&);
void merge(SideEvidence& into, const SideEvidence& from, const Parties&);

/// Of two examples, the earlier one that has an uuid; the smaller uuid where times are equal.
void keep_earlier(std::int64_t& time, Uuid& example, std::int64_t other_time, const Uuid& other);

/// A line as a connection of its own, and its key.
struct Folded {
  ConnectionKey key;
  Connection connection;
};
[[nodiscard]] Folded fold(const Record&, const Evidence&);

/// flows.md 1.5: 60 s for TCP, 30 s for others.
[[nodiscard]] std::int64_t window_of(const ConnectionKey&);

}  // namespace weir::simulator
