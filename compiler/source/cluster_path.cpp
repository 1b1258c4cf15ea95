#include "compiler/source/cluster_path.h"

#include <algorithm>
#include <cctype>
#include <filesystem>

namespace weir::compiler {

ClusterPath split_cluster(const std::string& argument, const std::string& folder) {
  std::error_code ignored;
  const std::size_t equals = argument.find('=');
  if (equals == std::string::npos || equals == 0 || std::filesystem::exists(std::filesystem::path(folder) / argument, ignored))
    return {"", argument};
  const std::string name = argument.substr(0, equals);
  const bool is_name = std::all_of(name.begin(), name.end(), [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '-' || c == '_' || c == '.';
  });
  return is_name ? ClusterPath{name, argument.substr(equals + 1)} : ClusterPath{"", argument};
}

}  // namespace weir::compiler
