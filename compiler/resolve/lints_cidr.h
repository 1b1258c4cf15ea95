#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "compiler/resolve/lint_parts.h"

namespace weir::compiler {

/// CIDRs that name what no CIDR matches: WEIR0303, WEIR0310, WEIR0314.
class BlockLint {
 public:
  explicit BlockLint(const Lint&);
  void look(const WrittenPolicy&) const;

 private:
  void look_at(const CidrBlock&) const;
  bool report_service(const CidrBlock&) const;

  const Lint& lint_;
  std::map<ir::IpAddress, const ir::Service*> services_;
  std::map<ir::IpAddress, const ir::Node*> nodes_;
  std::map<ir::IpAddress, std::uint32_t> pods_;
};

}  // namespace weir::compiler
