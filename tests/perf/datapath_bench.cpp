// Nanoseconds a packet through BPF_PROG_TEST_RUN, minus a program that does nothing (datapath.md 4). Rounds are
// interleaved and the smallest of each is taken, because other work on the cores only ever adds. Absolute bars are printed;
// exit code 1 follows from ratios to one prefix lookup of the same run, which hold on any machine.
#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <functional>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "backends/ebpf/build/build.h"
#include "backends/ebpf/emit/emit.h"
#include "ir/base/check.h"
#include "tests/kernel/harness/fixture.h"

using namespace weir;
using namespace weir::kernel_test;

namespace {

constexpr int kRounds = 15;
constexpr std::uint32_t kRepeat = 100000;
constexpr std::uint32_t kPrefixes = 100000;  // /32 entries of ipcache, as in datapath.md 1.2
constexpr const char* kDeepPeer = "11.129.52.17";  // one more of them: a walk through the whole trie

std::uint32_t time_program(int fd, const std::string& frame) {
  LIBBPF_OPTS(bpf_test_run_opts, options, .data_in = frame.data(), .data_size_in = static_cast<__u32>(frame.size()),
              .repeat = static_cast<int>(kRepeat));
  WEIR_CHECK(bpf_prog_test_run_opts(fd, &options) == 0);
  return options.duration;
}

constexpr bpf_insn insn(int code, int to, int from, short off, int imm) {
  return {.code = static_cast<__u8>(code), .dst_reg = static_cast<__u8>(to & 15), .src_reg = static_cast<__u8>(from & 15),
          .off = off, .imm = imm};
}

/// `return 0`: what the kernel's test run itself costs.
int load_noop() {
  const bpf_insn code[] = {insn(BPF_ALU64 | BPF_MOV | BPF_K, 0, 0, 0, 0), insn(BPF_JMP | BPF_EXIT, 0, 0, 0, 0)};
  return bpf_prog_load(BPF_PROG_TYPE_SCHED_CLS, "weir_noop", "GPL", code, 2, nullptr);
}

/// One lookup of kDeepPeer in the trie and nothing else: the part of a verdict that no design of ours makes cheaper.
int load_one_lookup(int trie) {
  int address = 0;
  std::memcpy(&address, ir::parse_address(kDeepPeer).value().bytes.data(), 4);
  const bpf_insn code[] = {insn(BPF_ST | BPF_MEM | BPF_W, 10, 0, -8, 32),
                           insn(BPF_ST | BPF_MEM | BPF_W, 10, 0, -4, address),
                           insn(BPF_LD | BPF_IMM | BPF_DW, 1, BPF_PSEUDO_MAP_FD, 0, trie),
                           insn(0, 0, 0, 0, 0),
                           insn(BPF_ALU64 | BPF_MOV | BPF_X, 2, 10, 0, 0),
                           insn(BPF_ALU64 | BPF_ADD | BPF_K, 2, 0, 0, -8),
                           insn(BPF_JMP | BPF_CALL, 0, 0, 0, BPF_FUNC_map_lookup_elem),
                           insn(BPF_ALU64 | BPF_MOV | BPF_K, 0, 0, 0, 0),
                           insn(BPF_JMP | BPF_EXIT, 0, 0, 0, 0)};
  return bpf_prog_load(BPF_PROG_TYPE_SCHED_CLS, "weir_lookup", "GPL", code, std::size(code), nullptr);
}

/// The test policy with `rules` TCP port classes and kPrefixes more peers in ipcache.
ir::TableSet tables_with(std::uint32_t rules) {
  TinyPolicy policy = peer_policy();
  for (std::uint32_t i = 0; i < rules; ++i) {
    const auto port = static_cast<std::uint16_t>(10000 + i);
    policy.ports.push_back({ir::PortSlot::Tcp, port, port});
  }
  ir::TableSet tables = make_tables(policy);
  std::mt19937 random(1);
  std::set<ir::IpPrefix> more = {ir::parse_prefix(kDeepPeer).value()};
  while (more.size() < kPrefixes) {
    const auto bits = static_cast<std::uint32_t>(random());
    ir::IpAddress address;
    address.bytes = {11, static_cast<std::uint8_t>(bits >> 16), static_cast<std::uint8_t>(bits >> 8), static_cast<std::uint8_t>(bits)};
    more.insert(ir::prefix_of(address));
  }
  for (const ir::IpPrefix& prefix : more) tables.prefixes.push_back({prefix, 1});
  std::sort(tables.prefixes.begin(), tables.prefixes.end());
  return tables;
}

LoadedProgram load_shape(const ir::TableSet& tables, bool conntrack, bool events) {
  backends::Shape shape = backends::shape_of(tables);
  shape.conntrack = conntrack;
  shape.events = events;
  const auto object = backends::compile_bpf(backends::emit_c(shape));
  WEIR_CHECK(object);
  auto program = LoadedProgram::load(*object, WEIR_MAX_CONNTRACK);
  WEIR_CHECK(program);
  program->fill(backends::map_contents(tables), 0);
  return std::move(*program);
}

struct Bar {
  std::string name;
  std::uint32_t most = 0;  // ns over noop; 0: no bar, only a figure
  double lookups = 0;      // at most so many times the first row, one prefix lookup; 0: not judged
  std::function<std::uint32_t()> measure;
  std::vector<std::uint32_t> seen = {};
};

std::uint32_t median(std::vector<std::uint32_t> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

/// The smallest difference to noop of the same round.
std::uint32_t least_over(const std::vector<std::uint32_t>& over) { return *std::min_element(over.begin(), over.end()); }

int report(const std::vector<Bar>& bars, const std::vector<std::uint32_t>& noop) {
  int missed = 0;
  double lookup = 0;
  std::printf("%-52s %4u ns (median %u)\n", "noop", *std::min_element(noop.begin(), noop.end()), median(noop));
  for (const Bar& bar : bars) {
    std::vector<std::uint32_t> over;
    for (std::size_t i = 0; i < bar.seen.size(); ++i) over.push_back(bar.seen[i] - std::min(bar.seen[i], noop[i]));
    const std::uint32_t least = least_over(over);
    if (&bar == &bars.front()) lookup = least;
    const bool slow = bar.lookups > 0 && least > bar.lookups * lookup;
    missed += slow ? 1 : 0;
    std::printf("%-52s %4u ns over noop (median %u)", bar.name.c_str(), least, median(over));
    if (bar.most != 0) std::printf("  bar %u: %s", bar.most, least <= bar.most ? "ok" : "over on this run");
    if (slow) std::printf("  FAILED: more than %.1f prefix lookups", bar.lookups);
    std::printf("\n");
  }
  return missed;
}

}  // namespace

int main() {
  if (const std::string why = why_no_bpf(); !why.empty()) {
    std::printf("SKIPPED: %s\n", why.c_str());
    return 0;
  }
  const ir::TableSet small = tables_with(0), large = tables_with(200);
  LoadedProgram tracked = load_shape(small, true, true), plain = load_shape(small, false, false);
  LoadedProgram many = load_shape(large, false, false), quiet = load_shape(small, true, false);
  const std::string frame4 = backends::make_packet(tcp(kPod4, 40000, kDeepPeer, 8080, 0x10));
  const std::string frame6 = backends::make_packet(tcp(kPod6, 40000, kPeer6, 8080, 0x10));
  const std::string reply4 = backends::make_packet(tcp(kDeepPeer, 8080, kPod4, 40000, 0x10));
  const std::string denied = backends::make_packet(udp(kDeepPeer, 9, kPod4, 54));
  using ir::Direction;
  WEIR_CHECK(tracked.run(Direction::Egress, 0, frame4).passed() && tracked.run(Direction::Egress, 0, frame6).passed());

  const int noop_program = load_noop(), lookup_program = load_one_lookup(plain.map(WEIR_MAP_IPCACHE4));
  WEIR_CHECK(noop_program >= 0 && lookup_program >= 0);
  std::vector<Bar> bars = {
      {"one lookup among 100,000 prefixes, alone", 0, 0, [&] { return time_program(lookup_program, frame4); }},
      {"established, IPv4, one flow", 80, 1.2, [&] { return tracked.time(Direction::Egress, 0, frame4, kRepeat); }},
      {"established, IPv4, its replies", 80, 1.2, [&] { return tracked.time(Direction::Ingress, 0, reply4, kRepeat); }},
      {"established, IPv6, one flow", 0, 0, [&] { return tracked.time(Direction::Egress, 0, frame6, kRepeat); }},
      {"policy without conntrack, IPv4", 130, 2.5, [&] { return plain.time(Direction::Egress, 0, frame4, kRepeat); }},
      {"policy without conntrack, IPv4, 200 more port classes", 130, 2.5,
       [&] { return many.time(Direction::Egress, 0, frame4, kRepeat); }},
      {"policy without conntrack, IPv6", 0, 0, [&] { return plain.time(Direction::Egress, 0, frame6, kRepeat); }},
      {"conntrack miss without insert (denied, no event)", 300, 4,
       [&] { return quiet.time(Direction::Ingress, 0, denied, kRepeat); }},
      // 10,000 records fit into the ring buffer: reserve and submit succeed for each
      {"drop and event", 220, 6, [&] { return tracked.time(Direction::Ingress, 0, denied, 10000); }},
  };
  std::vector<std::uint32_t> noop;
  for (int round = 0; round < kRounds; ++round) {
    noop.push_back(time_program(noop_program, frame4));
    for (Bar& bar : bars) bar.seen.push_back(bar.measure());
  }
  return report(bars, noop) == 0 ? 0 : 1;
}
