#pragma once

#include <tsl/robin_map.h>

#include <vector>

#include "simulator/segments/block_builder.h"

namespace weir::simulator {

/// The lines of one block -> its columns. Used once.
class BlockEncoder {
 public:
  BlockEncoder(const Interned& interned, Dictionary& texts, const std::vector<Kind>& kinds, Intervals& intervals,
               const std::vector<std::int64_t>& changes)
      : interned_(interned), texts_(texts), kinds_(kinds), intervals_(intervals), changes_(changes) {}

  [[nodiscard]] BuiltBlock encode(const std::vector<WaitingFlow>&, const std::vector<WaitingLoose>&);

 private:
  /// One piece: a span of `order_`.
  struct Part {
    std::uint32_t piece, begin, end;
    std::uint32_t pattern = 0;
    std::uint16_t port = 0;
    std::uint32_t example = 0;  // 1 more than the place in it of the line whose uuid may be an example; 0: none
  };

  void split(const std::vector<WaitingFlow>&);
  void number_patterns(const std::vector<WaitingFlow>&);
  std::uint32_t pair_of(const Part&, const std::vector<WaitingFlow>&, std::uint16_t& port);
  std::uint32_t pattern_of(std::uint32_t pair, const std::uint32_t* kinds, std::size_t count);
  void pick_examples(const std::vector<WaitingFlow>&);
  [[nodiscard]] bool keeps_example(const Part&, const std::vector<WaitingFlow>&) const;
  [[nodiscard]] bool has_one_client(const Part&, const std::vector<WaitingFlow>&) const;
  [[nodiscard]] std::uint32_t earliest_with_uuid(const Part&, const std::vector<WaitingFlow>&) const;
  void write_pieces(const std::vector<WaitingFlow>&);
  void write_times(const Part&, const std::vector<WaitingFlow>&, std::int64_t& before);
  void write_loose(const std::vector<WaitingLoose>&);
  void write_requests(const std::vector<WaitingFlow>&, const std::vector<WaitingLoose>&);
  void write_dictionaries();
  void write_kinds();
  std::uint32_t address_id(const ir::IpAddress&);
  ByteWriter& column(Column column) { return columns_[static_cast<std::size_t>(column)]; }

  const Interned& interned_;
  Dictionary& texts_;
  const std::vector<Kind>& kinds_;
  Intervals& intervals_;
  const std::vector<std::int64_t>& changes_;
  std::array<ByteWriter, kColumns> columns_;
  BuiltBlock built_;
  Dictionary addresses_, pairs_, patterns_;
  ByteWriter pattern_rows_;
  std::vector<std::uint32_t> order_;  // places in the flows, piece after piece, each in order of time
  std::vector<Part> parts_;           // as written
  std::vector<std::uint32_t> loose_order_;
};

}  // namespace weir::simulator
