#include "compiler/verify/named_outside.h"

#include <cctype>

namespace weir::compiler {

ir::Endpoint named_outside(const ir::Cluster& cluster, const std::string& name) {
  ir::Endpoint out;
  out.labels = ir::world_labels(cluster.settings, ir::IpFamily::V4);
  out.name = name;
  out.dns_names = {name};
  return out;
}

std::string sample_of(std::string_view pattern) {
  std::string name;
  for (const char c : pattern) {
    // Every `*` may be one letter.
    if (c == '*' && name.ends_with("x")) continue;
    name += c == '*' ? 'x' : static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  while (name.ends_with('.')) name.pop_back();
  return name;
}

}  // namespace weir::compiler
