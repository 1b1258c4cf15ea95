// Headers: edits (gateway.md 24) and CORS (28). Tested by tests/unit/ir/route_filters_test.cpp.
#include <algorithm>

#include "ir/eval/route_parts.h"
#include "ir/route/hostname.h"

namespace weir::ir::router {
namespace {

HeaderList::iterator find_header(HeaderList& headers, std::string_view name) {
  return std::find_if(headers.begin(), headers.end(), [&](const auto& header) { return lower(header.first) == lower(name); });
}

bool drop(HeaderList& headers, std::string_view name) {
  return std::erase_if(headers, [&](const auto& header) { return lower(header.first) == lower(name); }) > 0;
}

bool drop(std::vector<std::string>& names, std::string_view name) {
  return std::erase_if(names, [&](const std::string& other) { return lower(other) == lower(name); }) > 0;
}

std::optional<std::string> header(const Request& request, std::string_view name) {
  for (const auto& [key, value] : request.headers)
    if (lower(key) == name) return value;
  return std::nullopt;
}

std::string list(const std::vector<std::string>& values) {
  std::string text;
  for (const std::string& value : values) text += (text.empty() ? "" : ", ") + value;
  return text;
}

bool any(const std::vector<std::string>& values) { return std::find(values.begin(), values.end(), "*") != values.end(); }

/// "*" is no wildcard in answers to requests with credentials: then the value that was asked for is named.
void add_list(HeaderEdit& out, std::string name, const Cors& cors, const std::vector<std::string>& values,
              const std::optional<std::string>& asked) {
  if (values.empty()) return;
  if (any(values) && cors.credentials && !asked) return;
  out.set.emplace_back(std::move(name), !any(values) ? list(values) : cors.credentials ? *asked : "*");
}

}  // namespace

HeaderEdit compose(HeaderEdit first, const HeaderEdit& second) {
  for (const auto& [name, value] : second.set) {
    drop(first.set, name), drop(first.add, name), drop(first.remove, name);
    first.set.emplace_back(name, value);
  }
  for (const auto& [name, value] : second.add) {
    // What was removed and then added has the added value alone.
    if (drop(first.remove, name)) {
      first.set.emplace_back(name, value);
    } else if (const auto set = find_header(first.set, name); set != first.set.end()) {
      set->second += "," + value;
    } else if (const auto added = find_header(first.add, name); added != first.add.end()) {
      added->second += "," + value;
    } else {
      first.add.emplace_back(name, value);
    }
  }
  for (const std::string& name : second.remove) {
    drop(first.set, name), drop(first.add, name), drop(first.remove, name);
    first.remove.push_back(name);
  }
  return first;
}

HeaderList edited(HeaderList headers, const HeaderEdit& edit) {
  for (const auto& [name, value] : edit.set) {
    // It stands where the first of the old ones stood.
    const auto at = find_header(headers, name);
    const auto place = at - headers.begin();
    drop(headers, name);
    headers.insert(headers.begin() + place, {name, value});
  }
  for (const auto& [name, value] : edit.add) {
    // Repeated headers are one value (21), so the last of them takes the addition.
    const auto last = std::find_if(headers.rbegin(), headers.rend(), [&](const auto& h) { return lower(h.first) == lower(name); });
    if (last == headers.rend()) headers.emplace_back(name, value);
    else last->second += "," + value;
  }
  for (const std::string& name : edit.remove) drop(headers, name);
  return headers;
}

bool is_preflight(const Request& request) {
  return request.method == "OPTIONS" && header(request, "origin") && header(request, "access-control-request-method");
}

bool origin_allowed(const Cors& cors, std::string_view origin) {
  return std::any_of(cors.origins.begin(), cors.origins.end(), [origin = lower(origin)](const std::string& written) {
    // Schemes and hosts have no case.
    const std::string pattern = lower(written);
    const std::size_t star = pattern.find('*');
    if (star == std::string::npos) return pattern == origin;
    if (pattern == "*") return true;
    // Any labels, one at least.
    const std::string_view before = std::string_view(pattern).substr(0, star), after = std::string_view(pattern).substr(star + 1);
    return origin.size() > before.size() + after.size() && origin.starts_with(before) && origin.ends_with(after);
  });
}

HeaderEdit cors_headers(const Cors& cors, const Request& request) {
  HeaderEdit out;
  const auto origin = header(request, "origin");
  if (!origin || !origin_allowed(cors, *origin)) return out;
  out.set.emplace_back("Access-Control-Allow-Origin", any(cors.origins) && !cors.credentials ? "*" : *origin);
  if (cors.credentials) out.set.emplace_back("Access-Control-Allow-Credentials", "true");
  if (!is_preflight(request)) {
    if (!cors.exposed.empty()) out.set.emplace_back("Access-Control-Expose-Headers", list(cors.exposed));
    return out;
  }
  add_list(out, "Access-Control-Allow-Methods", cors, cors.methods, header(request, "access-control-request-method"));
  add_list(out, "Access-Control-Allow-Headers", cors, cors.headers, header(request, "access-control-request-headers"));
  out.set.emplace_back("Access-Control-Max-Age", std::to_string(cors.max_age));
  return out;
}

}  // namespace weir::ir::router
