// A segment that is cut off, damaged or of another kind: said so, what is whole is read, nothing is made up.

#include <catch2/catch.hpp>
#include <random>

#include "simulator/segments/frame.h"
#include "simulator/segments/segment_reader.h"
#include "tests/unit/simulator/segments/lines.h"
#include "tests/unit/simulator/segments/packing.h"

using namespace weir;
using namespace weir::simulator;
using test::TemporaryFile;

namespace {

struct Read {
  std::vector<std::string> lines;
  std::string damage;
};

Read read(const std::string& path) {
  Interned interned;
  auto reader = SegmentReader::open({.path = path}, interned);
  if (!reader) return {{}, reader.error().message};
  Read all;
  for (Record record; reader->next(record);)
    if (record.kind == RecordKind::Flow) all.lines.push_back(to_jsonpb(record, interned));
  all.damage = reader->stats().damage;
  CHECK(reader->stats().read == all.lines.size());
  return all;
}

std::string small_segment() {
  const TemporaryFile file(test::RandomLines(5).make(300));
  return test::pack({file.path()}, 50);
}

}  // namespace

TEST_CASE("the checksum is that of xz", "[segments]") { CHECK(crc64("123456789") == 0x995dc9bbdf1939fa); }

TEST_CASE("a segment cut off anywhere gives its whole blocks and says that it is not whole", "[segments]") {
  const std::string whole = small_segment();
  const TemporaryFile file(whole, ".weirflows");
  const Read all = read(file.path());
  REQUIRE(all.damage.empty());
  REQUIRE(all.lines.size() > 250);
  std::size_t most = 0;
  for (std::size_t size = kHeaderSize; size < whole.size(); size += 97) {
    INFO(size);
    test::write_bytes(file.path(), whole.substr(0, size));
    const Read cut = read(file.path());
    CHECK_FALSE(cut.damage.empty());
    REQUIRE(cut.lines.size() <= all.lines.size());
    CHECK(std::equal(cut.lines.begin(), cut.lines.end(), all.lines.begin()));
    most = std::max(most, cut.lines.size());
  }
  CHECK(most > 200);
}

TEST_CASE("a changed byte is found, and costs a block at most", "[segments]") {
  const std::string whole = small_segment();
  const TemporaryFile file(whole, ".weirflows");
  const Read all = read(file.path());
  std::mt19937_64 random(3);
  for (int i = 0; i < 400; ++i) {
    std::string bytes = whole;
    const std::size_t at = 12 + random() % (bytes.size() - 12);
    INFO(at);
    bytes[at] = static_cast<char>(bytes[at] ^ static_cast<char>(1 + random() % 255));
    test::write_bytes(file.path(), bytes);
    const Read damaged = read(file.path());
    // The windows in the header are looked at by replay, and change no line.
    if (at >= kHeaderSize) CHECK_FALSE(damaged.damage.empty());
    CHECK(damaged.lines.size() + 60 >= all.lines.size());
    const std::multiset<std::string> known(all.lines.begin(), all.lines.end());
    for (const std::string& line : damaged.lines) REQUIRE(known.count(line) != 0);
  }
}

TEST_CASE("a damaged segment is not the whole recording to replay", "[segments]") {
  std::string bytes = small_segment();
  bytes[bytes.size() / 2] ^= 1;
  const TemporaryFile file(bytes, ".weirflows");
  auto sum = gather({file.path()}, nullptr, true, {});
  REQUIRE(sum);
  CHECK(sum->recordings.at(file.path()).damage.size() == 1);
}

TEST_CASE("another version is refused", "[segments]") {
  std::string bytes = small_segment();
  bytes[8] = 2;
  const TemporaryFile file(bytes, ".weirflows");
  Interned interned;
  const auto reader = SegmentReader::open({.path = file.path()}, interned);
  REQUIRE_FALSE(reader);
  CHECK(reader.error().exit_code == 3);
  CHECK(reader.error().message.find("version 2") != std::string::npos);
}

TEST_CASE("a segment that is not there", "[segments]") {
  Interned interned;
  const auto reader = SegmentReader::open({.path = "/nowhere/day.weirflows"}, interned);
  REQUIRE_FALSE(reader);
  CHECK(reader.error().exit_code == 2);
}

TEST_CASE("a recording without a flow packs to an empty segment", "[segments]") {
  const TemporaryFile file(R"({"lost_events":{"num_events_lost":"3"},"node_name":"n1"})" "\n");
  test::write_bytes(file.path(), test::pack({file.path()}));
  Interned interned;
  auto reader = SegmentReader::open({.path = file.path()}, interned);
  REQUIRE(reader);
  Record record;
  CHECK_FALSE(reader->next(record));
  CHECK(reader->stats().damage.empty());
  CHECK(reader->stats().lost.at(interned.nodes.id("n1").index) == 3);
}

TEST_CASE("packing the same gives the same bytes", "[segments]") {
  const TemporaryFile file(test::RandomLines(9).make(300));
  CHECK(test::pack({file.path()}, 50) == test::pack({file.path()}, 50));
}
