#include <isa-l/igzip_lib.h>

#include <algorithm>

#include "simulator/flows/byte_source.h"

namespace weir::simulator {
namespace {

class GzipSource final : public ByteSource {
 public:
  GzipSource(RawFile file, const BombLimit& limit)
      : file_(std::move(file)), guard_{limit, 0}, state_(std::make_unique<inflate_state>()) {
    isal_inflate_init(state_.get());
    state_->crc_flag = ISAL_GZIP;
  }

  std::size_t read(char* out, std::size_t bytes) override {
    while (!finished_) {
      if (member_done_ && !next_member()) return 0;
      const std::size_t got = step(out, bytes);
      if (got != 0) return got;
    }
    return 0;
  }
  std::uint64_t consumed() const override { return file_.consumed(); }

 private:
  std::size_t stop(std::string damage) {
    damage_ = std::move(damage);
    finished_ = true;
    return 0;
  }

  std::size_t step(char* out, std::size_t bytes) {
    const bool more = file_.fill(1);
    if (!file_.failure().empty()) return stop("reading failed: " + file_.failure());
    // isal may still hold bits of the last member when the file has no byte left, so an empty input is offered once.
    state_->next_in = const_cast<std::uint8_t*>(file_.data());
    state_->avail_in = static_cast<std::uint32_t>(file_.size());
    state_->next_out = reinterpret_cast<std::uint8_t*>(out);
    state_->avail_out = static_cast<std::uint32_t>(std::min<std::size_t>(bytes, 1u << 30));
    const std::uint32_t offered = state_->avail_in, room = state_->avail_out;
    const int status = isal_inflate(state_.get());
    file_.consume(offered - state_->avail_in);
    const std::size_t got = room - state_->avail_out;
    guard_.output += got;
    if (status < 0) damage_ = describe(status);
    if (guard_.exceeded(file_.consumed())) damage_ = guard_.text();
    if (!damage_.empty()) finished_ = true;
    if (state_->block_state == ISAL_BLOCK_FINISH) member_done_ = true;
    if (got == 0 && !more && !member_done_ && !finished_) return stop("the gzip stream ends in the middle");
    return got;
  }

  /// False at the end of the file. Zero padding is legal on tapes and block devices; other bytes are remarked on.
  bool next_member() {
    while (file_.fill(1) && *file_.data() == 0) file_.consume(1);
    finished_ = !file_.fill(2);
    if (finished_ && file_.size() == 0) return false;
    if (finished_ || file_.data()[0] != 0x1f || file_.data()[1] != 0x8b) {
      remark_ = "bytes after the gzip stream were ignored";
      finished_ = true;
      return false;
    }
    isal_inflate_reset(state_.get());
    state_->crc_flag = ISAL_GZIP;
    member_done_ = false;
    return true;
  }

  static std::string describe(int status) {
    if (status == ISAL_INCORRECT_CHECKSUM) return "the gzip checksum does not match";
    if (status == ISAL_INVALID_WRAPPER) return "the gzip header is damaged";
    return "the compressed data is damaged";
  }

  RawFile file_;
  BombGuard guard_;
  std::unique_ptr<inflate_state> state_;
  bool member_done_ = false, finished_ = false;
};

}  // namespace

std::unique_ptr<ByteSource> gzip_source(RawFile file, const BombLimit& limit) {
  return std::make_unique<GzipSource>(std::move(file), limit);
}

}  // namespace weir::simulator
