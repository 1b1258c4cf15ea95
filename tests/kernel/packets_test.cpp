#include <catch2/catch.hpp>

#include "tests/kernel/harness/fixture.h"

using namespace weir;
using namespace weir::kernel_test;
using backends::make_packet;
using ir::Direction;

namespace {

/// As peer_policy, with a policy for what has no ports: protocol 47 allowed, later fragments refused with reason 157.
TinyPolicy odd_policy(bool fragments) {
  TinyPolicy policy = peer_policy();
  policy.ports.push_back({ir::PortSlot::Other, 47, 47});
  policy.ports.push_back({ir::PortSlot::NoHeader, 0, 0});
  policy.decide = [fragments](std::uint32_t, ir::Direction, std::uint32_t peer, std::uint32_t port) {
    if (port == 6 && !fragments) {
      ir::Cell cell = deny();
      cell.reason = ir::DropReason::FragmentUnsupported;
      return cell;
    }
    return peer != 0 && port != 0 ? allow(7) : deny();
  };
  return policy;
}

backends::PacketSpec fragment_of(backends::PacketSpec spec) {
  spec.later_fragment = true;
  return spec;
}

std::string ethernet(std::uint16_t type, std::size_t bytes) {
  std::string frame(14 + bytes, '\0');
  frame[12] = static_cast<char>(type >> 8);
  frame[13] = static_cast<char>(type);
  return frame;
}

/// A neighbour solicitation as RFC 4861 wants it, or with another hop limit.
std::string neighbour(std::uint8_t hops) {
  std::string frame = make_packet(icmp(kStranger6, kPod6, 135));
  frame[14 + 7] = static_cast<char>(hops);
  return frame;
}

// noinline: g++ 12 takes the small string buffer for the frame and warns
[[gnu::noinline]] std::string with_byte(std::string frame, std::size_t at, std::uint8_t value) {
  frame.at(at) = static_cast<char>(value);
  return frame;
}

std::string cut_to(std::string frame, std::size_t bytes) {
  frame.resize(bytes);
  return frame;
}

const std::string kDestinationOptions(8, '\0');
const std::string kRouted = {0, 0, 0, 1, 0, 0, 0, 0};          // one segment left
const std::string kFirstFragment = {0, 0, 0, 1, 0, 0, 0, 9};   // offset 0, more fragments
const std::string kLaterFragment = {0, 0, 1, 0, 0, 0, 0, 9};   // offset 32

}  // namespace

TEST_CASE("every kind of packet has its verdict", "[kernel]") {
  std::optional<LoadedProgram> loaded = load_for(make_tables(odd_policy(false)));
  if (!loaded) return;
  const std::string tcp4 = make_packet(tcp(kPod4, 40000, kPeer4, 8080)), tcp6 = make_packet(tcp(kPod6, 40000, kPeer6, 8080));
  const std::string bad4 = make_packet(tcp(kPod4, 40000, kPeer4, 8081));
  backends::PacketSpec gre = udp(kPod4, 0, kPeer4, 0), ospf = gre;
  gre.protocol = 47;
  ospf.protocol = 89;
  struct Case {
    const char* why;
    std::string frame;
    int reason;  // 0: passes; the rest of WEIR_REASON_*
  };
  const Case cases[] = {
      {"ARP is not policy traffic", ethernet(0x0806, 46), 0},
      {"neighbour discovery is not either", neighbour(255), 0},
      {"but only from the link", neighbour(64), WEIR_REASON_POLICY_DENIED},
      {"neither IP nor ARP", ethernet(0x88cc, 46), WEIR_REASON_UNKNOWN_L3},
      {"a tag of its own hides the packet", ethernet(0x8100, 46), WEIR_REASON_UNKNOWN_L3},
      {"IPv4 options are stepped over", with_options(tcp4, 40), 0},
      {"and do not hide the port", with_options(bad4, 8), WEIR_REASON_POLICY_DENIED},
      {"a header shorter than 20 bytes", with_byte(tcp4, 14, 0x44), WEIR_REASON_INVALID},
      {"version 5", with_byte(tcp4, 14, 0x55), WEIR_REASON_INVALID},
      {"options longer than the packet", with_byte(tcp4, 17, 24), WEIR_REASON_INVALID},
      {"a TCP header cut short", with_byte(cut_to(tcp4, 50), 17, 36), WEIR_REASON_INVALID},
      {"a length beyond the frame", with_byte(tcp4, 16, 2), WEIR_REASON_INVALID},
      {"a first fragment has its ports", with_byte(tcp4, 20, 0x20), 0},
      {"a later one has none: only rules for all ports could match", make_packet(fragment_of(tcp(kPod4, 1, kPeer4, 8080))),
       WEIR_REASON_FRAGMENT},
      {"a protocol of its own", make_packet(gre), 0},
      {"another one", make_packet(ospf), WEIR_REASON_POLICY_DENIED},
      {"IPv6 destination options", with_extensions(tcp6, {{60, kDestinationOptions}}), 0},
      {"hop by hop, routing and destination options", with_extensions(tcp6, {{0, kDestinationOptions}, {43, kDestinationOptions}, {60, kDestinationOptions}}), 0},
      {"a first IPv6 fragment", with_extensions(tcp6, {{44, kFirstFragment}}), 0},
      {"a later IPv6 fragment", with_extensions(tcp6, {{44, kLaterFragment}}), WEIR_REASON_FRAGMENT},
      {"segments left: the destination is not the last one", with_extensions(tcp6, {{43, kRouted}}), WEIR_REASON_INVALID_EXTHDR},
      {"more headers than weir follows", with_extensions(tcp6, std::vector<Extension>(7, {60, kDestinationOptions})), WEIR_REASON_INVALID_EXTHDR},
      {"an extension header cut short", cut_to(with_extensions(tcp6, {{60, kDestinationOptions}}), 58), WEIR_REASON_INVALID},
      {"IPv6 with version 4", with_byte(tcp6, 14, 0x45), WEIR_REASON_INVALID},
  };
  for (const Case& c : cases) {
    INFO(c.why);
    loaded->clear_conntrack();
    const RunResult run = loaded->run(Direction::Egress, 0, c.frame);
    CHECK(run.passed() == (c.reason == 0));
    if (c.reason == 0) continue;
    REQUIRE(run.event);
    CHECK(int{run.event->reason} == c.reason);
  }
}

TEST_CASE("later fragments follow the rules for all ports", "[kernel]") {
  std::optional<LoadedProgram> loaded = load_for(make_tables(odd_policy(true)));
  if (!loaded) return;
  const RunResult run = loaded->run(Direction::Egress, 0, make_packet(fragment_of(tcp(kPod4, 1, kPeer4, 9))));
  CHECK(run.passed());
  CHECK_FALSE(run.event);
  CHECK(loaded->conntrack_entries() == 0);
  CHECK_FALSE(loaded->run(Direction::Egress, 0, make_packet(fragment_of(tcp(kPod4, 1, kStranger4, 9)))).passed());
}

TEST_CASE("an interface that no endpoint claims passes nothing", "[kernel]") {
  std::optional<LoadedProgram> loaded = load_for(make_tables(peer_policy()));
  if (!loaded) return;
  const std::string frame = make_packet(tcp(kPod4, 40000, kPeer4, 8080));
  REQUIRE(loaded->run(Direction::Egress, 0, frame).passed());
  const std::uint32_t loopback = 1;
  const weir_endpoint none{};
  REQUIRE(loaded->put_endpoint(loopback, none));
  const RunResult run = loaded->run_as_is(Direction::Egress, frame);
  CHECK_FALSE(run.passed());
  REQUIRE(run.event);
  CHECK(int{run.event->reason} == WEIR_REASON_ENDPOINT_NOT_READY);
  CHECK(run.event->endpoint == 0);
  CHECK(loaded->run_as_is(Direction::Egress, ethernet(0x0806, 46)).passed());
}

TEST_CASE("audit: what policy denies passes and is reported", "[kernel]") {
  TinyPolicy policy = peer_policy();
  policy.decide = [](std::uint32_t, ir::Direction, std::uint32_t, std::uint32_t) {
    ir::Cell cell = deny(3);
    cell.audit = true;
    return cell;
  };
  std::optional<LoadedProgram> loaded = load_for(make_tables(policy));
  if (!loaded) return;
  const std::string frame = make_packet(tcp(kStranger4, 40000, kPod4, 22));
  const RunResult run = loaded->run(Direction::Ingress, 0, frame);
  CHECK(run.passed());
  REQUIRE(run.event);
  CHECK(int{run.event->verdict} == WEIR_AUDITED);
  CHECK(run.event->rule == 3);
  CHECK_FALSE(loaded->run(Direction::Ingress, 0, frame).event);
  CHECK(loaded->metric(WEIR_METRIC_AUDITED).packets == 1);
}

TEST_CASE("a family that does not occur is dropped, neighbour discovery passes", "[kernel]") {
  TinyPolicy policy = peer_policy();
  policy.endpoints = {{kPod4}};
  policy.peers = {{"10.1.0.0/16", kPeerNumber}};
  std::optional<LoadedProgram> loaded = load_for(make_tables(policy));
  if (!loaded) return;
  CHECK(loaded->run(Direction::Egress, 0, make_packet(tcp(kPod4, 40000, kPeer4, 8080))).passed());
  const RunResult run = loaded->run(Direction::Egress, 0, make_packet(tcp(kPod6, 40000, kPeer6, 8080)));
  CHECK_FALSE(run.passed());
  REQUIRE(run.event);
  CHECK(int{run.event->reason} == WEIR_REASON_UNKNOWN_L3);
  CHECK(loaded->run(Direction::Egress, 0, neighbour(255)).passed());
}

TEST_CASE("a full ring buffer loses events, counted, and no packet", "[kernel]") {
  std::optional<LoadedProgram> loaded = load_for(make_tables(deny_policy()));
  if (!loaded) return;
  constexpr std::uint32_t kPackets = 20000;
  static_cast<void>(loaded->time(Direction::Ingress, 0, make_packet(tcp(kPeer4, 1, kPod4, 2)), kPackets));
  const std::uint64_t lost = loaded->metric(WEIR_METRIC_EVENTS_LOST).packets;
  CHECK(lost > 0);
  CHECK(lost < kPackets);
  CHECK(loaded->metric(WEIR_METRIC_DENIED).packets == kPackets);
}
