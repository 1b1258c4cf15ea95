#include "simulator/flows/flow_reader.h"

#include <algorithm>
#include <string_view>

#include "simulator/flows/cri.h"
#include "simulator/flows/line_reader.h"
#include "simulator/flows/value_splitter.h"

namespace weir::simulator {
namespace {

constexpr std::size_t kShownLines = 5;

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\r'; }

std::string_view trim(std::string_view text) {
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

/// Line ends in the first bytes of a plain file.
std::uint64_t count_line_ends(const std::string& path, std::uint64_t bytes) {
  ir::Result<std::unique_ptr<ByteSource>> source = ByteSource::open(path);
  if (!source) return 0;
  std::vector<char> block(1 << 20);
  std::uint64_t ends = 0;
  while (bytes != 0) {
    const std::size_t got = (*source)->read(block.data(), std::min<std::uint64_t>(bytes, block.size()));
    if (got == 0) break;
    ends += static_cast<std::uint64_t>(std::count(block.begin(), block.begin() + static_cast<std::ptrdiff_t>(got), '\n'));
    bytes -= got;
  }
  return ends;
}

}  // namespace

struct FlowReader::State {
  State(std::unique_ptr<ByteSource> source, const Slice& slice_, Interned& shared_)
      : shared(shared_), slice(slice_), lines(std::move(source), slice.begin, slice.end), decoder(shared_) {}

  Interned& shared;
  Slice slice;
  LineReader lines;
  Decoder decoder;
  ValueSplitter splitter{LineReader::kLineLimit};
  ReadStats stats;
  std::string partial;  // what the P lines of a container runtime have given so far
  std::string joined;   // the last whole line of such parts
  bool splitting = false, finished = false;
  Line line;

  bool next(Record& record);
  bool take_line(Record& record);
  bool take_text(std::string_view text, Record& record);
  bool take_cri(std::string_view text, Record& record);
  bool take_split(Record& record);
  bool take_joined(Record& record);
  bool start_split(std::string_view text, Record& record);
  bool several_objects(std::string_view text);
  bool accept(Record& record);
  bool try_object(const char* text, std::size_t size, Record& record);
  void malformed();
  void number_lines();
  void finish();
};

void FlowReader::State::malformed() {
  ++stats.malformed;
  // Several objects on one line are several mistakes at one place.
  const bool same = !stats.malformed_lines.empty() && stats.malformed_lines.back() == line.number;
  if (!same && stats.malformed_lines.size() < kShownLines) stats.malformed_lines.push_back(line.number);
}

/// The lines in front of a slice are counted only when there is a bad one to show.
void FlowReader::State::number_lines() {
  if (slice.begin == 0 || stats.malformed_lines.empty()) return;
  const std::uint64_t before = count_line_ends(slice.path, lines.first());
  for (std::uint64_t& number : stats.malformed_lines) number += before;
  for (std::uint64_t& number : stats.too_long_lines) number += before;
}

/// A record was decoded: true when the caller wants it, else it is counted here.
bool FlowReader::State::accept(Record& record) {
  record.line = line.number;
  switch (record.kind) {
    case RecordKind::Flow: ++stats.read; return true;
    case RecordKind::LostEvents: stats.lost[record.node.index] += record.lost; return false;
    case RecordKind::NodeStatus:
      ++stats.other;
      if (record.node_gone)
        for (const NodeNameId node : decoder.status_nodes()) stats.gone.insert(node.index);
      return false;
    case RecordKind::AgentEvent: ++stats.other; return record.policy_changed;
    case RecordKind::DebugEvent: ++stats.other; return false;
  }
  return false;
}

bool FlowReader::State::try_object(const char* text, std::size_t size, Record& record) {
  if (decoder.decode(text, size, record)) return accept(record);
  malformed();
  return false;
}

/// Text that holds two or more whole objects and nothing else ("{..}{..}").
bool FlowReader::State::several_objects(std::string_view text) {
  ValueSplitter probe(LineReader::kLineLimit);
  probe.feed(text);
  std::size_t count = 0;
  while (!probe.next().empty()) ++count;
  return count > 1 && !probe.open() && probe.take_bad() == 0;
}

/// Whole objects of what was fed so far.
bool FlowReader::State::take_split(Record& record) {
  for (;;) {
    const std::string_view value = splitter.next();
    for (std::size_t bad = splitter.take_bad(); bad != 0; --bad) malformed();
    if (value.empty()) break;
    if (try_object(value.data(), value.size(), record)) return true;
  }
  splitting = false;
  return false;
}

bool FlowReader::State::start_split(std::string_view text, Record& record) {
  splitter.feed(text);
  splitting = true;
  return take_split(record);
}

bool FlowReader::State::take_joined(Record& record) {
  // Kept, because a record may hold views of it.
  joined.swap(partial);
  partial.clear();
  return take_text(joined, record);
}

bool FlowReader::State::take_cri(std::string_view text, Record& record) {
  const std::optional<CriLine> cri = parse_cri(text);
  if (!cri || (cri->partial && partial.size() + cri->content.size() > LineReader::kLineLimit)) {
    partial.clear();
    malformed();
    return false;
  }
  if (cri->partial) {
    partial += cri->content;
    return false;
  }
  if (partial.empty()) return take_text(cri->content, record);
  partial += cri->content;
  partial.reserve(partial.size() + kPadding);
  return take_joined(record);
}

/// One line, with kPadding readable bytes behind it.
bool FlowReader::State::take_text(std::string_view text, Record& record) {
  text = trim(text);
  if (text.empty()) return false;
  // Pretty printers indent what is inside; an object that starts a line means that the open one was cut off.
  if (splitter.inside_object() && text.starts_with("{\"") && line.data != nullptr && line.data[0] == '{')
    splitter.abandon(false);
  if (splitter.open()) return start_split(text, record);
  if (text.front() == '[' || text == "{") return start_split(text, record);
  if (text.front() != '{') {
    if (text.front() >= '0' && text.front() <= '9') return take_cri(text, record);
    malformed();
    return false;
  }
  if (decoder.decode(text.data(), text.size(), record)) return accept(record);
  if (several_objects(text)) return start_split(text, record);
  malformed();
  return false;
}

bool FlowReader::State::take_line(Record& record) {
  if (line.too_long) {
    ++stats.too_long;
    if (stats.too_long_lines.size() < kShownLines) stats.too_long_lines.push_back(line.number);
    malformed();
    return false;
  }
  std::string_view text(line.data, line.size);
  // UTF-8 byte order mark.
  if (line.number == 1 && slice.begin == 0 && text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
  return take_text(text, record);
}

void FlowReader::State::finish() {
  finished = true;
  if (splitter.in_array()) stats.damage = "the JSON array is not closed";
  if (splitter.open()) splitter.abandon(true);
  for (std::size_t bad = splitter.take_bad(); bad != 0; --bad) malformed();
  if (!partial.empty()) malformed();
  if (!lines.source().damage().empty()) stats.damage = lines.source().damage();
  stats.remark = lines.source().remark();
  number_lines();
  // A file that is cut in parts has a flow at each cut.
  const bool whole = slice.begin == 0 && slice.end == Slice::kAll;
  if (whole && stats.damage.empty() && stats.read == 0 && stats.malformed != 0)
    stats.damage = "no line of it is a flow; expected what `hubble observe -o jsonpb` prints";
}

bool FlowReader::State::next(Record& record) {
  if (finished) return false;
  if (splitting && take_split(record)) return true;
  while (lines.next(line))
    if (take_line(record)) return true;
  finish();
  return false;
}

ir::Result<FlowReader> FlowReader::open(const Slice& slice, Interned& shared, bool ahead) {
  ir::Result<std::unique_ptr<ByteSource>> source = ByteSource::open(slice.path, {}, slice.begin == 0 ? 0 : slice.begin - 1);
  if (!source) return tl::unexpected(source.error());
  // The system reads plain files ahead by itself.
  if (ahead && (*source)->packed()) *source = prefetch(std::move(*source));
  return FlowReader(std::make_unique<State>(std::move(*source), slice, shared));
}

ir::Result<FlowReader> FlowReader::open(const std::string& path, Interned& shared, bool ahead) {
  return open(Slice{.path = path}, shared, ahead);
}

FlowReader::FlowReader(std::unique_ptr<State> state) : state_(std::move(state)) {}
FlowReader::FlowReader(FlowReader&&) noexcept = default;
FlowReader::~FlowReader() = default;
bool FlowReader::next(Record& record) { return state_->next(record); }
const ReadStats& FlowReader::stats() const { return state_->stats; }
std::uint64_t FlowReader::consumed() const { return state_->lines.source().consumed(); }

}  // namespace weir::simulator
