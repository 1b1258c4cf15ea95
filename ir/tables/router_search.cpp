#include "ir/tables/router_search.h"

#include <algorithm>
#include <limits>

namespace weir::ir {
namespace {

constexpr std::uint32_t kNothing = std::numeric_limits<std::uint32_t>::max();

char lower_char(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

/// One walk through a class: `best` is the smallest entry so far that takes the request.
struct Search {
  const Router& router;
  const RouteClass& table;
  AskedRequest& asked;
  std::uint32_t best = kNothing;

  [[nodiscard]] bool part(bool regex, std::uint32_t pattern, const std::string& wanted, std::string_view text) const {
    if (wanted.empty()) return true;
    return regex ? router.patterns->matches(pattern, text) : wanted == text;
  }

  /// gateway.md 35: /Service/Method.
  [[nodiscard]] bool grpc(const RouteEntry& entry) const {
    if (!asked.grpc()) return false;
    if (!entry.by_name) return true;
    const std::string_view path = asked.request().path;
    const std::size_t slash = path.find('/', 1);
    if (path.size() < 4 || path[0] != '/' || slash == path.npos || slash == 1 || slash + 1 == path.size()) return false;
    return part(entry.regex, entry.service_pattern, entry.service, path.substr(1, slash - 1)) &&
           part(entry.regex, entry.rpc_pattern, entry.rpc, path.substr(slash + 1));
  }

  [[nodiscard]] bool holds(const RouteCondition& condition) const {
    const std::string_view* value = asked.value(condition.attribute);
    if (value == nullptr) return false;
    return condition.regex ? router.patterns->matches(condition.pattern, *value) : condition.value == *value;
  }

  [[nodiscard]] bool takes(const RouteEntry& entry) const {
    if (!entry.method.empty() && entry.method != asked.method()) return false;
    if (entry.grpc && !grpc(entry)) return false;
    return std::all_of(entry.conditions.begin(), entry.conditions.end(), [&](const auto& c) { return holds(c); });
  }

  void look(std::uint32_t number) {
    const RouteBucket& bucket = router.buckets[number];
    if (bucket.first >= best) return;
    for (const std::uint32_t entry : bucket.plain) {
      if (entry >= best) break;
      if (takes(table.entries[entry])) best = entry;
    }
    if (!bucket.methods.empty())
      if (const auto at = bucket.methods.find(asked.method()); at != bucket.methods.end()) look(at->second);
    look_at_values(bucket);
    for (const RouteBucket::Expressions& expressions : bucket.expressions)
      if (const std::string_view* value = asked.value(expressions.attribute)) look_at_set(expressions.set, *value, expressions.buckets);
  }

  /// The request has few attributes, a bucket may ask for many.
  void look_at_values(const RouteBucket& bucket) {
    if (bucket.values.empty()) return;
    for (const auto& [attribute, value] : asked.values()) {
      const auto at = std::lower_bound(bucket.values.begin(), bucket.values.end(), attribute,
                                       [](const RouteBucket::Values& v, std::uint32_t a) { return v.attribute < a; });
      if (at == bucket.values.end() || at->attribute != attribute) continue;
      if (const auto found = at->buckets.find(value); found != at->buckets.end()) look(found->second);
    }
  }

  void look_at_set(std::uint32_t set, std::string_view text, const std::vector<std::uint32_t>& buckets) {
    std::vector<std::uint32_t> hits;
    router.patterns->matching(set, text, hits);
    for (const std::uint32_t hit : hits) look(buckets[hit]);
  }

  void look_in(const TextMap<std::uint32_t>& map, std::string_view text) {
    if (const auto at = map.find(text); at != map.end()) look(at->second);
  }

  /// A prefix ends where the path ends or where a slash follows (gateway.md 20).
  void look_at_prefixes(std::string_view path) {
    if (table.prefixes.empty()) return;
    if (path.size() <= table.longest_prefix) look_in(table.prefixes, path);
    std::size_t end = std::min(path.size(), table.longest_prefix + 1);
    while (end-- > 0)
      if (path[end] == '/') look_in(table.prefixes, path.substr(0, end));
  }
};

}  // namespace

void AskedRequest::add_header(std::uint32_t attribute, std::string_view value) {
  for (auto& [other, joined] : values_) {
    if (other != attribute) continue;
    // gateway.md 21: repeated headers are one value.
    joined_.push_back(std::make_unique<std::string>(std::string(joined) + "," + std::string(value)));
    joined = *joined_.back();
    return;
  }
  values_.emplace_back(attribute, value);
}

void AskedRequest::read_headers() {
  std::string name;
  for (const auto& [key, value] : request_.headers) {
    if ((router_.header_lengths >> std::min<std::size_t>(key.size(), 63) & 1) == 0) continue;
    name.assign(key.size(), '\0');
    std::transform(key.begin(), key.end(), name.begin(), lower_char);
    if (const auto at = router_.headers.find(std::string_view(name)); at != router_.headers.end()) add_header(at->second, value);
  }
  const auto add_default = [&](std::string_view header, std::string_view value) {
    const auto at = router_.headers.find(header);
    if (at == router_.headers.end()) return;
    const bool sent = std::any_of(values_.begin(), values_.end(), [&](const auto& v) { return v.first == at->second; });
    if (!sent) values_.emplace_back(at->second, value);
  };
  add_default("host", request_.host);
  if (request_.scheme == "grpc") add_default("content-type", "application/grpc");
}

void AskedRequest::read_parameters() {
  if (router_.parameters.empty()) return;
  for (const auto& [key, value] : request_.query) {
    const auto at = router_.parameters.find(std::string_view(key));
    if (at == router_.parameters.end()) continue;
    // gateway.md 21: the first one counts.
    const bool repeated = std::any_of(values_.begin(), values_.end(), [&](const auto& v) { return v.first == at->second; });
    if (!repeated) values_.emplace_back(at->second, value);
  }
}

const std::vector<std::pair<std::uint32_t, std::string_view>>& AskedRequest::values() {
  if (!read_) {
    read_ = true;
    if (!router_.headers.empty()) read_headers();
    read_parameters();
  }
  return values_;
}

const std::string_view* AskedRequest::value(std::uint32_t attribute) {
  for (const auto& one : values())
    if (one.first == attribute) return &one.second;
  return nullptr;
}

bool AskedRequest::grpc() {
  if (request_.scheme == "grpc") return true;
  if (request_.method != "POST") return false;
  const auto name = router_.headers.find(std::string_view("content-type"));
  const std::string_view* type = name == router_.headers.end() ? nullptr : value(name->second);
  constexpr std::string_view kType = "application/grpc";
  if (type == nullptr || !type->starts_with(kType)) return false;
  return type->size() == kType.size() || (*type)[kType.size()] == '+' || (*type)[kType.size()] == ';';
}

const RouteEntry* find_entry(const Router& router, const RouteClass& table, AskedRequest& asked) {
  Search search{router, table, asked};
  const std::string& path = asked.request().path;
  search.look_in(table.exact, path);
  search.look_at_prefixes(path);
  // The buckets of expressions stand in the order of their first entries: beyond `best` nothing is better.
  if (table.set && router.buckets[table.expressions.front()].first < search.best)
    search.look_at_set(*table.set, path, table.expressions);
  return search.best == kNothing ? nullptr : &table.entries[search.best];
}

}  // namespace weir::ir
