#include <catch2/catch.hpp>

#include <iostream>

#include "backends/ebpf/build/build.h"
#include "backends/ebpf/emit/emit.h"
#include "tests/kernel/harness/harness.h"

using namespace weir;
using namespace weir::kernel_test;

// datapath.md 4: processed insns of every shape <= 20 000
TEST_CASE("every shape loads, far below the verifier's limits", "[kernel]") {
  if (const std::string why = why_no_bpf(); !why.empty()) {
    std::cout << "SKIPPED: " << why << "\n";
    return;
  }
  constexpr std::uint32_t kMost = 20000;
  std::vector<backends::Shape> shapes;
  for (const bool conntrack : {false, true})
    for (const bool events : {false, true}) {
      shapes.push_back({.ipv4 = true, .ipv6 = false, .conntrack = conntrack, .events = events});
      shapes.push_back({.ipv4 = false, .ipv6 = true, .conntrack = conntrack, .events = events});
      shapes.push_back({.ipv4 = true, .ipv6 = true, .conntrack = conntrack, .events = events, .audit = true});
    }
  shapes.push_back({.ipv4 = true, .ipv6 = true, .audit = true, .backends = 1024});
  shapes.push_back({.backends = 16});
  // the most that Linux 6.1 takes: a value of 4 MiB less a page would already be rounded down to 2^21
  shapes.push_back({.ipv4 = true, .ipv6 = true, .identities = 1 << 17, .subjects = 1 << 16, .port_pages = 1 << 18,
                    .port_remap = 1 << 20, .rows = 1 << 19, .cells = 1 << 18});
  for (const backends::Shape& shape : shapes) {
    const std::string key = backends::shape_key(shape);
    INFO(key);
    const auto object = backends::compile_bpf(backends::emit_c(shape));
    if (!object) FAIL(object.error().message);
    const auto insns = processed_insns(*object);
    if (!insns) FAIL(insns.error().message);
    CHECK(insns->size() == 3);
    std::cout << key << ":";
    for (const auto& [name, count] : *insns) {
      std::cout << " " << name << " " << count;
      CHECK(count > 0);
      CHECK(count <= kMost);
    }
    std::cout << " insns processed\n";
  }
}
