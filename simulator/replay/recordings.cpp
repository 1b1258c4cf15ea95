#include "simulator/replay/recordings.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <optional>

#include "simulator/flows/inputs.h"
#include "simulator/replay/record_reader.h"

namespace weir::simulator {
namespace {

/// So many recordings are opened at once without asking when each begins.
constexpr std::size_t kFew = 8;
constexpr std::int64_t kStart = std::numeric_limits<std::int64_t>::min();

struct Waiting {
  std::int64_t time;      // of the record, or of the one before it: a record without time keeps its place
  std::size_t recording;
};

/// For a heap with the earliest on top; files in the order of the command line where times are equal.
bool later(const Waiting& a, const Waiting& b) {
  return a.time != b.time ? a.time > b.time : a.recording > b.recording;
}

struct Source {
  Slice slice;
  std::optional<RecordReader> reader;
  Record record;               // the next one
  ReadStats stats;             // of a reader that has ended
  std::int64_t time = kStart;  // of its latest record; of its first one before it is opened
};

/// When a recording begins; kStart where its first record does not say.
ir::Result<std::int64_t> first_time(const Slice& slice) {
  Interned unused;
  ir::Result<RecordReader> reader = RecordReader::open(slice, unused);
  if (!reader) return tl::unexpected(reader.error());
  Record record;
  return reader->next(record) && record.has_time ? record.time : kStart;
}

}  // namespace

struct Recordings::State {
  explicit State(Interned& interned_) : interned(interned_) {}

  Interned& interned;
  std::vector<Source> sources;
  std::vector<Waiting> heap;
  std::vector<std::size_t> closed;         // not opened yet, the earliest last
  std::optional<std::size_t> given;        // whose record the caller has: refilled when he asks for the next one
  std::size_t last = 0;
  std::uint64_t consumed = 0;              // of the readers that have ended

  ir::Result<bool> open(bool ahead);
  ir::Result<bool> look_ahead();
  void begin(std::size_t recording);
  void refill(std::size_t recording);
};

/// Every file is tried before the first record: one that is not there is found at once.
ir::Result<bool> Recordings::State::look_ahead() {
  for (std::size_t i = 0; i < sources.size(); ++i) {
    Source& source = sources[i];
    if (can_read_twice(source.slice.path)) {
      const ir::Result<std::int64_t> time = first_time(source.slice);
      if (!time) return tl::unexpected(time.error());
      source.time = *time;
    }
    closed.push_back(i);
  }
  std::sort(closed.begin(), closed.end(), [&](std::size_t a, std::size_t b) {
    return std::pair(sources[a].time, a) > std::pair(sources[b].time, b);
  });
  return true;
}

ir::Result<bool> Recordings::State::open(bool ahead) {
  for (Source& source : sources) {
    ir::Result<RecordReader> reader = RecordReader::open(source.slice, interned, ahead);
    if (!reader) return tl::unexpected(reader.error());
    source.reader.emplace(std::move(*reader));
  }
  for (std::size_t i = sources.size(); i-- > 0;) closed.push_back(i);
  return true;
}

/// Its turn has come.
void Recordings::State::begin(std::size_t recording) {
  Source& source = sources[recording];
  if (!source.reader) {
    ir::Result<RecordReader> reader = RecordReader::open(source.slice, interned);
    if (!reader) {
      source.stats.damage = reader.error().message;
      return;
    }
    source.reader.emplace(std::move(*reader));
  }
  refill(recording);
}

/// Puts the next record of a recording into the heap.
void Recordings::State::refill(std::size_t recording) {
  Source& source = sources[recording];
  if (!source.reader->next(source.record)) {
    source.stats = source.reader->stats();
    consumed += source.reader->consumed();
    source.reader.reset();
    return;
  }
  if (source.record.has_time) source.time = source.record.time;
  heap.push_back({source.time, recording});
  std::push_heap(heap.begin(), heap.end(), later);
}

ir::Result<Recordings> Recordings::open(std::vector<Slice> slices, Interned& interned) {
  auto state = std::make_unique<State>(interned);
  for (Slice& slice : slices) state->sources.emplace_back().slice = std::move(slice);
  const ir::Result<bool> opened =
      state->sources.size() <= kFew ? state->open(state->sources.size() == 1) : state->look_ahead();
  if (!opened) return tl::unexpected(opened.error());
  return Recordings(std::move(state));
}

ir::Result<Recordings> Recordings::open(const std::vector<std::string>& paths, Interned& interned) {
  std::vector<Slice> slices;
  for (const std::string& path : paths) slices.push_back({.path = path});
  return open(std::move(slices), interned);
}

bool Recordings::next(Record& record) {
  State& state = *state_;
  // One recording needs no merging.
  if (state.sources.size() == 1 && state.sources.front().reader) return state.sources.front().reader->next(record);
  if (state.given) state.refill(*state.given);
  state.given.reset();
  while (!state.closed.empty() && (state.heap.empty() || state.sources[state.closed.back()].time <= state.heap.front().time)) {
    const std::size_t recording = state.closed.back();
    state.closed.pop_back();
    state.begin(recording);
  }
  if (state.heap.empty()) return false;
  std::pop_heap(state.heap.begin(), state.heap.end(), later);
  const std::size_t recording = state.heap.back().recording;
  state.heap.pop_back();
  record = state.sources[recording].record;
  state.given = state.last = recording;
  return true;
}

const ReadStats& Recordings::stats(std::size_t recording) const {
  const Source& source = state_->sources[recording];
  return source.reader ? source.reader->stats() : source.stats;
}

std::uint64_t Recordings::consumed() const {
  std::uint64_t sum = state_->consumed;
  for (const Source& source : state_->sources)
    if (source.reader) sum += source.reader->consumed();
  return sum;
}

std::size_t Recordings::last_recording() const { return state_->last; }

Recordings::Recordings(std::unique_ptr<State> state) : state_(std::move(state)) {}
Recordings::Recordings(Recordings&&) noexcept = default;
Recordings::~Recordings() = default;

}  // namespace weir::simulator
