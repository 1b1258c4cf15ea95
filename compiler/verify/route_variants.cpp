// Tested by tests/unit/compiler/verify/route_variants_test.cpp.
#include "compiler/verify/route_variants.h"

#include <algorithm>
#include <set>
#include <string>

namespace weir::compiler {
namespace {

constexpr std::size_t kOrigins = 50;

/// What there is to vary.
struct Parts {
  std::set<std::string> headers, origins;
  bool path = false;

  void operator()(const ir::RequestHeaders& filter) {
    for (const auto* list : {&filter.edit.set, &filter.edit.add})
      for (const auto& [name, value] : *list) headers.insert(name);
    headers.insert(filter.edit.remove.begin(), filter.edit.remove.end());
  }
  void operator()(const ir::RequestRedirect& filter) { path = path || filter.path; }
  void operator()(const ir::UrlRewrite& filter) { path = path || filter.path; }
  void operator()(const ir::Cors& filter) {
    origins.insert("https://origin.example");
    for (const std::string& written : filter.origins) {
      const std::size_t star = written.find('*');
      if (star == std::string::npos) origins.insert(written);
      else if (written != "*") origins.insert(written.substr(0, star) + "any" + written.substr(star + 1));
    }
  }
  template <class Other>
  void operator()(const Other&) {}

  void add(const RouteAnswer& answer) {
    for (const ir::Filter& filter : answer.filters) std::visit(*this, filter);
    for (const ir::Backend& backend : answer.backends)
      for (const ir::Filter& filter : backend.filters) std::visit(*this, filter);
  }
};

bool has(const ir::Request& request, const std::string& name) {
  return std::any_of(request.headers.begin(), request.headers.end(), [&](const auto& header) { return header.first == name; });
}

void add_headers(const ir::Request& request, const std::set<std::string>& names, std::vector<ir::Request>& out) {
  ir::Request all = request;
  for (const std::string& name : names) {
    if (name == "host" || has(request, name)) continue;
    ir::Request one = request;
    one.headers.emplace_back(name, "sample");
    all.headers.emplace_back(name, "sample");
    out.push_back(std::move(one));
  }
  out.push_back(std::move(all));
}

void add_paths(const ir::Request& request, std::vector<ir::Request>& out) {
  if (request.path == "*") return;
  std::string stem = request.path;
  if (stem.ends_with('/')) stem.pop_back();
  for (const char* end : {"", "/", "/below", "/below/that", "//below"}) {
    ir::Request one = request;
    one.path = stem + end;
    if (!one.path.empty()) out.push_back(std::move(one));
  }
}

/// gateway.md 28.
void add_preflights(const ir::Request& request, const std::set<std::string>& origins, std::vector<ir::Request>& out) {
  std::size_t count = 0;
  for (const std::string& origin : origins) {
    if (++count > kOrigins) return;
    ir::Request one = request;
    one.method = "OPTIONS";
    std::erase_if(one.headers, [](const auto& header) { return header.first == "origin" || header.first == "access-control-request-method"; });
    one.headers.emplace_back("origin", origin);
    one.headers.emplace_back("access-control-request-method", "GET");
    out.push_back(std::move(one));
  }
}

}  // namespace

std::vector<ir::Request> variants(const ir::Request& request, const RouteAnswer& first, const RouteAnswer& second) {
  Parts parts;
  parts.add(first);
  parts.add(second);
  std::vector<ir::Request> out;
  if (!parts.headers.empty()) add_headers(request, parts.headers, out);
  if (parts.path) add_paths(request, out);
  if (request.scheme != "grpc") add_preflights(request, parts.origins, out);
  return out;
}

}  // namespace weir::compiler
