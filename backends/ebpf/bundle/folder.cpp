#include "backends/ebpf/bundle/folder.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <system_error>

namespace weir::backends {
namespace fs = std::filesystem;
namespace {

tl::unexpected<ir::Error> failed(std::string_view what, const fs::path& path) {
  return ir::failure(std::string(what) + " `" + path.string() + "`: " + std::strerror(errno));
}

struct Descriptor {
  int fd = -1;
  ~Descriptor() {
    if (fd >= 0) ::close(fd);
  }
};

bool write_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::write(fd, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  return true;
}

ir::Result<void> write_new(const fs::path& path, std::string_view bytes, unsigned mode) {
  const Descriptor file{::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode)};
  if (file.fd < 0) return failed("cannot create", path);
  if (!write_all(file.fd, bytes) || ::fsync(file.fd) != 0) return failed("cannot write", path);
  return {};
}

fs::path temporary_of(const fs::path& path) {
  return path.parent_path() / ("." + path.filename().string() + ".new." + std::to_string(::getpid()));
}

fs::path without_slash(const fs::path& dir) {
  return dir.has_filename() ? dir : dir.parent_path();
}

/// What may be swapped away: an empty folder, or one that is a bundle.
bool replaceable(const fs::path& dir) {
  std::error_code error;
  return fs::is_empty(dir, error) || fs::exists(dir / "manifest.json", error);
}

ir::Result<void> swap_in(const fs::path& fresh, const fs::path& dir) {
  if (::rename(fresh.c_str(), dir.c_str()) == 0) return {};
  if (errno != EEXIST && errno != ENOTEMPTY) return failed("cannot rename to", dir);
  if (!replaceable(dir)) return ir::failure("`" + dir.string() + "` holds something that is not a bundle", 2);
  // One system call: there is no instant without a bundle.
  if (::renameat2(AT_FDCWD, fresh.c_str(), AT_FDCWD, dir.c_str(), RENAME_EXCHANGE) != 0)
    return failed("cannot exchange", dir);
  std::error_code ignored;
  fs::remove_all(fresh, ignored);
  return {};
}

}  // namespace

std::string percent_encoded(std::string_view name) {
  static constexpr char kHex[] = "0123456789ABCDEF";
  std::string out;
  for (std::size_t i = 0; i < name.size(); ++i) {
    const auto c = static_cast<unsigned char>(name[i]);
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
                       c == '-' || (c == '.' && i != 0);
    if (plain) out += static_cast<char>(c);
    else ((out += '%') += kHex[c >> 4]) += kHex[c & 15];
  }
  return out.empty() ? "%" : out;
}

ir::Result<std::string> read_file(const fs::path& path, std::uint64_t limit) {
  const Descriptor file{::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK)};
  if (file.fd < 0) return failed("cannot read", path);
  struct stat info {};
  if (::fstat(file.fd, &info) != 0) return failed("cannot read", path);
  if (!S_ISREG(info.st_mode)) return ir::failure("`" + path.string() + "` is not a regular file", 3);
  if (static_cast<std::uint64_t>(info.st_size) > limit) return ir::failure("`" + path.string() + "` is too large", 3);
  std::string bytes(static_cast<std::size_t>(info.st_size), '\0');
  std::size_t done = 0;
  while (done < bytes.size()) {
    const ssize_t n = ::read(file.fd, bytes.data() + done, bytes.size() - done);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return failed("cannot read", path);
    done += static_cast<std::size_t>(n);
  }
  return bytes;
}

ir::Result<void> write_file(const fs::path& path, std::string_view bytes, unsigned mode) {
  const fs::path fresh = temporary_of(path);
  ::unlink(fresh.c_str());
  if (const auto written = write_new(fresh, bytes, mode); !written) return written;
  if (::rename(fresh.c_str(), path.c_str()) != 0) return failed("cannot rename to", path);
  return {};
}

ir::Result<void> replace_folder(const fs::path& given, const std::map<std::string, std::string>& files) {
  const fs::path dir = without_slash(fs::absolute(given));
  std::error_code error;
  fs::create_directories(dir.parent_path(), error);
  if (fs::is_symlink(fs::symlink_status(dir, error)))
    return ir::failure("`" + dir.string() + "` is a symbolic link", 2);
  const fs::path fresh = temporary_of(dir);
  fs::remove_all(fresh, error);
  if (::mkdir(fresh.c_str(), 0755) != 0) return failed("cannot create", fresh);
  for (const auto& [name, bytes] : files)
    if (const auto written = write_new(fresh / percent_encoded(name), bytes, 0644); !written) return written;
  if (auto swapped = swap_in(fresh, dir); !swapped) {
    fs::remove_all(fresh, error);
    return swapped;
  }
  return {};
}

}  // namespace weir::backends
