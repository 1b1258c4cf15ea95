// Listeners of gateways through the loaded program: which backend, what is written into the packet, what policy sees
// (datapath.md 3 "Gateways").
#include <catch2/catch.hpp>

#include <algorithm>
#include <map>
#include <random>

#include "backends/ebpf/bundle/packet.h"
#include "tests/kernel/harness/fixture.h"

using namespace weir;
using namespace weir::kernel_test;

namespace {

constexpr const char* kListener4 = "10.96.0.1";
constexpr const char* kListener6 = "fd00:96::1";
constexpr std::uint8_t kSynAck = 0x12, kAck = 0x10, kRst = 0x04;

ir::TableBackend backend(const std::string& address, std::uint16_t port, std::uint64_t weight) {
  return {ir::parse_address(address).value(), port, weight};
}

ir::TableListener listener(const std::string& address, std::uint16_t port, ir::Protocol protocol,
                           std::vector<ir::TableBackend> backends) {
  return {ir::parse_address(address).value(), port, protocol, ir::ListenerKind::Balance, std::move(backends), "shop/web/l", ""};
}

ir::TableSet tables_with(std::vector<ir::TableListener> listeners) {
  ir::TableSet tables = make_tables(peer_policy());
  std::sort(listeners.begin(), listeners.end());
  tables.listeners = std::move(listeners);
  REQUIRE(ir::check(tables).empty());
  return tables;
}

std::string destination(const RunResult& run) {
  if (!run.event) return "no event";
  ir::IpAddress address;
  address.family = run.event->family == 6 ? ir::IpFamily::V6 : ir::IpFamily::V4;
  std::copy(std::begin(run.event->destination), std::end(run.event->destination), address.bytes.begin());
  return ir::to_text(address) + " " + std::to_string(run.event->destination_port);
}

/// Out to the listener, and the answer back: both frames must be byte for byte those of the backend and of the listener.
template <class Make>
void check_round_trip(LoadedProgram& program, const Make& make, const char* pod, const char* at, const char* to,
                      std::uint16_t port) {
  const RunResult out = program.run(ir::Direction::Egress, 0, backends::make_packet(make(pod, 41000, at, 80, 0x02)));
  REQUIRE(out.passed());
  CHECK(destination(out) == std::string(to) + " " + std::to_string(port));
  CHECK(out.frame == backends::make_packet(make(pod, 41000, to, port, 0x02)));
  const RunResult back = program.run(ir::Direction::Ingress, 0, backends::make_packet(make(to, port, pod, 41000, kSynAck)));
  REQUIRE(back.passed());
  CHECK(back.frame == backends::make_packet(make(at, 80, pod, 41000, kSynAck)));
}

}  // namespace

TEST_CASE("a connection to a listener goes to its backend, and the answers come from the listener", "[kernel][balance]") {
  auto program = load_for(tables_with({listener(kListener4, 80, ir::Protocol::Tcp, {backend(kPeer4, 8080, 1)}),
                                       listener(kListener6, 80, ir::Protocol::Tcp, {backend(kPeer6, 8080, 1)}),
                                       listener(kListener4, 80, ir::Protocol::Udp, {backend(kPeer4, 53, 1)}),
                                       listener(kListener6, 80, ir::Protocol::Udp, {backend(kPeer6, 53, 1)})}));
  if (!program) return;
  const auto udp_packet = [](const char* from, std::uint16_t a, const char* to, std::uint16_t b, std::uint8_t) {
    return udp(from, a, to, b);
  };
  check_round_trip(*program, tcp, kPod4, kListener4, kPeer4, 8080);
  check_round_trip(*program, tcp, kPod6, kListener6, kPeer6, 8080);
  check_round_trip(*program, udp_packet, kPod4, kListener4, kPeer4, 53);
  check_round_trip(*program, udp_packet, kPod6, kListener6, kPeer6, 53);
  // what does not go through the listener is left alone
  const std::string plain = backends::make_packet(tcp(kPod4, 42000, kPeer4, 8080));
  CHECK(program->run(ir::Direction::Egress, 0, plain).frame == plain);
  const std::string answer = backends::make_packet(tcp(kPeer4, 8080, kPod4, 42000, kSynAck));
  CHECK(program->run(ir::Direction::Ingress, 0, answer).frame == answer);
}

TEST_CASE("10,000 connections are split by weight within 1.5 points", "[kernel][balance]") {
  auto program = load_for(tables_with({listener(kListener4, 80, ir::Protocol::Tcp,
                                                {backend("10.1.0.1", 8080, 90), backend("10.1.0.2", 8080, 10)})}));
  if (!program) return;
  std::map<std::string, int> hits;
  for (int i = 0; i < 10000; ++i)
    ++hits[destination(program->run(ir::Direction::Egress, 0,
                                    backends::make_packet(tcp(kPod4, static_cast<std::uint16_t>(20000 + i), kListener4, 80))))];
  CHECK(hits.size() == 2);
  CHECK(std::abs(hits["10.1.0.1 8080"] / 100.0 - 90) <= 1.5);
  CHECK(std::abs(hits["10.1.0.2 8080"] / 100.0 - 10) <= 1.5);
}

TEST_CASE("a connection keeps its backend over a flip, a new one takes the new table at once", "[kernel][balance]") {
  const auto before = tables_with({listener(kListener4, 80, ir::Protocol::Tcp, {backend("10.1.0.1", 8080, 1)})});
  const auto after = tables_with({listener(kListener4, 80, ir::Protocol::Tcp, {backend("10.1.0.2", 8080, 1)})});
  auto program = load_for(before);
  if (!program) return;
  const auto send = [&](std::uint16_t port, std::uint8_t flags) {
    return program->run(ir::Direction::Egress, 0, backends::make_packet(tcp(kPod4, port, kListener4, 80, flags)));
  };
  CHECK(destination(send(50000, 0x02)) == "10.1.0.1 8080");
  program->fill(backends::map_contents(after), 1);
  CHECK(destination(send(50001, 0x02)) == "10.1.0.1 8080");
  program->flip();
  CHECK(destination(send(50002, 0x02)) == "10.1.0.2 8080");
  // the packet after the flip is evaluated again, and written to the old backend; so are a retransmission and the rest
  for (const std::uint8_t flags : {kAck, std::uint8_t{0x02}, kAck})
    CHECK(send(50000, flags).frame == backends::make_packet(tcp(kPod4, 50000, "10.1.0.1", 8080, flags)));
  // once it is closed the port is a new connection's
  CHECK(send(50000, kRst).frame == backends::make_packet(tcp(kPod4, 50000, "10.1.0.1", 8080, kRst)));
  CHECK(send(50000, 0x02).frame == backends::make_packet(tcp(kPod4, 50000, "10.1.0.2", 8080, 0x02)));
}

TEST_CASE("the client's egress policy sees the backend; a denied one leaves nothing behind", "[kernel][balance]") {
  auto program = load_for(tables_with({listener(kListener4, 80, ir::Protocol::Tcp, {backend(kStranger4, 8080, 1)}),
                                       listener(kListener4, 81, ir::Protocol::Tcp, {backend(kPeer4, 9999, 1)})}));
  if (!program) return;
  for (const auto& [port, seen] : {std::pair<std::uint16_t, std::string>{80, std::string(kStranger4) + " 8080"},
                                   {81, std::string(kPeer4) + " 9999"}}) {
    const RunResult run = program->run(ir::Direction::Egress, 0, backends::make_packet(tcp(kPod4, 43000, kListener4, port)));
    CHECK_FALSE(run.passed());
    REQUIRE(run.event);
    CHECK(run.event->reason == WEIR_REASON_POLICY_DENIED);
    CHECK(destination(run) == seen);
  }
  CHECK(program->conntrack_entries() == 0);
}

TEST_CASE("a listener that needs a proxy, that nobody serves, or a share without a backend is refused", "[kernel][balance]") {
  ir::TableListener proxy = listener(kListener4, 80, ir::Protocol::Tcp, {}), nobody = proxy;
  proxy.kind = ir::ListenerKind::Redirect;
  nobody.kind = ir::ListenerKind::Refuse;
  nobody.port = 81;
  proxy.reason = nobody.reason = "why";
  auto program = load_for(tables_with({proxy, nobody,
                                       listener(kListener4, 82, ir::Protocol::Tcp,
                                                {backend("0.0.0.0", 0, 50), backend(kPeer4, 8080, 50)})}));
  if (!program) return;
  for (const std::uint16_t port : {80, 81}) {
    const RunResult run = program->run(ir::Direction::Egress, 0, backends::make_packet(tcp(kPod4, 44000, kListener4, port)));
    CHECK_FALSE(run.passed());
    REQUIRE(run.event);
    CHECK(run.event->reason == WEIR_REASON_NO_BACKEND);
  }
  int refused = 0;
  for (std::uint16_t i = 0; i < 2000; ++i)
    refused += !program->run(ir::Direction::Egress, 0, backends::make_packet(tcp(kPod4, static_cast<std::uint16_t>(20000 + i), kListener4, 82))).passed();
  CHECK(std::abs(refused - 1000) < 120);
}

// The kernel's answer for generated tables: a backend of the listener that the reference finds, and every one by its weight.
TEST_CASE("generated listeners: the kernel finds what the tables hold", "[kernel][balance]") {
  std::mt19937 random(7);
  std::vector<ir::TableListener> listeners;
  for (std::uint16_t port = 1000; port < 1040; ++port) {
    std::vector<ir::TableBackend> backends;
    for (std::uint32_t n = random() % 6; backends.size() <= n;)
      backends.push_back(backend("10.1." + std::to_string(port - 1000) + "." + std::to_string(backends.size() + 1), 8080,
                                 1 + random() % 100));
    listeners.push_back(listener(kListener4, port, ir::Protocol::Tcp, backends));
  }
  const auto tables = tables_with(listeners);
  auto program = load_for(tables);
  if (!program) return;
  for (std::uint16_t port = 990; port < 1050; ++port) {
    const ir::TableListener* wanted = ir::find_listener(tables, ir::parse_address(kListener4).value(), port, ir::Protocol::Tcp);
    std::map<std::string, int> hits;
    constexpr int kTries = 2000;
    for (int i = 0; i < kTries; ++i)
      ++hits[destination(program->run(ir::Direction::Egress, 0,
                                      backends::make_packet(tcp(kPod4, static_cast<std::uint16_t>(20000 + i), kListener4, port))))];
    if (wanted == nullptr) {
      CHECK(hits == std::map<std::string, int>{{std::string(kListener4) + " " + std::to_string(port), kTries}});
      continue;
    }
    double total = 0;
    for (const auto& b : wanted->backends) total += static_cast<double>(b.weight);
    int known = 0;
    for (const auto& b : wanted->backends) {
      const int got = hits[ir::to_text(b.address) + " 8080"];
      known += got;
      CHECK(std::abs(got / double{kTries} - static_cast<double>(b.weight) / total) < 0.06);
    }
    CHECK(known == kTries);
  }
}
