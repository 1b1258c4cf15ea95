#pragma once

#include <chrono>
#include <cstddef>
#include <string>

#include "cli/options.h"
#include "simulator/replay/replay.h"

namespace weir::cli {

/// Standard error is a terminal that can go back to the start of a line, and nobody asked for silence.
[[nodiscard]] bool wants_progress(const CommonOptions&);

/// "[#####-----]  45 %  1.2 of 2.6 GB, 310 k flows/s, 12 s left": at most `width` columns.
[[nodiscard]] std::string progress_text(const simulator::Progress&, double seconds, std::size_t width);

/// One line on standard error that is gone when the work is done.
class ProgressBar {
 public:
  explicit ProgressBar(bool shown);
  ~ProgressBar();
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;

  /// Draws at most ten times a second, and nothing in the first moment: a short run does not flicker.
  void update(const simulator::Progress&);
  void clear();

 private:
  using Clock = std::chrono::steady_clock;
  bool shown_, drawn_ = false;
  Clock::time_point start_, last_{};
};

}  // namespace weir::cli
