#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "backends/ebpf/abi/weir_abi.h"
#include "backends/ebpf/emit/map_contents.h"
#include "ir/base/result.h"
#include "ir/flow/rule_ref.h"

struct bpf_object;
struct ring_buffer;

namespace weir::kernel_test {

/// Empty, or why this process cannot load BPF programs: print it after "SKIPPED: " and pass.
[[nodiscard]] std::string why_no_bpf();

struct RunResult {
  int retval = 0;                   // WEIR_PASS or WEIR_DROP
  std::optional<weir_event> event;  // the last event of this packet
  std::uint32_t events = 0;
  [[nodiscard]] bool passed() const { return retval == WEIR_PASS; }
};

/// What weir_check says about one copy of the tables.
struct CheckResult {
  int retval = 0;
  bool asked = false;
  std::uint32_t rule = WEIR_NO_RULE, identity = 0;
  std::uint8_t verdict = 0, reason = 0, match = 0;
};

/// The compiled programs in the kernel, attached to nothing: packets go through BPF_PROG_TEST_RUN, whose interface is
/// the loopback device, so `run` puts the wanted endpoint at ifindex 1. The programs are the ones that are shipped.
class LoadedProgram {
 public:
  /// `conntrack`: entries of the LRU maps, when not the full size.
  [[nodiscard]] static ir::Result<LoadedProgram> load(const std::string& elf, std::uint32_t conntrack = 8192);
  LoadedProgram(LoadedProgram&&) noexcept;
  LoadedProgram& operator=(LoadedProgram&&) noexcept;
  ~LoadedProgram();

  /// Writes one copy; images smaller than the loaded tables are padded. ipcache is shared by the copies: it becomes that of
  /// `contents`, so the other copy keeps its meaning only when it has the same identities. Aborts when they do not fit.
  void fill(const backends::MapContents& contents, std::uint32_t copy);
  [[nodiscard]] std::uint32_t epoch() const;
  void flip(std::uint32_t add = 1);  // epoch += add; copy = epoch & 1

  /// One frame from (Egress) or to (Ingress) the endpoint with this index in MapContents::endpoints.
  [[nodiscard]] RunResult run(ir::Direction, std::uint32_t endpoint, const std::string& frame);
  /// The same, with whatever endpoint is at ifindex 1.
  [[nodiscard]] RunResult run_as_is(ir::Direction, const std::string& frame);
  [[nodiscard]] bool put_endpoint(std::uint32_t ifindex, const weir_endpoint&);
  /// weir_check on one copy: no conntrack, no event.
  [[nodiscard]] CheckResult check(ir::Direction, std::uint32_t endpoint, const std::string& frame, std::uint32_t copy);
  /// Nanoseconds a packet, averaged by the kernel over `repeat` runs.
  [[nodiscard]] std::uint32_t time(ir::Direction, std::uint32_t endpoint, const std::string& frame, std::uint32_t repeat);

  void clear_conntrack();
  [[nodiscard]] std::uint32_t conntrack_entries() const;
  void age_conntrack(std::uint64_t ns);  // as if every connection had been idle for this long
  [[nodiscard]] weir_metric metric(std::uint32_t key) const;  // summed over the CPUs
  [[nodiscard]] int program(const char* name) const;          // descriptor
  [[nodiscard]] int map(const char* name) const;
  void place_endpoint(std::uint32_t endpoint);                // puts it at ifindex 1, as `run` does

 private:
  struct Memory {
    unsigned char* data = nullptr;
    std::size_t stride = 0, bytes = 0;
  };
  struct Closer {
    void operator()(bpf_object*) const;
    void operator()(ring_buffer*) const;
  };
  LoadedProgram();
  void write_listeners(const std::vector<backends::ListenerEntry>&, std::uint32_t copy);
  void write_ipcache(const std::vector<backends::IpcacheEntry>&);

  std::unique_ptr<bpf_object, Closer> object_;
  std::unique_ptr<ring_buffer, Closer> ring_;
  std::unique_ptr<RunResult> sink_;  // where the ring buffer callback writes
  std::map<std::string, Memory> memory_;
  std::map<ir::IpPrefix, std::uint32_t> ipcache_;
  std::vector<backends::EndpointEntry> endpoints_[WEIR_COPIES];
};

/// Verified instructions ("processed N insns") of each program of the object, by name.
[[nodiscard]] ir::Result<std::map<std::string, std::uint32_t>> processed_insns(const std::string& elf);

}  // namespace weir::kernel_test
