#include "simulator/replay/connection.h"

#include <algorithm>
#include <tuple>

namespace weir::simulator {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;
constexpr std::uint8_t kAuthRequired = 189;

/// The richer description of an end wins: a trimmed one says less. The hash makes it independent of the order.
void keep_richer(PartyId& into, PartyId from, const Parties& parties) {
  if (into == from) return;
  const Party &a = parties.at(into), &b = parties.at(from);
  const auto worth = [](const Party& party) {
    return std::tuple(party.labels.size(), !party.pod.empty(), !party.workload.empty(), party.hash);
  };
  if (worth(a) < worth(b)) into = from;
}

Excuse first_of(Excuse a, Excuse b) {
  if (a == Excuse::None) return b;
  return b == Excuse::None ? a : std::min(a, b);
}

void merge_half(Half& into, const Half& from, const Parties& parties) {
  if (!from.seen) return;
  if (!into.seen) {
    into = from;
    return;
  }
  into.redirected |= from.redirected;
  into.excuse = first_of(into.excuse, from.excuse);
  keep_richer(into.source, from.source, parties);
  keep_richer(into.destination, from.destination, parties);
  for (std::size_t side = 0; side < 2; ++side) {
    merge(into.sides[side], from.sides[side], parties);
    into.lines[side] += from.lines[side];
  }
  into.excused_lines += from.excused_lines;
  into.reply_lines += from.reply_lines;
  into.fold_lines += from.fold_lines;
  into.icmp_code = std::max(into.icmp_code, from.icmp_code);
}

bool awaits_authentication(const SideEvidence& evidence) {
  return evidence.verdict == FlowVerdict::Dropped && evidence.drop_reason == kAuthRequired;
}

/// An echo reply folds into its request.
std::uint16_t request_port(const Record& flow, std::uint16_t port) {
  if (flow.protocol == ir::Protocol::Icmp && port == 0) return 8;
  return flow.protocol == ir::Protocol::Icmpv6 && port == 129 ? 128 : port;
}

struct End {
  std::array<std::uint8_t, 16> address;
  std::uint16_t port;
};

void count_line(Half& half, const Evidence& evidence) {
  if (evidence.use == LineUse::Reply) {
    half.reply_lines = 1;
  } else if (evidence.use == LineUse::Fold) {
    half.fold_lines = 1;
  } else if (evidence.excuse != Excuse::None) {
    half.excused_lines = 1;
  } else {
    for (std::size_t side = 0; side < 2; ++side) half.lines[side] = evidence.sides[side].rank != Rank::None;
  }
}

}  // namespace

std::uint64_t hash_of(const ConnectionKey& key) {
  static_assert(sizeof(ConnectionKey) == 44, "no padding but the last two bytes");
  return hash_bytes({reinterpret_cast<const char*>(&key), 42});
}

void merge(SideEvidence& into, const SideEvidence& from, const Parties& parties) {
  if (from.rank == Rank::None || from.rank < into.rank) return;
  if (from.rank > into.rank) {
    into = from;
    return;
  }
  // policy.md 3.11: packets are dropped until the peers have authenticated each other. What comes of the connection says more.
  if (awaits_authentication(into) != awaits_authentication(from)) {
    SideEvidence rest = awaits_authentication(into) ? from : into;
    keep_richer(rest.source, awaits_authentication(into) ? into.source : from.source, parties);
    keep_richer(rest.destination, awaits_authentication(into) ? into.destination : from.destination, parties);
    into = rest;
    return;
  }
  into.conflict = into.conflict || from.conflict || into.denied() != from.denied();
  into.verdict = std::max(into.verdict, from.verdict);
  into.drop_reason = std::max(into.drop_reason, from.drop_reason);
  keep_richer(into.source, from.source, parties);
  keep_richer(into.destination, from.destination, parties);
}

void keep_earlier(std::int64_t& time, Uuid& example, std::int64_t other_time, const Uuid& other) {
  if (other == Uuid{}) return;
  if (example != Uuid{} && std::tie(time, example) <= std::tie(other_time, other)) return;
  time = other_time;
  example = other;
}

void merge(Connection& into, const Connection& from, const Parties& parties) {
  if (from.timed) {
    into.first = into.timed ? std::min(into.first, from.first) : from.first;
    into.last = into.timed ? std::max(into.last, from.last) : from.last;
    into.timed = true;
  }
  keep_earlier(into.example_time, into.example, from.example_time, from.example);
  for (std::size_t half = 0; half < 2; ++half) merge_half(into.halves[half], from.halves[half], parties);
  into.loose_lines += from.loose_lines;
}

Folded fold(const Record& flow, const Evidence& evidence) {
  const End source{flow.source_address->bytes, request_port(flow, flow.source_port)};
  const End destination{flow.destination_address->bytes, request_port(flow, flow.destination_port)};
  const bool source_is_low = std::tie(source.address, source.port) <= std::tie(destination.address, destination.port);
  const End &low = source_is_low ? source : destination, &high = source_is_low ? destination : source;
  Folded folded;
  folded.key = {low.address, high.address, flow.cluster, low.port, high.port,
                static_cast<std::uint8_t>(*flow.protocol), flow.source_address->family == ir::IpFamily::V6};
  Connection& connection = folded.connection;
  connection.first = connection.last = flow.time;
  connection.timed = flow.has_time;
  connection.example_time = flow.time;
  connection.example = flow.uuid;
  if (!evidence.oriented) {
    connection.loose_lines = 1;
    return folded;
  }
  Half& half = connection.halves[source_is_low != evidence.swapped ? 0 : 1];
  half.seen = true;
  half.redirected = evidence.redirected;
  half.excuse = evidence.excuse;
  half.source = evidence.swapped ? flow.destination : flow.source;
  half.destination = evidence.swapped ? flow.source : flow.destination;
  half.sides = evidence.sides;
  half.icmp_code = flow.icmp_code;
  count_line(half, evidence);
  return folded;
}

std::int64_t window_of(const ConnectionKey& key) {
  return (key.protocol == static_cast<std::uint8_t>(ir::Protocol::Tcp) ? 60 : 30) * kSecond;
}

}  // namespace weir::simulator
