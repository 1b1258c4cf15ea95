#include <catch2/catch.hpp>

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>

#include "simulator/flows/times.h"
#include "simulator/replay/field_coverage.h"
#include "simulator/replay/plan.h"
#include "simulator/replay/recordings.h"
#include "simulator/segments/segment_reader.h"
#include "simulator/segments/segment_writer.h"
#include "tests/unit/simulator/archives.h"
#include "tests/unit/simulator/flow_text.h"

using namespace weir::simulator;
using weir::test::FlowText;
using weir::test::gzip;
using weir::test::TemporaryFile;
using weir::test::TemporaryFolder;

namespace {

constexpr std::int64_t kSecond = 1'000'000'000;
const std::int64_t kZero = *parse_time("2026-01-01T00:00:00Z");

/// A line that is told from others by its source port.
std::string line_of(int number, std::int64_t seconds, const std::string& node = "n1", const std::string& pad = "") {
  FlowText text;
  text.time = time_text(kZero + seconds * kSecond);
  text.l4 = R"("TCP":{"source_port":)" + std::to_string(number) + R"(,"destination_port":8080})";
  text.node = node;
  if (!pad.empty()) text.event += ",\"Summary\":\"" + pad + "\"";
  return text.line();
}

/// All that reading gives of a plan.
struct Sum {
  std::multiset<std::pair<int, std::string>> flows;  // source port, node
  std::uint64_t malformed = 0, too_long = 0, damaged = 0;
  std::set<std::uint64_t> malformed_lines, too_long_lines;
  std::map<std::string, std::uint64_t> lost;
  friend bool operator==(const Sum&, const Sum&) = default;
};

struct Span {
  std::int64_t first = std::numeric_limits<std::int64_t>::max(), last = std::numeric_limits<std::int64_t>::min();
};

Span read_into(Sum& sum, const std::vector<Slice>& slices) {
  Interned interned;
  auto recordings = Recordings::open(slices, interned);
  REQUIRE(recordings);
  Span span;
  for (Record record; recordings->next(record);) {
    sum.flows.insert({record.source_port, interned.nodes.at(record.node)});
    if (record.has_time) span = {std::min(span.first, record.time), std::max(span.last, record.time)};
  }
  for (std::size_t i = 0; i < slices.size(); ++i) {
    const ReadStats& stats = recordings->stats(i);
    sum.malformed += stats.malformed;
    sum.too_long += stats.too_long;
    sum.damaged += !stats.damage.empty();
    sum.malformed_lines.insert(stats.malformed_lines.begin(), stats.malformed_lines.end());
    sum.too_long_lines.insert(stats.too_long_lines.begin(), stats.too_long_lines.end());
    for (const auto& [node, count] : stats.lost) sum.lost[interned.nodes.at({node})] += count;
  }
  return span;
}

/// What a part says of the others must hold.
void check_safe(const std::vector<Shard>& shards, const std::vector<Span>& spans) {
  CHECK(shards.front().safe.after == SafeTime{}.after);
  CHECK(shards.back().safe.before == SafeTime{}.before);
  for (std::size_t i = 0; i < shards.size(); ++i) {
    if (shards[i].slices.empty()) continue;
    INFO("part " << i << " of " << shards.size());
    for (std::size_t j = 0; j < i; ++j) CHECK(spans[j].last <= shards[i].safe.after);
    for (std::size_t j = i + 1; j < shards.size(); ++j) CHECK(spans[j].first >= shards[i].safe.before);
  }
}

std::vector<Shard> plan(const std::vector<std::string>& paths, std::size_t count) {
  auto shards = plan_shards(paths, count);
  REQUIRE(shards);
  REQUIRE(shards->size() == count);
  return *shards;
}

/// The parts of 1 to 9 give what the whole gives.
void check_parts(const std::vector<std::string>& paths) {
  Sum whole;
  std::vector<Slice> all;
  for (const std::string& path : paths) all.push_back({.path = path});
  read_into(whole, all);
  for (std::size_t count = 1; count <= 9; ++count) {
    INFO(count << " parts");
    const std::vector<Shard> shards = plan(paths, count);
    CHECK(shards == plan(paths, count));
    Sum sum;
    std::vector<Span> spans;
    for (const Shard& shard : shards) spans.push_back(read_into(sum, shard.slices));
    CHECK(sum.flows == whole.flows);
    CHECK(sum == whole);
    check_safe(shards, spans);
  }
}

std::size_t parts_used(const std::vector<Shard>& shards) {
  return static_cast<std::size_t>(std::count_if(shards.begin(), shards.end(), [](const Shard& shard) { return !shard.slices.empty(); }));
}

std::string many(int count, std::int64_t every = 1, const std::string& node = "n1", int first = 1) {
  std::string text;
  for (int i = 0; i < count; ++i) text += line_of(first + i, i * every, node);
  return text;
}

}  // namespace

TEST_CASE("every line is in exactly one part", "[plan]") {
  struct Case { std::string why, bytes; };
  const std::string long_line = "{\"flow\":\"" + std::string(1 << 20, 'x') + "\"}\n";
  const std::string lost = R"({"lost_events":{"num_events_lost":"3"},"node_name":"n1","time":"2026-01-01T00:00:05Z"})" "\n";
  std::string windows, pretty, array = "[", commas = "[\n", runtime, wide;
  for (int i = 1; i <= 40; ++i) {
    std::string line = line_of(i, i);
    line.pop_back();
    windows += line + "\r\n";
    pretty += "{\n\"flow\":" + line.substr(8, line.find("},\"node_name\":\"n1\",\"time\"") - 8 + 1) + "\n}\n";
    array += (i == 1 ? "" : ",\n") + line;
    commas += (i == 1 ? "" : ",\n") + line + "\n";
    const std::string stamp = "2026-01-01T00:00:00.0Z stdout ";
    runtime += i % 3 == 0 ? stamp + "P " + line.substr(0, 90) + "\n" + stamp + "F " + line.substr(90) + "\n" : stamp + "F " + line + "\n";
    wide += line_of(i, i, "n1", std::string(i % 5 == 0 ? 300'000 : 10, 'y'));
  }
  const auto c = GENERATE_COPY(values<Case>({
      {"many lines", many(1000)},
      {"no final line end", many(50).substr(0, many(50).size() - 1)},
      {"one line", many(1)},
      {"one line without an end", many(1).substr(0, many(1).size() - 1)},
      {"fewer lines than parts", many(5)},
      {"nothing", ""},
      {"line ends only", "\n\n\n\n\n\n\n\n\n"},
      {"empty lines between", "\n\n" + many(20) + "\n\n\n" + many(20, 1, "n1", 100) + "\n"},
      {"Windows line ends", windows},
      {"a byte order mark", "\xef\xbb\xbf" + many(30)},
      {"long lines", wide},
      {"lines over the limit", many(20) + long_line + many(20, 1, "n1", 100) + long_line},
      {"a line over the limit first", long_line + many(20)},
      {"bad lines", "bad\n" + many(20) + "bad\nworse\n" + many(20, 1, "n1", 100) + "worst\n"},
      {"all one time", many(200, 0)},
      {"lost events", lost + many(20) + lost + many(20, 1, "n1", 100) + lost},
      {"only lost events and bad lines", lost + lost + "bad\n" + lost + lost + lost + "bad\n"},
      {"no flow", "bad\nbad\nbad\nbad\nbad\n"},
      {"pretty-printed", pretty},
      {"an array", array + "]\n"},
      {"an array with commas on their own lines", commas + "]\n"},
      {"behind a container runtime's prefix", runtime},
      {"in the wrong order", many(300, 10, "n1", 301) + many(300, 10)},
      {"gzip", gzip(many(100))}}));
  INFO(c.why);
  const TemporaryFile file(c.bytes);
  check_parts({file.path()});
}

TEST_CASE("a little disorder is in one part or the other", "[plan]") {
  std::string text;
  for (int i = 0; i < 2000; ++i) text += line_of(i + 1, i + (i * 7919) % 59);
  const TemporaryFile file(text);
  check_parts({file.path()});
  CHECK(parts_used(plan({file.path()}, 7)) == 7);
}

TEST_CASE("nodes with different rates are cut at the same times", "[plan]") {
  const TemporaryFile busy(many(3000, 1, "a")), idle(many(100, 30, "b")), late(many(50, 60, "c", 5000));
  check_parts({busy.path(), idle.path(), late.path()});
  const std::vector<Shard> shards = plan({busy.path(), idle.path()}, 4);
  CHECK(parts_used(shards) == 4);
  const std::uint64_t total = std::filesystem::file_size(busy.path()) + std::filesystem::file_size(idle.path());
  for (const Shard& shard : shards) {
    CHECK(shard.slices.size() == 2);
    // 3000 seconds in four parts: most of a part is far from the others.
    CHECK(shard.safe.after < shard.safe.before);
    if (&shard != &shards.front() && &shard != &shards.back()) CHECK(shard.safe.before - shard.safe.after > 500 * kSecond);
    std::uint64_t bytes = 0;
    for (const Slice& slice : shard.slices) bytes += std::min<std::uint64_t>(slice.end, std::filesystem::file_size(slice.path)) - slice.begin;
    CHECK(bytes > total / 4 * 8 / 10);
    CHECK(bytes < total / 4 * 12 / 10);
  }
}

TEST_CASE("an archive goes whole into one part", "[plan]") {
  const TemporaryFile plain(many(1000, 1, "a")), packed(gzip(many(1000, 1, "b")), ".gz"), other(gzip(many(1000, 1, "c")), ".gz");
  check_parts({plain.path(), packed.path(), other.path()});
  const std::vector<Shard> shards = plan({packed.path(), other.path()}, 2);
  CHECK(parts_used(shards) == 2);
  // Nobody knows when the first one ends.
  CHECK(shards[1].safe.after == SafeTime::never().after);
}

TEST_CASE("rotated files follow each other", "[plan]") {
  const TemporaryFolder folder;
  folder.add("events-2026-01-01T00-16-40.000.log.gz", gzip(many(1000)));
  std::string second, third;
  for (int i = 0; i < 1000; ++i) second += line_of(i + 2000, i + 1000), third += line_of(i + 4000, i + 2000);
  folder.add("events-2026-01-01T00-33-20.000.log.gz", gzip(second));
  folder.add("events.log", third);
  folder.add(".hidden", "not a flow\n");
  std::vector<std::string> paths;
  for (const char* name : {"events-2026-01-01T00-16-40.000.log.gz", "events-2026-01-01T00-33-20.000.log.gz", "events.log"})
    paths.push_back(folder.path() + "/" + name);
  check_parts(paths);
  const std::vector<Shard> shards = plan({folder.path()}, 3);
  Sum sum;
  std::vector<Span> spans;
  for (const Shard& shard : shards) spans.push_back(read_into(sum, shard.slices));
  CHECK(sum.flows.size() == 3000);
  check_safe(shards, spans);
  // The second archive ends where the plain file begins.
  CHECK(shards[2].safe.after < SafeTime::never().after);
  CHECK(shards[2].safe.after >= kZero + 1999 * kSecond);
}

TEST_CASE("rotated files of two nodes in one folder are two streams", "[plan]") {
  const TemporaryFolder folder;
  std::string late;
  for (int i = 0; i < 1000; ++i) late += line_of(i + 2000, i + 500, "b");
  folder.add("events-2026-01-01T00-16-40.000.log.gz", gzip(many(1000, 1, "a")));
  folder.add("events-2026-01-01T00-20-00.000.log.gz", gzip(late));
  const std::vector<Shard> shards = plan({folder.path()}, 2);
  CHECK(parts_used(shards) == 2);
  CHECK(shards[1].safe.after == SafeTime::never().after);
}

TEST_CASE("many rotated files are read in order of time, not of name", "[plan]") {
  const TemporaryFolder folder;
  for (int file = 0; file < 40; ++file) {
    std::string text;
    for (int i = 0; i < 20; ++i) text += line_of(file * 20 + i + 1, file * 20 + i);
    folder.add("f" + std::to_string((file * 7) % 40 + 100) + ".log", file % 2 == 0 ? text : gzip(text));
  }
  const std::vector<Shard> shards = plan({folder.path()}, 1);
  REQUIRE(shards[0].slices.size() == 40);
  Interned interned;
  auto recordings = Recordings::open(shards[0].slices, interned);
  REQUIRE(recordings);
  int expected = 0;
  for (Record record; recordings->next(record);) {
    REQUIRE(record.source_port == ++expected);
    CHECK(recordings->last_recording() < 40);
  }
  CHECK(expected == 800);
}

TEST_CASE("a recording that is not there has no plan", "[plan]") {
  const TemporaryFolder empty;
  const TemporaryFile good(many(3));
  for (const std::string& path : {std::string("/nonexistent/recording"), empty.path()}) {
    INFO(path);
    const auto shards = plan_shards({good.path(), path}, 3);
    REQUIRE_FALSE(shards);
    CHECK(shards.error().exit_code == 2);
    CHECK(shards.error().message.find(path) != std::string::npos);
  }
}

TEST_CASE("when recordings end", "[plan]") {
  const TemporaryFile plain(many(100)), packed(gzip(many(200)), ".gz"), nothing("");
  const auto end = [](const std::vector<std::string>& paths) {
    const auto found = recording_end(paths);
    REQUIRE(found);
    return *found;
  };
  CHECK(end({plain.path()}) == kZero + 99 * kSecond);
  CHECK(end({plain.path(), packed.path(), nothing.path()}) == kZero + 199 * kSecond);
  CHECK_FALSE(end({nothing.path()}));
  CHECK_FALSE(end({plain.path(), "-"}));
  const auto filter = filter_of({{"since", "10s"}}, {plain.path()});
  REQUIRE(filter);
  Record record;
  record.has_time = true;
  record.time = kZero + 89 * kSecond;
  CHECK(filter->matches(record, Interned()));
  record.time -= 1;
  CHECK_FALSE(filter->matches(record, Interned()));
  CHECK_FALSE(filter_of({{"since", "10s"}}, {"-"}));
  CHECK(filter_of({{"since", "2026-01-01"}}, {"-"}));
  CHECK_FALSE(recording_end({"/nonexistent/folder/", plain.path(), TemporaryFolder().path()}));
}

TEST_CASE("a segment is cut between its blocks", "[plan]") {
  const TemporaryFile text(many(4000, 1, "a"));
  const TemporaryFolder folder;
  const std::string path = folder.path() + "/day.weirflows";
  Interned interned;
  auto reader = FlowReader::open(text.path(), interned);
  REQUIRE(reader);
  auto writer = SegmentWriter::create(path, interned, {.in_connection = [](const Record&) { return true; }, .block_flows = 300});
  REQUIRE(writer);
  for (Record record; reader->next(record);) REQUIRE(writer->add(record));
  writer->add_stats(text.path(), reader->stats());
  REQUIRE(writer->finish());
  for (std::size_t count = 1; count <= 9; ++count) {
    INFO(count << " parts");
    const std::vector<Shard> shards = plan({path}, count);
    std::multiset<int> ports;
    std::vector<Span> spans(count);
    for (std::size_t i = 0; i < count; ++i)
      for (const Slice& slice : shards[i].slices) {
        Interned mine;
        auto part = SegmentReader::open(slice, mine);
        REQUIRE(part);
        for (Record record; part->next(record);) {
          ports.insert(record.source_port);
          spans[i] = {std::min(spans[i].first, record.time), std::max(spans[i].last, record.time)};
        }
      }
    CHECK(ports.size() == 4000);
    CHECK(std::set<int>(ports.begin(), ports.end()).size() == 4000);
    check_safe(shards, spans);
    if (count <= 3) CHECK(parts_used(shards) == count);
  }
  CHECK(*recording_end({path}) == kZero + 3999 * kSecond);
  // One kind of line.
  CHECK(sample_fields({path})->flows() == 1);
}
