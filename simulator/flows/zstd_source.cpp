#include <zstd.h>

#include "simulator/flows/byte_source.h"

namespace weir::simulator {
namespace {

struct FreeStream {
  void operator()(ZSTD_DCtx* stream) const { ZSTD_freeDCtx(stream); }
};

class ZstdSource final : public ByteSource {
 public:
  ZstdSource(RawFile file, const BombLimit& limit) : file_(std::move(file)), guard_{limit, 0}, stream_(ZSTD_createDCtx()) {
    // A window over 32 MiB would make memory depend on the file (zstd --long).
    ZSTD_DCtx_setParameter(stream_.get(), ZSTD_d_windowLogMax, 25);
  }

  std::size_t read(char* out, std::size_t bytes) override {
    while (!finished_) {
      const bool more = file_.fill(1);
      if (!file_.failure().empty()) {
        damage_ = "reading failed: " + file_.failure();
        break;
      }
      if (!more && left_ == 0) break;
      ZSTD_inBuffer input{file_.data(), file_.size(), 0};
      ZSTD_outBuffer output{out, bytes, 0};
      const std::size_t status = ZSTD_decompressStream(stream_.get(), &output, &input);
      file_.consume(input.pos);
      guard_.output += output.pos;
      if (ZSTD_isError(status)) damage_ = std::string("the zstd data is damaged: ") + ZSTD_getErrorName(status);
    if (guard_.exceeded(file_.consumed())) damage_ = guard_.text();
      left_ = ZSTD_isError(status) ? 0 : status;
      finished_ = !damage_.empty();
      if (output.pos != 0) return output.pos;
      if (!more && !finished_) {
        damage_ = "the zstd stream ends in the middle";
        finished_ = true;
      }
    }
    return 0;
  }
  std::uint64_t consumed() const override { return file_.consumed(); }

 private:
  RawFile file_;
  BombGuard guard_;
  std::unique_ptr<ZSTD_DCtx, FreeStream> stream_;
  std::size_t left_ = 1;  // 0 between two frames
  bool finished_ = false;
};

}  // namespace

std::unique_ptr<ByteSource> zstd_source(RawFile file, const BombLimit& limit) {
  return std::make_unique<ZstdSource>(std::move(file), limit);
}

}  // namespace weir::simulator
