#include "simulator/flows/line_reader.h"

#include <cstring>

namespace weir::simulator {
namespace {

constexpr std::size_t kReadBytes = 256 << 10;

}  // namespace

LineReader::LineReader(std::unique_ptr<ByteSource> source, std::uint64_t begin, std::uint64_t end)
    : source_(std::move(source)), capacity_(kLineLimit + kReadBytes), base_(begin == 0 ? 0 : begin - 1), stop_(end),
      entered_(begin == 0) {
  buffer_.reset(new char[capacity_ + kPadding]);
  std::memset(buffer_.get() + capacity_, 0, kPadding);
}

/// Moves what is left to the front and reads behind it. False at the end of the input.
bool LineReader::refill() {
  std::memmove(buffer_.get(), buffer_.get() + begin_, end_ - begin_);
  end_ -= begin_;
  base_ += begin_;
  begin_ = 0;
  const std::size_t got = source_->read(buffer_.get() + end_, std::min(kReadBytes, capacity_ - end_));
  ended_ = got == 0;
  end_ += got;
  return got != 0;
}

bool LineReader::take(Line& line, std::size_t length, bool with_end) {
  line = {buffer_.get() + begin_, length, ++number_, false};
  begin_ += length + (with_end ? 1 : 0);
  scanned_ = 0;
  return true;
}

/// Throws bytes away up to the next line end, so that memory does not grow with the line.
bool LineReader::skip_long(Line& line) {
  for (;;) {
    begin_ = end_;
    if (!refill()) break;
    const void* found = std::memchr(buffer_.get() + begin_, '\n', end_ - begin_);
    if (found == nullptr) continue;
    begin_ = static_cast<std::size_t>(static_cast<const char*>(found) - buffer_.get()) + 1;
    break;
  }
  line = {nullptr, 0, ++number_, true};
  scanned_ = 0;
  return true;
}

/// Leaves the line that reaches into the slice to the slice it begins in.
void LineReader::enter() {
  entered_ = true;
  for (;;) {
    const char* from = buffer_.get() + begin_;
    if (const void* found = std::memchr(from, '\n', end_ - begin_)) {
      begin_ += static_cast<std::size_t>(static_cast<const char*>(found) - from) + 1;
      break;
    }
    begin_ = end_;
    if (!refill()) break;
  }
  first_ = offset();
}

bool LineReader::next(Line& line) {
  if (!entered_) enter();
  last_begin_ = offset();
  if (last_begin_ >= stop_) return false;
  for (;;) {
    const char* from = buffer_.get() + begin_ + scanned_;
    const std::size_t left = end_ - begin_ - scanned_;
    if (const void* found = std::memchr(from, '\n', left)) {
      const std::size_t length = static_cast<std::size_t>(static_cast<const char*>(found) - buffer_.get()) - begin_;
      if (length <= kLineLimit) return take(line, length, true);
      begin_ += length + 1;
      line = {nullptr, 0, ++number_, true};
      scanned_ = 0;
      return true;
    }
    scanned_ = end_ - begin_;
    if (scanned_ > kLineLimit) return skip_long(line);
    if (ended_ || !refill()) return scanned_ != 0 && take(line, scanned_, false);
  }
}

}  // namespace weir::simulator
