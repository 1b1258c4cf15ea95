// A party is kept as the bytes it was interned by, and must come out as the decoder made it.

#include <catch2/catch.hpp>

#include "simulator/flows/party_key.h"
#include "simulator/replay/recordings.h"
#include "tests/unit/simulator/segments/lines.h"

using namespace weir;
using namespace weir::simulator;

TEST_CASE("a party follows from its key", "[segments]") {
  const std::string odd = test::FlowText{
      .source = R"("labels":["reserved:health","k8s:io.cilium.k8s.policy.cluster=west"],"workloads":[{"kind":"Deployment","name":"a"}],"identity":16777300)"}.line();
  for (const std::string& text : {test::RandomLines(21).make(500), odd}) {
    const test::TemporaryFile file(text);
    Interned interned;
    auto recordings = Recordings::open(std::vector<std::string>{file.path()}, interned);
    REQUIRE(recordings);
    for (Record record; recordings->next(record);) continue;
    REQUIRE(interned.parties.size() > 2);
    Parties other;
    for (std::uint32_t i = 0; i < interned.parties.size(); ++i) {
      const Party& party = interned.parties.at({i});
      CHECK(other.at(intern(other, interned.parties.key({i}))) == party);
    }
    CHECK(other.size() == interned.parties.size());
  }
}

TEST_CASE("a key that ends early gives what comes before", "[segments]") {
  const std::string key = std::string("n") + std::string("\4\0\0\0", 4) + "shop" + "p" + std::string("\377\0\0\0", 4) + "web";
  CHECK(party_of_key(key).namespace_name == "shop");
  CHECK(party_of_key(key).pod.empty());
}
