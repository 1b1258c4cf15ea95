#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace weir::simulator {

// The numbers of docs/segments.md, where the format is written down. All integers are little-endian.

inline constexpr std::string_view kSegmentMagic = "\x89WFS\r\n\x1a\n";
inline constexpr std::string_view kFooterMagic = "WFS-END\n";
inline constexpr std::uint32_t kSegmentVersion = 1;
inline constexpr std::uint32_t kBlockMagic = 0x4b4c4257;  // "WBLK"
inline constexpr std::size_t kHeaderSize = 20;
inline constexpr std::size_t kBlockHeaderSize = 64;
inline constexpr std::size_t kTrailerSize = 16;

// What a reader refuses, so that memory does not depend on what a file claims (reliability.md C2).
inline constexpr std::uint64_t kMaxBlockFlows = 1 << 22;
inline constexpr std::uint64_t kMaxColumn = 64 << 20;
inline constexpr std::uint64_t kMaxBlock = 256 << 20;

/// How lines become connections (flows.md 1.5); written into the header, because a packer has applied it.
struct Grouping {
  std::uint16_t tcp_window = 60, other_window = 30;  // seconds
  std::uint32_t rules = 1;                           // of `classify`: which lines belong to a connection
  friend bool operator==(const Grouping&, const Grouping&) = default;
};

enum class Column : std::uint8_t {
  Texts, Addresses, Nodes, Parties, Details, Requests, Kinds, Pairs, Patterns, PatternKinds,
  PiecePatterns, PiecePorts, PieceFirsts, PieceSpans, FlowGaps, Examples, ExampleIds,
  LooseKinds, LooseAddresses, LoosePorts, LooseTimes, FlowRequests, RequestExamples, RequestExampleIds
};
inline constexpr std::size_t kColumns = 24;

/// What is kept of a line but its ends, its time and its request: lines of one kind prove the same.
struct Kind {
  // Record's values, as numbers. `protocol` 0: none.
  std::uint8_t verdict = 0, type = 0, direction = 0, point = 0, reason = 0, l7 = 0, is_reply = 0, event_type = 0, sub_type = 0,
               match_type = 0, drop_reason = 0, icmp_code = 0, protocol = 0, icmp_type = 0;
  std::uint16_t flags = 0;
  std::uint32_t source = 0, destination = 0;  // parties
  std::uint32_t node = 0;
  std::uint32_t detail = 0;                   // 1 more than its place; 0: none
  friend bool operator==(const Kind&, const Kind&) = default;
};

enum KindFlag : std::uint16_t {
  kSourceLocal = 1, kDestinationLocal = 2, kToService = 4, kDns = 8, kNotPoliced = 16, kHasPorts = 32, kHasTime = 64,
  kHasSource = 128, kHasDestination = 256,  // addresses
  kSourceIsLow = 512,                       // of a connection's line
  kHasRequest = 1024                        // what HTTP or DNS said is in Column::Requests
};

}  // namespace weir::simulator
