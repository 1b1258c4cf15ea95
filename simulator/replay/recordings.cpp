#include "simulator/replay/recordings.h"

#include <algorithm>
#include <cstdint>
#include <limits>

namespace weir::simulator {
namespace {

struct Waiting {
  Record record;
  std::int64_t time;      // of the record, or of the one before it: a record without time keeps its place
  std::size_t recording;
};

/// For a heap with the earliest on top; files in the order of the command line where times are equal.
bool later(const Waiting& a, const Waiting& b) {
  return a.time != b.time ? a.time > b.time : a.recording > b.recording;
}

}  // namespace

struct Recordings::State {
  std::vector<FlowReader> readers;
  std::vector<Waiting> heap;
  bool started = false;

  /// Puts the next record of a recording into the heap.
  void refill(std::size_t recording, std::int64_t time) {
    Waiting waiting{{}, time, recording};
    if (!readers[recording].next(waiting.record)) return;
    if (waiting.record.has_time) waiting.time = waiting.record.time;
    heap.push_back(waiting);
    std::push_heap(heap.begin(), heap.end(), later);
  }

  void start() {
    started = true;
    for (std::size_t i = 0; i < readers.size(); ++i) refill(i, std::numeric_limits<std::int64_t>::min());
  }
};

ir::Result<Recordings> Recordings::open(const std::vector<std::string>& paths, Interned& interned) {
  auto state = std::make_unique<State>();
  for (const std::string& path : paths) {
    ir::Result<FlowReader> reader = FlowReader::open(path, interned, paths.size() == 1);
    if (!reader) return tl::unexpected(reader.error());
    state->readers.push_back(std::move(*reader));
  }
  return Recordings(std::move(state));
}

bool Recordings::next(Record& record) {
  State& state = *state_;
  // One recording needs no merging.
  if (state.readers.size() == 1) return state.readers.front().next(record);
  if (!state.started) state.start();
  if (state.heap.empty()) return false;
  std::pop_heap(state.heap.begin(), state.heap.end(), later);
  const Waiting taken = state.heap.back();
  state.heap.pop_back();
  record = taken.record;
  state.refill(taken.recording, taken.time);
  return true;
}

ir::Result<Recordings> Recordings::open(const std::vector<Slice>& slices, Interned& interned) {
  std::vector<std::string> paths;
  for (const Slice& slice : slices) paths.push_back(slice.path);
  return open(paths, interned);
}

std::uint64_t Recordings::consumed() const { return 0; }

const ReadStats& Recordings::stats(std::size_t recording) const { return state_->readers[recording].stats(); }

Recordings::Recordings(std::unique_ptr<State> state) : state_(std::move(state)) {}
Recordings::Recordings(Recordings&&) noexcept = default;
Recordings::~Recordings() = default;

}  // namespace weir::simulator
