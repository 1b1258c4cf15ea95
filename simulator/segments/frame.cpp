#include "simulator/segments/frame.h"

#include <isa-l/crc64.h>
#include <zstd.h>

#include "ir/base/check.h"
#include "simulator/segments/format.h"

namespace weir::simulator {

struct Compressor::State {
  ~State() { ZSTD_freeCCtx(context); }
  ZSTD_CCtx* context;
  int level;
};

Compressor::Compressor(int level) : state_(new State{ZSTD_createCCtx(), level}) { WEIR_CHECK(state_->context != nullptr); }
Compressor::~Compressor() = default;

std::string Compressor::compress(std::string_view bytes) {
  if (state_->level == 0 || bytes.empty()) return std::string(bytes);
  std::string out(ZSTD_compressBound(bytes.size()), '\0');
  const std::size_t size = ZSTD_compressCCtx(state_->context, out.data(), out.size(), bytes.data(), bytes.size(), state_->level);
  WEIR_CHECK(!ZSTD_isError(size));
  if (size >= bytes.size()) return std::string(bytes);
  out.resize(size);
  return out;
}

struct Decompressor::State {
  ~State() { ZSTD_freeDCtx(context); }
  ZSTD_DCtx* context;
};

Decompressor::Decompressor() : state_(new State{ZSTD_createDCtx()}) { WEIR_CHECK(state_->context != nullptr); }
Decompressor::Decompressor(Decompressor&&) noexcept = default;
Decompressor& Decompressor::operator=(Decompressor&&) noexcept = default;
Decompressor::~Decompressor() = default;

bool Decompressor::decompress(std::string_view frame, std::uint64_t size, std::string& out) {
  if (size > kMaxColumn) return false;
  if (frame.size() == size) {
    out.assign(frame);
    return true;
  }
  if (frame.size() > size || ZSTD_getFrameContentSize(frame.data(), frame.size()) != size) return false;
  out.resize(size);
  return ZSTD_decompressDCtx(state_->context, out.data(), size, frame.data(), frame.size()) == size;
}

std::uint64_t crc64(std::string_view bytes) {
  return crc64_ecma_refl(0, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
}

}  // namespace weir::simulator
