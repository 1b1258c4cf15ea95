#include <catch2/catch.hpp>

#include "simulator/replay/field_coverage.h"
#include "simulator/replay/recordings.h"
#include "tests/unit/simulator/archives.h"
#include "tests/unit/simulator/replay/replay_text.h"

using namespace weir;
using namespace weir::simulator;
using weir::test::FlowText;
using weir::test::TemporaryFile;

namespace {

FieldCoverage coverage_of(const std::string& bytes) {
  const TemporaryFile file(bytes);
  Interned interned;
  auto recordings = Recordings::open(std::vector<std::string>{file.path()}, interned);
  REQUIRE(recordings);
  FieldCoverage coverage;
  for (Record record; recordings->next(record);) coverage.add(record, interned.parties);
  return coverage;
}

std::string times(int count, const std::string& text) {
  std::string all;
  for (int i = 0; i < count; ++i) all += text;
  return all;
}

FlowText without(const std::string& field) {
  FlowText text;
  if (field == "event_type") text.event = R"("traffic_direction":"INGRESS","is_reply":false)";
  if (field == "traffic_direction") text.event = R"("event_type":{"type":5},"is_reply":false)";
  if (field == "drop_reason_desc") text.event = R"("event_type":{"type":1},"traffic_direction":"INGRESS")";
  if (field == "source") text.source = "";
  if (field == "destination") text.destination = R"("cluster_name":"default")";
  if (field == "l4") text.l4 = "";
  if (field == "IP") text.source_ip = "";
  if (field == "verdict") text.verdict = "VERDICT_UNKNOWN";
  return text;
}

}  // namespace

TEST_CASE("what no flow has was deleted, what some lack is missing", "[fields]") {
  const std::string field = GENERATE("event_type", "traffic_direction", "drop_reason_desc", "source", "destination", "l4", "IP", "verdict");
  INFO(field);
  const std::string cut = without(field).line(), whole = FlowText{}.line();
  FlowText dropped;
  dropped.event = R"("event_type":{"type":1},"traffic_direction":"INGRESS","drop_reason_desc":"POLICY_DENIED")";
  const FieldCoverage none = coverage_of(times(3, cut));
  // An end that is not described may be known by its address.
  const bool end = field == "source" || field == "destination";
  CHECK(none.deleted() == (end ? std::vector<std::string>{} : std::vector<std::string>{field}));
  CHECK(none.missing() == std::vector<std::string>{field});
  const FieldCoverage some = coverage_of(times(3, cut) + whole + dropped.line());
  CHECK(some.deleted().empty());
  CHECK_FALSE(refusal_of(some));
  CHECK(some.missing() == std::vector<std::string>{field});
  CHECK(coverage_of(cut + times(3, whole + dropped.line())).missing().empty());
}

TEST_CASE("flows between nobody are refused", "[fields]") {
  FlowText nobody;
  nobody.source = nobody.destination = "";
  CHECK(coverage_of(nobody.line()).deleted() == std::vector<std::string>{"source", "destination"});
}

TEST_CASE("a refusal names the fields and a mask that gives them", "[fields]") {
  const auto refusal = refusal_of(coverage_of(without("event_type").line()));
  REQUIRE(refusal);
  CHECK(refusal->exit_code == 3);
  CHECK(refusal->message.find("`event_type`") != std::string::npos);
  CHECK(refusal->message.find("WEIR0606") != std::string::npos);
  CHECK(refusal->message.find("fieldMask={time,verdict,drop_reason_desc,IP,l4,") != std::string::npos);
  CHECK_FALSE(refusal_of(FieldCoverage{}));
}

TEST_CASE("coverage adds up and can be written down", "[fields]") {
  const std::string one = times(3, without("source").line()), two = times(2, FlowText{}.line());
  FieldCoverage sum = coverage_of(one);
  sum.merge(coverage_of(two));
  const FieldCoverage whole = coverage_of(one + two);
  CHECK(sum.flows() == whole.flows());
  CHECK(sum.present() == whole.present());
  CHECK(FieldCoverage(whole.flows(), whole.present()).missing() == whole.missing());
}

TEST_CASE("a sample is taken before anything is read", "[fields]") {
  const std::string cut = without("event_type").line();
  const TemporaryFile masked(times(5000, cut)), mended(times(3000, cut) + times(3000, FlowText{}.line())),
      packed(test::gzip(times(50, cut)), ".gz"), whole(FlowText{}.line());
  const auto deleted = [](const std::vector<std::string>& paths) {
    const auto coverage = sample_fields(paths);
    REQUIRE(coverage);
    CHECK(coverage->flows() <= 2100);
    return coverage->deleted();
  };
  CHECK(deleted({masked.path()}) == std::vector<std::string>{"event_type"});
  CHECK(deleted({packed.path()}) == std::vector<std::string>{"event_type"});
  // Another recording, or a later part of it, has the field.
  CHECK(deleted({masked.path(), whole.path()}).empty());
  CHECK(deleted({mended.path()}).empty());
  CHECK(deleted({"-"}).empty());
  CHECK_FALSE(sample_fields({"/nonexistent/folder", test::TemporaryFolder().path()}));
}

TEST_CASE("replay refuses a masked recording", "[fields]") {
  ir::Files files;
  const compiler::Resolved policies = test::resolve_text(test::kPods, ir::settings_for(ir::Dialect::Cilium120), files);
  const TemporaryFile masked(times(3, without("event_type").line()));
  ir::Diagnostics diagnostics;
  const auto report = replay({masked.path()}, policies, nullptr, files, {}, diagnostics);
  REQUIRE_FALSE(report);
  CHECK(report.error().exit_code == 3);
}
