#include "tests/kernel/harness/harness.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "ir/base/check.h"

namespace weir::kernel_test {
namespace {

constexpr std::uint32_t kLoopback = 1;
const char* const kTables[] = {WEIR_MAP_IDENTITIES, WEIR_MAP_SUBJECTS, WEIR_MAP_PORT_PAGE, WEIR_MAP_PORT_PAGES,
                               WEIR_MAP_PORT_REMAP, WEIR_MAP_ROWS,     WEIR_MAP_CELLS,     WEIR_MAP_CONTROL,
                               WEIR_MAP_ENDPOINTS,  WEIR_MAP_BACKENDS};

int silent(enum libbpf_print_level, const char*, va_list) { return 0; }

std::size_t rounded(std::size_t value, std::size_t unit) { return (value + unit - 1) / unit * unit; }

int on_event(void* context, void* data, std::size_t size) {
  auto& result = *static_cast<RunResult*>(context);
  WEIR_CHECK(size >= sizeof(weir_event));
  weir_event event;
  std::memcpy(&event, data, sizeof(event));
  result.event = event;
  ++result.events;
  return 0;
}

const char* program_of(ir::Direction direction) {
  return direction == ir::Direction::Egress ? WEIR_PROG_FROM_POD : WEIR_PROG_TO_POD;
}

template <class Act>
void with_key(const ir::IpPrefix& prefix, const Act& act) {
  if (prefix.address.family == ir::IpFamily::V4) {
    weir_ipcache4_key key{prefix.length, {}};
    std::memcpy(key.address, prefix.address.bytes.data(), sizeof(key.address));
    act(WEIR_MAP_IPCACHE4, &key);
  } else {
    weir_ipcache6_key key{prefix.length, {}};
    std::memcpy(key.address, prefix.address.bytes.data(), sizeof(key.address));
    act(WEIR_MAP_IPCACHE6, &key);
  }
}

template <class Key>
std::uint32_t clear(int fd, bool remove) {
  std::uint32_t entries = 0;
  Key key, next;
  while (bpf_map_get_next_key(fd, remove || entries == 0 ? nullptr : &key, &next) == 0) {
    if (remove && bpf_map_delete_elem(fd, &next) != 0) break;
    key = next;
    ++entries;
  }
  return entries;
}

/// The verifier's words go into the error.
ir::Result<void> load_with_log(bpf_object* object) {
  std::map<std::string, std::vector<char>> logs;
  bpf_program* program = nullptr;
  bpf_object__for_each_program(program, object) {
    std::vector<char>& log = logs[bpf_program__name(program)];
    log.resize(1 << 20);
    bpf_program__set_log_buf(program, log.data(), log.size());
  }
  const int error = bpf_object__load(object);
  if (error == 0) return {};
  std::string message = "cannot load the object: " + std::string(std::strerror(-error));
  for (const auto& [name, log] : logs) {
    const std::string text = log.data();
    if (!text.empty()) message += "\n" + name + ": ..." + text.substr(text.size() < 3000 ? 0 : text.size() - 3000);
  }
  return ir::failure(message);
}

template <class Key>
void age(int fd, std::uint64_t ns) {
  Key key, next;
  bool first = true;
  while (bpf_map_get_next_key(fd, first ? nullptr : &key, &next) == 0) {
    weir_ct entry;
    WEIR_CHECK(bpf_map_lookup_elem(fd, &next, &entry) == 0);
    entry.seen_ns -= ns;
    WEIR_CHECK(bpf_map_update_elem(fd, &next, &entry, BPF_EXIST) == 0);
    key = next;
    first = false;
  }
}

}  // namespace

std::string why_no_bpf() {
  const int fd = bpf_map_create(BPF_MAP_TYPE_LPM_TRIE, "weir_probe", 8, 4, 1, nullptr);
  if (fd < 0) {
    LIBBPF_OPTS(bpf_map_create_opts, options, .map_flags = BPF_F_NO_PREALLOC);
    const int again = bpf_map_create(BPF_MAP_TYPE_LPM_TRIE, "weir_probe", 8, 4, 1, &options);
    if (again < 0) return std::string("bpf() is not permitted here: ") + std::strerror(-again);
    close(again);
    return {};
  }
  close(fd);
  return {};
}

LoadedProgram::LoadedProgram() : sink_(std::make_unique<RunResult>()) {}
LoadedProgram::LoadedProgram(LoadedProgram&&) noexcept = default;
LoadedProgram& LoadedProgram::operator=(LoadedProgram&&) noexcept = default;
LoadedProgram::~LoadedProgram() {
  for (auto& [name, memory] : memory_) munmap(memory.data, memory.bytes);
}
void LoadedProgram::Closer::operator()(bpf_object* object) const { bpf_object__close(object); }
void LoadedProgram::Closer::operator()(ring_buffer* ring) const { ring_buffer__free(ring); }

ir::Result<LoadedProgram> LoadedProgram::load(const std::string& elf, std::uint32_t conntrack) {
  libbpf_set_print(silent);
  LoadedProgram out;
  bpf_object* object = bpf_object__open_mem(elf.data(), elf.size(), nullptr);
  if (object == nullptr) return ir::failure("cannot open the object: " + std::string(std::strerror(errno)));
  out.object_.reset(object);
  for (const char* name : {WEIR_MAP_CONNTRACK4, WEIR_MAP_CONNTRACK6})
    if (bpf_map* map = bpf_object__find_map_by_name(object, name)) bpf_map__set_max_entries(map, conntrack);
  if (auto loaded = load_with_log(object); !loaded) return tl::unexpected(loaded.error());
  for (const char* name : kTables) {
    const bpf_map* map = bpf_object__find_map_by_name(object, name);
    // only a shape with listeners has it
    if (map == nullptr && std::string_view(name) == WEIR_MAP_BACKENDS) continue;
    WEIR_CHECK(map != nullptr);
    Memory memory;
    memory.stride = rounded(bpf_map__value_size(map), 8);
    memory.bytes = rounded(memory.stride * bpf_map__max_entries(map), static_cast<std::size_t>(getpagesize()));
    void* data = mmap(nullptr, memory.bytes, PROT_READ | PROT_WRITE, MAP_SHARED, bpf_map__fd(map), 0);
    if (data == MAP_FAILED) return ir::failure("cannot map `" + std::string(name) + "`: " + std::strerror(errno));
    memory.data = static_cast<unsigned char*>(data);
    out.memory_[name] = memory;
  }
  if (const bpf_map* events = bpf_object__find_map_by_name(object, WEIR_MAP_EVENTS))
    out.ring_.reset(ring_buffer__new(bpf_map__fd(events), on_event, out.sink_.get(), nullptr));
  return out;
}

int LoadedProgram::program(const char* name) const {
  const bpf_program* found = bpf_object__find_program_by_name(object_.get(), name);
  return found == nullptr ? -1 : bpf_program__fd(found);
}

int LoadedProgram::map(const char* name) const {
  const bpf_map* found = bpf_object__find_map_by_name(object_.get(), name);
  return found == nullptr ? -1 : bpf_map__fd(found);
}

void LoadedProgram::fill(const backends::MapContents& contents, std::uint32_t copy) {
  for (const backends::TableImage& table : contents.tables) {
    const Memory& memory = memory_.at(table.map);
    const std::size_t used = std::size_t{table.used} * table.element_size;
    WEIR_CHECK(used <= memory.stride && used <= table.bytes.size());
    unsigned char* at = memory.data + memory.stride * copy;
    std::memcpy(at, table.bytes.data(), used);
    std::memset(at + used, 0, memory.stride - used);
  }
  endpoints_[copy] = contents.endpoints;
  write_listeners(contents.listeners, copy);
  write_ipcache(contents.ipcache);
}

void LoadedProgram::write_listeners(const std::vector<backends::ListenerEntry>& listeners, std::uint32_t copy) {
  if (map(WEIR_MAP_LISTENERS) < 0) return;
  std::vector<weir_listener_key> old;
  weir_listener_key key{};
  for (int more = bpf_map_get_next_key(map(WEIR_MAP_LISTENERS), nullptr, &key); more == 0;
       more = bpf_map_get_next_key(map(WEIR_MAP_LISTENERS), &key, &key))
    if (key.copy == copy) old.push_back(key);
  for (const weir_listener_key& gone : old) WEIR_CHECK(bpf_map_delete_elem(map(WEIR_MAP_LISTENERS), &gone) == 0);
  for (const backends::ListenerEntry& l : listeners) {
    weir_listener_key at{};
    std::memcpy(at.address, l.address.bytes.data(), sizeof at.address);
    at.port = static_cast<std::uint16_t>(l.port >> 8 | l.port << 8);
    at.protocol = l.protocol;
    at.family = l.address.family == ir::IpFamily::V4 ? 4 : 6;
    at.copy = copy;
    const weir_listener value{l.first, l.count, l.kind};
    WEIR_CHECK(bpf_map_update_elem(map(WEIR_MAP_LISTENERS), &at, &value, BPF_ANY) == 0);
  }
}

void LoadedProgram::write_ipcache(const std::vector<backends::IpcacheEntry>& entries) {
  std::map<ir::IpPrefix, std::uint32_t> wanted;
  for (const backends::IpcacheEntry& entry : entries) wanted[entry.prefix] = entry.identity;
  for (const auto& [prefix, identity] : ipcache_)
    if (!wanted.contains(prefix))
      with_key(prefix, [&](const char* name, const void* key) { WEIR_CHECK(bpf_map_delete_elem(map(name), key) == 0); });
  for (const auto& [prefix, identity] : wanted) {
    const auto found = ipcache_.find(prefix);
    if (found != ipcache_.end() && found->second == identity) continue;
    with_key(prefix, [&, value = identity](const char* name, const void* key) {
      WEIR_CHECK(bpf_map_update_elem(map(name), key, &value, BPF_ANY) == 0);
    });
  }
  ipcache_ = std::move(wanted);
}

std::uint32_t LoadedProgram::epoch() const {
  return __atomic_load_n(&reinterpret_cast<weir_control*>(memory_.at(WEIR_MAP_CONTROL).data)->epoch, __ATOMIC_SEQ_CST);
}

void LoadedProgram::flip(std::uint32_t add) {
  auto* control = reinterpret_cast<weir_control*>(memory_.at(WEIR_MAP_CONTROL).data);
  __atomic_store_n(&control->epoch, control->epoch + add, __ATOMIC_SEQ_CST);
}

void LoadedProgram::place_endpoint(std::uint32_t endpoint) {
  weir_endpoint value{{0, 0}, WEIR_ENDPOINT_READY, endpoint + 1, 0};
  for (std::uint32_t copy = 0; copy < WEIR_COPIES; ++copy) {
    if (endpoint >= endpoints_[copy].size()) continue;
    value.subject_class[copy] = endpoints_[copy][endpoint].subject_class;
    value.identity = endpoints_[copy][endpoint].identity_number;
  }
  WEIR_CHECK(put_endpoint(kLoopback, value));
}

bool LoadedProgram::put_endpoint(std::uint32_t ifindex, const weir_endpoint& value) {
  if (ifindex >= WEIR_MAX_IFINDEX) return false;
  const Memory& memory = memory_.at(WEIR_MAP_ENDPOINTS);
  std::memcpy(memory.data + memory.stride * ifindex, &value, sizeof(value));
  return true;
}

RunResult LoadedProgram::run(ir::Direction direction, std::uint32_t endpoint, const std::string& frame) {
  place_endpoint(endpoint);
  return run_as_is(direction, frame);
}

RunResult LoadedProgram::run_as_is(ir::Direction direction, const std::string& frame) {
  LIBBPF_OPTS(bpf_test_run_opts, options, .data_in = frame.data(), .data_size_in = static_cast<__u32>(frame.size()),
              .repeat = 1);
  WEIR_CHECK(bpf_prog_test_run_opts(program(program_of(direction)), &options) == 0);
  *sink_ = RunResult{};
  if (ring_) ring_buffer__consume(ring_.get());
  RunResult out = *sink_;
  out.retval = static_cast<int>(options.retval);
  return out;
}

CheckResult LoadedProgram::check(ir::Direction direction, std::uint32_t endpoint, const std::string& frame,
                                 std::uint32_t copy) {
  place_endpoint(endpoint);
  __sk_buff in{}, out{};
  in.cb[0] = kLoopback;
  in.cb[1] = direction == ir::Direction::Egress ? WEIR_EGRESS : WEIR_INGRESS;
  in.cb[2] = copy;
  LIBBPF_OPTS(bpf_test_run_opts, options, .data_in = frame.data(), .data_size_in = static_cast<__u32>(frame.size()),
              .ctx_in = &in, .ctx_out = &out, .ctx_size_in = sizeof(in), .ctx_size_out = sizeof(out), .repeat = 1);
  WEIR_CHECK(bpf_prog_test_run_opts(program(WEIR_PROG_CHECK), &options) == 0);
  CheckResult result{static_cast<int>(options.retval), out.cb[0] == 1, WEIR_NO_RULE, 0, 0, 0, 0};
  if (!result.asked) return result;
  result.rule = out.cb[1];
  result.identity = out.cb[3];
  result.verdict = static_cast<std::uint8_t>(out.cb[2]);
  result.reason = static_cast<std::uint8_t>(out.cb[2] >> 8);
  result.match = static_cast<std::uint8_t>(out.cb[2] >> 16);
  return result;
}

std::uint32_t LoadedProgram::time(ir::Direction direction, std::uint32_t endpoint, const std::string& frame,
                                  std::uint32_t repeat) {
  place_endpoint(endpoint);
  LIBBPF_OPTS(bpf_test_run_opts, options, .data_in = frame.data(), .data_size_in = static_cast<__u32>(frame.size()),
              .repeat = static_cast<int>(repeat));
  WEIR_CHECK(bpf_prog_test_run_opts(program(program_of(direction)), &options) == 0);
  if (ring_) ring_buffer__consume(ring_.get());
  return options.duration;
}

void LoadedProgram::clear_conntrack() {
  if (const int fd = map(WEIR_MAP_CONNTRACK4); fd >= 0) clear<weir_ct4_key>(fd, true);
  if (const int fd = map(WEIR_MAP_CONNTRACK6); fd >= 0) clear<weir_ct6_key>(fd, true);
}

std::uint32_t LoadedProgram::conntrack_entries() const {
  std::uint32_t entries = 0;
  if (const int fd = map(WEIR_MAP_CONNTRACK4); fd >= 0) entries += clear<weir_ct4_key>(fd, false);
  if (const int fd = map(WEIR_MAP_CONNTRACK6); fd >= 0) entries += clear<weir_ct6_key>(fd, false);
  return entries;
}

void LoadedProgram::age_conntrack(std::uint64_t ns) {
  if (const int fd = map(WEIR_MAP_CONNTRACK4); fd >= 0) age<weir_ct4_key>(fd, ns);
  if (const int fd = map(WEIR_MAP_CONNTRACK6); fd >= 0) age<weir_ct6_key>(fd, ns);
}

weir_metric LoadedProgram::metric(std::uint32_t key) const {
  std::vector<weir_metric> each(static_cast<std::size_t>(libbpf_num_possible_cpus()));
  WEIR_CHECK(bpf_map_lookup_elem(map(WEIR_MAP_METRICS), &key, each.data()) == 0);
  weir_metric sum{};
  for (const weir_metric& one : each) {
    sum.packets += one.packets;
    sum.bytes += one.bytes;
  }
  return sum;
}

ir::Result<std::map<std::string, std::uint32_t>> processed_insns(const std::string& elf) {
  libbpf_set_print(silent);
  std::unique_ptr<bpf_object, decltype(&bpf_object__close)> object(bpf_object__open_mem(elf.data(), elf.size(), nullptr),
                                                                   bpf_object__close);
  if (!object) return ir::failure("cannot open the object");
  std::map<std::string, std::vector<char>> logs;
  bpf_program* program = nullptr;
  bpf_object__for_each_program(program, object.get()) {
    std::vector<char>& log = logs[bpf_program__name(program)];
    log.resize(1 << 16);
    bpf_program__set_log_buf(program, log.data(), log.size());
    // 4: only the statistics (BPF_LOG_STATS)
    bpf_program__set_log_level(program, 4);
  }
  if (const int error = bpf_object__load(object.get()); error != 0)
    if (auto loaded = LoadedProgram::load(elf); !loaded) return tl::unexpected(loaded.error());
  std::map<std::string, std::uint32_t> out;
  for (const auto& [name, log] : logs) {
    const char* at = std::strstr(log.data(), "processed ");
    if (at == nullptr) return ir::failure("the kernel printed no statistics for `" + name + "`");
    out[name] = static_cast<std::uint32_t>(std::strtoul(at + 10, nullptr, 10));
  }
  return out;
}

}  // namespace weir::kernel_test
