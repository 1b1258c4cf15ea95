// The workers of a run: each reads a span of time of all recordings. Tested by tests/unit/simulator/replay/gathered_test.cpp.

#include <algorithm>
#include <filesystem>
#include <mutex>
#include <thread>

#include "simulator/flows/inputs.h"
#include "simulator/replay/gather.h"
#include "simulator/replay/gather_segment.h"
#include "simulator/replay/plan.h"
#include "simulator/replay/recordings.h"
#include "simulator/replay/replay.h"

namespace weir::simulator {
namespace {

constexpr std::uint64_t kReportEvery = 1 << 14;  // flows

/// Adds up what the workers have done.
class Meter {
 public:
  Meter(const std::function<void(const Progress&)>& report, std::uint64_t total) : report_(report) { sum_.bytes_total = total; }

  void add(std::uint64_t bytes, std::uint64_t flows) {
    if (!report_) return;
    const std::lock_guard lock(mutex_);
    sum_.bytes_done += bytes;
    sum_.flows += flows;
    report_(sum_);
  }

 private:
  const std::function<void(const Progress&)>& report_;
  std::mutex mutex_;
  Progress sum_;
};

void keep_stats(Gathered& sum, const std::string& path, const ReadStats& stats) {
  RecordingStats& out = sum.recordings[path];
  out.read += stats.read;
  out.malformed += stats.malformed;
  out.too_long += stats.too_long;
  out.malformed_lines.insert(stats.malformed_lines.begin(), stats.malformed_lines.end());
  if (!stats.damage.empty()) out.damage.insert(stats.damage);
  if (!stats.remark.empty()) out.remarks.insert(stats.remark);
  for (const auto& [node, lost] : stats.lost) sum.lost_of_node[path][node] += lost;
  if (!stats.gone.empty()) sum.gone_nodes[path].insert(stats.gone.begin(), stats.gone.end());
}

/// Bytes on disk; 0 when one of them is not known.
std::uint64_t size_of(const std::vector<Shard>& shards) {
  std::uint64_t total = 0;
  for (const Shard& shard : shards)
    for (const Slice& slice : shard.slices) {
      std::error_code error;
      const std::uint64_t size = std::filesystem::file_size(slice.path, error);
      if (error) return 0;
      total += std::min(slice.end, size) - std::min(slice.begin, size);
    }
  return total;
}

/// A part of a segment that is all there is.
ir::Result<Gathered> gather_packed(const Shard& shard, const GatherOptions& options, Meter& meter) {
  Gathered sum;
  Gather gather(sum, shard.safe, options);
  const auto stats = gather_segment(shard.slices[0], sum, gather, options, [&](std::uint64_t bytes, std::uint64_t flows) { meter.add(bytes, flows); });
  if (!stats) return tl::unexpected(stats.error());
  gather.finish();
  keep_stats(sum, shard.slices[0].path, *stats);
  return sum;
}

ir::Result<Gathered> gather_shard(const Shard& shard, const GatherOptions& options, bool alone, Meter& meter) {
  if (alone && reads_by_connection(shard, options)) return gather_packed(shard, options, meter);
  Gathered sum;
  sum.interned.filter_fields = options.filter != nullptr;
  ir::Result<Recordings> recordings = Recordings::open(shard.slices, sum.interned);
  if (!recordings) return tl::unexpected(recordings.error());
  Gather gather(sum, shard.safe, options);
  std::uint64_t flows = 0, bytes = 0;
  for (Record record; recordings->next(record);) {
    gather.add(record);
    if (++flows % kReportEvery != 0) continue;
    const std::uint64_t now = recordings->consumed();
    meter.add(now - bytes, kReportEvery);
    bytes = now;
  }
  meter.add(recordings->consumed() - bytes, flows % kReportEvery);
  gather.finish();
  for (std::size_t i = 0; i < shard.slices.size(); ++i) keep_stats(sum, shard.slices[i].path, recordings->stats(i));
  return sum;
}

std::size_t workers_of(const ReplayOptions& options) {
  return options.threads != 0 ? options.threads : std::max(1u, std::thread::hardware_concurrency());
}

/// Which parts this run reads. A shard has one worker: all runs must cut at the same places, whatever machine they are on.
ir::Result<std::vector<Shard>> shards_of(const std::vector<std::string>& paths, const ReplayOptions& options) {
  const ir::Result<std::vector<std::string>> files = expand_recordings(paths);
  if (!files) return tl::unexpected(files.error());
  if (!options.shard) return plan_shards(*files, workers_of(options));
  ir::Result<std::vector<Shard>> all = plan_shards(*files, options.shard->second);
  if (!all) return all;
  return std::vector<Shard>{std::move((*all)[options.shard->first])};
}

}  // namespace

ir::Result<Gathered> gather(const std::vector<std::string>& paths, const AddressClasses* addresses, bool whole,
                            const ReplayOptions& options) {
  const ir::Result<FieldCoverage> fields = sample_fields(paths);
  if (!fields) return tl::unexpected(fields.error());
  if (const std::optional<ir::Error> refusal = refusal_of(*fields)) return tl::unexpected(*refusal);
  ir::Result<std::vector<Shard>> shards = shards_of(paths, options);
  if (!shards) return tl::unexpected(shards.error());
  if (!whole)
    for (Shard& shard : *shards) shard.safe = SafeTime::never();
  const GatherOptions gathering{addresses, options.filter};
  const ir::Result<std::vector<std::string>> files = expand_recordings(paths);
  const bool alone = whole && files && files->size() == 1;
  Meter meter(options.progress, size_of(*shards));
  std::vector<std::optional<ir::Result<Gathered>>> parts(shards->size());
  std::vector<std::thread> threads;
  for (std::size_t i = 1; i < parts.size(); ++i)
    threads.emplace_back([&, i] { parts[i].emplace(gather_shard((*shards)[i], gathering, alone, meter)); });
  parts[0].emplace(gather_shard((*shards)[0], gathering, alone, meter));
  for (std::thread& thread : threads) thread.join();
  for (const auto& part : parts)
    if (!*part) return tl::unexpected((*part).error());
  Gathered sum = std::move(**parts[0]);
  for (std::size_t i = 1; i < parts.size(); ++i) {
    merge(sum, **parts[i]);
    parts[i].reset();
  }
  return sum;
}

}  // namespace weir::simulator
