#include <condition_variable>
#include <cstring>
#include <mutex>
#include <thread>
#include <vector>

#include "simulator/flows/byte_source.h"

namespace weir::simulator {
namespace {

constexpr std::size_t kBlock = 512 << 10;

/// Reads (and unpacks) the next block while the last one is parsed. The bytes and their order are those of the source.
class PrefetchSource final : public ByteSource {
 public:
  explicit PrefetchSource(std::unique_ptr<ByteSource> source) : source_(std::move(source)) {
    for (Block& block : blocks_) block.bytes.reset(new char[kBlock]);
    thread_ = std::thread([this] { run(); });
  }

  ~PrefetchSource() override {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    changed_.notify_all();
    thread_.join();
  }

  std::size_t read(char* out, std::size_t bytes) override {
    Block& block = blocks_[front_];
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [&] { return block.full; });
    }
    if (block.size == 0) {
      // The source has ended, and its thread no longer touches it.
      damage_ = source_->damage();
      remark_ = source_->remark();
      return 0;
    }
    const std::size_t taken = std::min(bytes, block.size - taken_);
    std::memcpy(out, block.bytes.get() + taken_, taken);
    taken_ += taken;
    consumed_ = block.consumed;
    if (taken_ == block.size) release(block);
    return taken;
  }
  std::uint64_t consumed() const override { return consumed_; }

 private:
  struct Block {
    std::unique_ptr<char[]> bytes;
    std::size_t size = 0;
    std::uint64_t consumed = 0;
    bool full = false;  // guarded by mutex_; says who may touch the rest
  };

  void release(Block& block) {
    taken_ = 0;
    front_ ^= 1;
    {
      const std::lock_guard lock(mutex_);
      block.full = false;
    }
    changed_.notify_all();
  }

  void run() {
    for (std::size_t at = 0;; at ^= 1) {
      Block& block = blocks_[at];
      {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [&] { return stopping_ || !block.full; });
        if (stopping_) return;
      }
      block.size = source_->read(block.bytes.get(), kBlock);
      block.consumed = source_->consumed();
      const bool ended = block.size == 0;
      {
        const std::lock_guard lock(mutex_);
        block.full = true;
      }
      changed_.notify_all();
      if (ended) return;
    }
  }

  std::unique_ptr<ByteSource> source_;
  Block blocks_[2];
  std::size_t front_ = 0, taken_ = 0;  // the reader's
  std::uint64_t consumed_ = 0;
  bool stopping_ = false;              // guarded by mutex_
  std::mutex mutex_;
  std::condition_variable changed_;
  std::thread thread_;
};

}  // namespace

std::unique_ptr<ByteSource> prefetch(std::unique_ptr<ByteSource> source) {
  return std::make_unique<PrefetchSource>(std::move(source));
}

}  // namespace weir::simulator
