// Tested by tests/unit/simulator/segments/damage_test.cpp.

#include "simulator/segments/segment_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

namespace weir::simulator {
namespace {

/// Reads at an offset; fewer bytes at the end of the file.
std::string read_at(int descriptor, std::uint64_t offset, std::uint64_t size) {
  std::string bytes(size, '\0');
  std::size_t done = 0;
  while (done < size) {
    const ssize_t n = ::pread(descriptor, bytes.data() + done, size - done, static_cast<off_t>(offset + done));
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) break;
    done += static_cast<std::size_t>(n);
  }
  bytes.resize(done);
  return bytes;
}

bool is_sound(const BlockInfo& block, std::uint64_t file_size) {
  return block.offset >= kHeaderSize && block.size >= kBlockHeaderSize + 8 && block.size <= kMaxBlock && block.offset <= file_size &&
         block.size <= file_size - block.offset && block.flows <= 2 * kMaxBlockFlows;
}

}  // namespace

bool is_segment(const std::string& path) {
  struct stat about {};
  if (::stat(path.c_str(), &about) != 0 || !S_ISREG(about.st_mode)) return false;
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return false;
  const bool found = read_at(descriptor, 0, kSegmentMagic.size()) == kSegmentMagic;
  ::close(descriptor);
  return found;
}

bool SegmentFile::read(std::uint64_t offset, std::uint64_t size, std::string& bytes) const {
  if (offset > size_ || size > size_ - offset) return false;
  bytes = read_at(descriptor_, offset, size);
  return bytes.size() == size;
}

bool SegmentFile::read_index() {
  std::string trailer, end;
  if (size_ < kHeaderSize + kTrailerSize || !read(size_ - kTrailerSize, kTrailerSize, trailer)) return false;
  ByteReader in(trailer);
  const auto offset = in.fixed<std::uint64_t>();
  if (in.text(kFooterMagic.size()) != kFooterMagic || offset < kHeaderSize || offset > size_ - kTrailerSize) return false;
  if (!read(offset, size_ - kTrailerSize - offset, end) || end.size() < 16) return false;
  const std::string_view all = end;
  if (ByteReader(all.substr(all.size() - 8)).fixed<std::uint64_t>() != crc64(all.substr(0, all.size() - 8))) return false;
  std::string footer;
  const auto unpacked = ByteReader(all).fixed<std::uint64_t>();
  if (!Decompressor().decompress(all.substr(8, all.size() - 16), unpacked, footer)) return false;
  SegmentIndex index;
  index.grouping = index_.grouping;
  if (!read_footer(footer, index)) return false;
  if (!std::all_of(index.blocks.begin(), index.blocks.end(), [&](const BlockInfo& block) { return is_sound(block, size_); })) return false;
  index_ = std::move(index);
  return true;
}

/// Block after block by their headers, up to the first that is not whole.
void SegmentFile::find_blocks() {
  index_.whole = false;
  std::string header;
  for (std::uint64_t offset = kHeaderSize; read(offset, kBlockHeaderSize, header);) {
    ByteReader in(header);
    if (in.fixed<std::uint32_t>() != kBlockMagic) break;
    BlockInfo block;
    block.offset = offset;
    (void)in.fixed<std::uint32_t>();
    block.size = in.fixed<std::uint64_t>();
    const auto grouped = in.fixed<std::uint64_t>(), loose = in.fixed<std::uint64_t>();
    block.flows = grouped > kMaxBlockFlows || loose > kMaxBlockFlows ? 4 * kMaxBlockFlows : grouped + loose;
    (void)in.text(16);
    block.first = in.fixed<std::int64_t>();
    block.last = in.fixed<std::int64_t>();
    if (!is_sound(block, size_)) break;
    index_.blocks.push_back(block);
    index_.links.emplace_back();
    offset += block.size;
  }
}

bool SegmentFile::load(std::size_t number, Interned& interned, Block& block, Block::Parts parts) const {
  const BlockInfo& info = index_.blocks[number];
  std::string bytes;
  return read(info.offset, info.size, bytes) && block.load(std::move(bytes), interned, parts) &&
         (parts == Block::Parts::Kinds || block.flows() == info.flows);
}

ir::Result<SegmentFile> SegmentFile::open(const std::string& path) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  struct stat about {};
  if (descriptor < 0 || ::fstat(descriptor, &about) != 0) {
    const int code = errno == ENOENT || errno == ENOTDIR ? 2 : 5;
    ir::Error error{"cannot read `" + path + "`: " + std::strerror(errno), code};
    if (descriptor >= 0) ::close(descriptor);
    return tl::unexpected(std::move(error));
  }
  SegmentFile file(descriptor, static_cast<std::uint64_t>(about.st_size));
  const ir::Result<Grouping> grouping = read_header(read_at(descriptor, 0, kHeaderSize));
  if (!grouping) return ir::failure("`" + path + "`: " + grouping.error().message, grouping.error().exit_code);
  file.index_.grouping = *grouping;
  if (!file.read_index()) file.find_blocks();
  return file;
}

SegmentFile::SegmentFile(SegmentFile&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)), size_(other.size_), index_(std::move(other.index_)) {}
SegmentFile::~SegmentFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

}  // namespace weir::simulator
