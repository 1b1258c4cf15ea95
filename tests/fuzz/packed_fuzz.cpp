// gzip and zstd: any bytes end, with damage or without; packed bytes come out as they went in.
#include <zstd.h>

#include "simulator/flows/byte_source.h"
#include "tests/fuzz/support/support.h"

using namespace weir;

namespace {

struct Unpacked {
  std::string bytes, damage;
};

Unpacked unpack(const std::string& path, std::size_t step) {
  auto source = simulator::ByteSource::open(path, {.ratio = 200, .free_bytes = 1 << 16});
  WEIR_CHECK(source.has_value());
  Unpacked out;
  std::string buffer(step, '\0');
  while (const std::size_t got = (*source)->read(buffer.data(), buffer.size())) out.bytes.append(buffer, 0, got);
  out.damage = (*source)->damage();
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Bytes bytes(data, size);
  const std::size_t step = 1 + std::size_t{bytes.choice()} * 64;
  const std::string text = bytes.text();
  const fuzz::MemoryFile file(text);
  const Unpacked one = unpack(file.path(), step), other = unpack(file.path(), 4096);
  WEIR_CHECK(one.damage.empty() == other.damage.empty());
  WEIR_CHECK(!one.damage.empty() || one.bytes == other.bytes);

  std::string packed(ZSTD_compressBound(text.size()), '\0');
  packed.resize(ZSTD_compress(packed.data(), packed.size(), text.data(), text.size(), 1));
  const Unpacked again = unpack(fuzz::MemoryFile(packed).path(), step);
  WEIR_CHECK(again.damage.empty() && again.bytes == text);
  return 0;
}
