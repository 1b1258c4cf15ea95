// Tested by tests/unit/simulator/segments/segment_test.cpp.

#include "simulator/segments/segment_writer.h"

#include <algorithm>
#include <map>
#include <set>

#include "ir/base/atomic_file.h"
#include "simulator/segments/block_builder.h"
#include "simulator/segments/frame.h"
#include "simulator/segments/segment_index.h"

namespace weir::simulator {
namespace {

/// A block ends early when its dictionaries are this large, so that no column comes near kMaxColumn.
constexpr std::size_t kMaxTextBytes = 16 << 20;

}  // namespace

struct SegmentWriter::State {
  State(ir::AtomicFile file_, const Interned& interned_, PackOptions options_)
      : file(std::move(file_)), interned(interned_), options(std::move(options_)), intervals(Grouping{}), builder(interned_),
        compressor(options.level) {}

  ir::AtomicFile file;
  const Interned& interned;
  PackOptions options;
  Intervals intervals;
  BlockBuilder builder;
  Compressor compressor;
  SegmentIndex index;
  std::vector<std::int64_t> change_times;  // sorted
  std::map<std::string, std::uint64_t> lost;
  std::set<std::string> gone;
  std::vector<std::pair<std::string, std::string>> damages;  // path, what is wrong
  std::size_t recordings = 0;

  [[nodiscard]] bool belongs(const Record&) const;
  ir::Result<void> end_block();
  void add_change(const Record&);
  void number_links();
  void name_damage();
};

bool SegmentWriter::State::belongs(const Record& record) const {
  return record.source_address && record.destination_address && record.source_address->family == record.destination_address->family &&
         record.protocol && record.has_ports &&
         (!options.in_connection || options.in_connection(record));
}

void SegmentWriter::State::add_change(const Record& record) {
  index.changes.push_back({record.time, record.has_time, interned.nodes.at(record.node)});
  if (record.has_time) change_times.insert(std::upper_bound(change_times.begin(), change_times.end(), record.time), record.time);
}

/// Header with the directory of its columns, the columns, the checksum of all of it.
ir::Result<void> SegmentWriter::State::end_block() {
  if (builder.flows() == 0) return {};
  const BuiltBlock built = builder.build(intervals, change_times);
  const auto number = static_cast<std::uint32_t>(index.blocks.size());
  const std::vector<Piece>& pieces = intervals.pieces();
  for (std::uint32_t i = 0; i < pieces.size(); ++i)
    if (pieces[i].parent == i && pieces[i].link != 0) intervals.link(number, built.place[i], pieces[i].link);
  intervals.end_block(number, built.place);
  ByteWriter directory, body;
  for (const std::string& column : built.columns) {
    const std::string frame = compressor.compress(column);
    directory.fixed(static_cast<std::uint32_t>(frame.size()));
    directory.fixed(static_cast<std::uint32_t>(column.size()));
    body.text(frame);
  }
  ByteWriter block;
  const std::uint64_t size = kBlockHeaderSize + directory.bytes.size() + body.bytes.size() + 8;
  block.fixed(kBlockMagic);
  block.fixed(static_cast<std::uint32_t>(kColumns));
  block.fixed(size);
  block.fixed(built.flows);
  block.fixed(built.loose);
  block.fixed(std::uint64_t{built.pieces});
  block.fixed(std::uint64_t{built.timed_pieces});
  block.fixed(built.first);
  block.fixed(built.last);
  block.text(directory.bytes);
  block.text(body.bytes);
  block.fixed(crc64(block.bytes));
  index.blocks.push_back({file.size(), size, built.flows + built.loose, built.first, built.last});
  return file.append(block.bytes);
}

void SegmentWriter::State::number_links() {
  index.links.resize(index.blocks.size());
  for (const LinkedPiece& linked : intervals.links()) index.links[linked.block].push_back({linked.piece, linked.link});
}

void SegmentWriter::State::name_damage() {
  for (const auto& [path, damage] : damages)
    index.damage += (index.damage.empty() ? "" : "; ") + (recordings > 1 ? path + ": " : std::string()) + damage;
}

ir::Result<SegmentWriter> SegmentWriter::create(const std::string& path, const Interned& interned, PackOptions options) {
  ir::Result<ir::AtomicFile> file = ir::AtomicFile::create(path);
  if (!file) return tl::unexpected(file.error());
  if (const auto written = file->append(header_bytes(Grouping{})); !written) return tl::unexpected(written.error());
  return SegmentWriter(std::make_unique<State>(std::move(*file), interned, std::move(options)));
}

ir::Result<void> SegmentWriter::add(const Record& record) {
  State& state = *state_;
  if (record.kind == RecordKind::AgentEvent) {
    state.add_change(record);
    return {};
  }
  if (state.belongs(record)) state.builder.add(record, state.intervals);
  else state.builder.add_loose(record);
  if (state.builder.flows() < state.options.block_flows && state.builder.text_bytes() < kMaxTextBytes) return {};
  return state.end_block();
}

void SegmentWriter::add_stats(const std::string& path, const ReadStats& stats) {
  State& state = *state_;
  SegmentIndex& index = state.index;
  index.malformed += stats.malformed;
  index.too_long += stats.too_long;
  index.other += stats.other;
  // Line numbers of several recordings mean nothing.
  index.malformed_lines = ++state.recordings > 1 ? std::vector<std::uint64_t>() : stats.malformed_lines;
  for (const auto& [node, lost] : stats.lost) state.lost[state.interned.nodes.at({node})] += lost;
  for (const std::uint32_t node : stats.gone) state.gone.insert(state.interned.nodes.at({node}));
  if (!stats.damage.empty()) state.damages.emplace_back(path, stats.damage);
  if (!stats.remark.empty()) index.remark += (index.remark.empty() ? "" : "; ") + stats.remark;
}

ir::Result<std::uint64_t> SegmentWriter::finish() {
  State& state = *state_;
  if (const auto ended = state.end_block(); !ended) return tl::unexpected(ended.error());
  SegmentIndex& index = state.index;
  state.number_links();
  state.name_damage();
  index.late = state.intervals.late();
  index.lost.assign(state.lost.begin(), state.lost.end());
  index.gone.assign(state.gone.begin(), state.gone.end());
  std::stable_sort(index.changes.begin(), index.changes.end(),
                   [](const auto& a, const auto& b) { return std::tuple(!a.timed, a.time) < std::tuple(!b.timed, b.time); });
  ByteWriter end;
  const std::string footer = footer_bytes(index), frame = state.compressor.compress(footer);
  end.fixed(static_cast<std::uint64_t>(footer.size()));
  end.text(frame);
  end.fixed(crc64(end.bytes));
  const std::uint64_t offset = state.file.size();
  end.fixed(offset);
  end.text(kFooterMagic);
  if (const auto written = state.file.append(end.bytes); !written) return tl::unexpected(written.error());
  if (const auto committed = state.file.commit(); !committed) return tl::unexpected(committed.error());
  return state.file.size();
}

SegmentWriter::SegmentWriter(std::unique_ptr<State> state) : state_(std::move(state)) {}
SegmentWriter::SegmentWriter(SegmentWriter&&) noexcept = default;
SegmentWriter::~SegmentWriter() = default;

}  // namespace weir::simulator
