#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include "simulator/replay/connection.h"

namespace weir::simulator {

/// Lines -> connections (flows.md 1.5 "Connection"). Holds those that a line within the idle window may still join, so
/// memory is bounded by them (architecture.md rule 10); disorder up to the window changes nothing.
class ConnectionTable {
 public:
  using Close = std::function<void(const ConnectionKey&, const Connection&)>;

  ConnectionTable(const Parties&, Close close);
  ~ConnectionTable();

  void add(const Record&, const Evidence&);
  /// Closes what is still open.
  void finish();
  /// Lines that came later than the window absorbs: their connections may be counted twice.
  [[nodiscard]] std::uint64_t late() const;
  [[nodiscard]] std::size_t open() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace weir::simulator
