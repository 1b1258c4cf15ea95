#pragma once

#include <compare>
#include <cstddef>
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "tests/kernel/lab_fixture.h"

namespace weir::kernel_test {

/// A connection of the traffic matrix, as people and recordings name it.
struct Tried {
  std::string client, server;  // addresses
  std::string protocol;        // as ir::to_text: "TCP", "UDP", "ICMP", "ICMPv6"
  unsigned port = 0;           // the type for ICMP
  friend auto operator<=>(const Tried&, const Tried&) = default;
};
[[nodiscard]] std::string to_text(const Tried&);

/// What became of the matrix: connection -> the other end was reached.
using Fates = std::map<Tried, bool>;

/// A lab whose nodes run the real agent, with testdata/judge as its inventory.
class JudgeLab {
 public:
  JudgeLab();
  [[nodiscard]] bool up() const { return lab_.up(); }
  /// Compiles, signs and loads; false: `scripts/lab enforce` failed, and said why.
  [[nodiscard]] bool enforce(const std::filesystem::path& policies);
  /// Every client tries every server, all at the same time.
  [[nodiscard]] Fates run_matrix();
  /// The agents' lines since the last `enforce`, once no more come.
  [[nodiscard]] std::vector<std::string> recorded() const;
  [[nodiscard]] std::filesystem::path folder() const { return lab_.folder(); }

 private:
  Lab lab_;
  std::map<std::string, std::size_t> begin_;  // of each node's events
  [[nodiscard]] std::filesystem::path events_of(const std::string& node) const;
  [[nodiscard]] std::map<std::string, std::size_t> settled_sizes() const;
};

}  // namespace weir::kernel_test
