#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "ir/base/result.h"
#include "runtime-agent/load/datapath.h"

namespace weir::agent {

/// Reads the ring buffer of a datapath and hands out Hubble lines. The datapath must outlive it.
class Observer {
 public:
  using Sink = std::function<void(std::string_view lines)>;
  [[nodiscard]] static ir::Result<Observer> open(const Datapath&, Sink);
  Observer(Observer&&) noexcept;
  Observer& operator=(Observer&&) noexcept;
  ~Observer();

  /// Waits at most `timeout_ms` for events and hands out all there are; how many.
  [[nodiscard]] ir::Result<std::size_t> poll(int timeout_ms);
  [[nodiscard]] std::uint64_t events() const;
  [[nodiscard]] std::uint64_t lost() const;

 private:
  struct State;
  explicit Observer(std::unique_ptr<State>);
  std::unique_ptr<State> state_;
};

/// One metric of the datapath, summed over processors.
struct Metric {
  std::uint64_t packets = 0, bytes = 0;
};
[[nodiscard]] Metric read_metric(const Datapath&, std::uint32_t key);

}  // namespace weir::agent
