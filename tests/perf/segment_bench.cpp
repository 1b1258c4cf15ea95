// segment_bench [BYTES]: what a packed recording costs: bytes a flow, the rate of packing, and the rate of its replay beside that
// of the recording itself, each on one thread, in turns, the best of five. Exit code 1 over 20 bytes a flow, or below 10 times
// the rate of the lines, or when the two reports differ.

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
#include "simulator/replay/evidence.h"
#include "simulator/replay/recordings.h"
#include "simulator/replay/replay.h"
#include "simulator/segments/segment_writer.h"
#include "tests/perf/recording.h"

namespace {

using namespace weir;

constexpr double kMostBytes = 20, kLeastRatio = 10;
constexpr int kRuns = 5;

struct Measured {
  double seconds = 0;
  std::uint64_t digest = 0;  // of the report
};

/// In a process of its own, so that each begins with nothing interned.
Measured measure(const std::function<std::uint64_t()>& work) {
  int ends[2];
  if (::pipe(ends) != 0) std::abort();
  const pid_t child = ::fork();
  if (child == 0) {
    const auto start = std::chrono::steady_clock::now();
    Measured result;
    result.digest = work();
    result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    ::_exit(::write(ends[1], &result, sizeof result) == sizeof result ? 0 : 1);
  }
  ::close(ends[1]);
  Measured result;
  const bool got = ::read(ends[0], &result, sizeof result) == sizeof result;
  ::close(ends[0]);
  int status = 0;
  ::waitpid(child, &status, 0);
  if (!got) std::exit(5);
  return result;
}

std::uint64_t pack(const std::string& recording, const std::string& segment) {
  simulator::Interned interned;
  interned.filter_fields = true;  // as `weir flows pack`
  auto recordings = simulator::Recordings::open(std::vector<std::string>{recording}, interned);
  const auto in_connection = [&](const simulator::Record& record) {
    const simulator::LineUse use = classify(record, interned.parties).use;
    return use != simulator::LineUse::NotPolicy && use != simulator::LineUse::Loose;
  };
  auto writer = simulator::SegmentWriter::create(segment, interned, {.in_connection = in_connection});
  if (!recordings || !writer) std::exit(5);
  for (simulator::Record record; recordings->next(record);)
    if (!writer->add(record)) std::exit(5);
  writer->add_stats(recording, recordings->stats(0));
  const auto size = writer->finish();
  if (!size) std::exit(5);
  return *size;
}

compiler::Resolved read_manifests(const std::string& path, ir::Files& files) {
  ir::Diagnostics diagnostics;
  const auto sources = compiler::load({path}, {}, files, diagnostics);
  if (!sources) std::exit(5);
  const auto objects = compiler::read(*sources, files, diagnostics);
  return compiler::resolve(objects, ir::settings_for(ir::Dialect::Cilium120), files, diagnostics);
}

void mix(std::uint64_t& digest, std::uint64_t value) { digest = (digest ^ value) * 0x100000001b3; }

void mix(std::uint64_t& digest, const std::string& text) {
  for (const char c : text) mix(digest, static_cast<unsigned char>(c));
}

/// A number for all that a report says.
std::uint64_t replay(const std::string& recording, const compiler::Resolved& policies, ir::Files files) {
  ir::Diagnostics diagnostics;
  const auto report = simulator::replay({recording}, policies, nullptr, files, {}, diagnostics);
  if (!report || report->flows.read == 0) std::exit(5);
  std::uint64_t digest = 0xcbf29ce484222325;
  for (const std::uint64_t number : {report->flows.read, report->flows.evaluated, report->flows.reply, report->flows.duplicate, report->compared,
                                     report->newly_denied, report->newly_allowed, report->unexplained, report->unknown})
    mix(digest, number);
  for (const simulator::ReplayEdge& edge : report->edges) {
    for (const std::string& text : {edge.source, edge.destination, edge.recorded, edge.predicted, edge.example}) mix(digest, text);
    for (const std::uint64_t number : {edge.count, edge.flows, static_cast<std::uint64_t>(edge.first.value_or(0)), static_cast<std::uint64_t>(edge.last.value_or(0))})
      mix(digest, number);
  }
  return digest;
}

void keep_best(Measured& best, const Measured& again) {
  best = {best.seconds == 0 ? again.seconds : std::min(best.seconds, again.seconds), again.digest};
}

}  // namespace

int main(int count, char** arguments) {
  perf::Plan plan;
  if (count > 1) plan.bytes = std::strtoull(arguments[1], nullptr, 10);
  const std::filesystem::path folder = std::filesystem::temp_directory_path() / ("weir-perf-" + std::to_string(::getpid()));
  std::filesystem::create_directories(folder);
  const std::string recording = folder / "recording.jsonl", segment = folder / "recording.weirflows", manifests = folder / "manifests.yaml";
  perf::write_manifests(plan, manifests);
  const auto flows = static_cast<double>(perf::write_recording(plan, recording));
  ir::Files files;
  const compiler::Resolved policies = read_manifests(manifests, files);

  const Measured packed = measure([&] { return pack(recording, segment); });
  const auto size = static_cast<double>(std::filesystem::file_size(segment));
  Measured lines, blocks;
  for (int run = 0; run < kRuns; ++run) {
    keep_best(lines, measure([&] { return replay(recording, policies, files); }));
    keep_best(blocks, measure([&] { return replay(segment, policies, files); }));
  }
  std::filesystem::remove_all(folder);

  std::printf("recording: %.0f flows of %.0f bytes; packed: %.2f bytes a flow (at most %.0f)\n", flows, static_cast<double>(plan.bytes) / flows, size / flows,
              kMostBytes);
  std::printf("pack       %8.3f s  %10.0f flows/s\n", packed.seconds, flows / packed.seconds);
  std::printf("jsonpb     %8.3f s  %10.0f flows/s  %6.1f ns a flow\n", lines.seconds, flows / lines.seconds, lines.seconds * 1e9 / flows);
  std::printf("segment    %8.3f s  %10.0f flows/s  %6.1f ns a flow\n", blocks.seconds, flows / blocks.seconds, blocks.seconds * 1e9 / flows);
  const double ratio = lines.seconds / blocks.seconds;
  const bool same = lines.digest == blocks.digest;
  std::printf("ratio %.1f (at least %.0f), reports %s\n", ratio, kLeastRatio, same ? "equal" : "DIFFER");
  const bool good = size / flows <= kMostBytes && ratio >= kLeastRatio && same;
  std::printf("%s\n", good ? "ok" : "FAILED");
  return good ? 0 : 1;
}
