#include "simulator/replay/probe.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "simulator/flows/cri.h"
#include "simulator/flows/flow_reader.h"
#include "simulator/flows/inputs.h"
#include "simulator/flows/line_reader.h"
#include "simulator/replay/plan.h"
#include "simulator/segments/segment_file.h"

namespace weir::simulator {
namespace {

/// Bytes read at a time: two lines are wanted of most places.
constexpr std::size_t kBlock = 16 << 10;
/// How far one look goes without a mark.
constexpr std::uint64_t kReach = 16 << 20;
constexpr std::uint64_t kTail = 64 << 10;

/// Reads from some place of a file that stays open.
class PlaceSource final : public ByteSource {
 public:
  PlaceSource(int descriptor, std::uint64_t offset) : descriptor_(descriptor), offset_(offset) {}

  std::size_t read(char* out, std::size_t bytes) override {
    ssize_t got = 0;
    do got = ::pread(descriptor_, out, std::min(bytes, kBlock), static_cast<off_t>(offset_));
    while (got < 0 && errno == EINTR);
    if (got <= 0) return 0;
    offset_ += static_cast<std::uint64_t>(got);
    return static_cast<std::size_t>(got);
  }

 private:
  int descriptor_;
  std::uint64_t offset_;
};

}  // namespace

struct Probe::State {
  explicit State(int descriptor_) : descriptor(descriptor_) {}
  ~State() { ::close(descriptor); }

  int descriptor;
  std::uint64_t size = 0;
  bool packed = false;
  Interned interned;
  Decoder decoder{interned};
  std::string inner;

  bool whole_record(const Line& line, Record& record);
  void each_line(std::uint64_t offset, const std::function<bool(const Line&, std::uint64_t begin)>& take) const;
};

/// A record that stands on its line alone, with nothing in front of it but what a container runtime writes.
bool Probe::State::whole_record(const Line& line, Record& record) {
  std::string_view text(line.data, line.too_long ? 0 : line.size);
  if (!text.empty() && text.back() == '\r') text.remove_suffix(1);
  if (text.empty()) return false;
  if (text.front() == '{') return decoder.decode(text.data(), text.size(), record);
  const std::optional<CriLine> cri = parse_cri(text);
  return cri && !cri->partial && cri->content.starts_with('{') && decoder.decode(cri->content.data(), cri->content.size(), record);
}

void Probe::State::each_line(std::uint64_t offset, const std::function<bool(const Line&, std::uint64_t begin)>& take) const {
  LineReader lines(std::make_unique<PlaceSource>(descriptor, offset == 0 ? 0 : offset - 1), offset, size);
  for (Line line; lines.next(line);)
    if (take(line, lines.last_begin())) return;
}

ir::Result<Probe> Probe::open(const std::string& path) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return ir::failure("cannot open `" + path + "`: " + std::strerror(errno), 2);
  auto state = std::make_unique<State>(descriptor);
  struct stat about {};
  if (::fstat(descriptor, &about) != 0) return ir::failure("cannot look at `" + path + "`: " + std::strerror(errno), 2);
  state->size = static_cast<std::uint64_t>(about.st_size);
  std::uint8_t head[4] = {};
  const ssize_t got = ::pread(descriptor, head, sizeof head, 0);
  if (got < 0) return ir::failure("cannot read `" + path + "`: " + std::strerror(errno));
  state->packed = packing_of(head, static_cast<std::size_t>(got)) != Packing::Plain;
  return Probe(std::move(state));
}

std::uint64_t Probe::size() const { return state_->size; }
bool Probe::packed() const { return state_->packed; }

void Probe::each_mark(std::uint64_t offset, const std::function<bool(const Mark&)>& take) {
  bool behind_record = offset == 0;
  std::optional<std::int64_t> before;
  std::uint64_t from = offset;
  state_->each_line(offset, [&](const Line& line, std::uint64_t begin) {
    Record record;
    const bool whole = state_->whole_record(line, record);
    const bool flow = whole && record.kind == RecordKind::Flow && record.has_time;
    if (flow && behind_record) {
      if (take({begin, record.time, before.value_or(record.time)})) return true;
      from = begin;
    }
    behind_record = whole;
    if (whole && record.has_time) before = record.time;
    return begin - from > kReach;
  });
}

std::optional<Mark> Probe::mark_at(std::uint64_t offset) {
  std::optional<Mark> found;
  each_mark(offset, [&](const Mark& mark) {
    found = mark;
    return true;
  });
  return found;
}

std::optional<std::int64_t> Probe::last_time() {
  std::optional<std::int64_t> last;
  const std::uint64_t from = state_->size > kTail ? state_->size - kTail : 0;
  state_->each_line(from, [&](const Line& line, std::uint64_t) {
    Record record;
    if (state_->whole_record(line, record) && record.has_time) last = std::max(last.value_or(record.time), record.time);
    return false;
  });
  return last;
}

Probe::Probe(std::unique_ptr<State> state) : state_(std::move(state)) {}
Probe::Probe(Probe&&) noexcept = default;
Probe::~Probe() = default;

ir::Result<std::optional<std::int64_t>> recording_end(const std::vector<std::string>& paths) {
  const ir::Result<std::vector<std::string>> files = expand_recordings(paths);
  if (!files) return tl::unexpected(files.error());
  std::optional<std::int64_t> end;
  const auto see = [&](std::int64_t time) { end = std::max(end.value_or(time), time); };
  for (const std::string& path : *files) {
    if (!can_read_twice(path)) return std::nullopt;
    if (is_segment(path)) {
      const ir::Result<SegmentFile> segment = SegmentFile::open(path);
      if (!segment) return tl::unexpected(segment.error());
      for (const BlockInfo& block : segment->index().blocks) see(block.last);
      continue;
    }
    ir::Result<Probe> probe = Probe::open(path);
    if (!probe) return tl::unexpected(probe.error());
    const std::optional<std::int64_t> last = probe->packed() ? std::nullopt : probe->last_time();
    if (last) {
      see(*last);
      continue;
    }
    Interned interned;
    ir::Result<FlowReader> reader = FlowReader::open(path, interned, true);
    if (!reader) return tl::unexpected(reader.error());
    for (Record record; reader->next(record);)
      if (record.has_time) see(record.time);
  }
  return end;
}

ir::Result<FlowFilter> filter_of(const FilterFlags& flags, const std::vector<std::string>& paths) {
  if (!FlowFilter::needs_end(flags)) return FlowFilter::parse(flags);
  const ir::Result<std::optional<std::int64_t>> end = recording_end(paths);
  if (!end) return tl::unexpected(end.error());
  return FlowFilter::parse(flags, *end);
}

ir::Result<std::optional<Opening>> opening_of(const std::string& path) {
  Interned interned;
  ir::Result<FlowReader> reader = FlowReader::open(path, interned);
  if (!reader) return tl::unexpected(reader.error());
  Record record;
  if (!reader->next(record) || !record.has_time) return std::nullopt;
  return Opening{record.time, interned.nodes.at(record.node)};
}

}  // namespace weir::simulator
