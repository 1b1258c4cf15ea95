#pragma once

#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "compiler/verify/request_patterns.h"

namespace weir::compiler {

/// Requests that stand for all that some rules tell apart; kept for the next who asks.
class RequestSamples {
 public:
  /// `most`: how many samples one question may have.
  RequestSamples(const ir::Cluster& cluster, std::size_t most) : cluster_(cluster), most_(most) {}
  [[nodiscard]] const std::vector<ir::L7Request>& of(std::vector<ir::L7Rules>, RequestKind);
  [[nodiscard]] const std::string& why() const { return why_; }  // they do not stand for all; empty: they do

 private:
  void add(RequestBox atom, RequestKind, const std::set<std::string>& names, std::vector<ir::L7Request>& out);

  const ir::Cluster& cluster_;
  std::size_t most_;
  std::string why_;
  std::map<std::pair<std::vector<ir::L7Rules>, RequestKind>, std::vector<ir::L7Request>> known_;
};

}  // namespace weir::compiler
