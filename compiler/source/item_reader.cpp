#include "compiler/source/item_reader.h"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <system_error>
#include <thread>

#include "compiler/source/builder.h"
#include "compiler/source/json_reader.h"

namespace weir::compiler {
namespace {

constexpr std::size_t kBatch = 256;      // items handed over at once
constexpr std::size_t kMostWaiting = 4;  // batches that nobody has taken: their trees are in memory

}  // namespace

struct ItemReader::State {
  State(std::string_view t, std::size_t b, const std::vector<JsonItem>& i, const SourceLimits& l, const Positions& p)
      : text(t), base(b), items(i), limits(l), positions(p) {}

  /// The items after those that were read.
  std::vector<ReadItem> batch() {
    std::vector<ReadItem> out;
    while (at < items.size() && out.size() < kBatch && !broken) {
      out.push_back(read(items[at++]));
      broken = out.back().problem.has_value();
    }
    return out;
  }

  ReadItem read(const JsonItem& item) {
    ReadItem out;
    const std::string_view one = text.substr(item.begin, item.end - item.begin);
    TreeBuilder builder(limits, positions, out.diagnostics);
    tokens = scan_json(one, limits.depth, std::move(tokens));
    JsonResult result = json.read(one, base + item.begin, tokens, builder);
    out.root = std::move(result.root);
    out.problem = std::move(result.problem);
    return out;
  }

  /// In the thread: batches until there are no more, or nobody wants them.
  void run() {
    for (bool more = true; more;) {
      std::vector<ReadItem> made = batch();
      more = !made.empty();
      std::unique_lock lock(mutex);
      changed.wait(lock, [&] { return waiting.size() < kMostWaiting || stop; });
      if (stop) return;
      waiting.push_back(std::move(made));
      changed.notify_all();
    }
  }

  std::vector<ReadItem> take() {
    std::unique_lock lock(mutex);
    changed.wait(lock, [&] { return !waiting.empty(); });
    std::vector<ReadItem> out = std::move(waiting.front());
    // The empty batch at the end stays, for whoever asks again.
    if (!out.empty()) waiting.pop_front();
    changed.notify_all();
    return out;
  }

  // Of the thread, or of the caller where there is none.
  std::string_view text;
  std::size_t base;
  const std::vector<JsonItem>& items;
  const SourceLimits& limits;
  const Positions positions;
  JsonReader json;
  JsonScan tokens;
  std::size_t at = 0;
  bool broken = false;

  std::mutex mutex;
  std::condition_variable changed;
  std::deque<std::vector<ReadItem>> waiting;
  bool stop = false;
  std::thread thread;
};

ItemReader::ItemReader(std::string_view text, std::size_t base, const std::vector<JsonItem>& items,
                       const SourceLimits& limits, const Positions& positions)
    : state_(std::make_unique<State>(text, base, items, limits, positions)) {
  // One batch is read before a thread has begun.
  if (items.size() <= kBatch) return;
  try {
    state_->thread = std::thread([state = state_.get()] { state->run(); });
  } catch (const std::system_error&) {
    // No thread to be had: the caller reads.
  }
}

ItemReader::~ItemReader() {
  if (!state_->thread.joinable()) return;
  {
    const std::lock_guard lock(state_->mutex);
    state_->stop = true;
  }
  state_->changed.notify_all();
  state_->thread.join();
}

std::vector<ReadItem> ItemReader::next() { return state_->thread.joinable() ? state_->take() : state_->batch(); }

}  // namespace weir::compiler
