#include "tests/kernel/flood_policy.h"

#include <unistd.h>

#include <catch2/catch.hpp>
#include <chrono>
#include <iostream>
#include <map>

#include "backends/ebpf/build/build.h"
#include "backends/ebpf/bundle/packet.h"
#include "backends/ebpf/emit/emit.h"
#include "tests/kernel/harness/tables.h"

namespace weir::kernel_test {
namespace {

using Clock = std::chrono::steady_clock;

constexpr const char* kPod = "10.9.0.2";
constexpr const char* kPeers[] = {"10.9.1.1", "10.9.2.2", "10.9.3.3"};  // by Mark

std::uint16_t port_of(std::size_t mark) { return static_cast<std::uint16_t>(kMarker + mark); }

const std::string& object_of(const backends::Shape& shape) {
  static std::map<std::string, std::string> cache;
  std::string& object = cache[backends::shape_key(shape)];
  if (object.empty()) object = backends::compile_bpf(backends::emit_c(shape)).value();
  return object;
}

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

}  // namespace

backends::Bundle flood_policy(bool second, std::uint64_t generation, unsigned more_peers) {
  TinyPolicy tiny;
  tiny.endpoints = {{kPod}};
  std::vector<std::size_t> order = {0, 1, 2};
  if (second) order = {2, 1, 0};
  for (const std::size_t mark : order) {
    tiny.peers.push_back({std::string(kPeers[mark]) + "/32", static_cast<std::uint32_t>(500 + mark)});
    tiny.ports.push_back({ir::PortSlot::Udp, port_of(mark), port_of(mark)});
  }
  for (unsigned i = 0; i < more_peers; ++i)
    tiny.peers.push_back({"10.10." + std::to_string(i / 250) + "." + std::to_string(i % 250) + "/32", 1000 + i});
  tiny.decide = [order, second](std::uint32_t, ir::Direction, std::uint32_t peer, std::uint32_t port) {
    if (peer == 0 || peer > order.size() || port == 0 || order[peer - 1] != order[port - 1]) return deny();
    const std::size_t mark = order[peer - 1];
    return mark == 0 || (mark == 2 && second) ? allow(static_cast<std::uint32_t>(mark)) : deny();
  };
  const ir::TableSet tables = make_tables(tiny);
  const backends::Shape shape = backends::shape_of(tables);
  return backends::make_bundle(tables, backends::map_contents(tables), backends::shape_key(shape), "",
                               object_of(shape), {}, generation);
}

Figures under_flood(const FloodRoom& room, const std::function<void()>& work) {
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

void print_figures(const char* what, std::size_t count, const Figures& f) {
  std::cout << "no-leak: " << count << " " << what << ", " << static_cast<std::uint64_t>(f.rate()) << " packets/s over " << f.seconds
            << " s; denied sent " << f.sent[1] << ", delivered " << f.passed[1] << "; allowed sent " << f.sent[0]
            << ", dropped " << f.sent[0] - f.passed[0] << "; changing sent " << f.sent[2] << ", delivered "
            << f.passed[2] << "\n";
}

}  // namespace weir::kernel_test
