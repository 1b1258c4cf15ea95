#pragma once

#include <memory>
#include <string>
#include <vector>

#include "ir/base/result.h"
#include "simulator/flows/flow_reader.h"
#include "simulator/flows/slice.h"

namespace weir::simulator {

/// Several recordings as one, in order of time: a connection seen by two nodes is in two files.
class Recordings {
 public:
  [[nodiscard]] static ir::Result<Recordings> open(const std::vector<std::string>& paths, Interned&);
  [[nodiscard]] static ir::Result<Recordings> open(const std::vector<Slice>& slices, Interned&);
  Recordings(Recordings&&) noexcept;
  ~Recordings();

  /// The earliest record that is next in its file; false at the end of all.
  bool next(Record&);
  /// By the place in `paths`; complete once next() gave false.
  [[nodiscard]] const ReadStats& stats(std::size_t recording) const;
  /// Bytes read so far, as they lie on disk.
  [[nodiscard]] std::uint64_t consumed() const;

 private:
  struct State;
  explicit Recordings(std::unique_ptr<State>);
  std::unique_ptr<State> state_;
};

}  // namespace weir::simulator
