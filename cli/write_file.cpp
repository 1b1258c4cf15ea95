// A full disk or a killed run leaves no half-written result. Tested by tests/unit/cli/write_file_test.cpp.

#include "cli/write_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>

namespace weir::cli {
namespace {

namespace fs = std::filesystem;

tl::unexpected<ir::Error> cannot_write(const std::string& path) {
  return ir::failure("cannot write `" + path + "`: " + std::error_code(errno, std::generic_category()).message());
}

bool write_all(int file, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(file, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

/// A device or a pipe has no other name to rename.
bool is_special(const std::string& path) {
  struct stat found {};
  return ::stat(path.c_str(), &found) == 0 && !S_ISREG(found.st_mode);
}

/// As the file has it, else as a new file would.
mode_t mode_of(const std::string& path) {
  struct stat found {};
  if (::stat(path.c_str(), &found) == 0) return found.st_mode & 07777;
  const mode_t mask = ::umask(0);
  ::umask(mask);
  return 0666 & ~mask;
}

bool write_special(const std::string& path, std::string_view bytes) {
  const int file = ::open(path.c_str(), O_WRONLY | O_CLOEXEC);
  if (file < 0) return false;
  const bool good = write_all(file, bytes);
  const int why = errno;
  ::close(file);
  errno = why;
  return good;
}

/// Everything but the rename; closes the file.
bool fill(int file, mode_t mode, std::string_view bytes) {
  const bool good = write_all(file, bytes) && ::fchmod(file, mode) == 0 && ::fsync(file) == 0;
  const int why = errno;
  const bool closed = ::close(file) == 0;
  if (!good) errno = why;
  return good && closed;
}

/// The name itself survives a crash only then. A folder that cannot be opened has been renamed in all the same.
void sync_folder(const fs::path& folder) {
  const int file = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (file < 0) return;
  ::fsync(file);
  ::close(file);
}

}  // namespace

ir::Result<std::string> write_file(const std::string& path, std::string_view bytes) {
  if (is_special(path)) return write_special(path, bytes) ? ir::Result<std::string>(path) : cannot_write(path);
  std::error_code none;
  // A link stays a link: what it points at is replaced.
  const fs::path target = fs::is_symlink(path, none) ? fs::weakly_canonical(path, none) : fs::path(path);
  std::string beside = (target.parent_path() / ("." + target.filename().string() + ".XXXXXX")).string();
  const int file = ::mkostemp(beside.data(), O_CLOEXEC);
  if (file < 0) return cannot_write(path);
  if (!fill(file, mode_of(target.string()), bytes) || ::rename(beside.c_str(), target.c_str()) != 0) {
    const auto failed = cannot_write(path);
    ::unlink(beside.c_str());
    return failed;
  }
  sync_folder(target.has_parent_path() ? target.parent_path() : fs::path("."));
  return path;
}

}  // namespace weir::cli
