#include <catch2/catch.hpp>

#include <linux/capability.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <iostream>

#include "backends/ebpf/build/build.h"
#include "backends/ebpf/emit/emit.h"
#include "tests/kernel/harness/harness.h"

using namespace weir;
using namespace weir::kernel_test;

namespace {

/// From here on this process may do what the agent may (datapath.md 3 "Who runs where").
bool keep_only(std::uint64_t capabilities) {
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  __user_cap_data_struct data[2]{};
  for (int i = 0; i < 2; ++i) {
    const auto half = static_cast<std::uint32_t>(capabilities >> (32 * i));
    data[i] = {half, half, 0};
  }
  return syscall(SYS_capset, &header, data) == 0;
}

constexpr std::uint64_t bit(int capability) { return std::uint64_t{1} << capability; }

/// 0: loaded; 1: refused; 2: the capabilities could not be set. In a child, since they never come back.
int load_with(std::uint64_t capabilities, const std::string& object) {
  const pid_t child = fork();
  if (child == 0) {
    if (!keep_only(capabilities)) _exit(2);
    const auto program = LoadedProgram::load(object);
    if (!program && capabilities != bit(CAP_BPF)) std::cerr << program.error().message << "\n";
    _exit(program ? 0 : 1);
  }
  int status = 0;
  if (child < 0 || waitpid(child, &status, 0) != child || !WIFEXITED(status)) return 2;
  return WEXITSTATUS(status);
}

}  // namespace

// Without CAP_PERFMON the verifier refuses what it would let a tracer do: arithmetic on pointers with unknown offsets,
// different ranges on different paths, reading a stack that was not written.
TEST_CASE("the programs load with CAP_BPF and CAP_NET_ADMIN and nothing else", "[kernel]") {
  if (const std::string why = why_no_bpf(); !why.empty()) {
    std::cout << "SKIPPED: " << why << "\n";
    return;
  }
  for (const bool conntrack : {true, false})
    for (const std::uint32_t backends : {0, 64})
    for (const bool v4 : {true, false}) {
      const backends::Shape shape{.ipv4 = v4, .ipv6 = true, .conntrack = conntrack, .audit = true, .backends = backends, .rows = 4096};
      INFO(backends::shape_key(shape));
      const auto object = backends::compile_bpf(backends::emit_c(shape));
      REQUIRE(object);
      CHECK(load_with(bit(CAP_BPF) | bit(CAP_NET_ADMIN), *object) == 0);
    }
}

TEST_CASE("and do not load without CAP_NET_ADMIN", "[kernel]") {
  if (!why_no_bpf().empty()) return;
  const auto object = backends::compile_bpf(backends::emit_c({}));
  REQUIRE(object);
  CHECK(load_with(bit(CAP_BPF), *object) == 1);
}
