#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "ir/tables/router.h"

namespace weir::ir {

/// What conditions ask about one request, found out once and when it is first asked for.
class AskedRequest {
 public:
  AskedRequest(const Router& router, const Request& request) : router_(router), request_(request) {}

  [[nodiscard]] const Request& request() const { return request_; }
  [[nodiscard]] std::string_view method() const { return request_.scheme == "grpc" ? "POST" : std::string_view(request_.method); }
  [[nodiscard]] bool grpc();
  /// Null when the request does not have it.
  [[nodiscard]] const std::string_view* value(std::uint32_t attribute);
  [[nodiscard]] const std::vector<std::pair<std::uint32_t, std::string_view>>& values();

 private:
  void read_headers();
  void read_parameters();
  void add_header(std::uint32_t attribute, std::string_view value);

  const Router& router_;
  const Request& request_;
  bool read_ = false;
  std::vector<std::pair<std::uint32_t, std::string_view>> values_;
  std::vector<std::unique_ptr<std::string>> joined_;
};

/// The entry of the class that wins, or null.
[[nodiscard]] const RouteEntry* find_entry(const Router&, const RouteClass&, AskedRequest&);

}  // namespace weir::ir
