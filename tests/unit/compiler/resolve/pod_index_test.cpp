#include "compiler/resolve/pod_index.h"

#include <catch2/catch.hpp>
#include <random>

#include "compiler/resolve/lint_covers.h"

namespace weir::compiler {
namespace {

using ir::Operator;

ir::Requirement random_requirement(std::mt19937& random) {
  const char* keys[] = {"a", "b", "c"};
  const char* values[] = {"0", "1", "2", "3"};
  ir::Requirement r{random() % 2 ? "k8s" : "any", keys[random() % 3], static_cast<Operator>(random() % 4), {}};
  if (r.op == Operator::In || r.op == Operator::NotIn)
    for (const char* value : values)
      if (random() % 3 == 0) r.values.push_back(value);
  return r;
}

ir::Selector random_selector(std::mt19937& random) {
  ir::Selector out;
  for (unsigned i = 0, n = random() % 4; i < n; ++i) out.add(random_requirement(random));
  return out;
}

std::vector<ir::LabelSet> random_pods(std::mt19937& random) {
  std::vector<ir::LabelSet> out(40);
  for (ir::LabelSet& pod : out) {
    pod.set({"k8s", "ns", "x"});
    for (const char* key : {"a", "b", "c"})
      if (random() % 3) pod.set({"k8s", key, std::to_string(random() % 4)});
  }
  return out;
}

}  // namespace

TEST_CASE("the index takes the pods that match", "[resolve]") {
  const unsigned seed = GENERATE(1u, 2u, 3u, 4u);
  std::mt19937 random(seed);
  const std::vector<ir::LabelSet> pods = random_pods(random);
  std::vector<const ir::LabelSet*> all;
  for (const ir::LabelSet& pod : pods) all.push_back(&pod);
  const PodIndex index(all);
  std::size_t taken = 0;
  for (int round = 0; round < 500; ++round) {
    const ir::Selector selector = random_selector(random);
    PodIndex::Pods expected;
    for (std::uint32_t i = 0; i < pods.size(); ++i)
      if (ir::matches(selector, pods[i])) expected.push_back(i);
    INFO("seed " << seed << ": " << ir::to_text(selector));
    CHECK(index.all(selector) == expected);
    CHECK(index.first(selector) == (expected.empty() ? std::nullopt : std::optional(expected.front())));
    taken += expected.size();
  }
  CHECK(taken > 0);
}

TEST_CASE("a pod without labels is on the host network and in no answer", "[resolve]") {
  const ir::LabelSet none;
  CHECK_FALSE(PodIndex({&none}).first(ir::Selector{}));
  CHECK(PodIndex({&none}).empty());
}

TEST_CASE("what covers and what excludes is so for every pod", "[resolve]") {
  std::mt19937 random(7);
  const std::vector<ir::LabelSet> pods = random_pods(random);
  int covering = 0, excluding = 0;
  for (int round = 0; round < 5000; ++round) {
    const ir::Selector a = random_selector(random), b = random_selector(random);
    const bool cover = covers(a, b), exclude = exclude_each_other(a, b);
    covering += cover;
    excluding += exclude;
    for (const ir::LabelSet& pod : pods) {
      INFO(ir::to_text(a) << " / " << ir::to_text(b));
      if (cover && ir::matches(b, pod)) REQUIRE(ir::matches(a, pod));
      if (exclude) REQUIRE_FALSE((ir::matches(a, pod) && ir::matches(b, pod)));
    }
  }
  CHECK(covering > 100);
  CHECK(excluding > 100);
}

}  // namespace weir::compiler
