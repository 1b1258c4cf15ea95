#pragma once

#include <string>

namespace weir::compiler {

/// NAME=PATH of cli.md "Inputs".
struct ClusterPath {
  std::string cluster;  // empty: there is no NAME
  std::string path;
};

/// NAME can be a cluster when it holds no slash and no file below `folder` has the whole argument for a name.
[[nodiscard]] ClusterPath split_cluster(const std::string& argument, const std::string& folder = {});

}  // namespace weir::compiler
