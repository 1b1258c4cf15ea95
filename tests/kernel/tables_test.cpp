#include <catch2/catch.hpp>

#include <random>

#include "ir/tables/table_set.h"
#include "tests/kernel/harness/fixture.h"

using namespace weir;
using namespace weir::kernel_test;

namespace {

using Random = std::mt19937_64;

std::uint32_t below(Random& random, std::uint32_t end) { return static_cast<std::uint32_t>(random() % end); }

ir::Cell random_cell(Random& random) {
  ir::Cell cell = below(random, 2) == 0 ? allow(below(random, 64)) : deny(below(random, 64));
  if (below(random, 4) == 0) cell = deny();
  cell.match = static_cast<ir::MatchType>(below(random, 7));
  return cell;
}

TinyPolicy random_policy(Random& random) {
  TinyPolicy policy;
  policy.endpoints = {{"10.0.0.1", "fd00::1"}, {"10.0.0.2"}, {"fd00::3"}};
  for (const char* prefix : {"10.0.0.0/8", "10.1.0.0/16", "10.1.2.0/24", "10.1.2.3/32", "0.0.0.0/0", "fd00::/16",
                             "fd00:1::/32", "fd00:1::7/128"})
    if (below(random, 4) != 0) policy.peers.push_back({prefix, 256 + below(random, 1000)});
  for (std::uint32_t i = 0; i < 12; ++i) {
    const auto first = static_cast<std::uint16_t>(below(random, 300));
    const auto slot = static_cast<ir::PortSlot>(below(random, ir::kPortSlots));
    const std::uint32_t width = below(random, 3) == 0 ? below(random, 40) : 0;
    policy.ports.push_back({slot, first, static_cast<std::uint16_t>(first + width)});
  }
  policy.ports.push_back({ir::PortSlot::NoHeader, 0, 0});
  policy.decide = [&random](std::uint32_t, ir::Direction, std::uint32_t, std::uint32_t) { return random_cell(random); };
  return policy;
}

std::string random_address(Random& random, bool v6) {
  if (v6) return "fd00:" + std::to_string(below(random, 3)) + "::" + std::to_string(below(random, 9));
  return std::to_string(below(random, 2) + 10) + "." + std::to_string(below(random, 3)) + "." +
         std::to_string(below(random, 3)) + "." + std::to_string(below(random, 5));
}

backends::PacketSpec random_packet(Random& random) {
  const bool v6 = below(random, 2) == 0;
  backends::PacketSpec spec = tcp(random_address(random, v6), static_cast<std::uint16_t>(1 + below(random, 60000)),
                                  random_address(random, v6), static_cast<std::uint16_t>(below(random, 350)));
  constexpr std::uint8_t kProtocols[] = {6, 17, 132, 1, 58, 47, 89};
  spec.protocol = kProtocols[below(random, 7)];
  if (spec.protocol == 1 && v6) spec.protocol = 58;
  if (spec.protocol == 58 && !v6) spec.protocol = 1;
  // 133 to 137 are neighbour discovery, which no policy sees
  spec.icmp_type = static_cast<std::uint8_t>(below(random, 2));
  spec.icmp_code = static_cast<std::uint8_t>(below(random, 60));
  spec.later_fragment = !v6 && below(random, 8) == 0;
  return spec;
}

const ir::Cell& expected(const ir::TableSet& tables, std::uint32_t endpoint, ir::Direction direction,
                         const backends::PacketSpec& spec) {
  const ir::IpAddress& peer = direction == ir::Direction::Egress ? spec.destination : spec.source;
  const auto protocol = static_cast<ir::Protocol>(spec.protocol);
  const bool icmp = spec.protocol == 1 || spec.protocol == 58;
  ir::PortSlot slot = ir::port_slot(protocol);
  std::uint16_t key = ir::port_key(protocol, icmp ? spec.icmp_type : spec.destination_port, spec.icmp_code);
  if (spec.later_fragment) slot = ir::PortSlot::NoHeader, key = 0;
  return ir::lookup(tables, tables.endpoints[endpoint].subject_class, direction, ir::find_identity(tables, peer), slot, key);
}

}  // namespace

// What the kernel reads out of the maps is what ir/tables says, in both copies, through the attached programs and weir_check.
TEST_CASE("the kernel finds the cell that the tables name", "[kernel]") {
  constexpr std::uint64_t kSeed = 20261122;
  constexpr int kPolicies = 8, kPackets = 1500;
  Random random(kSeed);
  INFO("seed " << kSeed);
  std::uint32_t denied = 0, allowed = 0;
  for (int round = 0; round < kPolicies; ++round) {
    const ir::TableSet tables = make_tables(random_policy(random));
    REQUIRE(ir::check(tables).empty());
    std::optional<LoadedProgram> program = load_for(tables);
    if (!program) return;
    const std::uint32_t copy = below(random, 2);
    program->fill(backends::map_contents(tables), copy);
    if (copy == 1) program->flip();
    for (int i = 0; i < kPackets; ++i) {
      const backends::PacketSpec spec = random_packet(random);
      const std::uint32_t endpoint = below(random, 3);
      const ir::Direction direction = below(random, 2) == 0 ? ir::Direction::Ingress : ir::Direction::Egress;
      const std::string frame = backends::make_packet(spec);
      const ir::Cell& cell = expected(tables, endpoint, direction, spec);
      INFO("round " << round << " packet " << i << " " << ir::to_text(spec.source) << " -> "
                    << ir::to_text(spec.destination) << " protocol " << int{spec.protocol});
      const CheckResult seen = program->check(direction, endpoint, frame, copy);
      REQUIRE(seen.asked);
      REQUIRE(seen.rule == cell.rule);
      REQUIRE(int{seen.verdict} == static_cast<int>(cell.verdict));
      REQUIRE(int{seen.reason} == static_cast<int>(cell.reason));
      REQUIRE(int{seen.match} == static_cast<int>(cell.match));
      if (i % 16 == 0) program->clear_conntrack();
      if (i % 16 != 0) continue;
      const RunResult run = program->run(direction, endpoint, frame);
      REQUIRE(run.passed() == (cell.verdict == ir::Verdict::Allowed));
      if (!spec.later_fragment || !run.passed()) {
        REQUIRE(run.event);
        REQUIRE(run.event->rule == cell.rule);
      }
      ++(run.passed() ? allowed : denied);
    }
  }
  CHECK(denied > 100);
  CHECK(allowed > 100);
}
