#include "backends/ebpf/bundle/bytes.h"
#include "backends/ebpf/bundle/encode.h"

namespace weir::backends {
namespace {

void put(ByteWriter& out, const ir::IpAddress& address) {
  out.u8(address.family == ir::IpFamily::V4 ? 4 : 6);
  for (unsigned i = 0; i < address.bits() / 8; ++i) out.u8(address.bytes[i]);
}

bool take(ByteReader& in, ir::IpAddress& address) {
  const std::uint8_t family = in.u8();
  if (family != 4 && family != 6) return false;
  address.family = family == 4 ? ir::IpFamily::V4 : ir::IpFamily::V6;
  for (unsigned i = 0; i < address.bits() / 8; ++i) address.bytes[i] = in.u8();
  return in.ok();
}

void put(ByteWriter& out, const TableImage& image) {
  out.text(image.map);
  out.u32(image.element_size);
  out.u32(image.used);
  out.text({reinterpret_cast<const char*>(image.bytes.data()), image.bytes.size()});
}

TableImage take_image(ByteReader& in) {
  TableImage image;
  image.map = in.text();
  image.element_size = in.u32();
  image.used = in.u32();
  const std::string_view bytes = in.text();
  image.bytes.assign(bytes.begin(), bytes.end());
  return image;
}

void put(ByteWriter& out, const EndpointEntry& endpoint) {
  out.text(endpoint.namespace_name);
  out.text(endpoint.pod);
  out.u32(static_cast<std::uint32_t>(endpoint.addresses.size()));
  for (const auto& address : endpoint.addresses) put(out, address);
  out.u16(endpoint.subject_class);
  out.u32(endpoint.identity_index);
  out.u32(endpoint.identity_number);
}

bool take(ByteReader& in, EndpointEntry& endpoint) {
  endpoint.namespace_name = in.text();
  endpoint.pod = in.text();
  endpoint.addresses.resize(in.count(5));
  for (auto& address : endpoint.addresses)
    if (!take(in, address)) return false;
  endpoint.subject_class = in.u16();
  endpoint.identity_index = in.u32();
  endpoint.identity_number = in.u32();
  return in.ok();
}

void put(ByteWriter& out, const ListenerEntry& listener) {
  put(out, listener.address);
  out.u16(listener.port);
  out.u8(listener.protocol);
  out.u8(listener.kind);
  out.u32(listener.first);
  out.u32(listener.count);
  out.text(listener.name);
  out.text(listener.reason);
}

bool take(ByteReader& in, ListenerEntry& listener) {
  if (!take(in, listener.address)) return false;
  listener.port = in.u16();
  listener.protocol = in.u8();
  listener.kind = in.u8();
  listener.first = in.u32();
  listener.count = in.u32();
  listener.name = in.text();
  listener.reason = in.text();
  return in.ok();
}

void put(ByteWriter& out, const ir::Cell& cell) {
  out.u8(static_cast<std::uint8_t>(cell.verdict));
  out.u8(static_cast<std::uint8_t>(cell.reason));
  out.u8(static_cast<std::uint8_t>(cell.match));
  out.u8(cell.audit ? 1 : 0);
  out.u32(cell.rule);
}

ir::Cell take_cell(ByteReader& in) {
  ir::Cell cell;
  cell.verdict = static_cast<ir::Verdict>(in.u8());
  cell.reason = static_cast<ir::DropReason>(in.u8());
  cell.match = static_cast<ir::MatchType>(in.u8());
  cell.audit = in.u8() != 0;
  cell.rule = in.u32();
  return cell;
}

}  // namespace

std::string encode_maps(const MapContents& maps) {
  ByteWriter out;
  out.u32(static_cast<std::uint32_t>(maps.tables.size()));
  for (const TableImage& image : maps.tables) put(out, image);
  out.u32(static_cast<std::uint32_t>(maps.ipcache.size()));
  for (const IpcacheEntry& entry : maps.ipcache) {
    put(out, entry.prefix.address);
    out.u8(entry.prefix.length);
    out.u32(entry.identity);
  }
  out.u32(static_cast<std::uint32_t>(maps.endpoints.size()));
  for (const EndpointEntry& endpoint : maps.endpoints) put(out, endpoint);
  out.u32(static_cast<std::uint32_t>(maps.listeners.size()));
  for (const ListenerEntry& listener : maps.listeners) put(out, listener);
  return out.take();
}

bool decode_maps(std::string_view bytes, MapContents& maps) {
  ByteReader in(bytes);
  maps = {};
  for (std::uint32_t n = in.count(16); n > 0 && in.ok(); --n) maps.tables.push_back(take_image(in));
  for (std::uint32_t n = in.count(10); n > 0 && in.ok(); --n) {
    IpcacheEntry entry;
    if (!take(in, entry.prefix.address)) return false;
    entry.prefix.length = in.u8();
    entry.identity = in.u32();
    maps.ipcache.push_back(entry);
  }
  for (std::uint32_t n = in.count(22); n > 0 && in.ok(); --n)
    if (!take(in, maps.endpoints.emplace_back())) return false;
  for (std::uint32_t n = in.count(25); n > 0 && in.ok(); --n)
    if (!take(in, maps.listeners.emplace_back())) return false;
  return in.finished();
}

std::string encode_vectors(const std::vector<TestVector>& vectors) {
  ByteWriter out;
  out.u32(static_cast<std::uint32_t>(vectors.size()));
  for (const TestVector& v : vectors) {
    out.u32(v.endpoint);
    out.u8(static_cast<std::uint8_t>(v.direction));
    out.u32(v.identity);
    put(out, v.expect);
    out.text(v.packet);
  }
  return out.take();
}

bool decode_vectors(std::string_view bytes, std::vector<TestVector>& vectors) {
  ByteReader in(bytes);
  vectors.clear();
  for (std::uint32_t n = in.count(21); n > 0 && in.ok(); --n) {
    TestVector v;
    v.endpoint = in.u32();
    v.direction = static_cast<ir::Direction>(in.u8());
    v.identity = in.u32();
    v.expect = take_cell(in);
    v.packet = in.text();
    vectors.push_back(std::move(v));
  }
  return in.finished();
}

}  // namespace weir::backends
