#include "simulator/flows/raw_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace weir::simulator {
namespace {

constexpr std::size_t kBufferBytes = 256 << 10;

}  // namespace

ir::Result<RawFile> RawFile::open(const std::string& path) {
  if (path == "-") return RawFile(::dup(STDIN_FILENO));
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return ir::failure("cannot open `" + path + "`: " + std::strerror(errno), 2);
  struct stat about {};
  if (::fstat(descriptor, &about) == 0 && S_ISDIR(about.st_mode)) {
    ::close(descriptor);
    return ir::failure("`" + path + "` is a folder; --flows takes files", 2);
  }
  return RawFile(descriptor);
}

RawFile::RawFile(int descriptor) : descriptor_(descriptor), buffer_(new std::uint8_t[kBufferBytes]) {}

RawFile::RawFile(RawFile&& other) noexcept
    : descriptor_(other.descriptor_), buffer_(std::move(other.buffer_)), begin_(other.begin_), end_(other.end_),
      consumed_(other.consumed_), failure_(std::move(other.failure_)) {
  other.descriptor_ = -1;
}

RawFile::~RawFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

std::size_t RawFile::read_descriptor(void* out, std::size_t bytes) {
  for (;;) {
    const ssize_t got = ::read(descriptor_, out, bytes);
    if (got >= 0) return static_cast<std::size_t>(got);
    if (errno == EINTR) continue;
    failure_ = std::strerror(errno);
    return 0;
  }
}

bool RawFile::fill(std::size_t wanted) {
  if (size() >= wanted) return true;
  std::memmove(buffer_.get(), buffer_.get() + begin_, size());
  end_ -= begin_;
  begin_ = 0;
  while (end_ < wanted) {
    const std::size_t got = read_descriptor(buffer_.get() + end_, kBufferBytes - end_);
    if (got == 0) return false;
    end_ += got;
  }
  return true;
}

void RawFile::consume(std::size_t bytes) {
  begin_ += bytes;
  consumed_ += bytes;
}

bool RawFile::seek(std::uint64_t offset) {
  if (::lseek(descriptor_, static_cast<off_t>(offset), SEEK_SET) < 0) return false;
  begin_ = end_ = 0;
  return true;
}

std::size_t RawFile::read(char* out, std::size_t bytes) {
  if (size() == 0) {
    const std::size_t got = read_descriptor(out, bytes);
    consumed_ += got;
    return got;
  }
  const std::size_t taken = std::min(bytes, size());
  std::memcpy(out, data(), taken);
  consume(taken);
  return taken;
}

}  // namespace weir::simulator
