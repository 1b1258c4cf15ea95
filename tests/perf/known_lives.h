#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "tests/perf/known_pairs.h"

namespace weir::perf {

/// A line on its way into the file of a node.
struct Sent {
  std::int64_t arrives = 0;
  FlowLine line;
};

/// Lines of each node, and what they add up to.
struct Sending {
  std::map<std::string, std::vector<Sent>> nodes;
  std::map<std::string, std::int64_t> skew;  // of the node's clock
};

/// The connections of pairs -> lines.
class Lives {
 public:
  Lives(const Cluster&, std::mt19937_64&, Sending&);
  ~Lives();
  Lives(const Lives&) = delete;
  Lives& operator=(const Lives&) = delete;

  /// All connections of a pair, counted by the protocol and port that a report shows.
  std::map<EdgeKey, EdgeCount> live(const Pair&);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace weir::perf
