#include "compiler/verify/named_outside.h"

#include <algorithm>
#include <cctype>

#include "ir/eval/patterns.h"

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

std::set<ir::NamePattern> told_apart(std::set<ir::NamePattern> patterns, ir::Dialect dialect) {
  const auto taking = [&](const std::string& name) {
    return std::count_if(patterns.begin(), patterns.end(), [&](const ir::NamePattern& pattern) { return ir::name_matches(pattern, name, dialect); });
  };
  std::set<ir::NamePattern> further;
  for (const ir::NamePattern& pattern : patterns) {
    if (pattern.literal) continue;
    std::string name = pattern.text;
    for (std::size_t at; (at = name.find('*')) != std::string::npos;)
      name.replace(at, std::min(name.find_first_not_of('*', at), name.size()) - at, "some-other-name");
    name = sample_of(name);
    if (ir::name_matches(pattern, name, dialect) && taking(name) < taking(sample_of(pattern.text))) further.insert({name, true});
  }
  patterns.merge(further);
  return patterns;
}

}  // namespace weir::compiler
