#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <string>
#include <thread>
#include <vector>

#include "runtime-agent/load/kernel.h"

namespace weir::kernel_test {

/// What a packet of the flood is, told by its destination port: `kMarker` + kind.
enum class Mark : std::uint8_t { Allowed = 0, Denied = 1, Changing = 2 };
inline constexpr std::uint16_t kMarker = 7000;
inline constexpr std::size_t kMarks = 3;

/// A pair of network namespaces joined by a veth: `lxc0` (where weir goes) carries a pass-through XDP program, so that frames
/// can be injected as if the pod had sent them, and, behind weir at tc ingress, a program that counts what came through.
class FloodRoom {
 public:
  FloodRoom();
  ~FloodRoom();
  FloodRoom(const FloodRoom&) = delete;
  FloodRoom& operator=(const FloodRoom&) = delete;
  [[nodiscard]] std::string why_not() const { return why_not_; }
  [[nodiscard]] std::string ns() const { return name_ + "-node"; }
  /// Packets of each mark that passed weir since the start.
  [[nodiscard]] std::array<std::uint64_t, kMarks> passed() const;

 private:
  friend class Flood;
  void prepare();

  std::string name_, why_not_;
  agent::Object object_;
  int ifindex_ = 0;
};

/// One thread for each frame, injecting it over and over with BPF_F_TEST_XDP_LIVE_FRAMES (datapath.md 1.3).
class Flood {
 public:
  Flood(const FloodRoom&, const std::vector<std::vector<std::string>>& frames);
  ~Flood() { (void)stop(); }
  /// How many of each mark were injected, once all of them are through.
  [[nodiscard]] std::array<std::uint64_t, kMarks> stop();
  [[nodiscard]] std::uint64_t sent() const { return sent_[0] + sent_[1] + sent_[2]; }
  /// Empty, or why injecting failed.
  [[nodiscard]] std::string error() const { return failed_ != 0 ? "BPF_PROG_TEST_RUN failed" : ""; }

 private:
  void run(const FloodRoom&, std::size_t mark, const std::vector<std::string>& frames);

  std::atomic<bool> stop_ = false;
  std::atomic<int> failed_ = 0;
  std::array<std::atomic<std::uint64_t>, kMarks> sent_{};
  std::vector<std::thread> threads_;
};

}  // namespace weir::kernel_test
