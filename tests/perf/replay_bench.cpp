// replay_bench [BYTES]: replay beside simdjson's bare parse_many over the same generated recording in the same run: with one
// thread, with two, and of the packed recording; and its memory for 256 MB and for BYTES (1 GB; with WEIR_CAMPAIGN=1 also 10 GB).
// Asserts ratios alone, and prints what a day of 50 million flows would take. Exit code 1 when one of them does not hold.
//
// Each measurement runs in a process of its own, so that the peak memory is its own. They are made in turns, and the best of each
// counts, because other work on the machine only ever slows it down; after kLeastRounds they end once all bounds hold.

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
#include <fstream>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "compiler/api/object_set.h"
#include "compiler/resolve/resolve.h"
#include "simulator/replay/replay.h"
#include "tests/perf/recording.h"

namespace {

constexpr double kLeastRatio = 0.3;    // one thread, of bare parse_many
// Two threads, of one. Where the machine has no two cores to give (others use them too), of what it gives to two processes
// that share nothing, in the same moment.
constexpr double kLeastTwo = 1.8, kLeastShare = kLeastTwo / 2;
constexpr double kLeastPacked = 10;    // packed, of the same flows as jsonpb
constexpr double kMostMegabytes = 256;
// From the small recording to a larger one: what is kept of the last two minutes and of distinct connections fills up once.
constexpr double kMostGrowth = 48;
constexpr int kLeastRounds = 3, kMostRounds = 12;
constexpr double kDayBytes = 75e9, kDayFlows = 50e6;

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

struct Policies {
  weir::ir::Files files;
  weir::compiler::Resolved resolved;
};

std::uint64_t replay(const std::string& recording, const Policies& policies, unsigned threads) {
  weir::ir::Files files = policies.files;
  weir::ir::Diagnostics diagnostics;
  weir::simulator::ReplayOptions options;
  options.threads = threads;
  const auto report = weir::simulator::replay({recording}, policies.resolved, nullptr, files, options, diagnostics);
  // A benchmark of a wrong answer is worth nothing: the recording was made by these policies.
  if (!report || report->newly_denied != 0 || report->newly_allowed != 0 || report->denied == 0 || report->unknown != 0 ||
      report->compared < report->flows.read / 20) {
    std::fprintf(stderr, "the replay is not what the recording says\n");
    std::exit(5);
  }
  return report->flows.read;
}

/// A generated recording, and what was measured of it.
struct Recording {
  std::string path, packed;
  double bytes = 0, packed_bytes = 0;
  std::uint64_t lines = 0;
  Measured bare, one, two, segment;
  Measured beside;       // two processes at once, each as `one`
  double share = 0;      // what two threads do, of what two processes do right after them: the best round

  [[nodiscard]] double ratio() const { return bare.seconds / one.seconds; }
  [[nodiscard]] double two_ratio() const { return one.seconds / two.seconds; }
  [[nodiscard]] double machine_ratio() const { return 2 * one.seconds / beside.seconds; }
  [[nodiscard]] double packed_ratio() const { return one.seconds / segment.seconds; }
  [[nodiscard]] double peak() const { return std::max({one.megabytes, two.megabytes, segment.megabytes}); }
};

bool two_cores() { return std::thread::hardware_concurrency() >= 2; }

Recording make(const std::filesystem::path& folder, const std::string& name, std::uint64_t bytes) {
  weir::perf::Plan plan;
  plan.bytes = bytes;
  Recording recording;
  recording.path = folder / (name + ".jsonl");
  recording.packed = folder / (name + ".wfs");
  recording.lines = weir::perf::write_recording(plan, recording.path);
  recording.bytes = static_cast<double>(std::filesystem::file_size(recording.path));
  const std::string weir = std::filesystem::read_symlink("/proc/self/exe").parent_path() / "weir";
  const std::string command = weir + " flows pack '" + recording.path + "' -o '" + recording.packed + "' >/dev/null";
  const auto start = std::chrono::steady_clock::now();
  if (std::system(command.c_str()) != 0) {
    std::fprintf(stderr, "cannot pack: %s\n", command.c_str());
    std::exit(5);
  }
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  recording.packed_bytes = static_cast<double>(std::filesystem::file_size(recording.packed));
  const auto lines = static_cast<double>(recording.lines);
  std::printf("recording %s: %.0f bytes, %.0f lines, %.0f bytes a line, seed %llu; packed in %.1f s to %.1f bytes a flow\n", name.c_str(),
              recording.bytes, lines, recording.bytes / lines, static_cast<unsigned long long>(plan.seed), seconds,
              recording.packed_bytes / lines);
  return recording;
}

/// The same replay by two processes at once: what the machine gives to two threads that share nothing.
std::uint64_t replay_beside(const std::string& recording, const Policies& policies) {
  const pid_t other = ::fork();
  const std::uint64_t read = replay(recording, policies, 1);
  if (other == 0) ::_exit(0);
  int status = 0;
  ::waitpid(other, &status, 0);
  return status == 0 ? read : 0;
}

void measure_replay(Recording& recording, const Policies& policies) {
  keep_best(recording.one, measure([&] { return replay(recording.path, policies, 1); }));
  keep_best(recording.segment, measure([&] { return replay(recording.packed, policies, 1); }));
  if (!two_cores()) return;
  const Measured two = measure([&] { return replay(recording.path, policies, 2); });
  const Measured beside = measure([&] { return replay_beside(recording.path, policies); });
  recording.share = std::max(recording.share, beside.seconds / 2 / two.seconds);
  keep_best(recording.two, two);
  keep_best(recording.beside, beside);
}

bool fast(const Recording& recording) {
  return recording.ratio() >= kLeastRatio && recording.packed_ratio() >= kLeastPacked &&
         (!two_cores() || recording.two_ratio() >= kLeastTwo || recording.share >= kLeastShare);
}

/// Every line was read by every way of reading.
bool complete(const Recording& recording) {
  const auto all = [&](const Measured& measured) { return measured.items == 0 || measured.items == recording.lines; };
  return recording.one.items == recording.lines && all(recording.bare) && all(recording.two) && all(recording.beside) && all(recording.segment);
}

void print(const char* what, const Measured& measured, double bytes) {
  if (measured.items == 0) return;
  std::printf("%-23s %7.3f s  %6.3f GB/s  %10.0f flows/s  %6.1f MB peak\n", what, measured.seconds, bytes / measured.seconds / 1e9,
              static_cast<double>(measured.items) / measured.seconds, measured.megabytes);
}

void print(const Recording& recording) {
  print("parse_many", recording.bare, recording.bytes);
  print("replay, one thread", recording.one, recording.bytes);
  print("replay, two threads", recording.two, recording.bytes);
  print("replay, two processes", recording.beside, 2 * recording.bytes);
  print("replay, packed", recording.segment, recording.packed_bytes);
}

/// A day of 50 million flows, from the measured rates.
void print_day(const Recording& recording) {
  const auto seconds = [](double amount, double of, const Measured& measured) { return amount / of * measured.seconds; };
  std::printf("a day of 50 million flows, 75 GB, would take %.0f s with one thread", seconds(kDayBytes, recording.bytes, recording.one));
  if (two_cores()) std::printf(", %.0f s with two", seconds(kDayBytes, recording.bytes, recording.two));
  const auto lines = static_cast<double>(recording.lines);
  std::printf(", and packed, %.1f GB, %.1f s\n", kDayFlows * recording.packed_bytes / lines / 1e9, seconds(kDayFlows, lines, recording.segment));
}

bool bound(const char* what, double value, const char* relation, double limit, bool holds) {
  std::printf("%s %.2f (%s %.2f): %s\n", what, value, relation, limit, holds ? "ok" : "FAILED");
  return holds;
}

bool judge(const Recording& small, const Recording& large) {
  bool good = complete(small) && complete(large);
  if (!good) std::printf("lines are missing: FAILED\n");
  const auto at_least = [&](const char* what, double value, double limit) { good &= bound(what, value, "at least", limit, value >= limit); };
  const auto at_most = [&](const char* what, double value, double limit) { good &= bound(what, value, "at most", limit, value <= limit); };
  at_least("one thread, of parse_many", large.ratio(), kLeastRatio);
  if (!two_cores()) std::printf("SKIPPED: two threads on one core\n");
  else {
    std::printf("two threads, of one %.2f; two processes, of one %.2f\n", large.two_ratio(), large.machine_ratio());
    if (large.two_ratio() >= kLeastTwo) at_least("two threads, of one", large.two_ratio(), kLeastTwo);
    else at_least("two threads, of two processes", large.share, kLeastShare);
  }
  at_least("packed, of jsonpb", large.packed_ratio(), kLeastPacked);
  at_most("peak, MB", large.peak(), kMostMegabytes);
  at_most("growth of the peak, MB", large.peak() - small.peak(), kMostGrowth);
  return good;
}

/// Ten times as much, once: its memory, and the rates it has.
bool judge_campaign(const std::filesystem::path& folder, const Policies& policies, const Recording& small) {
  Recording huge = make(folder, "huge", 10'000'000'000);
  measure_replay(huge, policies);
  print(huge);
  print_day(huge);
  bool good = complete(huge);
  good &= bound("peak, MB", huge.peak(), "at most", kMostMegabytes, huge.peak() <= kMostMegabytes);
  const double growth = huge.peak() - small.peak();
  good &= bound("growth of the peak, MB", growth, "at most", kMostGrowth, growth <= kMostGrowth);
  return good;
}

bool run(const std::filesystem::path& folder, std::uint64_t bytes) {
  weir::perf::write_manifests({}, folder / "manifests.yaml");
  Policies policies;
  policies.resolved = read_manifests(folder / "manifests.yaml", policies.files);
  Recording small = make(folder, "small", 256'000'000), large = make(folder, "large", bytes);
  measure_replay(small, policies);
  for (int round = 0; round < kLeastRounds || (round < kMostRounds && !fast(large)); ++round) {
    keep_best(large.bare, measure([&] { return bare_parse(large.path); }));
    measure_replay(large, policies);
  }
  print(small);
  print(large);
  print_day(large);
  bool good = judge(small, large);
  std::filesystem::remove(large.path);
  if (std::getenv("WEIR_CAMPAIGN") != nullptr) good &= judge_campaign(folder, policies, small);
  return good;
}

}  // namespace

int main(int count, char** arguments) {
  const std::uint64_t bytes = count > 1 ? std::strtoull(arguments[1], nullptr, 10) : 1'000'000'000;
  const std::filesystem::path folder = std::filesystem::temp_directory_path() / ("weir-perf-" + std::to_string(::getpid()));
  std::filesystem::create_directories(folder);
  const bool good = run(folder, bytes);
  std::filesystem::remove_all(folder);
  std::printf("%s\n", good ? "ok" : "FAILED");
  return good ? 0 : 1;
}
