#include "cli/config.h"

#include <catch2/catch.hpp>
#include <algorithm>
#include <cctype>
#include <cstdlib>

#include "ir/cluster/settings_merge.h"

namespace weir::cli {
namespace {

/// Set for as long as it lives.
struct Variable {
  const char* name;
  Variable(const char* n, const char* value) : name(n) { setenv(name, value, 1); }
  ~Variable() { unsetenv(name); }
  Variable(const Variable&) = delete;
  Variable& operator=(const Variable&) = delete;
};

}  // namespace

TEST_CASE("every key of the settings is read from the environment", "[cli]") {
  for (const auto& [key, value] : to_pairs(ir::Settings{})) {
    std::string name = "WEIR_" + key;
    for (char& c : name) c = c == '.' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    INFO(name);
    const Variable variable(name.c_str(), value.c_str());
    const Pairs found = environment_settings();
    CHECK(std::count(found.begin(), found.end(), std::pair(key, value)) == 1);
  }
}

TEST_CASE("the families of addresses are read from the environment", "[cli]") {
  CHECK_FALSE(ir::merge_settings(environment_settings())->dual_stack);
  const Variable six("WEIR_IPV6", "true");
  CHECK(ir::merge_settings(environment_settings())->dual_stack);
  const Variable four("WEIR_IPV4", "false");
  CHECK_FALSE(ir::merge_settings(environment_settings())->dual_stack);
}

TEST_CASE("the families are one setting in two keys, in any order", "[cli]") {
  struct Case { ir::SettingPairs pairs; bool dual; };
  for (const Case& c : {Case{{{"ipv4", "false"}, {"ipv6", "true"}}, false}, Case{{{"ipv6", "true"}, {"ipv4", "false"}}, false},
                        Case{{{"ipv6", "true"}, {"ipv4", "true"}}, true}, Case{{{"ipv6", "true"}, {"ipv6", "false"}}, false},
                        Case{{{"ipv6", "false"}, {"ipv6", "true"}}, true}, Case{{{"dual_stack", "true"}, {"ipv4", "true"}}, true},
                        Case{{{"ipv4", "false"}, {"ipv6", "true"}, {"dual_stack", "true"}}, true}})
    CHECK(ir::merge_settings(c.pairs)->dual_stack == c.dual);
}

TEST_CASE("a family that is neither on nor off is refused", "[cli]") {
  const Variable six("WEIR_IPV6", "maybe");
  CHECK_FALSE(ir::merge_settings(environment_settings()));
}

}  // namespace weir::cli
