#include <catch2/catch.hpp>

#include "runtime-agent/load/identity_plan.h"

using namespace weir;
using namespace weir::agent;

// datapath.md 3 "Update: refine before, coarsen after". A model of the kernel: one ipcache, two copies of identities. After
// every single step each address must mean, in the copy that enforces, what its bundle says; and in the other copy, from
// the flip's preparation on, what the next bundle says.
namespace {

using Entries = std::vector<backends::IpcacheEntry>;

struct Numbers {
  std::uint64_t state;
  std::uint32_t below(std::uint32_t n) {
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return static_cast<std::uint32_t>(state % n);
  }
};

ir::IpAddress address(std::uint8_t a, std::uint8_t b) {
  ir::IpAddress out;
  out.bytes = {10, 0, a, b};
  return out;
}

template <class Find>
std::uint32_t longest(const ir::IpAddress& at, Find&& find) {
  for (int length = 32; length >= 0; --length)
    if (const auto hit = find(ir::IpPrefix{ir::masked(at, static_cast<unsigned>(length)),
                                           static_cast<std::uint8_t>(length)}))
      return *hit;
  return 0;
}

std::uint32_t meant(const Entries& entries, const ir::IpAddress& at) {
  return longest(at, [&](const ir::IpPrefix& p) -> std::optional<std::uint32_t> {
    for (const auto& entry : entries)
      if (entry.prefix == p) return entry.identity;
    return std::nullopt;
  });
}

struct Model {
  Slots live;
  Meaning copies[2];
  unsigned active = 0;

  std::uint32_t seen(unsigned copy, const ir::IpAddress& at) const {
    const auto slot = longest(at, [&](const ir::IpPrefix& p) -> std::optional<std::uint32_t> {
      const auto found = live.find(p);
      return found == live.end() ? std::nullopt : std::optional(found->second);
    });
    return copies[copy][slot];
  }
};

Entries random_entries(Numbers& numbers) {
  std::map<ir::IpPrefix, std::uint32_t> out;
  for (std::uint32_t n = numbers.below(14); n > 0; --n) {
    const auto length = static_cast<std::uint8_t>(16 + numbers.below(17));
    const auto at = ir::masked(address(static_cast<std::uint8_t>(numbers.below(4)),
                                       static_cast<std::uint8_t>(numbers.below(4) * 64)), length);
    out[{at, length}] = numbers.below(5);
  }
  Entries entries;
  for (const auto& [prefix, identity] : out) entries.push_back({prefix, identity});
  return entries;
}

std::vector<ir::IpAddress> probes() {
  std::vector<ir::IpAddress> out;
  for (unsigned a = 0; a < 5; ++a)
    for (unsigned b = 0; b < 256; b += 32) out.push_back(address(static_cast<std::uint8_t>(a), static_cast<std::uint8_t>(b)));
  return out;
}

void check_copy(const Model& model, unsigned copy, const Entries& entries) {
  for (const ir::IpAddress& at : probes()) {
    if (model.seen(copy, at) == meant(entries, at)) continue;
    INFO(ir::to_text(at));
    REQUIRE(model.seen(copy, at) == meant(entries, at));
  }
}

void prepare(Model& model, const IdentityPlan& plan, const Entries& current, const Entries& next) {
  const unsigned active = model.active, other = active ^ 1;
  for (const auto& [slot, like] : plan.prefill) {
    model.copies[active][slot] = model.copies[active][like];
    check_copy(model, active, current);
  }
  model.copies[other] = plan.meaning;
  for (const auto& [prefix, slot] : plan.insert) {
    model.live[prefix] = slot;
    check_copy(model, active, current);
  }
  check_copy(model, other, next);
}

void clean(Model& model, const Entries& current) {
  const CleanupPlan plan = plan_cleanup(model.live, model.copies[model.active], current);
  for (const auto& [prefix, slot] : plan.update) {
    model.live[prefix] = slot;
    check_copy(model, model.active, current);
  }
  for (const ir::IpPrefix& prefix : plan.remove) {
    model.live.erase(prefix);
    check_copy(model, model.active, current);
  }
  CHECK(model.live.size() == current.size());
}

}  // namespace

TEST_CASE("no step of an update changes what the enforcing copy says", "[agent]") {
  const std::uint64_t seed = GENERATE(1u, 2u, 3u, 4u, 5u, 6u, 7u, 8u);
  INFO("seed " << seed);
  Numbers numbers{seed * 0x9e3779b97f4a7c15};
  constexpr std::uint32_t kSlots = 64;
  Model model;
  model.copies[0].assign(kSlots, kUnused);
  model.copies[0][0] = 0;
  model.copies[1] = model.copies[0];
  Entries current;
  std::size_t prefilled = 0;
  for (int round = 0; round < 25; ++round) {
    const Entries next = random_entries(numbers);
    const auto plan = plan_identities(model.live, model.copies[model.active], next, kSlots);
    REQUIRE(plan);
    prefilled += plan->prefill.size();
    prepare(model, *plan, current, next);
    // Sometimes nothing flips: a canary failed, or somebody rolled back.
    const bool flipped = numbers.below(4) != 0;
    if (flipped) {
      model.active ^= 1;
      current = next;
    }
    clean(model, current);
  }
  CHECK(prefilled > 20);
}

TEST_CASE("an update that needs more slots than there are says so", "[agent]") {
  Meaning old(4, kUnused);
  old[0] = 0;
  const auto prefix = [](std::uint8_t n) { return ir::IpPrefix{address(n, 0), 24}; };
  CHECK(plan_identities({}, old, {{prefix(1), 1}, {prefix(2), 2}, {prefix(3), 3}}, 4));
  CHECK_FALSE(plan_identities({}, old, {{prefix(1), 1}, {prefix(2), 2}, {prefix(3), 3}, {prefix(4), 4}}, 4));
}

TEST_CASE("addresses of one old and one new meaning share a slot", "[agent]") {
  Meaning old(8, kUnused);
  old[0] = 0;
  const auto prefix = [](std::uint8_t n) { return ir::IpPrefix{address(n, 0), 24}; };
  const auto plan = plan_identities({}, old, {{prefix(1), 3}, {prefix(2), 3}, {prefix(3), 0}}, 8);
  REQUIRE(plan);
  CHECK(plan->prefill.size() == 1);
  CHECK(plan->insert.size() == 3);
  CHECK(plan->insert[2].second == 0);
}
