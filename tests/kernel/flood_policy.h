#pragma once

#include <array>
#include <cstdint>
#include <functional>

#include "backends/ebpf/bundle/bundle.h"
#include "tests/kernel/flood.h"

namespace weir::kernel_test {

/// A policy for the pod of a FloodRoom ("test/pod-0"): Mark::Allowed passes, Mark::Denied does not, Mark::Changing passes
/// in the `second` one. The two number their classes and identities in opposite orders, so a packet that sees half of
/// each gets a wrong answer. `more_peers`: strangers that only make the tables, and so the shape, larger.
[[nodiscard]] backends::Bundle flood_policy(bool second, std::uint64_t generation, unsigned more_peers = 0);

struct Figures {
  std::array<std::uint64_t, kMarks> sent{}, passed{};
  double seconds = 0;
  [[nodiscard]] double rate() const { return static_cast<double>(sent[0] + sent[1] + sent[2]) / seconds; }
};

/// Floods the room with all three marks, from several connections each, while `work` runs.
[[nodiscard]] Figures under_flood(const FloodRoom&, const std::function<void()>& work);

void print_figures(const char* what, std::size_t count, const Figures&);

}  // namespace weir::kernel_test
