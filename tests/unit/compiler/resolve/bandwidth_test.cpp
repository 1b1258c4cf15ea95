#include <catch2/catch.hpp>

#include "compiler/api/bandwidth.h"
#include "tests/unit/compiler/resolve/support.h"

namespace weir::test {
namespace {

TEST_CASE("quantities are exact", "[api]") {
  struct Case { std::string_view why, text; std::uint64_t value; };
  const auto c = GENERATE(values<Case>({
      {"plain", "1000", 1000},
      {"kilo", "10k", 10'000},
      {"mega", "10M", 10'000'000},
      {"binary", "1Ki", 1024},
      {"a fraction of a binary one", "1.5Gi", 1'610'612'736},
      {"0.1 has no double", "0.1G", 100'000'000},
      {"exponent", "1e6", 1'000'000},
      {"E alone is exa", "2E", 2'000'000'000'000'000'000},
      {"rounded up", "1500m", 2},
      {"a tiny rest counts", "1000.000000001", 1001},
      {"negative", "-5k", 0},
      {"more than 64 bits", "99E", 18446744073709551615ull},
      {"leading zeros", "0010k", 10'000},
      {"only a fraction", ".5k", 500},
      {"a point at the end", "5.k", 5000},
      {"largest exponent", "1e18", 1'000'000'000'000'000'000},
  }));
  INFO(c.why << ": " << c.text);
  const auto quantity = compiler::parse_quantity(c.text);
  REQUIRE(quantity);
  CHECK(compiler::whole_value(*quantity) == c.value);
}

TEST_CASE("what is no quantity", "[api]") {
  const auto text = GENERATE(values<std::string_view>({"", "k", "10K", "10Mbps", "1 M", "1.2.3", "0x10", "1e", "--1", "ten", "1e1.5",
                                                       "1234567890123456789"}));
  INFO(text);
  CHECK_FALSE(compiler::parse_quantity(text));
}

TEST_CASE("bandwidth annotations", "[api]") {
  struct Case { std::string_view why, value, diagnostics; std::uint64_t bits; };
  const auto c = GENERATE(values<Case>({
      {"the least", "1k", "", 1000},
      {"the most", "1P", "", 1'000'000'000'000'000},
      {"binary", "1Mi", "", 1'048'576},
      {"too little", "999", "WEIR0502 5:37 `999` is not between 1k and 1P bits per second\n", 0},
      {"too little by a bit", "999.9", "WEIR0502 5:37 `999.9` is not between 1k and 1P bits per second\n", 0},
      {"too much", "1.000000000000001P", "WEIR0502 5:37 `1.000000000000001P` is not between 1k and 1P bits per second\n", 0},
      {"milli", "10m", "WEIR0502 5:37 `10m` is not between 1k and 1P bits per second [`m` is a thousandth: write `10M` for mega]\n", 0},
      {"K is no suffix", "10K", "WEIR0501 5:37 `10K` is no Quantity [write `10k`: a Quantity has `k` (1000) and `Ki` (1024)]\n", 0},
      {"a unit", "10Mbps", "WEIR0501 5:37 `10Mbps` is no Quantity [write `10M`: the unit is bits per second]\n", 0},
      {"nothing", "", "WEIR0501 5:37 `` is no Quantity [write a number of bits per second, such as `10M`]\n", 0},
  }));
  INFO(c.why);
  const Run result = run("apiVersion: v1\nkind: Pod\nmetadata:\n  name: p\n  annotations: {kubernetes.io/egress-bandwidth: \"" +
                         std::string(c.value) + "\"}\nspec: {}\n");
  std::string text = diagnostics_text(result);
  if (const auto at = text.find("5:"); at != std::string::npos) text.replace(at, text.find(' ', at) - at, "5:37");
  CHECK(text == c.diagnostics);
  REQUIRE(result.resolved.cluster.pods.size() == 1);
  CHECK(result.resolved.cluster.pods[0].egress_bandwidth.value_or(0) == c.bits);
}

TEST_CASE("a bandwidth that is no string", "[api]") {
  const Run result = run("apiVersion: v1\nkind: Pod\nmetadata: {name: p, annotations: {kubernetes.io/egress-bandwidth: 10}}\nspec: {}\n");
  CHECK(diagnostics_text(result).find("[quote it: \"10\"]") != std::string::npos);
}

}  // namespace
}  // namespace weir::test
