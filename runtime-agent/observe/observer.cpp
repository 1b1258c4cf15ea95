#include "runtime-agent/observe/observer.h"

#include <bpf/libbpf.h>

#include <cerrno>
#include <ctime>
#include <vector>

#include "runtime-agent/observe/hubble.h"

namespace weir::agent {
namespace {

std::uint64_t now_ns(clockid_t clock) {
  std::timespec time{};
  ::clock_gettime(clock, &time);
  return static_cast<std::uint64_t>(time.tv_sec) * 1000000000u + static_cast<std::uint64_t>(time.tv_nsec);
}

}  // namespace

struct Observer::State {
  const Datapath* datapath = nullptr;
  Sink sink;
  ring_buffer* ring = nullptr;
  std::string lines;
  std::uint64_t events = 0, lost = 0;
  std::uint64_t boot_ns = 0;       // realtime minus monotonic, at this poll
  std::unique_ptr<Names> names;    // of the bundle of the last event
  std::string node;

  ~State() { ring_buffer__free(ring); }

  void take(const weir_event& event) {
    auto bundle = datapath->of_epoch(event.epoch);
    if (!bundle) bundle = datapath->current();
    if (!bundle) return;
    if (!names || &names->bundle() != bundle.get()) names = std::make_unique<Names>(bundle);
    append_event(lines, event, *names, bundle->node, event.time_ns + boot_ns);
    node = bundle->node;
    ++events;
    if (lines.size() > (1 << 16)) flush();
  }

  void flush() {
    if (!lines.empty()) sink(lines);
    lines.clear();
  }

  static int receive(void* context, void* data, std::size_t size) {
    if (size >= sizeof(weir_event)) static_cast<State*>(context)->take(*static_cast<const weir_event*>(data));
    return 0;
  }
};

Observer::Observer(std::unique_ptr<State> state) : state_(std::move(state)) {}
Observer::Observer(Observer&&) noexcept = default;
Observer& Observer::operator=(Observer&&) noexcept = default;
Observer::~Observer() = default;

ir::Result<Observer> Observer::open(const Datapath& datapath, Sink sink) {
  auto state = std::make_unique<State>();
  state->datapath = &datapath;
  state->sink = std::move(sink);
  state->ring = ring_buffer__new(datapath.map(WEIR_MAP_EVENTS), &State::receive, state.get(), nullptr);
  if (state->ring == nullptr) return tl::unexpected(kernel_error("cannot read the ring buffer", errno));
  return Observer(std::move(state));
}

ir::Result<std::size_t> Observer::poll(int timeout_ms) {
  State& s = *state_;
  s.boot_ns = now_ns(CLOCK_REALTIME) - now_ns(CLOCK_MONOTONIC);
  const int got = ring_buffer__poll(s.ring, timeout_ms);
  if (got < 0 && got != -EINTR) return tl::unexpected(kernel_error("cannot read the ring buffer", got));
  const std::uint64_t lost = read_metric(*s.datapath, WEIR_METRIC_EVENTS_LOST).packets;
  if (lost > s.lost) append_lost(s.lines, lost - s.lost, s.node, now_ns(CLOCK_REALTIME));
  s.lost = lost;
  s.flush();
  return static_cast<std::size_t>(got < 0 ? 0 : got);
}

std::uint64_t Observer::events() const { return state_->events; }
std::uint64_t Observer::lost() const { return state_->lost; }

Metric read_metric(const Datapath& datapath, std::uint32_t key) {
  const int processors = libbpf_num_possible_cpus();
  std::vector<weir_metric> values(processors > 0 ? static_cast<std::size_t>(processors) : 1);
  Metric sum;
  if (!read_element(datapath.map(WEIR_MAP_METRICS), &key, values.data())) return sum;
  for (const weir_metric& value : values) {
    sum.packets += value.packets;
    sum.bytes += value.bytes;
  }
  return sum;
}

}  // namespace weir::agent
