#include "simulator/flows/byte_source.h"

#include <string_view>

namespace weir::simulator {
namespace {

class PlainSource final : public ByteSource {
 public:
  explicit PlainSource(RawFile file) : file_(std::move(file)) {}

  [[nodiscard]] bool packed() const override { return false; }
  std::size_t read(char* out, std::size_t bytes) override {
    const std::size_t got = file_.read(out, bytes);
    if (got == 0 && !file_.failure().empty()) damage_ = "reading failed: " + file_.failure();
    return got;
  }
  std::uint64_t consumed() const override { return file_.consumed(); }

 private:
  RawFile file_;
};

/// A file with the name of an archive and no byte in it: the disk was full.
class EmptyArchive final : public ByteSource {
 public:
  EmptyArchive() { damage_ = "the archive is empty: not even a header"; }
  std::size_t read(char*, std::size_t) override { return 0; }
};

bool named_as_archive(std::string_view path) { return path.ends_with(".gz") || path.ends_with(".zst"); }

}  // namespace

Packing packing_of(const std::uint8_t* head, std::size_t size) {
  if (size >= 2 && head[0] == 0x1f && head[1] == 0x8b) return Packing::Gzip;
  // RFC 8878: the magic number of a frame, little-endian.
  if (size >= 4 && head[0] == 0x28 && head[1] == 0xb5 && head[2] == 0x2f && head[3] == 0xfd) return Packing::Zstd;
  return Packing::Plain;
}

ir::Result<std::unique_ptr<ByteSource>> ByteSource::open(const std::string& path, const BombLimit& limit, std::uint64_t from) {
  ir::Result<RawFile> file = RawFile::open(path);
  if (!file) return tl::unexpected(file.error());
  file->fill(4);
  if (!file->failure().empty()) return ir::failure("cannot read `" + path + "`: " + file->failure());
  const std::uint8_t* head = file->data();
  const Packing packing = packing_of(head, file->size());
  if (from != 0 && (path == "-" || packing != Packing::Plain || !file->seek(from)))
    return ir::failure("cannot read `" + path + "` from the middle: it is compressed or no file", 2);
  if (file->size() == 0 && from == 0 && file->failure().empty() && named_as_archive(path)) return std::make_unique<EmptyArchive>();
  if (packing == Packing::Gzip) return gzip_source(std::move(*file), limit);
  if (packing == Packing::Zstd) return zstd_source(std::move(*file), limit);
  return std::make_unique<PlainSource>(std::move(*file));
}

bool BombGuard::exceeded(std::uint64_t input) const {
  return output > limit.free_bytes && output / limit.ratio > input;
}

std::string BombGuard::text() const {
  return "it unpacks to more than " + std::to_string(limit.ratio) + " times its size; stopped after " +
         std::to_string(output >> 20) + " MiB";
}

}  // namespace weir::simulator
