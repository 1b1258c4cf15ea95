// A segment says to replay exactly what its recording says.

#include <catch2/catch.hpp>
#include <cstdlib>

#include "tests/unit/simulator/segments/lines.h"
#include "tests/unit/simulator/segments/packing.h"

using namespace weir;
using namespace weir::simulator;
using test::TemporaryFile;

namespace {

/// What the file says now, and what it says when it is replaced by its packed form.
void check_packed(const TemporaryFile& file, std::size_t block_flows) {
  const std::string before = test::gathered({file.path()});
  const std::string packed = test::pack({file.path()}, block_flows);
  test::write_bytes(file.path(), packed);
  CHECK(test::difference(before, test::gathered({file.path()})) == "");
}

}  // namespace

TEST_CASE("a packed recording says what the recording says", "[segments]") {
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    INFO("seed " << seed);
    test::RandomLines lines(seed);
    if (seed % 3 == 0) lines.pace = 200'000'000;
    if (seed % 4 == 0) lines.late_in = 40;
    const TemporaryFile file(lines.make(600));
    check_packed(file, seed % 5 == 0 ? 1 << 20 : 10 + seed * 7);
  }
}

TEST_CASE("a packed recording without order says what the recording says", "[segments]") {
  // Shards read blocks; what lies between them is carried.
  for (std::uint64_t seed = 100; seed < 110; ++seed) {
    INFO("seed " << seed);
    const TemporaryFile file(test::RandomLines(seed).make(600));
    const std::string before = test::gathered({file.path()});
    test::write_bytes(file.path(), test::pack({file.path()}, 40));
    for (const unsigned threads : {1u, 2u, 7u}) CHECK(test::difference(before, test::gathered({file.path()}, threads)) == "");
  }
}

TEST_CASE("a segment beside a recording is read line by line to the same end", "[segments]") {
  for (std::uint64_t seed = 200; seed < 210; ++seed) {
    INFO("seed " << seed);
    const TemporaryFile one(test::RandomLines(seed).make(300)), two(test::RandomLines(seed + 1000).make(300));
    const std::string before = test::gathered({one.path(), two.path()});
    test::write_bytes(one.path(), test::pack({one.path()}, 60));
    CHECK(test::difference(before, test::gathered({one.path(), two.path()})) == "");
    test::write_bytes(two.path(), test::pack({two.path()}, 60));
    CHECK(test::difference(before, test::gathered({one.path(), two.path()})) == "");
  }
}

TEST_CASE("two recordings in one segment are as the two together", "[segments]") {
  const TemporaryFile one(test::RandomLines(7).make(300)), two(test::RandomLines(8).make(300));
  // Under one name, so that what is said of each file is said of one.
  const std::string packed = test::pack({one.path(), two.path()}, 70);
  const auto sum_of = [](const std::vector<std::string>& paths) {
    auto sum = gather(paths, nullptr, true, {});
    REQUIRE(sum);
    close_all(*sum, nullptr);
    return std::move(*sum);
  };
  const Gathered both = sum_of({one.path(), two.path()});
  test::write_bytes(one.path(), packed);
  const Gathered segment = sum_of({one.path()});
  CHECK(both.shapes.size() == segment.shapes.size());
  CHECK(both.not_policy == segment.not_policy);
  CHECK(both.first == segment.first);
  CHECK(both.last == segment.last);
  CHECK(both.policy_changes == segment.policy_changes);
  std::uint64_t read = 0;
  for (const auto& [path, stats] : both.recordings) read += stats.read;
  CHECK(segment.recordings.at(one.path()).read == read);
}

TEST_CASE("what print makes of a segment says the same", "[segments]") {
  for (std::uint64_t seed = 300; seed < 320; ++seed) {
    INFO("seed " << seed);
    const TemporaryFile file(test::RandomLines(seed).make(400));
    const std::string before = test::gathered({file.path()});
    test::write_bytes(file.path(), test::pack({file.path()}, 90));
    const std::string lines = test::print(file.path());
    test::write_bytes(file.path(), lines);
    CHECK(test::difference(before, test::gathered({file.path()})) == "");
    // And packing that is packing the same.
    const std::string again = test::pack({file.path()}, 90);
    test::write_bytes(file.path(), again);
    CHECK(lines == test::print(file.path()));
  }
}

TEST_CASE("filters see the lines of a segment", "[segments]") {
  for (const auto& [flag, value] : std::vector<std::pair<std::string, std::string>>{
           {"verdict", "DROPPED"}, {"protocol", "tcp"}, {"port", "8080"}, {"tcp-flags", "SYN"}, {"node-label", "zone=a"}, {"to-service", "shop/api"}}) {
    INFO(flag);
    const auto filter = FlowFilter::parse({{flag, value}});
    REQUIRE(filter);
    const TemporaryFile file(test::RandomLines(11).make(400));
    Interned interned;
    const auto count = [&] {
      auto sum = gather({file.path()}, nullptr, true, {.filter = &*filter});
      REQUIRE(sum);
      return std::tuple(sum->filtered, sum->not_policy, sum->shapes.size(), sum->first, sum->last);
    };
    const auto before = count();
    test::write_bytes(file.path(), test::pack({file.path()}, 50));
    CHECK(before == count());
    CHECK(std::get<0>(before) > 0);
  }
}

TEST_CASE("few lines for each connection: most uuids are left out, and no example is", "[segments]") {
  // Drops without an answer, each from another port, over a quarter of an hour.
  std::string lines;
  for (int i = 0; i < 3000; ++i) {
    test::FlowText text;
    char time[40], uuid[40];
    std::snprintf(time, sizeof time, "2026-01-01T00:%02d:%02d.%03dZ", i / 200, i / 4 % 50, i % 1000);
    std::snprintf(uuid, sizeof uuid, "%08x-0000-4000-8000-%012x", static_cast<unsigned>(i * 2654435761u), i);
    text.time = time;
    text.verdict = i % 3 == 0 ? "FORWARDED" : "DROPPED";
    text.l4 = R"("TCP":{"source_port":)" + std::to_string(1024 + i) + R"(,"destination_port":)" + (i % 2 == 0 ? "80" : "81") + "}";
    text.event = R"("event_type":{"type":5},"traffic_direction":"INGRESS","is_reply":false)" + std::string(i % 3 == 0 ? "" : R"(,"drop_reason":133)");
    std::string line = text.line();
    line.insert(line.find("{\"time\"") + 1, "\"uuid\":\"" + std::string(uuid) + "\",");
    lines += line;
    if (i == 1500) lines += R"({"agent_event":{"type":"POLICY_UPDATED"},"node_name":"n1","time":")" + std::string(time) + "\"}\n";
  }
  const TemporaryFile file(lines);
  for (const std::size_t block_flows : {std::size_t{1} << 20, std::size_t{700}}) {
    test::write_bytes(file.path(), lines);
    const std::string packed = test::pack({file.path()}, block_flows);
    CHECK(packed.size() < 3000 * 12);
    check_packed(file, block_flows);
  }
}

TEST_CASE("damage of the packed recording stays known", "[segments]") {
  const TemporaryFile file("[" + test::FlowText().flow() + "," + test::FlowText().flow());
  check_packed(file, 100);
  const TemporaryFile odd(test::FlowText().line() + "no json\n" + std::string(2 << 20, 'x') + "\n" + test::FlowText().line());
  check_packed(odd, 100);
}

TEST_CASE("the recordings of the corpus, packed", "[segments]") {
  std::vector<std::string> paths = {std::string(WEIR_SOURCE_DIR) + "/testdata/flows/lab.jsonl"};
  if (const char* flows = std::getenv("WEIR_FLOWS")) {
    for (const auto& entry : std::filesystem::recursive_directory_iterator(flows))
      if (entry.path().extension() == ".jsonl" || entry.path().filename().string().starts_with("TC_")) paths.push_back(entry.path().string());
  } else {
    std::puts("SKIPPED: recordings of the corpus: WEIR_FLOWS is not set");
  }
  for (const std::string& path : paths) {
    INFO(path);
    const TemporaryFile file(test::read_bytes(path));
    check_packed(file, 1 << 20);
    const TemporaryFile small_blocks(test::read_bytes(path));
    check_packed(small_blocks, 64);
  }
}
