#include <catch2/catch.hpp>

#include "simulator/flows/flow_reader.h"
#include "simulator/flows/inputs.h"
#include "simulator/flows/line_reader.h"
#include "tests/unit/simulator/archives.h"
#include "tests/unit/simulator/flow_text.h"

using namespace weir::simulator;
using weir::test::FlowText;
using weir::test::gzip;
using weir::test::zstd;
using weir::test::TemporaryFile;
using weir::test::TemporaryFolder;

namespace {

struct Read {
  ReadStats stats;
  std::vector<std::uint64_t> lines;
};

Read read_once(const std::string& path, bool ahead) {
  Interned interned;
  auto reader = FlowReader::open(path, interned, ahead);
  REQUIRE(reader);
  Read read;
  Record record;
  while (reader->next(record)) read.lines.push_back(record.line);
  read.stats = reader->stats();
  return read;
}

/// Reading ahead changes nothing.
Read read(const std::string& bytes, const std::string& suffix = ".jsonl") {
  const TemporaryFile file(bytes, suffix);
  const Read plain = read_once(file.path(), false), ahead = read_once(file.path(), true);
  CHECK(plain.lines == ahead.lines);
  CHECK(plain.stats.malformed == ahead.stats.malformed);
  CHECK(plain.stats.damage == ahead.stats.damage);
  CHECK(plain.stats.remark == ahead.stats.remark);
  return plain;
}

std::string times(int count, const std::string& text) {
  std::string all;
  for (int i = 0; i < count; ++i) all += text;
  return all;
}

std::string without_end(std::string text) {
  text.pop_back();
  return text;
}

const std::string kLine = FlowText{}.line();
const std::string kFlow = FlowText{}.flow();

}  // namespace

TEST_CASE("every line shape", "[flows]") {
  struct Case { std::string why, bytes; std::uint64_t flows, malformed; };
  const std::string lost = R"({"lost_events":{"num_events_lost":"3"},"node_name":"n1"})" "\n";
  const std::string long_line(LineReader::kLineLimit + 1, 'x');
  const auto c = GENERATE_COPY(values<Case>({
      {"wrapped", kLine + kLine, 2, 0},
      {"bare", kFlow + "\n" + kFlow + "\n", 2, 0},
      {"no final line end", kLine + without_end(kLine), 2, 0},
      {"Windows line ends", without_end(kLine) + "\r\n" + without_end(kLine) + "\r\n", 2, 0},
      {"byte order mark", "\xef\xbb\xbf" + kLine, 1, 0},
      {"blank lines", "\n  \n" + kLine + "\n\n", 1, 0},
      {"an array on one line", "[" + kFlow + "," + kFlow + "]\n", 2, 0},
      {"an array over many lines", "[" + kFlow + ",\n" + kFlow + ",\n" + kFlow + "]\n", 3, 0},
      {"an array of wrapped flows", "[\n" + kLine + "," + kLine + "]", 2, 0},
      {"a pretty array", "[\n  {\n  \"verdict\": \"FORWARDED\",\n  \"IP\": {\n \"source\": \"10.0.0.1\"\n}\n},\n {\n\"verdict\":\"DROPPED\"\n}\n]\n", 2, 0},
      {"pretty objects", "{\n  \"flow\": {\n    \"verdict\": \"FORWARDED\"\n  }\n}\n{\n  \"flow\": {\n    \"verdict\": \"]}\"\n  }\n}\n", 2, 0},
      {"a pretty object cut off before a whole line", "{\n  \"flow\": {\n" + kLine, 1, 1},
      {"two on one line", without_end(kLine) + without_end(kLine) + "\n", 2, 0},
      {"text behind an object", without_end(kLine) + " and more\n" + kLine, 1, 1},
      {"CRI", "2026-09-15T16:20:01.1Z stdout F " + kLine, 1, 0},
      {"CRI, a log line", "2026-09-15T16:20:01.1Z stderr F level=info\n" + kLine, 1, 1},
      {"CRI, in parts", "2026-09-15T16:20:01.1Z stdout P " + kLine.substr(0, 100) + "\n2026-09-15T16:20:01.1Z stdout P " +
                            kLine.substr(100, 50) + "\n2026-09-15T16:20:01.1Z stdout F " + kLine.substr(150), 1, 0},
      {"CRI, the last part missing", kLine + "2026-09-15T16:20:01.1Z stdout P " + kLine.substr(0, 100) + "\n", 1, 1},
      {"a log line between", kLine + "level=warning\n" + kLine, 2, 1},
      {"cut off at the end", kLine + kLine.substr(0, 200), 1, 1},
      {"NUL bytes", kLine + std::string(4096, '\0') + "\n" + kLine, 2, 1},
      {"a line over the limit", kLine + long_line + "\n" + kLine, 2, 1},
      {"a line over the limit at the end", kLine + long_line, 1, 1},
      {"other records are no flows", lost + kLine + R"({"debug_event":{}})" "\n", 1, 0},
      {"nothing", "", 0, 0}}));
  INFO(c.why);
  const Read got = read(c.bytes);
  CHECK(got.stats.read == c.flows);
  CHECK(got.lines.size() == c.flows);
  CHECK(got.stats.malformed == c.malformed);
  CHECK(got.stats.damage.empty());
}

TEST_CASE("what is wrong with a whole recording", "[flows]") {
  struct Case { std::string why, bytes, suffix; std::uint64_t flows; bool damaged; };
  const std::string many = times(200, kLine), packed = gzip(many), packed_zstd = zstd(many);
  std::string wrong_sum = packed, flipped = packed_zstd;
  wrong_sum[wrong_sum.size() - 6] = static_cast<char>(wrong_sum[wrong_sum.size() - 6] ^ 1);
  flipped[flipped.size() / 2] = static_cast<char>(flipped[flipped.size() / 2] ^ 0x55);
  const std::string bomb(64 << 20, ' ');
  const auto c = GENERATE_COPY(values<Case>({
      {"gzip", packed, ".gz", 200, false},
      {"gzip without its name", packed, ".jsonl", 200, false},
      {"two members", packed + packed, ".gz", 400, false},
      {"zeros behind it", packed + std::string(512, '\0'), ".gz", 200, false},
      {"text behind it", packed + "garbage", ".gz", 200, false},
      {"zstd", packed_zstd, ".zst", 200, false},
      {"two zstd frames", packed_zstd + packed_zstd, ".jsonl", 400, false},
      {"plain text with an archive's name", many, ".gz", 200, false},
      {"an archive without a byte", "", ".gz", 0, true},
      {"wrong checksum", wrong_sum, ".gz", 200, true},
      {"zstd with a flipped byte", flipped, ".zst", 0, true},
      {"a gzip bomb", gzip(bomb), ".gz", 0, true},
      {"a zstd bomb", zstd(bomb), ".zst", 0, true},
      {"only one layer is unpacked", gzip(packed), ".gz", 0, true},
      {"an array that is not closed", "[" + kFlow + ",\n" + kFlow + ",\n", ".json", 2, true},
      {"no flow at all", "<html>502</html>\n", ".jsonl", 0, true}}));
  INFO(c.why);
  const Read got = read(c.bytes, c.suffix);
  CHECK(got.stats.read == c.flows);
  CHECK(!got.stats.damage.empty() == c.damaged);
  if (c.why == "text behind it") CHECK(!got.stats.remark.empty());
}

TEST_CASE("a cut archive gives what is before the cut, and says so", "[flows]") {
  // Lines that differ, so that a prefix of the archive holds some of them.
  std::string many;
  for (int i = 0; i < 2000; ++i) {
    FlowText text;
    text.source_ip = "10.1." + std::to_string(i / 250) + "." + std::to_string(i * 7919 % 250);
    text.l4 = R"("TCP":{"source_port":)" + std::to_string(1024 + i * 31 % 60000) + R"(,"destination_port":8080})";
    many += text.line();
  }
  for (const std::string& packed : {gzip(many), zstd(many)}) {
    const Read whole = read(packed);
    CHECK(whole.stats.read == 2000);
    for (const std::size_t part : {packed.size() - 1, packed.size() - 7, packed.size() / 2, std::size_t{12}}) {
      const Read got = read(packed.substr(0, part));
      INFO("cut at " << part << " of " << packed.size());
      CHECK(!got.stats.damage.empty());
      CHECK(got.stats.read <= 2000);
      CHECK(got.stats.malformed <= 1);
    }
    CHECK(read(packed.substr(0, packed.size() - 1)).stats.read > 0);
  }
}

TEST_CASE("gaps and the places of bad lines", "[flows]") {
  const Read got = read(R"({"lost_events":{"num_events_lost":"17"},"node_name":"a"})" "\n"
                        R"({"node_status":{"state_change":"NODE_UNAVAILABLE","node_names":["b","c"]}})" "\n"
                        R"({"node_status":{"state_change":"NODE_CONNECTED","node_names":["d"]}})" "\n"
                        "bad\n" + kLine + "bad\n");
  CHECK(got.stats.lost.size() == 1);
  CHECK(got.stats.lost.begin()->second == 17);
  CHECK(got.stats.gone.size() == 2);
  CHECK(got.stats.malformed_lines == std::vector<std::uint64_t>{4, 6});
  CHECK(got.lines == std::vector<std::uint64_t>{5});
}

TEST_CASE("a reader may be dropped before its end", "[flows]") {
  const TemporaryFile file(times(20000, kLine));
  for (int round = 0; round < 20; ++round) {
    Interned interned;
    auto reader = FlowReader::open(file.path(), interned, true);
    REQUIRE(reader);
    Record record;
    for (int i = 0; i < round * 100; ++i) REQUIRE(reader->next(record));
  }
}

TEST_CASE("a recording that is not there is a bad question", "[flows]") {
  Interned interned;
  const auto reader = FlowReader::open("/nonexistent/recording.jsonl", interned);
  REQUIRE_FALSE(reader);
  CHECK(reader.error().exit_code == 2);
}

TEST_CASE("a slice holds the lines that begin in it", "[flows]") {
  std::string text;
  for (int i = 0; i < 40; ++i) text += i % 9 == 4 ? std::string("bad\n") : kLine;
  const TemporaryFile file(text);
  const Read whole = read_once(file.path(), false);
  for (std::uint64_t cut = 0; cut <= text.size() + 3; cut += 61) {
    std::uint64_t flows = 0, malformed = 0;
    std::vector<std::uint64_t> places;
    for (const Slice& slice : {Slice{file.path(), 0, cut}, Slice{file.path(), cut, Slice::kAll}})
      for (const bool ahead : {false, true}) {
        Interned interned;
        auto reader = FlowReader::open(slice, interned, ahead);
        REQUIRE(reader);
        for (Record record; reader->next(record);) ++flows;
        malformed += reader->stats().malformed;
        if (!ahead) places.insert(places.end(), reader->stats().malformed_lines.begin(), reader->stats().malformed_lines.end());
      }
    INFO("cut at " << cut);
    CHECK(flows == 2 * whole.stats.read);
    CHECK(malformed == 2 * whole.stats.malformed);
    // Counted from the start of the file in both.
    CHECK(places == whole.stats.malformed_lines);
  }
}

TEST_CASE("an archive has no middle", "[flows]") {
  const TemporaryFile file(gzip(times(20, kLine)), ".gz");
  Interned interned;
  CHECK_FALSE(FlowReader::open(Slice{file.path(), 10, 20}, interned));
  CHECK_FALSE(FlowReader::open(Slice{"-", 10, 20}, interned));
}

TEST_CASE("lines over the limit are located", "[flows]") {
  const std::string long_line = std::string(LineReader::kLineLimit + 5, 'x') + "\n";
  const Read got = read(kLine + long_line + "bad\n" + kLine + long_line);
  CHECK(got.stats.too_long == 2);
  CHECK(got.stats.too_long_lines == std::vector<std::uint64_t>{2, 5});
  CHECK(got.stats.malformed_lines == std::vector<std::uint64_t>{2, 3, 5});
}

TEST_CASE("a disk that fails is an error with the file", "[flows]") {
  // Nothing is mapped at address 0: reading it is an I/O error.
  const std::string path = "/proc/self/mem";
  if (!std::filesystem::exists(path)) return;
  Interned interned;
  const auto reader = FlowReader::open(path, interned);
  REQUIRE_FALSE(reader);
  CHECK(reader.error().message.find(path) != std::string::npos);
  CHECK(reader.error().exit_code == 5);
}

TEST_CASE("how much was read", "[flows]") {
  const std::string text = times(5000, kLine);
  for (const std::string& bytes : {text, gzip(text), zstd(text)})
    for (const bool ahead : {false, true}) {
      const TemporaryFile file(bytes);
      Interned interned;
      auto reader = FlowReader::open(file.path(), interned, ahead);
      REQUIRE(reader);
      for (Record record; reader->next(record);) CHECK(reader->consumed() <= bytes.size());
      CHECK(reader->consumed() == bytes.size());
    }
}

TEST_CASE("folders stand for the files in them", "[flows]") {
  const TemporaryFolder folder;
  folder.add("b.jsonl", kLine);
  folder.add("a/node-2/events.log", kLine);
  folder.add("a/.hidden/events.log", "no\n");
  folder.add(".cache", "no\n");
  const auto names = [&](std::vector<std::string> paths) {
    const auto files = expand_recordings(paths);
    REQUIRE(files);
    std::vector<std::string> out;
    for (const std::string& file : *files) out.push_back(file == "-" ? file : file.substr(folder.path().size() + 1));
    return out;
  };
  CHECK(names({folder.path()}) == std::vector<std::string>{"a/node-2/events.log", "b.jsonl"});
  // What is named twice is read once.
  CHECK(names({"-", folder.path() + "/b.jsonl", folder.path(), "-"}) == std::vector<std::string>{"-", "b.jsonl", "a/node-2/events.log"});
  std::filesystem::create_directory_symlink("a", folder.path() + "/link");
  CHECK(names({folder.path() + "/link"}) == std::vector<std::string>{"link/node-2/events.log"});
  std::filesystem::create_directory_symlink(".", folder.path() + "/a/loop");
  CHECK(names({folder.path()}) == std::vector<std::string>{"a/node-2/events.log", "b.jsonl"});
  CHECK_FALSE(can_read_twice("-"));
  CHECK(can_read_twice(folder.path() + "/b.jsonl"));
}
