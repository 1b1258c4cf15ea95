#include "runtime-agent/load/maps.h"

#include <atomic>
#include <cstring>
#include <vector>

#include "ir/base/check.h"

namespace weir::agent {
namespace {

constexpr const char* kTables[] = {WEIR_MAP_IDENTITIES, WEIR_MAP_SUBJECTS,   WEIR_MAP_PORT_PAGE, WEIR_MAP_PORT_PAGES,
                                   WEIR_MAP_PORT_REMAP, WEIR_MAP_ROWS,       WEIR_MAP_CELLS};

struct Key {
  std::uint32_t length = 0;
  std::uint8_t address[16]{};
};
static_assert(sizeof(Key) == sizeof(weir_ipcache6_key));

Key key_of(const ir::IpPrefix& prefix) {
  Key key;
  key.length = prefix.length;
  std::memcpy(key.address, prefix.address.bytes.data(), prefix.address.bits() / 8);
  return key;
}

weir_listener_key key_of(const backends::ListenerEntry& listener, std::uint32_t copy) {
  weir_listener_key key{};
  std::memcpy(key.address, listener.address.bytes.data(), sizeof key.address);
  key.port = static_cast<std::uint16_t>(listener.port >> 8 | listener.port << 8);
  key.protocol = listener.protocol;
  key.family = listener.address.family == ir::IpFamily::V4 ? 4 : 6;
  key.copy = copy;
  return key;
}

/// Those of one copy.
std::vector<weir_listener_key> listener_keys(int map, std::uint32_t copy) {
  std::vector<weir_listener_key> out;
  weir_listener_key key{};
  for (bool more = next_key(map, nullptr, &key); more; more = next_key(map, &key, &key))
    if (key.copy == copy) out.push_back(key);
  return out;
}

}  // namespace

ir::Result<Maps> Maps::open(const Object& object) {
  Maps maps;
  for (const char* name : kTables) {
    maps.fds_[name] = object.map(name);
    auto mapping = Mapping::of(object.map(name));
    if (!mapping) return ir::failure(mapping.error().message + " (`" + name + "`)");
    maps.tables_[name] = std::move(*mapping);
  }
  auto control = Mapping::of(object.map(WEIR_MAP_CONTROL)), endpoints = Mapping::of(object.map(WEIR_MAP_ENDPOINTS));
  if (!control || !endpoints) return ir::failure("the BPF object has no `control` or no `endpoints`");
  maps.control_ = std::move(*control);
  maps.endpoints_ = std::move(*endpoints);
  maps.ipcache4_ = object.map(WEIR_MAP_IPCACHE4);
  maps.ipcache6_ = object.map(WEIR_MAP_IPCACHE6);
  maps.listeners_ = object.map(WEIR_MAP_LISTENERS);
  if (maps.listeners_ < 0) return maps;
  maps.fds_[WEIR_MAP_BACKENDS] = object.map(WEIR_MAP_BACKENDS);
  auto backends = Mapping::of(object.map(WEIR_MAP_BACKENDS));
  if (!backends) return ir::failure(backends.error().message + " (`" WEIR_MAP_BACKENDS "`)");
  maps.tables_[WEIR_MAP_BACKENDS] = std::move(*backends);
  return maps;
}

bool Maps::fits(const backends::MapContents& contents) const {
  for (const backends::TableImage& image : contents.tables) {
    const auto table = tables_.find(image.map);
    if (table == tables_.end() || table->second.stride() != image.bytes.size()) return false;
  }
  return true;
}

std::uint32_t Maps::slots() const {
  return static_cast<std::uint32_t>(tables_.at(WEIR_MAP_IDENTITIES).stride() / sizeof(weir_identity));
}

std::vector<std::uint8_t> Maps::bytes_of(const backends::TableImage& image, const Meaning& meaning) const {
  if (image.map != WEIR_MAP_IDENTITIES) return image.bytes;
  std::vector<std::uint8_t> out(image.bytes.size());
  constexpr std::size_t kSize = sizeof(weir_identity);
  for (std::size_t slot = 0; slot < meaning.size(); ++slot) {
    // A slot that no address leads to stays world: never more than strangers may do.
    const std::size_t identity = meaning[slot] == kUnused ? 0 : meaning[slot];
    std::memcpy(out.data() + slot * kSize, image.bytes.data() + identity * kSize, kSize);
  }
  return out;
}

void Maps::write_copy(std::uint32_t copy, const backends::MapContents& contents, const Meaning& meaning) {
  for (const backends::TableImage& image : contents.tables) {
    const auto bytes = bytes_of(image, meaning);
    std::memcpy(tables_.at(image.map).entry(copy), bytes.data(), bytes.size());
  }
}

void Maps::prefill(std::uint32_t copy, std::uint32_t slot, std::uint32_t like) {
  constexpr std::size_t kSize = sizeof(weir_identity);
  unsigned char* base = tables_.at(WEIR_MAP_IDENTITIES).entry(copy);
  std::memcpy(base + slot * kSize, base + like * kSize, kSize);
}

std::string Maps::verify_copy(std::uint32_t copy, const backends::MapContents& contents, const Meaning& meaning) const {
  for (const backends::TableImage& image : contents.tables) {
    const auto wanted = bytes_of(image, meaning);
    std::vector<std::uint8_t> there(wanted.size());
    if (!read_element(fds_.at(image.map), &copy, there.data())) return "`" + image.map + "` cannot be read back";
    if (there != wanted) return "`" + image.map + "` reads back otherwise than it was written";
  }
  return "";
}

ir::Result<void> Maps::put_prefix(const ir::IpPrefix& prefix, std::uint32_t slot) {
  const int map = prefix.address.family == ir::IpFamily::V4 ? ipcache4_ : ipcache6_;
  // A family that does not occur among the node's pods is not evaluated at all.
  if (map < 0) return {};
  const Key key = key_of(prefix);
  return update_element(map, &key, &slot);
}

ir::Result<void> Maps::remove_prefix(const ir::IpPrefix& prefix) {
  const int map = prefix.address.family == ir::IpFamily::V4 ? ipcache4_ : ipcache6_;
  if (map < 0) return {};
  const Key key = key_of(prefix);
  return delete_element(map, &key);
}

bool Maps::holds_prefix(const ir::IpPrefix& prefix, std::uint32_t slot) const {
  const int map = prefix.address.family == ir::IpFamily::V4 ? ipcache4_ : ipcache6_;
  if (map < 0) return true;
  const Key key = key_of(prefix);
  std::uint32_t there = kUnused;
  // A lookup is a longest match, and this prefix is the longest one that covers itself whole.
  return read_element(map, &key, &there) && there == slot;
}

ir::Result<void> Maps::write_listeners(std::uint32_t copy, const backends::MapContents& contents) {
  if (listeners_ < 0) return {};
  for (const weir_listener_key& key : listener_keys(listeners_, copy))
    if (auto done = delete_element(listeners_, &key); !done) return done;
  for (const backends::ListenerEntry& listener : contents.listeners) {
    const weir_listener_key key = key_of(listener, copy);
    const weir_listener value{listener.first, listener.count, listener.kind};
    if (auto done = update_element(listeners_, &key, &value); !done) return done;
  }
  return {};
}

std::string Maps::verify_listeners(std::uint32_t copy, const backends::MapContents& contents) const {
  if (listeners_ < 0) return contents.listeners.empty() ? "" : "the object has no `listeners`";
  if (listener_keys(listeners_, copy).size() != contents.listeners.size()) return "`listeners` holds others too";
  for (const backends::ListenerEntry& listener : contents.listeners) {
    const weir_listener_key key = key_of(listener, copy);
    weir_listener there{};
    if (!read_element(listeners_, &key, &there) || there.first != listener.first || there.count != listener.count ||
        there.kind != listener.kind)
      return "`listeners` does not hold " + listener.name + " as it was written";
  }
  return "";
}

weir_endpoint& Maps::endpoint(std::uint32_t ifindex) {
  WEIR_CHECK(ifindex < WEIR_MAX_IFINDEX);
  return *reinterpret_cast<weir_endpoint*>(endpoints_.entry(ifindex));
}

std::uint32_t Maps::epoch() const {
  return std::atomic_ref(reinterpret_cast<weir_control*>(control_.entry(0))->epoch).load();
}

void Maps::set_epoch(std::uint32_t epoch) {
  std::atomic_ref(reinterpret_cast<weir_control*>(control_.entry(0))->epoch).store(epoch);
}

}  // namespace weir::agent
