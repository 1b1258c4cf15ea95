#pragma once

#include <array>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "simulator/flows/decode.h"
#include "simulator/segments/bytes.h"
#include "simulator/segments/format.h"
#include "simulator/segments/frame.h"

namespace weir::simulator {

/// Both addresses of a connection and the port that all connections of a pattern share.
struct Pair {
  ir::IpAddress low, high;
  std::uint8_t protocol = 0;
  bool client_is_low = false;  // whose port is the piece's
  std::uint16_t port = 0;      // of the other end
};

/// Pieces of one pattern have the same pair, and lines of the same kinds in the same order.
struct Pattern {
  std::uint32_t pair = 0, begin = 0, count = 0;  // begin: in Block::pattern_kinds
};

/// The lines of one connection in one block.
struct BlockPiece {
  std::int64_t first = 0, last = 0;
  std::uint32_t pattern = 0;
  std::uint32_t example = 0;  // 1 more than the place of the line that has an uuid; 0: none is kept
  std::uint32_t example_id = 0;  // its place in Block::example_ids
  std::uint16_t port = 0;     // of the client
};

/// A line that belongs to no connection.
struct LooseFlow {
  std::int64_t time = 0;
  std::uint32_t kind = 0, source = 0, destination = 0;  // addresses: 1 more than their place; 0: none
  std::uint16_t source_port = 0, destination_port = 0;
};

/// Of a line that has one, by its number in the block: those of pieces first.
struct FlowRequest {
  std::uint32_t flow = 0, request = 0;
  Uuid uuid{};  // zero: not kept
};

/// One block, unpacked as far as it was asked for. Every number in it was checked.
class Block {
 public:
  enum class Parts { All, Kinds };
  /// `bytes`: a whole block. False: damaged; nothing of it may be used. Kinds: only these are unpacked.
  [[nodiscard]] bool load(std::string bytes, Interned&, Parts = Parts::All, bool check_sum = true);

  std::vector<ir::IpAddress> addresses;
  std::vector<Kind> kinds;  // parties and nodes are those of the run
  std::vector<Pair> pairs;
  std::vector<Pattern> patterns;
  std::vector<std::uint32_t> pattern_kinds;
  std::vector<BlockPiece> pieces;  // by first time, those without a time last
  std::vector<Uuid> example_ids;   // of the pieces that have one, in their order
  std::vector<LooseFlow> loose;

  [[nodiscard]] std::uint64_t flows() const { return piece_flows_ + loose.size(); }
  [[nodiscard]] std::uint64_t piece_flows() const { return piece_flows_; }
  [[nodiscard]] std::uint32_t timed_pieces() const { return timed_pieces_; }

  /// The time of each line of the pieces, piece after piece. False: damaged.
  [[nodiscard]] bool read_times(std::vector<std::int64_t>& times);
  [[nodiscard]] bool read_requests(std::vector<FlowRequest>&);
  /// What details and requests say; their views live as long as the block. False: damaged.
  [[nodiscard]] bool detail(std::uint32_t id, FlowDetail&);
  [[nodiscard]] bool request(std::uint32_t id, FlowDetail&);
  [[nodiscard]] bool has_requests() const { return has_requests_; }

 private:
  struct Entries {
    std::vector<std::string_view> views;
    bool read = false, good = false;
  };

  bool read_header();
  bool column(Column, std::string_view& bytes);
  bool read_entries(Column, std::vector<std::string_view>& entries);
  bool entries_of(Column, Entries&);
  bool read_addresses();
  bool read_kinds(Interned&);
  bool read_pairs();
  bool read_patterns();
  bool read_pieces();
  bool read_first_and_last();
  bool read_examples();
  bool read_loose();

  std::string bytes_;
  std::array<std::string_view, kColumns> frames_;
  std::array<std::uint32_t, kColumns> sizes_{};
  std::array<std::string, kColumns> unpacked_;
  std::array<bool, kColumns> is_unpacked_{};
  Decompressor decompressor_;
  Entries texts_, details_, requests_;
  std::uint64_t piece_flows_ = 0, loose_count_ = 0;
  std::uint32_t piece_count_ = 0, timed_pieces_ = 0;
  std::int64_t first_ = 0, last_ = 0;
  bool has_requests_ = false;
};

}  // namespace weir::simulator
