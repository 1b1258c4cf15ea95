// Tested by tests/unit/simulator/replay/address_classes_test.cpp.

#include "simulator/replay/address_classes.h"

#include <tsl/robin_map.h>

#include <array>
#include <optional>
#include <set>

#include "simulator/flows/parties.h"

namespace weir::simulator {
namespace {

struct PrefixHash {
  std::size_t operator()(const ir::IpPrefix& prefix) const noexcept {
    const std::string_view bytes(reinterpret_cast<const char*>(prefix.address.bytes.data()), 16);
    return hash_bytes(bytes) ^ (prefix.length * 0x9e3779b97f4a7c15u) ^ static_cast<std::size_t>(prefix.address.family);
  }
};

/// The address behind the last one of a prefix; none behind the last of all.
std::optional<ir::IpAddress> behind(const ir::IpPrefix& prefix) {
  ir::IpAddress next = prefix.address;
  for (unsigned bit = prefix.length; bit-- > 0;) {
    const auto mask = static_cast<std::uint8_t>(0x80u >> (bit % 8));
    std::uint8_t& byte = next.bytes[bit / 8];
    if ((byte & mask) == 0) {
      byte = static_cast<std::uint8_t>(byte | mask);
      return next;
    }
    byte = static_cast<std::uint8_t>(byte & ~mask);
  }
  return std::nullopt;
}

struct Collector {
  std::set<ir::IpPrefix> prefixes{{{ir::IpFamily::V4, {}}, 0}, {{ir::IpFamily::V6, {}}, 0}};
  bool by_name = false;

  void add(const compiler::Resolved& resolved) {
    for (const ir::Rule& rule : resolved.policies.rules)
      for (const ir::Peer& peer : rule.peers.value_or(std::vector<ir::Peer>{})) add(peer);
    for (const ir::Service& service : resolved.cluster.services)
      for (const ir::IpAddress& address : service.cluster_ips) prefixes.insert(ir::prefix_of(address));
  }
  void add(const ir::Peer& peer) {
    by_name = by_name || std::holds_alternative<ir::FqdnPeer>(peer);
    const auto* cidr = std::get_if<ir::CidrPeer>(&peer);
    if (cidr == nullptr) return;
    prefixes.insert(cidr->cidr);
    prefixes.insert(cidr->except.begin(), cidr->except.end());
  }
};

}  // namespace

struct AddressClasses::State {
  tsl::robin_map<ir::IpPrefix, ir::IpAddress, PrefixHash> smallest;  // prefix -> the smallest address that no longer one has
  std::array<std::vector<std::uint8_t>, 2> lengths;                  // by family, longest first
  bool by_name = false;
  std::uint64_t digest = 0;

  [[nodiscard]] ir::IpPrefix longest(const ir::IpAddress& address) const {
    for (const std::uint8_t length : lengths[static_cast<std::size_t>(address.family)]) {
      const ir::IpPrefix prefix{ir::masked(address, length), length};
      if (smallest.contains(prefix)) return prefix;
    }
    return {{address.family, {}}, 0};
  }

  /// A prefix that is nothing but longer ones keeps its first address: nobody asks for it.
  [[nodiscard]] ir::IpAddress smallest_of(const ir::IpPrefix& prefix) const {
    for (std::optional<ir::IpAddress> at = prefix.address; at && ir::contains(prefix, *at);) {
      const ir::IpPrefix found = longest(*at);
      if (found == prefix) return *at;
      at = behind(found);
    }
    return prefix.address;
  }
};

AddressClasses::AddressClasses(const compiler::Resolved& after, const compiler::Resolved* before) : state_(std::make_unique<State>()) {
  Collector collector;
  collector.add(after);
  if (before != nullptr) collector.add(*before);
  std::string content = collector.by_name ? "n" : "-";
  std::array<std::set<std::uint8_t, std::greater<>>, 2> lengths;
  for (const ir::IpPrefix& prefix : collector.prefixes) {
    state_->smallest.emplace(prefix, prefix.address);
    lengths[static_cast<std::size_t>(prefix.address.family)].insert(prefix.length);
    content += to_text(prefix) + "\n";
  }
  for (std::size_t i = 0; i < 2; ++i) state_->lengths[i].assign(lengths[i].begin(), lengths[i].end());
  for (const ir::IpPrefix& prefix : collector.prefixes) state_->smallest[prefix] = state_->smallest_of(prefix);
  state_->by_name = collector.by_name;
  state_->digest = hash_bytes(content);
}
AddressClasses::~AddressClasses() = default;

ir::IpAddress AddressClasses::representative(const ir::IpAddress& address) const {
  return state_->smallest.at(state_->longest(address));
}
bool AddressClasses::servers_by_name() const { return state_->by_name; }
std::uint64_t AddressClasses::digest() const { return state_->digest; }

}  // namespace weir::simulator
