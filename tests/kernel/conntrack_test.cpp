#include <catch2/catch.hpp>

#include "tests/kernel/harness/fixture.h"

using namespace weir;
using namespace weir::kernel_test;
using backends::make_packet;
using ir::Direction;

namespace {

constexpr std::uint8_t kSyn = 0x02, kSynAck = 0x12, kAck = 0x10, kFinAck = 0x11, kRst = 0x04;

struct Family {
  std::string pod, peer, stranger;
};
Family v4() { return {kPod4, kPeer4, kStranger4}; }
Family v6() { return {kPod6, kPeer6, kStranger6}; }

LoadedProgram* program() {
  static std::optional<LoadedProgram> loaded = load_for(make_tables(peer_policy()));
  if (!loaded) return nullptr;
  loaded->clear_conntrack();
  loaded->fill(backends::map_contents(make_tables(peer_policy())), loaded->epoch() & 1);
  return &*loaded;
}

/// The next epoch enforces `policy`.
void change_to(LoadedProgram& kernel, const TinyPolicy& policy) {
  kernel.fill(backends::map_contents(make_tables(policy)), (kernel.epoch() + 1) & 1);
  kernel.flip();
}

}  // namespace

TEST_CASE("an allowed connection: one verdict event, then silence, replies pass", "[kernel]") {
  LoadedProgram* kernel = program();
  if (kernel == nullptr) return;
  for (const Family& f : {v4(), v6()}) {
    INFO(f.pod);
    const RunResult first = kernel->run(Direction::Egress, 0, make_packet(tcp(f.pod, 40000, f.peer, 8080)));
    CHECK(first.passed());
    REQUIRE(first.event);
    CHECK(first.event->type == WEIR_EVENT_VERDICT);
    CHECK(first.event->rule == 7);
    CHECK(int{first.event->direction} == WEIR_EGRESS);
    CHECK(first.event->source_port == 40000);
    CHECK(first.event->destination_port == 8080);
    CHECK(first.event->source_identity == 1000);
    CHECK(first.event->destination_identity == kPeerNumber);
    CHECK(int{first.event->family} == (f.pod == kPod4 ? 4 : 6));
    CHECK(int{first.event->tcp_flags} == kSyn);
    CHECK(first.event->epoch == kernel->epoch());
    CHECK(first.event->endpoint == 1);
    const RunResult reply = kernel->run(Direction::Ingress, 0, make_packet(tcp(f.peer, 8080, f.pod, 40000, kSynAck)));
    CHECK(reply.passed());
    CHECK_FALSE(reply.event);
    const RunResult more = kernel->run(Direction::Egress, 0, make_packet(tcp(f.pod, 40000, f.peer, 8080, kAck)));
    CHECK(more.passed());
    CHECK_FALSE(more.event);
  }
  CHECK(kernel->conntrack_entries() == 2);
}

TEST_CASE("a denied packet: dropped with an event each time, no entry", "[kernel]") {
  LoadedProgram* kernel = program();
  if (kernel == nullptr) return;
  const weir_metric before = kernel->metric(WEIR_METRIC_DENIED);
  for (const Family& f : {v4(), v6()})
    for (int i = 0; i < 2; ++i) {
      const RunResult run = kernel->run(Direction::Ingress, 0, make_packet(udp(f.stranger, 5000, f.pod, 53)));
      CHECK_FALSE(run.passed());
      REQUIRE(run.event);
      CHECK(run.event->type == WEIR_EVENT_DROP);
      CHECK(int{run.event->verdict} == WEIR_DENIED);
      CHECK(int{run.event->reason} == WEIR_REASON_POLICY_DENIED);
      CHECK(run.event->rule == WEIR_NO_RULE);
      CHECK(run.event->source_identity == 2);
      CHECK(run.event->destination_identity == 1000);
    }
  CHECK(kernel->conntrack_entries() == 0);
  CHECK(kernel->metric(WEIR_METRIC_DENIED).packets == before.packets + 4);
}

TEST_CASE("who may use an entry", "[kernel]") {
  LoadedProgram* kernel = program();
  if (kernel == nullptr) return;
  for (const Family& f : {v4(), v6()}) {
    INFO(f.pod);
    REQUIRE(kernel->run(Direction::Egress, 0, make_packet(tcp(f.pod, 40000, f.peer, 8080))).passed());
    struct Case {
      const char* why;
      Direction direction;
      std::uint32_t endpoint;
      backends::PacketSpec packet;
      bool passes;
    };
    const Case cases[] = {
        {"a reply", Direction::Ingress, 0, tcp(f.peer, 8080, f.pod, 40000, kAck), true},
        {"an allow at one pod is none at another", Direction::Ingress, 1, tcp(f.peer, 8080, f.pod, 40000, kAck), false},
        {"the other pod's egress", Direction::Egress, 1, tcp(f.pod, 40000, f.peer, 8080, kAck), false},
        {"another port is another connection", Direction::Ingress, 0, tcp(f.peer, 8080, f.pod, 40001, kAck), false},
        {"another protocol too", Direction::Ingress, 0, udp(f.peer, 8080, f.pod, 40000), false},
        {"the server may not open a connection back", Direction::Ingress, 0, tcp(f.peer, 8080, f.pod, 40000, kSyn), false},
        {"which does not harm the connection", Direction::Ingress, 0, tcp(f.peer, 8080, f.pod, 40000, kAck), true},
        {"a stranger with the same ports", Direction::Ingress, 0, tcp(f.stranger, 8080, f.pod, 40000, kAck), false},
    };
    for (const Case& c : cases) {
      INFO(c.why);
      CHECK(kernel->run(c.direction, c.endpoint, make_packet(c.packet)).passed() == c.passes);
    }
  }
}

TEST_CASE("a new deny cuts established connections, whoever sends first", "[kernel]") {
  for (const Family& f : {v4(), v6()})
    for (const bool reply_first : {false, true}) {
      LoadedProgram* kernel = program();
      if (kernel == nullptr) return;
      INFO(f.pod << (reply_first ? " reply first" : " original direction first"));
      const std::string forward = make_packet(tcp(f.pod, 40000, f.peer, 8080, kAck));
      const std::string back = make_packet(tcp(f.peer, 8080, f.pod, 40000, kAck));
      REQUIRE(kernel->run(Direction::Egress, 0, forward).passed());
      REQUIRE(kernel->run(Direction::Ingress, 0, back).passed());
      change_to(*kernel, deny_policy());
      const RunResult cut = reply_first ? kernel->run(Direction::Ingress, 0, back) : kernel->run(Direction::Egress, 0, forward);
      CHECK_FALSE(cut.passed());
      REQUIRE(cut.event);
      CHECK(cut.event->rule == 9);
      // the policy that decides is that of the connection, not of the packet
      CHECK(int{cut.event->direction} == WEIR_EGRESS);
      CHECK(int{cut.event->reason} == WEIR_REASON_POLICY_DENY);
      CHECK(int{cut.event->ct_state} == (reply_first ? WEIR_CT_STATE_REPLY : WEIR_CT_STATE_ESTABLISHED));
      CHECK(kernel->conntrack_entries() == 0);
      CHECK_FALSE(kernel->run(Direction::Ingress, 0, back).passed());
      CHECK_FALSE(kernel->run(Direction::Egress, 0, forward).passed());
    }
}

TEST_CASE("a flip that changes nothing keeps connections, with one verdict event", "[kernel]") {
  LoadedProgram* kernel = program();
  if (kernel == nullptr) return;
  const std::string forward = make_packet(udp(kPod4, 40000, kPeer4, 53));
  const std::string back = make_packet(udp(kPeer4, 53, kPod4, 40000));
  REQUIRE(kernel->run(Direction::Egress, 0, forward).passed());
  change_to(*kernel, peer_policy());
  const RunResult again = kernel->run(Direction::Ingress, 0, back);
  CHECK(again.passed());
  REQUIRE(again.event);
  CHECK(again.event->type == WEIR_EVENT_VERDICT);
  CHECK(int{again.event->ct_state} == WEIR_CT_STATE_REPLY);
  CHECK(again.event->rule == 7);
  CHECK_FALSE(kernel->run(Direction::Ingress, 0, back).event);
  CHECK_FALSE(kernel->run(Direction::Egress, 0, forward).event);
  kernel->flip(2);
  CHECK(kernel->run(Direction::Egress, 0, forward).event);
}

TEST_CASE("a closed connection's ports may be used again, by whom policy allows", "[kernel]") {
  LoadedProgram* kernel = program();
  if (kernel == nullptr) return;
  const auto forward = [&](std::uint8_t flags) {
    return kernel->run(Direction::Egress, 0, make_packet(tcp(kPod4, 40000, kPeer4, 8080, flags)));
  };
  const auto back = [&](std::uint8_t flags) {
    return kernel->run(Direction::Ingress, 0, make_packet(tcp(kPeer4, 8080, kPod4, 40000, flags)));
  };
  CHECK(forward(kSyn).event);
  CHECK(forward(kFinAck).passed());
  CHECK(back(kFinAck).passed());
  CHECK(forward(kAck).passed());
  const RunResult reopened = forward(kSyn);
  CHECK(reopened.passed());
  CHECK(reopened.event);
  CHECK(back(kRst).passed());
  CHECK(forward(kSyn).event);
}

TEST_CASE("pings are told apart by who asks", "[kernel]") {
  for (const Family& f : {v4(), v6()}) {
    LoadedProgram* kernel = program();
    if (kernel == nullptr) return;
    INFO(f.pod);
    const std::uint8_t ask = f.pod == kPod4 ? 8 : 128, answer = f.pod == kPod4 ? 0 : 129;
    CHECK_FALSE(kernel->run(Direction::Ingress, 0, make_packet(icmp(f.peer, f.pod, answer))).passed());
    CHECK(kernel->run(Direction::Egress, 0, make_packet(icmp(f.pod, f.peer, ask))).passed());
    const RunResult reply = kernel->run(Direction::Ingress, 0, make_packet(icmp(f.peer, f.pod, answer)));
    CHECK(reply.passed());
    CHECK_FALSE(reply.event);
    CHECK_FALSE(kernel->run(Direction::Ingress, 0, make_packet(icmp(f.peer, f.pod, answer, 0, 78))).passed());
    // the peer's own request with the same identifier is a connection of its own
    CHECK(kernel->run(Direction::Ingress, 0, make_packet(icmp(f.peer, f.pod, ask))).event);
    CHECK(kernel->conntrack_entries() == 2);
    CHECK_FALSE(kernel->run(Direction::Ingress, 0, make_packet(icmp(f.stranger, f.pod, ask))).passed());
    change_to(*kernel, deny_policy());
    CHECK_FALSE(kernel->run(Direction::Ingress, 0, make_packet(icmp(f.peer, f.pod, answer))).passed());
  }
}

TEST_CASE("icmp errors pass for connections that policy allows, and for no others", "[kernel]") {
  for (const Family& f : {v4(), v6()}) {
    LoadedProgram* kernel = program();
    if (kernel == nullptr) return;
    INFO(f.pod);
    const bool four = f.pod == kPod4;
    const backends::PacketSpec sent = tcp(f.pod, 40000, f.peer, 8080), received = tcp(f.peer, 41000, f.pod, 8080);
    const std::uint8_t unreachable = four ? 3 : 1, exceeded = four ? 11 : 3;
    const std::string about_sent = error_about(sent, f.stranger, unreachable, 1);
    CHECK_FALSE(kernel->run(Direction::Ingress, 0, about_sent).passed());
    REQUIRE(kernel->run(Direction::Egress, 0, make_packet(sent)).passed());
    REQUIRE(kernel->run(Direction::Ingress, 0, make_packet(received)).passed());
    CHECK(kernel->run(Direction::Ingress, 0, about_sent).passed());
    CHECK(kernel->run(Direction::Ingress, 0, error_about(sent, f.stranger, exceeded, 0)).passed());
    CHECK_FALSE(kernel->run(Direction::Ingress, 1, about_sent).passed());
    CHECK_FALSE(kernel->run(Direction::Ingress, 0, error_about(tcp(f.pod, 40001, f.peer, 8080), f.peer, unreachable, 1)).passed());
    // the pod's own error about what it received
    CHECK(kernel->run(Direction::Egress, 0, error_about(received, f.pod, unreachable, 3)).passed());
    // quoted by whom it may, an error to somebody else says nothing about the connection
    std::string elsewhere = about_sent;
    elsewhere.at(14 + (four ? 19 : 39)) = 2;
    CHECK_FALSE(kernel->run(Direction::Ingress, 0, elsewhere).passed());
    // a redirect is not an error about a packet
    CHECK_FALSE(kernel->run(Direction::Ingress, 0, error_about(sent, f.peer, four ? 5 : 137, 0)).passed());
    change_to(*kernel, deny_policy());
    const RunResult cut = kernel->run(Direction::Ingress, 0, about_sent);
    CHECK_FALSE(cut.passed());
    REQUIRE(cut.event);
    CHECK(int{cut.event->ct_state} == WEIR_CT_STATE_RELATED);
    CHECK(cut.event->rule == 9);
  }
}

// abi: WEIR_CT_*_NS
TEST_CASE("an idle connection ends", "[kernel]") {
  constexpr std::uint64_t kSecond = 1000000000;
  struct Case {
    const char* why;
    backends::PacketSpec forward, back;
    std::uint64_t alive, dead;  // seconds
  };
  const Case cases[] = {
      {"UDP", udp(kPod4, 40000, kPeer4, 53), udp(kPeer4, 53, kPod4, 40000), 58, 61},
      {"TCP", tcp(kPod4, 40000, kPeer4, 8080), tcp(kPeer4, 8080, kPod4, 40000, kAck), 21500, 21601},
      {"TCP over IPv6", tcp(kPod6, 40000, kPeer6, 8080), tcp(kPeer6, 8080, kPod6, 40000, kAck), 21500, 21601},
      {"closed TCP", tcp(kPod4, 40000, kPeer4, 8080, kRst), tcp(kPeer4, 8080, kPod4, 40000, kAck), 8, 11},
  };
  for (const Case& c : cases) {
    LoadedProgram* kernel = program();
    if (kernel == nullptr) return;
    INFO(c.why);
    REQUIRE(kernel->run(Direction::Egress, 0, make_packet(c.forward)).passed());
    kernel->age_conntrack(c.alive * kSecond);
    CHECK(kernel->run(Direction::Ingress, 0, make_packet(c.back)).passed());
    // that packet renewed it
    kernel->age_conntrack(c.alive * kSecond);
    CHECK(kernel->run(Direction::Ingress, 0, make_packet(c.back)).passed());
    kernel->age_conntrack(c.dead * kSecond);
    CHECK_FALSE(kernel->run(Direction::Ingress, 0, make_packet(c.back)).passed());
  }
}
