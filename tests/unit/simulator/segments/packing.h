#pragma once

#include <catch2/catch.hpp>
#include <algorithm>
#include <set>
#include <sstream>
#include <string>

#include "simulator/replay/evidence.h"
#include "simulator/replay/partial.h"
#include "simulator/replay/recordings.h"
#include "simulator/replay/replay.h"
#include "simulator/segments/jsonpb.h"
#include "simulator/segments/segment_writer.h"

namespace weir::test {

inline std::string read_bytes(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

inline void write_bytes(const std::string& path, const std::string& bytes) { std::ofstream(path, std::ios::binary) << bytes; }

/// Recordings -> the bytes of a segment.
inline std::string pack(const std::vector<std::string>& paths, std::size_t block_flows = 1 << 20, int level = 3) {
  simulator::Interned interned;
  interned.filter_fields = true;
  auto recordings = simulator::Recordings::open(paths, interned);
  REQUIRE(recordings);
  const TemporaryFolder folder;
  const std::string out = folder.path() + "/out.weirflows";
  const auto in_connection = [&](const simulator::Record& record) {
    const simulator::LineUse use = classify(record, interned.parties).use;
    return use != simulator::LineUse::NotPolicy && use != simulator::LineUse::Loose;
  };
  auto writer = simulator::SegmentWriter::create(out, interned, {in_connection, block_flows, level});
  REQUIRE(writer);
  for (simulator::Record record; recordings->next(record);) REQUIRE(writer->add(record));
  for (std::size_t i = 0; i < paths.size(); ++i) writer->add_stats(paths[i], recordings->stats(i));
  REQUIRE(writer->finish());
  return read_bytes(out);
}

inline std::string print(const std::string& path) {
  simulator::Interned interned;
  interned.filter_fields = true;
  auto recordings = simulator::Recordings::open(std::vector<std::string>{path}, interned);
  REQUIRE(recordings);
  std::string lines;
  for (simulator::Record record; recordings->next(record);) lines += to_jsonpb(record, interned);
  return lines + to_jsonpb(recordings->stats(0), interned);
}

/// What was gathered as text, the same whatever the order in which things were seen.
class GatheredText {
 public:
  explicit GatheredText(const simulator::Gathered& sum) : sum_(sum) {}

  [[nodiscard]] std::string text() const {
    std::vector<std::string> lines = {"read", recordings(), nodes(), counts()};
    for (const auto& [shape, count] : sum_.shapes) lines.push_back(shape_text(shape) + " = " + count_text(count));
    for (const auto& [shape, count] : sum_.requests)
      lines.push_back("request " + party(shape.source) + party(shape.destination) + to_text(shape.client) + ">" + to_text(shape.server) + ":" +
                      std::to_string(shape.port) + " " + sum_.texts.at({shape.text}) + " = " + std::to_string(count.requests) + " " +
                      std::to_string(count.first) + " " + std::to_string(count.last) + simulator::uuid_text(count.example));
    lines.push_back("requests left out " + std::to_string(sum_.requests_left_out));
    for (const simulator::NameFact& fact : sum_.names)
      lines.push_back("name " + party(fact.source) + to_text(fact.address) + " " + sum_.texts.at({fact.name}));
    std::sort(lines.begin(), lines.end());
    std::string all;
    for (const std::string& line : lines) all += line + "\n";
    return all;
  }

 private:
  [[nodiscard]] std::string party(simulator::PartyId id) const {
    std::string text = "[";
    for (const char c : sum_.interned.parties.key(id)) text += c >= ' ' && c < 127 ? c : '.';
    return text + "]";
  }
  [[nodiscard]] std::string shape_text(const simulator::Shape& shape) const {
    std::string text = "shape " + party(shape.source) + party(shape.destination) + to_text(shape.client) + ">" + to_text(shape.server);
    for (const int number : {int(shape.port), int(shape.protocol), int(shape.icmp_code), int(shape.excuse), int(shape.redirected), int(shape.policy_changed)})
      text += " " + std::to_string(number);
    for (const simulator::SideEvidence& side : shape.sides)
      text += " side" + party(side.source) + party(side.destination) + std::to_string(int(side.rank)) + " " + std::to_string(int(side.verdict)) + " " +
              std::to_string(side.drop_reason) + " " + std::to_string(side.conflict);
    return text + " " + std::to_string(shape.cluster);
  }
  [[nodiscard]] static std::string count_text(const simulator::ShapeCount& count) {
    std::string text;
    for (const std::uint64_t number : {count.connections, count.lines[0], count.lines[1], count.with_lines[0], count.with_lines[1],
                                       count.excused_lines, count.reply_lines, count.fold_lines, std::uint64_t(count.timed)})
      text += std::to_string(number) + " ";
    return text + std::to_string(count.first) + " " + std::to_string(count.last) + " " + simulator::uuid_text(count.example);
  }
  [[nodiscard]] std::string recordings() const {
    std::string text;
    for (const auto& [path, stats] : sum_.recordings) {
      text += "recording " + path + " " + std::to_string(stats.read) + " " + std::to_string(stats.malformed) + " " + std::to_string(stats.too_long);
      for (const std::uint64_t line : stats.malformed_lines) text += " l" + std::to_string(line);
      for (const std::string& damage : stats.damage) text += " damage " + damage;
      for (const std::string& remark : stats.remarks) text += " remark " + remark;
    }
    return text;
  }
  [[nodiscard]] std::string nodes() const {
    std::vector<std::string> lines;
    const auto name = [&](std::uint32_t node) { return sum_.interned.nodes.at({node}); };
    for (const auto& [node, flows] : sum_.flows_of_node) lines.push_back(name(node) + " " + std::to_string(flows));
    for (const auto& [path, nodes] : sum_.lost_of_node)
      for (const auto& [node, lost] : nodes) lines.push_back(name(node) + " lost " + std::to_string(lost));
    for (const auto& [path, nodes] : sum_.gone_nodes)
      for (const std::uint32_t node : nodes) lines.push_back(name(node) + " gone");
    std::sort(lines.begin(), lines.end());
    std::string text = "nodes";
    for (const std::string& line : lines) text += "; " + line;
    return text;
  }
  [[nodiscard]] std::string counts() const {
    std::string text = "counts";
    for (const auto& [cluster, flows] : sum_.local_clusters) text += " " + cluster + "=" + std::to_string(flows);
    for (const std::int64_t change : sum_.policy_changes) text += " change " + std::to_string(change);
    for (const std::uint64_t loose : sum_.loose) text += " " + std::to_string(loose);
    for (const std::uint64_t number : {sum_.not_policy, sum_.late, sum_.filtered, sum_.unoriented, sum_.unoriented_lines, sum_.fields.flows()})
      text += " " + std::to_string(number);
    for (const std::uint64_t present : sum_.fields.present()) text += " f" + std::to_string(present);
    return text + " " + std::to_string(sum_.first.value_or(0)) + " " + std::to_string(sum_.last.value_or(0));
  }

  const simulator::Gathered& sum_;
};

/// All that replay knows of recordings before it looks at policies.
inline std::string gathered(const std::vector<std::string>& paths, unsigned threads = 1) {
  simulator::ReplayOptions options;
  options.threads = threads;
  auto sum = simulator::gather(paths, nullptr, true, options);
  if (!sum) return sum.error().message;
  close_all(*sum, nullptr);
  return GatheredText(*sum).text();
}

/// The lines of one text that the other has not, so that a failure can be read.
inline std::string difference(const std::string& before, const std::string& after) {
  const auto lines = [](const std::string& text) {
    std::multiset<std::string> all;
    std::istringstream in(text);
    for (std::string line; std::getline(in, line);) all.insert(line);
    return all;
  };
  const auto a = lines(before), b = lines(after);
  std::string text;
  for (const std::string& line : a)
    if (b.count(line) != a.count(line)) text += "- " + line + "\n";
  for (const std::string& line : b)
    if (a.count(line) != b.count(line)) text += "+ " + line + "\n";
  return text.substr(0, 4000);
}

}  // namespace weir::test
