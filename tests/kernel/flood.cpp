#include "tests/kernel/flood.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <net/if.h>
#include <unistd.h>

#include <cstdlib>

#include "backends/ebpf/build/build.h"
#include "ir/base/check.h"
#include "tests/kernel/lab_fixture.h"

namespace weir::kernel_test {
namespace {

/// `weir_pkt_port`: the destination port of an IPv4 packet without options. The counter takes every packet out of the stack.
constexpr char kProgram[] = R"C(
typedef unsigned char uint8_t;
typedef unsigned short uint16_t;
typedef unsigned int uint32_t;
typedef unsigned long long uint64_t;
#define SEC(name) __attribute__((section(name), used))
struct __sk_buff { uint32_t len, pkt_type, mark, queue_mapping, protocol; };
struct xdp_md { uint32_t data, data_end; };
static void *(*const bpf_map_lookup_elem)(void *map, const void *key) = (void *)1;
static long (*const bpf_skb_load_bytes)(const void *skb, uint32_t offset, void *to, uint32_t len) = (void *)26;
struct {
  int (*type)[6];
  int (*max_entries)[4];
  uint32_t *key;
  uint64_t *value;
} passed SEC(".maps");
static inline __attribute__((always_inline)) uint32_t weir_pkt_port(struct __sk_buff *skb) {
  uint8_t port[2] = {0, 0};
  if (bpf_skb_load_bytes(skb, 36, port, 2)) return 0;
  return (uint32_t)port[0] << 8 | port[1];
}
SEC("tc") int count_passed(struct __sk_buff *skb) {
  uint32_t mark = weir_pkt_port(skb) - 7000;
  uint64_t *counter = bpf_map_lookup_elem(&passed, &mark);
  if (counter) *counter += 1;
  return 2;
}
SEC("xdp") int pass_on(struct xdp_md *frame) { return 2; }
char gpl[] SEC("license") = "GPL";
)C";

void shell(const std::string& command) { WEIR_CHECK(std::system(command.c_str()) == 0); }

void attach_counter(int ifindex, int program) {
  bpf_tc_hook hook{};
  hook.sz = sizeof hook;
  hook.ifindex = ifindex;
  hook.attach_point = static_cast<bpf_tc_attach_point>(BPF_TC_INGRESS | BPF_TC_EGRESS);
  (void)bpf_tc_hook_create(&hook);
  hook.attach_point = BPF_TC_INGRESS;
  bpf_tc_opts options{};
  options.sz = sizeof options;
  options.handle = 1;
  // Behind weir, whose priority is 50.
  options.priority = 51;
  options.prog_fd = program;
  WEIR_CHECK(bpf_tc_attach(&hook, &options) == 0);
}

constexpr std::uint32_t kBatch = 2048;

}  // namespace

FloodRoom::FloodRoom() : name_("wlf" + std::to_string(::getpid())) {
  shell("ip netns add " + name_ + "-node && ip netns add " + name_ + "-pod && ip link add lxc0 netns " + name_ +
        "-node type veth peer name eth0 netns " + name_ + "-pod");
  // Not `ip -n`: it remounts file systems, which a chroot refuses.
  shell("nsenter --net=/run/netns/" + name_ + "-pod -- ip link set eth0 up && nsenter --net=/run/netns/" + name_ +
        "-node -- ip link set lxc0 up");
  inside(ns(), [&] { prepare(); });
}

void FloodRoom::prepare() {
  const auto elf = backends::compile_bpf(kProgram);
  if (!elf) {
    why_not_ = elf.error().message;
    return;
  }
  auto object = agent::Object::load(*elf, {});
  if (!object) {
    why_not_ = object.error().message;
    return;
  }
  object_ = std::move(*object);
  ifindex_ = static_cast<int>(::if_nametoindex("lxc0"));
  if (bpf_xdp_attach(ifindex_, object_.program("pass_on"), 0, nullptr) != 0) why_not_ = "no XDP on veth";
  attach_counter(ifindex_, object_.program("count_passed"));
}

FloodRoom::~FloodRoom() {
  (void)!std::system(("ip netns del " + name_ + "-node; ip netns del " + name_ + "-pod").c_str());
}

std::array<std::uint64_t, kMarks> FloodRoom::passed() const {
  std::array<std::uint64_t, kMarks> out{};
  std::vector<std::uint64_t> values(static_cast<std::size_t>(libbpf_num_possible_cpus()));
  for (std::uint32_t mark = 0; mark < kMarks; ++mark) {
    WEIR_CHECK(agent::read_element(object_.map("passed"), &mark, values.data()));
    for (const std::uint64_t value : values) out[mark] += value;
  }
  return out;
}

Flood::Flood(const FloodRoom& room, const std::vector<std::vector<std::string>>& frames) {
  for (std::size_t mark = 0; mark < frames.size(); ++mark)
    threads_.emplace_back([this, &room, mark, &frames] { inside(room.ns(), [&] { run(room, mark, frames[mark]); }); });
}

void Flood::run(const FloodRoom& room, std::size_t mark, const std::vector<std::string>& frames) {
  xdp_md context{};
  context.ingress_ifindex = static_cast<std::uint32_t>(room.ifindex_);
  for (std::size_t round = 0; !stop_; ++round) {
    const std::string& frame = frames[round % frames.size()];
    context.data_end = static_cast<std::uint32_t>(frame.size());
    bpf_test_run_opts options{};
    options.sz = sizeof options;
    options.data_in = frame.data();
    options.data_size_in = context.data_end;
    options.ctx_in = &context;
    options.ctx_size_in = sizeof context;
    options.repeat = kBatch;
    options.flags = BPF_F_TEST_XDP_LIVE_FRAMES;
    options.batch_size = 64;
    if (bpf_prog_test_run_opts(room.object_.program("pass_on"), &options) != 0) {
      ++failed_;
      return;
    }
    sent_[mark] += kBatch;
  }
}

std::array<std::uint64_t, kMarks> Flood::stop() {
  stop_ = true;
  for (std::thread& thread : threads_)
    if (thread.joinable()) thread.join();
  return {sent_[0], sent_[1], sent_[2]};
}

}  // namespace weir::kernel_test
