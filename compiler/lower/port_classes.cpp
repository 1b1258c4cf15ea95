#include "compiler/lower/port_classes.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>

#include "ir/policy/map_entry.h"

// Each slot's 65,536 keys are cut where a port match begins or ends, and where a block of its map entries does
// (ir/policy/map_entry.h): pieces that satisfy the same matches, whose entries are in the same order, are one class.
// Test: tests/unit/compiler/lower/port_classes_test.cpp.
namespace weir::compiler {
namespace {

constexpr std::uint32_t kKeys = 65536;
constexpr std::uint32_t kFragNeeded = 3 << 8 | 4;

using Interval = std::pair<std::uint32_t, std::uint32_t>;  // first and last key

/// The keys that a port match covers in the slot of its protocol; none for a type above 255.
std::optional<Interval> keys_of(const ir::PortMatch& match) {
  switch (ir::port_slot(match.protocol)) {
    case ir::PortSlot::Icmp:
    case ir::PortSlot::Icmpv6: {
      if (match.ports.first > 255) return std::nullopt;
      const std::uint32_t last = std::min<std::uint32_t>(match.ports.last, 255);
      return Interval{std::uint32_t{match.ports.first} << 8, last << 8 | 0xff};
    }
    case ir::PortSlot::Other: {
      // Such a packet has no port: it matches as port 0.
      if (match.ports.first > 0) return std::nullopt;
      const auto number = static_cast<std::uint32_t>(match.protocol);
      return Interval{number, number};
    }
    default: return Interval{match.ports.first, match.ports.last};
  }
}

bool has_ports(ir::PortSlot slot) {
  return slot == ir::PortSlot::Tcp || slot == ir::PortSlot::Udp || slot == ir::PortSlot::Sctp;
}

/// One packet that has this key.
void represent(PortClass& port_class, ir::PortSlot slot, std::uint32_t key) {
  constexpr ir::Protocol kBySlot[] = {ir::Protocol::Tcp, ir::Protocol::Udp, ir::Protocol::Sctp, ir::Protocol::Icmp,
                                      ir::Protocol::Icmpv6};
  const auto number = static_cast<std::size_t>(slot);
  if (number < std::size(kBySlot)) port_class.protocol = kBySlot[number];
  port_class.port = static_cast<std::uint16_t>(key);
  if (slot == ir::PortSlot::Icmp || slot == ir::PortSlot::Icmpv6) {
    port_class.port = static_cast<std::uint16_t>(key >> 8);
    port_class.icmp_code = static_cast<std::uint8_t>(key & 0xff);
  }
  if (slot == ir::PortSlot::Other) port_class.port = 0, port_class.protocol = static_cast<ir::Protocol>(key & 0xff);
}

class Builder {
 public:
  explicit Builder(PortClasses& out) : out_(out) {}

  bool add_slot(ir::PortSlot slot) {
    std::vector<std::uint16_t> keys(kKeys);
    const Cuts cuts = cut(slot);
    std::set<std::uint32_t> active;  // matches that hold the keys from here on
    for (auto at = cuts.begin(); at->first < kKeys; ++at) {
      for (const std::uint32_t match : at->second.ends) active.erase(match);
      active.insert(at->second.begins.begin(), at->second.begins.end());
      const auto number = class_of(slot, at->first, active);
      if (!number) return false;
      std::fill(keys.begin() + at->first, keys.begin() + std::next(at)->first, *number);
    }
    add_pages(slot, keys);
    return true;
  }

 private:
  /// The matches that begin at a key, and those that ended before it.
  struct Cut {
    std::vector<std::uint32_t> begins, ends;
  };
  using Cuts = std::map<std::uint32_t, Cut>;

  /// Where the answer may change: the beginnings of the pieces, and 65536.
  [[nodiscard]] Cuts cut(ir::PortSlot slot) const {
    Cuts cuts{{0, {}}, {kKeys, {}}};
    // A number that no match names stands for every protocol number above 255 too, which no packet has.
    if (slot == ir::PortSlot::Other) cuts[256];
    if (slot == ir::PortSlot::Icmp) cuts[kFragNeeded], cuts[kFragNeeded + 1];
    for (std::uint32_t i = 0; i < out_.matches.size(); ++i) {
      if (ir::port_slot(out_.matches[i].protocol) != slot) continue;
      const auto keys = keys_of(out_.matches[i]);
      if (!keys) continue;
      cuts[keys->first].begins.push_back(i);
      cuts[keys->second + 1].ends.push_back(i);
      // policy.md 6.4: the narrower entry is met, so the match type may change inside a range.
      if (has_ports(slot))
        for (const std::uint16_t start : ir::entry_starts(out_.matches[i].ports)) cuts[start];
    }
    return cuts;
  }

  std::optional<std::uint16_t> class_of(ir::PortSlot slot, std::uint32_t key, const std::set<std::uint32_t>& matches) {
    PortClass fresh;
    if (slot == ir::PortSlot::NoHeader) fresh.kind = PortKind::NoHeader;
    if (slot == ir::PortSlot::Icmp && key == kFragNeeded) fresh.kind = PortKind::FragNeeded;
    fresh.matches.assign(matches.begin(), matches.end());
    if (has_ports(slot)) fresh.ranks = ranks_at(static_cast<std::uint16_t>(key), fresh.matches);
    represent(fresh, slot, key);
    const auto number = static_cast<std::uint16_t>(out_.classes.size());
    const auto [at, added] = numbers_.emplace(std::tuple(fresh.kind, fresh.matches, fresh.ranks), number);
    if (!added) return at->second;
    if (out_.classes.size() == 65535) return std::nullopt;
    out_.classes.push_back(std::move(fresh));
    return number;
  }

  [[nodiscard]] std::vector<std::uint32_t> ranks_at(std::uint16_t port, const std::vector<std::uint32_t>& matches) const {
    std::vector<std::uint32_t> widths;
    for (const std::uint32_t match : matches) widths.push_back(ir::entry_width(out_.matches[match].ports, port));
    return ranks_of(widths);
  }

  void add_pages(ir::PortSlot slot, const std::vector<std::uint16_t>& keys) {
    for (std::size_t high = 0; high < 256; ++high) {
      std::array<std::uint16_t, 256> page{};
      std::copy_n(keys.begin() + static_cast<std::ptrdiff_t>(high * 256), 256, page.begin());
      const auto [at, added] = page_numbers_.emplace(page, static_cast<std::uint16_t>(out_.pages.size()));
      if (added) out_.pages.push_back(page);
      out_.page[static_cast<std::size_t>(slot)][high] = at->second;
    }
  }

  PortClasses& out_;
  std::map<std::tuple<PortKind, std::vector<std::uint32_t>, std::vector<std::uint32_t>>, std::uint16_t> numbers_;
  std::map<std::array<std::uint16_t, 256>, std::uint16_t> page_numbers_;
};

}  // namespace

std::vector<std::uint32_t> ranks_of(const std::vector<std::uint32_t>& values) {
  const std::set<std::uint32_t> all(values.begin(), values.end());
  std::vector<std::uint32_t> ranks;
  for (const std::uint32_t value : values)
    ranks.push_back(static_cast<std::uint32_t>(std::distance(all.begin(), all.find(value))));
  return ranks;
}

ir::Result<PortClasses> port_classes(std::vector<ir::PortMatch> matches) {
  PortClasses result;
  std::sort(matches.begin(), matches.end());
  matches.erase(std::unique(matches.begin(), matches.end()), matches.end());
  result.matches = std::move(matches);
  Builder builder(result);
  for (std::size_t slot = 0; slot < ir::kPortSlots; ++slot)
    if (!builder.add_slot(static_cast<ir::PortSlot>(slot)))
      return ir::failure("the rules of this node cut the ports into more than 65535 classes, which the tables cannot hold", 3);
  return result;
}

}  // namespace weir::compiler
