// Tested by tests/unit/ir/write_file_test.cpp.

#include "ir/base/write_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "ir/base/atomic_file.h"

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
  Result<AtomicFile> file = AtomicFile::create(path);
  if (!file) return tl::unexpected(file.error());
  if (const auto written = file->append(bytes); !written) return written;
  return file->commit();
}

}  // namespace weir::ir
