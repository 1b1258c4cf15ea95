#include "cli/progress.h"

#include <fmt/core.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace weir::cli {
namespace {

constexpr std::size_t kBar = 24;
constexpr std::chrono::milliseconds kAtFirst{300}, kBetween{100};

struct Unit {
  double size;
  std::string_view name;
};

Unit byte_unit(double bytes) {
  if (bytes >= 1e9) return {1e9, "GB"};
  return bytes >= 1e6 ? Unit{1e6, "MB"} : Unit{1e3, "kB"};
}

std::string rate_text(double per_second) {
  if (per_second >= 1e6) return fmt::format("{:.1f} M flows/s", per_second / 1e6);
  return per_second >= 1e3 ? fmt::format("{:.0f} k flows/s", per_second / 1e3) : fmt::format("{:.0f} flows/s", per_second);
}

std::string left_text(double seconds) {
  const auto whole = static_cast<std::uint64_t>(seconds + 0.5);
  if (whole < 120) return fmt::format("{} s left", whole);
  return whole < 7200 ? fmt::format("{} min left", whole / 60) : fmt::format("{} h left", whole / 3600);
}

std::string bar_text(double share) {
  const auto full = static_cast<std::size_t>(share * kBar);
  return "[" + std::string(full, '#') + std::string(kBar - full, '-') + "]";
}

std::size_t terminal_width() {
  winsize size{};
  return ::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

}  // namespace

bool wants_progress(const CommonOptions& common) {
  const char* term = std::getenv("TERM");
  const bool dumb = term == nullptr || std::string_view(term) == "dumb";
  return !common.quiet && !common.no_progress && !dumb && ::isatty(STDERR_FILENO) == 1;
}

std::string progress_text(const simulator::Progress& progress, double seconds, std::size_t width) {
  const auto done = static_cast<double>(progress.bytes_done), total = static_cast<double>(progress.bytes_total);
  const std::string rate = seconds > 0 ? ", " + rate_text(static_cast<double>(progress.flows) / seconds) : "";
  const Unit unit = byte_unit(std::max(done, total));
  std::string text;
  if (progress.bytes_total == 0) {
    text = fmt::format("{:.1f} {}{}", done / unit.size, unit.name, rate);
  } else {
    const double share = std::min(1.0, done / total);
    text = fmt::format("{} {:3.0f} %  {:.1f} of {:.1f} {}{}", bar_text(share), share * 100, done / unit.size, total / unit.size, unit.name, rate);
    if (share > 0 && seconds > 0) text += ", " + left_text(seconds * (1 - share) / share);
  }
  return text.substr(0, width);
}

ProgressBar::ProgressBar(bool shown) : shown_(shown), start_(Clock::now()) {}
ProgressBar::~ProgressBar() { clear(); }

void ProgressBar::update(const simulator::Progress& progress) {
  const Clock::time_point now = Clock::now();
  if (!shown_ || now - start_ < kAtFirst || (drawn_ && now - last_ < kBetween)) return;
  last_ = now;
  drawn_ = true;
  // Cleared to its end, in place: a shorter text leaves nothing of a longer one.
  std::fprintf(stderr, "\r%s\x1b[K", progress_text(progress, std::chrono::duration<double>(now - start_).count(), terminal_width() - 1).c_str());
  std::fflush(stderr);
}

void ProgressBar::clear() {
  if (!drawn_) return;
  std::fputs("\r\x1b[K", stderr);
  std::fflush(stderr);
  drawn_ = false;
}

}  // namespace weir::cli
