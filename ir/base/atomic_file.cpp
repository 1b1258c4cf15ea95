// Tested by tests/unit/ir/atomic_file_test.cpp.

#include "ir/base/atomic_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <utility>

namespace weir::ir {
namespace {

namespace fs = std::filesystem;

tl::unexpected<Error> failed(const char* what, const std::string& path) {
  return failure(std::string(what) + " `" + path + "`: " + std::strerror(errno));
}

std::string folder_of(const std::string& path) {
  const std::string folder = fs::path(path).parent_path().string();
  return folder.empty() ? "." : folder;
}

}  // namespace

Result<AtomicFile> AtomicFile::create(const std::string& path) {
  std::error_code error;
  if (fs::is_directory(path, error)) return failure("`" + path + "` is a folder", 2);
  const std::string folder = folder_of(path);
  const std::string fresh = folder + "/." + fs::path(path).filename().string() + ".new." + std::to_string(::getpid());
  const int unnamed = ::open(folder.c_str(), O_TMPFILE | O_WRONLY | O_CLOEXEC, 0644);
  if (unnamed >= 0) return AtomicFile(unnamed, path, fresh, false);
  ::unlink(fresh.c_str());
  const int named = ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644);
  if (named < 0) return failed("cannot create", path);
  return AtomicFile(named, path, fresh, true);
}

AtomicFile::AtomicFile(AtomicFile&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)), path_(std::move(other.path_)), fresh_(std::move(other.fresh_)),
      named_(std::exchange(other.named_, false)), size_(other.size_) {}

AtomicFile::~AtomicFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
  if (named_) ::unlink(fresh_.c_str());
}

Result<void> AtomicFile::append(std::string_view bytes) {
  size_ += bytes.size();
  while (!bytes.empty()) {
    const ssize_t n = ::write(descriptor_, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return failed("cannot write", path_);
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  return {};
}

Result<void> AtomicFile::commit() {
  if (::fsync(descriptor_) != 0) return failed("cannot write", path_);
  if (!named_) {
    ::unlink(fresh_.c_str());
    const std::string self = "/proc/self/fd/" + std::to_string(descriptor_);
    if (::linkat(AT_FDCWD, self.c_str(), AT_FDCWD, fresh_.c_str(), AT_SYMLINK_FOLLOW) != 0) return failed("cannot name", path_);
    named_ = true;
  }
  if (::rename(fresh_.c_str(), path_.c_str()) != 0) return failed("cannot rename to", path_);
  named_ = false;
  // The name itself is safe only when the folder is written too.
  const int folder = ::open(folder_of(path_).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder >= 0) {
    (void)::fsync(folder);
    ::close(folder);
  }
  return {};
}

}  // namespace weir::ir
