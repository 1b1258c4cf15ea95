#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "ir/base/result.h"

namespace weir::simulator {

/// A line of a plain file that is a whole flow with a time, right behind a line that is a whole record: the file can be cut
/// in front of it.
struct Mark {
  std::uint64_t begin = 0;  // bytes of the file
  std::int64_t time = 0;
  std::int64_t before = 0;  // the time of the record in front of it, or its own
};

/// Looks into a recording at a few places.
class Probe {
 public:
  /// Of a regular file.
  [[nodiscard]] static ir::Result<Probe> open(const std::string& path);
  Probe(Probe&&) noexcept;
  ~Probe();

  [[nodiscard]] std::uint64_t size() const;
  /// Whether the first bytes are those of an archive.
  [[nodiscard]] bool packed() const;
  /// The first mark at or after `offset`; nullopt where none is near.
  [[nodiscard]] std::optional<Mark> mark_at(std::uint64_t offset);
  /// Calls `take` for the marks at or after `offset` until it gives true or the file ends.
  void each_mark(std::uint64_t offset, const std::function<bool(const Mark&)>& take);
  /// The latest time in the last lines; nullopt when they have none.
  [[nodiscard]] std::optional<std::int64_t> last_time();

 private:
  struct State;
  explicit Probe(std::unique_ptr<State>);
  std::unique_ptr<State> state_;
};

/// The first record of a recording of any shape; nullopt when its first record has no time.
struct Opening {
  std::int64_t time = 0;
  std::string node;
};
[[nodiscard]] ir::Result<std::optional<Opening>> opening_of(const std::string& path);

}  // namespace weir::simulator
