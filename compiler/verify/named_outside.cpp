#include "compiler/verify/named_outside.h"

#include <algorithm>

namespace weir::compiler {

ir::Endpoint named_outside(const ir::Cluster& cluster, const std::string& name) {
  ir::Endpoint out;
  out.labels = ir::world_labels(cluster.settings, ir::IpFamily::V4);
  out.name = name;
  out.dns_names = {name};
  return out;
}

std::string sample_of(std::string pattern) {
  for (std::size_t at; (at = pattern.find("**")) != std::string::npos;) pattern.erase(at, 1);
  std::replace(pattern.begin(), pattern.end(), '*', 'x');
  return pattern;
}

}  // namespace weir::compiler
