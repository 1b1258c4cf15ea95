// replay_bench [BYTES]: the rate of replay beside simdjson's bare parse_many over the same generated recording in the
// same run, and the memory of replay. Exit code 1 when replay is below 0.2 of parse_many or over 200 MB.
//
// Each measurement runs in a process of its own, so that the peak memory is its own; the best of five counts, because
// other work on the machine only ever slows it down.

#include <fcntl.h>
#include <simdjson.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <string>

#include "compiler/api/object_set.h"
#include "compiler/resolve/resolve.h"
#include "simulator/replay/replay.h"
#include "tests/perf/recording.h"

namespace {

constexpr double kLeastRatio = 0.2;
constexpr double kMostMegabytes = 200;
constexpr int kRuns = 5;

struct Measured {
  double seconds = 0;
  std::uint64_t items = 0;  // documents or flows
  double megabytes = 0;     // peak resident
};

/// Runs `work` in a child; it gives the number of items.
Measured measure(const std::function<std::uint64_t()>& work) {
  int pipe_ends[2];
  if (::pipe(pipe_ends) != 0) std::abort();
  const pid_t child = ::fork();
  if (child == 0) {
    const auto start = std::chrono::steady_clock::now();
    Measured result;
    result.items = work();
    result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    const bool sent = ::write(pipe_ends[1], &result, sizeof result) == sizeof result;
    ::_exit(sent ? 0 : 1);
  }
  ::close(pipe_ends[1]);
  Measured result;
  const bool got = ::read(pipe_ends[0], &result, sizeof result) == sizeof result;
  ::close(pipe_ends[0]);
  int status = 0;
  rusage usage{};
  ::wait4(child, &status, 0, &usage);
  if (!got) std::exit(5);
  result.megabytes = static_cast<double>(usage.ru_maxrss) * 1024 / 1e6;
  return result;
}

void keep_best(Measured& best, const Measured& again) {
  best.items = again.items;
  best.seconds = best.seconds == 0 ? again.seconds : std::min(best.seconds, again.seconds);
  best.megabytes = std::max(best.megabytes, again.megabytes);
}

std::uint64_t bare_parse(const std::string& path) {
  const int file = ::open(path.c_str(), O_RDONLY);
  struct stat about {};
  if (file < 0 || ::fstat(file, &about) != 0) std::exit(5);
  const auto size = static_cast<std::size_t>(about.st_size);
  // A page more than the file, so that simdjson may read its padding.
  void* space = ::mmap(nullptr, size + 8192, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  void* bytes = ::mmap(space, size, PROT_READ, MAP_PRIVATE | MAP_FIXED | MAP_POPULATE, file, 0);
  if (bytes == MAP_FAILED) std::exit(5);
  simdjson::dom::parser parser;
  simdjson::dom::document_stream stream;
  if (parser.parse_many(static_cast<const char*>(bytes), size, simdjson::dom::DEFAULT_BATCH_SIZE).get(stream) != simdjson::SUCCESS) std::exit(5);
  std::uint64_t documents = 0;
  for (auto document : stream) documents += document.error() == simdjson::SUCCESS;
  return documents;
}

weir::compiler::Resolved read_manifests(const std::string& path, weir::ir::Files& files) {
  weir::ir::Diagnostics diagnostics;
  const auto sources = weir::compiler::load({path}, {}, files, diagnostics);
  if (!sources) std::exit(5);
  const auto objects = weir::compiler::read(*sources, files, diagnostics);
  return weir::compiler::resolve(objects, weir::ir::settings_for(weir::ir::Dialect::Cilium120), files, diagnostics);
}

std::uint64_t replay(const std::string& recording, const weir::compiler::Resolved& policies, weir::ir::Files files) {
  weir::ir::Diagnostics diagnostics;
  const auto report = weir::simulator::replay({recording}, policies, nullptr, files, {}, diagnostics);
  // A benchmark of a wrong answer is worth nothing: the recording was made by these policies.
  if (!report || report->newly_denied != 0 || report->newly_allowed != 0 || report->denied == 0 || report->unknown != 0 ||
      report->compared < report->flows.read / 20) {
    std::fprintf(stderr, "the replay is not what the recording says\n");
    std::exit(5);
  }
  return report->flows.read;
}

void print(const char* what, const Measured& measured, double bytes) {
  std::printf("%-12s %7.3f s  %6.3f GB/s  %9.0f lines/s  %6.1f MB peak\n", what, measured.seconds, bytes / measured.seconds / 1e9,
              static_cast<double>(measured.items) / measured.seconds, measured.megabytes);
}

}  // namespace

int main(int count, char** arguments) {
  weir::perf::Plan plan;
  if (count > 1) plan.bytes = std::strtoull(arguments[1], nullptr, 10);
  const std::filesystem::path folder = std::filesystem::temp_directory_path() / ("weir-perf-" + std::to_string(::getpid()));
  std::filesystem::create_directories(folder);
  const std::string recording = folder / "recording.jsonl", manifests = folder / "manifests.yaml";
  weir::perf::write_manifests(plan, manifests);
  const std::uint64_t lines = weir::perf::write_recording(plan, recording);
  const auto bytes = static_cast<double>(std::filesystem::file_size(recording));
  std::printf("recording: %.0f bytes, %llu lines, seed %llu\n", bytes, static_cast<unsigned long long>(lines),
              static_cast<unsigned long long>(plan.seed));

  weir::ir::Files files;
  const weir::compiler::Resolved policies = read_manifests(manifests, files);
  Measured bare, replayed;
  // In turns, so that a busy spell of the machine hits both.
  for (int run = 0; run < kRuns; ++run) {
    keep_best(bare, measure([&] { return bare_parse(recording); }));
    keep_best(replayed, measure([&] { return replay(recording, policies, files); }));
  }
  std::filesystem::remove_all(folder);

  print("parse_many", bare, bytes);
  print("replay", replayed, bytes);
  const double ratio = bare.seconds / replayed.seconds;
  std::printf("ratio %.3f (at least %.1f), peak %.1f MB (at most %.0f)\n", ratio, kLeastRatio, replayed.megabytes, kMostMegabytes);
  const bool good = bare.items == lines && replayed.items == lines && ratio >= kLeastRatio && replayed.megabytes <= kMostMegabytes;
  std::printf("%s\n", good ? "ok" : "FAILED");
  return good ? 0 : 1;
}
