#include "runtime-agent/load/identity_plan.h"

#include <algorithm>
#include <set>

// "Refine before, coarsen after". Every prefix of the old or the new bundle stands for a pair (what it meant, what it
// will mean); a slot may serve all prefixes of one pair. Test: tests/unit/runtime-agent/identity_plan_test.cpp, which
// compares with the longest match in both bundles at every step.
namespace weir::agent {
namespace {

/// Longest prefix match of a whole prefix among others.
template <class Map>
auto covering(const Map& map, const ir::IpPrefix& prefix) {
  for (int length = prefix.length; length >= 0; --length) {
    const auto bits = static_cast<std::uint8_t>(length);
    if (const auto at = map.find({ir::masked(prefix.address, bits), bits}); at != map.end()) return at;
  }
  return map.end();
}

struct Planner {
  const Slots& live;
  const Meaning& old_meaning;
  std::map<ir::IpPrefix, std::uint32_t> next;
  std::uint32_t capacity;
  IdentityPlan plan;
  std::map<std::pair<std::uint32_t, std::uint32_t>, std::uint32_t> slot_of_pair;  // (slot before, identity after)
  std::set<std::uint32_t> used;

  std::uint32_t slot_before(const ir::IpPrefix& prefix) const {
    const auto at = covering(live, prefix);
    return at == live.end() ? 0 : at->second;
  }
  std::uint32_t identity_after(const ir::IpPrefix& prefix) const {
    const auto at = covering(next, prefix);
    return at == next.end() ? 0 : at->second;
  }

  /// The first identity that claims a slot keeps it.
  void claim(std::uint32_t slot, std::uint32_t identity) {
    if (plan.meaning[slot] != kUnused && plan.meaning[slot] != identity) return;
    plan.meaning[slot] = identity;
    slot_of_pair.try_emplace({slot, identity}, slot);
  }

  /// A slot for this pair, a fresh one when there is none yet.
  std::optional<std::uint32_t> slot_for(std::uint32_t before, std::uint32_t identity) {
    if (const auto at = slot_of_pair.find({before, identity}); at != slot_of_pair.end()) return at->second;
    std::uint32_t fresh = last_fresh + 1;
    while (fresh < capacity && used.contains(fresh)) ++fresh;
    if (fresh >= capacity) return std::nullopt;
    last_fresh = fresh;
    used.insert(fresh);
    plan.meaning[fresh] = identity;
    plan.prefill.emplace_back(fresh, before);
    slot_of_pair[{before, identity}] = fresh;
    return fresh;
  }
  std::uint32_t last_fresh = 0;
};

}  // namespace

std::optional<IdentityPlan> plan_identities(const Slots& live, const Meaning& old_meaning,
                                            const std::vector<backends::IpcacheEntry>& next, std::uint32_t capacity) {
  Planner planner{live, old_meaning, {}, capacity, {}, {}, {}};
  for (const auto& entry : next) planner.next[entry.prefix] = entry.identity;
  planner.plan.meaning.assign(capacity, kUnused);
  // Addresses without an entry are slot 0, world, in every copy.
  planner.claim(0, 0);
  planner.used.insert(0);
  for (const auto& [prefix, slot] : live) {
    planner.used.insert(slot);
    planner.claim(slot, planner.identity_after(prefix));
  }
  const auto place = [&](const ir::IpPrefix& prefix, std::uint32_t before) {
    const auto slot = planner.slot_for(before, planner.identity_after(prefix));
    if (!slot) return false;
    const auto at = live.find(prefix);
    if (at == live.end() || at->second != *slot) planner.plan.insert.emplace_back(prefix, *slot);
    return true;
  };
  for (const auto& [prefix, slot] : live)
    if (!place(prefix, slot)) return std::nullopt;
  for (const auto& [prefix, identity] : planner.next)
    if (!live.contains(prefix) && !place(prefix, planner.slot_before(prefix))) return std::nullopt;
  return std::move(planner.plan);
}

CleanupPlan plan_cleanup(const Slots& live, const Meaning& meaning,
                         const std::vector<backends::IpcacheEntry>& current) {
  std::map<ir::IpPrefix, std::uint32_t> wanted;
  for (const auto& entry : current) wanted[entry.prefix] = entry.identity;
  std::map<std::uint32_t, std::uint32_t> slot_of;  // identity -> the one slot that stays
  for (std::uint32_t slot = 0; slot < meaning.size(); ++slot)
    if (meaning[slot] != kUnused) slot_of.try_emplace(meaning[slot], slot);
  CleanupPlan plan;
  for (const auto& [prefix, slot] : live) {
    if (!wanted.contains(prefix)) plan.remove.push_back(prefix);
    else if (const auto stays = slot_of.find(meaning[slot]); stays != slot_of.end() && stays->second != slot)
      plan.update.emplace_back(prefix, stays->second);
  }
  return plan;
}

}  // namespace weir::agent
