// Tested by tests/unit/simulator/segments/segment_test.cpp.

#include "simulator/segments/segment_index.h"

#include "simulator/segments/bytes.h"

namespace weir::simulator {
namespace {

void write_text(ByteWriter& out, std::string_view text) {
  out.varint(text.size());
  out.text(text);
}

std::string read_text(ByteReader& in) { return std::string(in.text(in.varint())); }

/// A count of things that take a byte each at least.
std::uint32_t read_count(ByteReader& in) { return in.below(in.left() + 1); }

void write_blocks(ByteWriter& out, const SegmentIndex& index) {
  out.varint(index.blocks.size());
  for (std::size_t i = 0; i < index.blocks.size(); ++i) {
    const BlockInfo& block = index.blocks[i];
    for (const std::uint64_t number : {block.offset, block.size, block.flows}) out.varint(number);
    out.fixed(block.first);
    out.fixed(block.last);
    out.varint(index.links[i].size());
    std::uint32_t before = 0;
    for (const BlockLink& link : index.links[i]) {
      out.varint(link.piece - before);
      out.varint(link.link);
      before = link.piece;
    }
  }
}

void read_blocks(ByteReader& in, SegmentIndex& index) {
  const std::uint32_t count = read_count(in);
  for (std::uint32_t i = 0; i < count && !in.bad(); ++i) {
    BlockInfo& block = index.blocks.emplace_back();
    for (std::uint64_t* number : {&block.offset, &block.size, &block.flows}) *number = in.varint();
    block.first = in.fixed<std::int64_t>();
    block.last = in.fixed<std::int64_t>();
    std::vector<BlockLink>& links = index.links.emplace_back();
    const std::uint32_t size = read_count(in);
    std::uint64_t piece = 0;
    for (std::uint32_t k = 0; k < size && !in.bad(); ++k) {
      piece += in.below(kMaxBlockFlows - piece);
      // A link is named by its first piece first.
      const std::uint32_t link = in.below(index.link_sizes.size() + 1);
      if (link == index.link_sizes.size()) index.link_sizes.push_back(0);
      ++index.link_sizes[link];
      links.push_back({static_cast<std::uint32_t>(piece), link});
    }
  }
}

}  // namespace

std::string footer_bytes(const SegmentIndex& index) {
  ByteWriter out;
  write_blocks(out, index);
  out.varint(index.changes.size());
  for (const SegmentIndex::Change& change : index.changes) {
    out.byte(change.timed ? 1 : 0);
    out.fixed(change.time);
    write_text(out, change.node);
  }
  for (const std::uint64_t number : {index.malformed, index.too_long, index.other, index.late}) out.varint(number);
  out.varint(index.malformed_lines.size());
  for (const std::uint64_t line : index.malformed_lines) out.varint(line);
  out.varint(index.lost.size());
  for (const auto& [node, lost] : index.lost) {
    write_text(out, node);
    out.varint(lost);
  }
  out.varint(index.gone.size());
  for (const std::string& node : index.gone) write_text(out, node);
  write_text(out, index.damage);
  write_text(out, index.remark);
  return std::move(out.bytes);
}

bool read_footer(std::string_view bytes, SegmentIndex& index) {
  ByteReader in(bytes);
  read_blocks(in, index);
  for (std::uint32_t i = read_count(in); i > 0 && !in.bad(); --i) {
    SegmentIndex::Change& change = index.changes.emplace_back();
    change.timed = in.byte() != 0;
    change.time = in.fixed<std::int64_t>();
    change.node = read_text(in);
  }
  for (std::uint64_t* number : {&index.malformed, &index.too_long, &index.other, &index.late}) *number = in.varint();
  for (std::uint32_t i = read_count(in); i > 0 && !in.bad(); --i) index.malformed_lines.push_back(in.varint());
  for (std::uint32_t i = read_count(in); i > 0 && !in.bad(); --i) {
    std::string node = read_text(in);
    index.lost.emplace_back(std::move(node), in.varint());
  }
  for (std::uint32_t i = read_count(in); i > 0 && !in.bad(); --i) index.gone.push_back(read_text(in));
  index.damage = read_text(in);
  index.remark = read_text(in);
  return in.done();
}

std::string header_bytes(const Grouping& grouping) {
  ByteWriter out;
  out.text(kSegmentMagic);
  out.fixed(kSegmentVersion);
  out.fixed(grouping.tcp_window);
  out.fixed(grouping.other_window);
  out.fixed(grouping.rules);
  return std::move(out.bytes);
}

ir::Result<Grouping> read_header(std::string_view bytes) {
  ByteReader in(bytes);
  if (in.text(kSegmentMagic.size()) != kSegmentMagic) return ir::failure("it does not begin as a segment does", 3);
  const auto version = in.fixed<std::uint32_t>();
  Grouping grouping;
  grouping.tcp_window = in.fixed<std::uint16_t>();
  grouping.other_window = in.fixed<std::uint16_t>();
  grouping.rules = in.fixed<std::uint32_t>();
  if (in.bad()) return ir::failure("the segment ends in its first bytes", 3);
  if (version != kSegmentVersion) return ir::failure("the segment is of version " + std::to_string(version) + ", weir knows 1", 3);
  return grouping;
}

}  // namespace weir::simulator
