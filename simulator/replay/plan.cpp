// Recordings -> parts of about equal size, each a span of time. Cuts are times: a few marks of each plain file say how its
// bytes lie in time, the cut times are taken from them, and each file is then cut at the byte where a cut time is reached.
// What cannot be entered in the middle goes whole into one part.

#include "simulator/replay/plan.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <tuple>

#include "ir/base/check.h"
#include "simulator/flows/inputs.h"
#include "simulator/replay/probe.h"
#include "simulator/segments/segment_file.h"

namespace weir::simulator {
namespace {

constexpr std::int64_t kMin = std::numeric_limits<std::int64_t>::min(), kMax = std::numeric_limits<std::int64_t>::max();
/// More disorder than this between marks, and the file is not in order of time.
constexpr std::int64_t kDisorder = 60'000'000'000;
/// A compressed byte is about so many bytes to read.
constexpr std::uint64_t kUnpacking = 10;
constexpr std::uint64_t kMarksPerPart = 64, kMostMarks = 1024, kCloseEnough = 64 << 10;

/// What is known of a file before it is read.
struct Source {
  std::string path;
  std::uint64_t size = 0;                 // bytes to read, about
  bool plain = false;                     // can be looked into
  bool segment = false;                   // packed: its marks are its blocks
  std::vector<Mark> marks;                // not empty: it can be cut
  std::int64_t first = kMin, last = kMax; // of all its lines; kMin and kMax: not known
  std::string node;                       // of its first record
};

/// Where a file is cut: its part before holds nothing later than `before`, its part behind nothing earlier than `time`.
struct Cut {
  std::uint64_t offset = 0;
  std::int64_t time = kMax, before = kMin;
};

/// What is read together, at its place in time.
struct Block {
  std::int64_t time;
  std::size_t source;
  std::uint64_t bytes;
  friend auto operator<=>(const Block&, const Block&) = default;
};

struct Division {
  std::vector<std::int64_t> times;       // between the parts
  std::vector<std::size_t> part_of;      // by source, of those that go whole
};

/// From when to when the lines of a part may be.
struct Extent {
  std::int64_t first = kMax, last = kMin;
  /// What was seen of a file is in order up to kDisorder.
  void add(std::int64_t from, std::int64_t to) {
    first = std::min(first, from < kMin + kDisorder ? kMin : from - kDisorder);
    last = std::max(last, to > kMax - kDisorder ? kMax : to + kDisorder);
  }
};

bool in_order(const std::vector<Mark>& marks, std::int64_t last) {
  std::int64_t newest = kMin;
  for (const Mark& mark : marks) {
    if (newest != kMin && mark.time < newest - kDisorder) return false;
    newest = std::max(newest, mark.time);
  }
  return marks.empty() || last >= newest - kDisorder;
}

/// Marks at even distances.
void take_marks(Source& source, Probe& probe, std::uint64_t count) {
  count = std::clamp<std::uint64_t>(count, 1, kMostMarks);
  for (std::uint64_t i = 0; i < count; ++i) {
    const std::uint64_t offset = source.size / count * i;
    if (!source.marks.empty() && offset <= source.marks.back().begin) continue;
    const std::optional<Mark> mark = probe.mark_at(offset);
    if (!mark) break;
    source.marks.push_back(*mark);
  }
  const std::optional<std::int64_t> last = probe.last_time();
  if (!source.marks.empty() && last && in_order(source.marks, *last)) {
    source.first = source.marks.front().time;
    source.last = std::max(*last, source.marks.back().time);
    return;
  }
  source.marks.clear();
}

/// The blocks of a segment, when they lie in order of time.
ir::Result<bool> take_blocks(Source& source) {
  const ir::Result<SegmentFile> file = SegmentFile::open(source.path);
  if (!file) return tl::unexpected(file.error());
  source.segment = true;
  std::int64_t last = kMin;
  for (const BlockInfo& block : file->index().blocks) {
    const std::int64_t before = source.marks.empty() ? kMin : source.marks.back().time;
    const bool timed = block.first != 0 || block.last != 0;
    if (!timed || block.first < before) {
      source.marks.clear();
      return false;
    }
    source.marks.push_back({block.offset, block.first, last});
    last = std::max(last, block.last);
  }
  if (source.marks.empty()) return false;
  source.first = source.marks.front().time;
  source.last = last;
  return true;
}

ir::Result<Source> look_at(const std::string& path) {
  Source source{.path = path};
  if (!can_read_twice(path)) {
    std::error_code unknown;
    if (path != "-" && !std::filesystem::exists(path, unknown)) return ir::failure("cannot open `" + path + "`: no such file", 2);
    return source;
  }
  ir::Result<Probe> probe = Probe::open(path);
  if (!probe) return tl::unexpected(probe.error());
  source.size = probe->size();
  if (is_segment(path)) {
    const ir::Result<bool> blocks = take_blocks(source);
    if (!blocks) return tl::unexpected(blocks.error());
    return source;
  }
  if (!probe->packed()) {
    source.plain = true;
    return source;
  }
  source.size *= kUnpacking;
  const ir::Result<std::optional<Opening>> opening = opening_of(path);
  if (!opening) return tl::unexpected(opening.error());
  if (*opening) std::tie(source.first, source.node) = std::pair((*opening)->time, (*opening)->node);
  return source;
}

/// "events" and true of "events-2026-01-01T00-00-00.000.log.gz": lumberjack puts the time of the rotation into the name.
struct RotatedName {
  std::string stream;
  bool rotated = false;
};

RotatedName rotated_name(const std::string& path) {
  constexpr std::string_view kStamp = "-0000-00-00T00-00-00.000";
  std::filesystem::path name(path);
  if (name.extension() == ".gz" || name.extension() == ".zst") name.replace_extension();
  const std::string extension = name.extension().string();
  std::string stem = name.replace_extension().string();
  bool rotated = stem.size() > kStamp.size();
  for (std::size_t i = 0; rotated && i < kStamp.size(); ++i) {
    const char is = stem[stem.size() - kStamp.size() + i];
    rotated = kStamp[i] == '0' ? is >= '0' && is <= '9' : is == kStamp[i];
  }
  if (rotated) stem.resize(stem.size() - kStamp.size());
  return {stem + '\n' + extension, rotated};
}

/// The end of a rotated file whose lines cannot be looked at: the next file of its stream begins there.
void close_rotated(std::vector<Source>& sources) {
  std::map<std::pair<std::string, std::string>, std::vector<std::size_t>> streams;
  for (std::size_t i = 0; i < sources.size(); ++i) {
    Source& source = sources[i];
    if (source.first == kMin) continue;
    if (source.node.empty()) {
      const ir::Result<std::optional<Opening>> opening = opening_of(source.path);
      if (opening && *opening) source.node = (*opening)->node;
    }
    streams[{rotated_name(source.path).stream, source.node}].push_back(i);
  }
  for (auto& [name, members] : streams) {
    std::sort(members.begin(), members.end(), [&](std::size_t a, std::size_t b) {
      return std::tie(sources[a].first, sources[a].path) < std::tie(sources[b].first, sources[b].path);
    });
    for (std::size_t i = 0; i + 1 < members.size(); ++i) {
      Source& source = sources[members[i]];
      if (source.last == kMax && rotated_name(source.path).rotated) source.last = sources[members[i + 1]].first;
    }
  }
}

std::vector<Block> blocks_of(const std::vector<Source>& sources) {
  std::vector<Block> blocks;
  for (std::size_t i = 0; i < sources.size(); ++i) {
    const Source& source = sources[i];
    if (source.marks.empty()) blocks.push_back({source.first, i, source.size});
    for (std::size_t m = 0; m < source.marks.size(); ++m) {
      const std::uint64_t from = m == 0 ? 0 : source.marks[m].begin;
      const std::uint64_t to = m + 1 == source.marks.size() ? source.size : source.marks[m + 1].begin;
      blocks.push_back({source.marks[m].time, i, to - from});
    }
  }
  std::sort(blocks.begin(), blocks.end());
  return blocks;
}

/// Walks through time and cuts whenever a part is full.
Division divide(const std::vector<Source>& sources, std::size_t count) {
  const std::vector<Block> blocks = blocks_of(sources);
  std::uint64_t total = 0, taken = 0;
  for (const Block& block : blocks) total += block.bytes;
  Division division{{}, std::vector<std::size_t>(sources.size())};
  for (const Block& block : blocks) {
    // Cut where it is nearer to the even share: before this block, or behind it.
    while (division.times.size() + 1 < count &&
           taken + block.bytes / 2 >= static_cast<std::uint64_t>(static_cast<unsigned __int128>(total) * (division.times.size() + 1) / count))
      division.times.push_back(block.time);
    if (sources[block.source].marks.empty()) division.part_of[block.source] = division.times.size();
    taken += block.bytes;
  }
  division.times.resize(count - 1, kMax);
  return division;
}

/// The first mark of a file that has reached `time`, found between two marks that are known.
Cut cut_at(const Source& source, Probe& probe, std::int64_t time) {
  if (time > source.last) return {source.size, kMax, source.last};
  const auto reached = std::find_if(source.marks.begin(), source.marks.end(), [&](const Mark& mark) { return mark.time >= time; });
  if (reached == source.marks.begin()) return {0, source.first, kMin};
  if (source.segment)
    return reached == source.marks.end() ? Cut{source.size, kMax, source.last} : Cut{reached->begin, reached->time, reached->before};
  std::uint64_t low = std::prev(reached)->begin;
  std::optional<Mark> found;
  if (reached != source.marks.end()) found = *reached;
  std::uint64_t bound = found ? found->begin : source.size;
  while (bound - low > kCloseEnough) {
    const std::uint64_t middle = low + (bound - low) / 2;
    const std::optional<Mark> mark = probe.mark_at(middle);
    if (!mark || mark->begin >= bound) {
      bound = middle;
    } else if (mark->time >= time) {
      found = mark;
      bound = middle;
    } else {
      low = mark->begin;
    }
  }
  probe.each_mark(low, [&](const Mark& mark) {
    if (found && mark.begin >= found->begin) return true;
    if (mark.time >= time) found = mark;
    return mark.time >= time;
  });
  if (!found) return {source.size, kMax, source.last};
  return {found->begin, found->time, found->before};
}

/// Adds the slices of a file that can be cut.
void slice(const Source& source, Probe& probe, const Division& division, std::vector<Shard>& shards, std::vector<Extent>& extents) {
  Cut from{0, source.first, kMin};
  for (std::size_t part = 0; part < shards.size(); ++part) {
    const bool last = part + 1 == shards.size();
    Cut to = last ? Cut{source.size, kMax, source.last} : cut_at(source, probe, division.times[part]);
    // A file may be a little out of order; its cuts are not.
    if (to.offset < from.offset) to = from;
    if (to.offset != from.offset) {
      shards[part].slices.push_back({source.path, from.offset, to.offset == source.size ? Slice::kAll : to.offset});
      extents[part].add(part == 0 ? from.time : std::min(from.time, division.times[part - 1]),
                        last ? to.before : std::max(to.before, std::min(division.times[part], source.last)));
    }
    from = to;
  }
}

/// Between the parts before it and those behind it.
void make_safe(std::vector<Shard>& shards, const std::vector<Extent>& extents) {
  for (std::size_t i = 0; i < shards.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) shards[i].safe.after = std::max(shards[i].safe.after, extents[j].last);
    for (std::size_t j = i + 1; j < shards.size(); ++j) shards[i].safe.before = std::min(shards[i].safe.before, extents[j].first);
  }
}

ir::Result<std::vector<Source>> look_at(const std::vector<std::string>& files, std::size_t count) {
  std::vector<Source> sources;
  unsigned __int128 total = 1;
  for (const std::string& path : files) {
    ir::Result<Source> source = look_at(path);
    if (!source) return tl::unexpected(source.error());
    total += source->size;
    sources.push_back(std::move(*source));
  }
  if (count == 1) return sources;
  for (Source& source : sources) {
    if (!source.plain) continue;
    // One file is open at a time: there may be thousands.
    ir::Result<Probe> probe = Probe::open(source.path);
    if (!probe) return tl::unexpected(probe.error());
    take_marks(source, *probe, static_cast<std::uint64_t>(source.size * static_cast<unsigned __int128>(count * kMarksPerPart) / total));
  }
  close_rotated(sources);
  return sources;
}

}  // namespace

ir::Result<std::vector<Shard>> plan_shards(const std::vector<std::string>& paths, std::size_t count) {
  WEIR_CHECK(count > 0);
  const ir::Result<std::vector<std::string>> files = expand_recordings(paths);
  if (!files) return tl::unexpected(files.error());
  const ir::Result<std::vector<Source>> sources = look_at(*files, count);
  if (!sources) return tl::unexpected(sources.error());
  const Division division = divide(*sources, count);
  std::vector<Shard> shards(count);
  std::vector<Extent> extents(count);
  for (std::size_t i = 0; i < sources->size(); ++i) {
    const Source& source = (*sources)[i];
    if (source.marks.empty()) {
      shards[division.part_of[i]].slices.push_back({.path = source.path});
      extents[division.part_of[i]].add(source.first, source.last);
      continue;
    }
    ir::Result<Probe> probe = Probe::open(source.path);
    if (!probe) return tl::unexpected(probe.error());
    slice(source, *probe, division, shards, extents);
  }
  make_safe(shards, extents);
  return shards;
}

}  // namespace weir::simulator
