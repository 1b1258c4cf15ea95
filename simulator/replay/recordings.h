#pragma once

#include <memory>
#include <string>
#include <vector>

#include "ir/base/result.h"
#include "simulator/flows/flow_reader.h"
#include "simulator/flows/slice.h"

namespace weir::simulator {

/// Several recordings as one, in order of time: a connection seen by two nodes is in two files, and an exporter's file is
/// rotated. A file is held open only while its turn lasts, however many there are.
class Recordings {
 public:
  [[nodiscard]] static ir::Result<Recordings> open(std::vector<Slice>, Interned&);
  [[nodiscard]] static ir::Result<Recordings> open(const std::vector<std::string>& paths, Interned&);
  Recordings(Recordings&&) noexcept;
  ~Recordings();

  /// The earliest record that is next in its file; false at the end of all. `Record::detail` lives until the next call.
  bool next(Record&);
  /// By the place in what was opened; complete once next() gave false.
  [[nodiscard]] const ReadStats& stats(std::size_t recording) const;
  /// Bytes read so far, as they lie on disk; about.
  [[nodiscard]] std::uint64_t consumed() const;
  /// Where the last record came from.
  [[nodiscard]] std::size_t last_recording() const;

 private:
  struct State;
  explicit Recordings(std::unique_ptr<State>);
  std::unique_ptr<State> state_;
};

}  // namespace weir::simulator
