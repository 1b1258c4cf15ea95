#include <catch2/catch.hpp>
#include <unistd.h>

#include <chrono>
#include <iostream>

#include "backends/ebpf/build/build.h"
#include "backends/ebpf/bundle/packet.h"
#include "backends/ebpf/emit/emit.h"
#include "runtime-agent/load/datapath.h"
#include "tests/kernel/flood.h"
#include "tests/kernel/harness/tables.h"
#include "tests/kernel/lab_fixture.h"

using namespace weir;
using namespace weir::kernel_test;

// "No leak": epoch flips between two policies under a flood of packets. What both allow must all arrive, what both deny never,
// counted by a second tc program behind weir's. The two policies number their classes and identities in opposite orders, so a
// packet that sees half of each gets a wrong answer.
namespace {

using Clock = std::chrono::steady_clock;

constexpr const char* kPod = "10.9.0.2";
constexpr const char* kPeers[] = {"10.9.1.1", "10.9.2.2", "10.9.3.3"};  // allowed, denied, changing

std::uint16_t port_of(std::size_t mark) { return static_cast<std::uint16_t>(kMarker + mark); }

/// `second`: the other policy, with everything in reverse order.
backends::Bundle policy(bool second, std::uint64_t generation) {
  TinyPolicy tiny;
  tiny.endpoints = {{kPod}};
  std::vector<std::size_t> order = {0, 1, 2};
  if (second) order = {2, 1, 0};
  for (const std::size_t mark : order) {
    tiny.peers.push_back({std::string(kPeers[mark]) + "/32", static_cast<std::uint32_t>(500 + mark)});
    tiny.ports.push_back({ir::PortSlot::Udp, port_of(mark), port_of(mark)});
  }
  tiny.decide = [order, second](std::uint32_t, ir::Direction, std::uint32_t peer, std::uint32_t port) {
    if (peer == 0 || port == 0 || order[peer - 1] != order[port - 1]) return deny();
    const std::size_t mark = order[peer - 1];
    return mark == 0 || (mark == 2 && second) ? allow(static_cast<std::uint32_t>(mark)) : deny();
  };
  const ir::TableSet tables = make_tables(tiny);
  const backends::Shape shape = backends::shape_of(tables);
  static const std::string object = backends::compile_bpf(backends::emit_c(shape)).value();
  return backends::make_bundle(tables, backends::map_contents(tables), backends::shape_key(shape), "", object, {},
                               generation);
}

/// Frames of one mark from several source ports: several connections.
std::vector<std::string> frames_of(std::size_t mark) {
  std::vector<std::string> out;
  for (std::uint16_t source = 0; source < 16; ++source) {
    backends::PacketSpec spec;
    spec.source = ir::parse_address(kPod).value();
    spec.destination = ir::parse_address(kPeers[mark]).value();
    spec.protocol = 17;
    spec.source_port = static_cast<std::uint16_t>(20000 + source);
    spec.destination_port = port_of(mark);
    out.push_back(backends::make_packet(spec));
  }
  return out;
}

struct Figures {
  std::array<std::uint64_t, kMarks> sent{}, passed{};
  double seconds = 0;
  [[nodiscard]] double rate() const { return static_cast<double>(sent[0] + sent[1] + sent[2]) / seconds; }
};

template <class Work>
Figures under_flood(const FloodRoom& room, Work&& work) {
  const std::vector<std::vector<std::string>> frames = {frames_of(0), frames_of(1), frames_of(2)};
  const auto before = room.passed();
  const auto start = Clock::now();
  Flood flood(room, frames);
  work();
  Figures figures;
  figures.sent = flood.stop();
  figures.seconds = std::chrono::duration<double>(Clock::now() - start).count();
  REQUIRE(flood.error().empty());
  ::usleep(200000);
  figures.passed = room.passed();
  for (std::size_t i = 0; i < kMarks; ++i) figures.passed[i] -= before[i];
  return figures;
}

void print(const char* what, std::size_t count, const Figures& f) {
  std::cout << what << ": " << count << ", " << static_cast<std::uint64_t>(f.rate()) << " packets/s over " << f.seconds
            << " s; denied sent " << f.sent[1] << ", delivered " << f.passed[1] << "; allowed sent " << f.sent[0]
            << ", dropped " << f.sent[0] - f.passed[0] << "; changing sent " << f.sent[2] << ", delivered "
            << f.passed[2] << "\n";
}

agent::Datapath start(const FloodRoom& room) {
  std::optional<agent::Datapath> out;
  inside(room.ns(), [&] {
    auto opened = agent::Datapath::open({{"lxc0", "test", "pod-0", 0}}, "");
    REQUIRE(opened.has_value());
    out.emplace(std::move(*opened));
    const auto first = out->load(policy(false, 1));
    if (!first) FAIL(first.error().message);
    const auto second = out->load(policy(true, 2));
    if (!second) FAIL(second.error().message);
    CHECK_FALSE(second->replaced_program);
  });
  return std::move(*out);
}

}  // namespace

TEST_CASE("1,000 epoch flips under a flood leak nothing and drop nothing", "[kernel][noleak]") {
  if (const std::string why = why_no_lab(); !why.empty()) {
    std::cout << "SKIPPED: " << why << "\n";
    return;
  }
  const FloodRoom room;
  INFO(room.why_not());
  REQUIRE(room.why_not().empty());
  agent::Datapath datapath = start(room);
  constexpr std::size_t kFlips = 1000;
  std::uint64_t generation = 2;
  std::size_t rewrites = 0;
  const Figures figures = under_flood(room, [&] {
    for (std::size_t i = 0; i < kFlips; ++i) {
      // Now and then the other copy is written anew, grace period and all; else both stand ready.
      if (i % 50 == 49) {
        ++generation;
        ++rewrites;
        inside(room.ns(), [&] {
          const auto report = datapath.load(policy(generation % 2 == 0, generation));
          if (!report) FAIL(report.error().message);
        });
      } else {
        REQUIRE(datapath.rollback());
      }
      ::usleep(5000);
    }
  });
  print("flips", kFlips, figures);
  std::cout << "  of these " << rewrites << " rewrote a copy; last epoch " << datapath.epoch() << "\n";
  CHECK(datapath.epoch() >= kFlips);
  CHECK(rewrites == 20);
  CHECK(figures.rate() >= 100000);
  CHECK(figures.passed[1] == 0);
  CHECK(figures.passed[0] == figures.sent[0]);
  // The flips did take effect: the third kind passed at times and was dropped at times.
  CHECK(figures.passed[2] > 0);
  CHECK(figures.passed[2] < figures.sent[2]);
}

TEST_CASE("swapping the program leaks nothing; detaching first leaks", "[kernel][noleak]") {
  if (const std::string why = why_no_lab(); !why.empty()) {
    std::cout << "SKIPPED: " << why << "\n";
    return;
  }
  const FloodRoom room;
  REQUIRE(room.why_not().empty());
  const agent::Datapath datapath = start(room);
  const auto swap = [&](bool detach_first) {
    std::size_t swaps = 0;
    inside(room.ns(), [&] {
      const agent::Interface& interface = datapath.interfaces().front();
      for (const auto end = Clock::now() + std::chrono::milliseconds(1500); Clock::now() < end; ++swaps) {
        if (detach_first) REQUIRE(agent::detach(interface));
        REQUIRE(agent::attach(interface, datapath.program(WEIR_PROG_FROM_POD), datapath.program(WEIR_PROG_TO_POD)));
      }
    });
    return swaps;
  };
  std::size_t swaps = 0;
  const Figures replaced = under_flood(room, [&] { swaps = swap(false); });
  print("swaps", swaps, replaced);
  CHECK(replaced.passed[1] == 0);
  CHECK(replaced.passed[0] == replaced.sent[0]);
  const Figures control = under_flood(room, [&] { swaps = swap(true); });
  print("control, detach then attach", swaps, control);
  // The negative control: this way of counting does see a leak.
  CHECK(control.passed[1] > 0);
}
