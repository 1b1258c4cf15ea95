// Tested by tests/unit/ir/write_file_test.cpp.

#include "ir/base/write_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

namespace weir::ir {
namespace {

Result<void> failed(const std::string& what, const std::string& path) {
  return tl::unexpected(Error{"cannot " + what + " `" + path + "`: " + std::strerror(errno)});
}

bool write_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(fd, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

Result<void> write_to(const std::string& path, std::string_view bytes) {
  const int fd = ::open(path.c_str(), O_WRONLY | O_CLOEXEC);
  if (fd < 0) return failed("open", path);
  const bool written = write_all(fd, bytes);
  const int kept = errno;
  ::close(fd);
  errno = kept;
  return written ? Result<void>() : failed("write", path);
}

}  // namespace

Result<void> write_file(const std::string& path, std::string_view bytes) {
  struct stat found{};
  if (::stat(path.c_str(), &found) == 0 && !S_ISREG(found.st_mode)) return write_to(path, bytes);
  std::string fresh = path + ".XXXXXX";
  const int fd = ::mkostemp(fresh.data(), O_CLOEXEC);
  if (fd < 0) return failed("write", path);
  bool good = write_all(fd, bytes) && ::fchmod(fd, 0644) == 0 && ::fsync(fd) == 0;
  int kept = errno;
  if (::close(fd) != 0 && good) {
    good = false;
    kept = errno;
  }
  if (good && ::rename(fresh.c_str(), path.c_str()) == 0) return {};
  if (good) kept = errno;
  ::unlink(fresh.c_str());
  errno = kept;
  return failed("write", path);
}

}  // namespace weir::ir
