// The rules of one host name on one listener: by path, then by their rarest attribute.
#include <algorithm>
#include <map>
#include <set>

#include "compiler/lower/router_parts.h"

namespace weir::compiler::router {
namespace {

// So few are looked at one by one.
constexpr std::size_t kSmallBucket = 6;

/// Where an entry is looked for; more than it takes is allowed, since entries check themselves.
struct Key {
  ir::PathKind kind = ir::PathKind::Prefix;
  std::string value;
};

std::string without_slash(std::string path) {
  if (path.ends_with('/')) path.pop_back();
  return path;
}

Key key_of(const ir::RouteMatch& match) {
  if (match.path.kind != ir::PathKind::Prefix) return {match.path.kind, match.path.value};
  std::string prefix = without_slash(match.path.value);
  const bool named = match.grpc && match.grpc->kind == ir::ValueKind::Exact && !match.grpc->service.empty();
  if (!prefix.empty() || !named) return {ir::PathKind::Prefix, std::move(prefix)};
  // gateway.md 35: /Service/Method is a path.
  if (match.grpc->method.empty()) return {ir::PathKind::Prefix, "/" + match.grpc->service};
  return {ir::PathKind::Exact, "/" + match.grpc->service + "/" + match.grpc->method};
}

bool unconditional(const ir::RouteEntry& entry) { return entry.method.empty() && entry.conditions.empty() && !entry.grpc; }

/// The same for entries that take the same requests, their path aside.
std::string signature(const ir::RouteEntry& entry) {
  // Each text with its length in front, so that no byte in it can be taken for another part.
  std::string text(entry.grpc ? entry.by_name ? entry.regex ? "3" : "2" : "1" : "0");
  const auto add = [&](const std::string& part) { text += std::to_string(part.size()) + ":" + part; };
  add(entry.method), add(entry.service), add(entry.rpc);
  for (const ir::RouteCondition& condition : entry.conditions) {
    text += std::to_string(condition.attribute) + (condition.regex ? "~" : "=");
    add(condition.value);
  }
  return text;
}

}  // namespace

void ClassBuilder::add_conditions(const std::vector<ir::ValueMatch>& entries, ir::TextMap<std::uint32_t>& names, ir::RouteEntry& out) {
  std::set<std::string_view> seen;
  for (const ir::ValueMatch& one : entries) {
    // gateway.md 21: the first entry of a name counts.
    if (!seen.insert(one.name).second) continue;
    const auto [at, fresh] = names.try_emplace(one.name, attributes_);
    if (fresh) ++attributes_;
    const bool regex = one.kind == ir::ValueKind::Regex;
    out.conditions.push_back({at->second, regex, regex ? patterns_.pattern(one.value) : 0, one.value});
  }
}

ir::RouteEntry ClassBuilder::entry(const ir::RouteChoice& choice) {
  const ir::Route& route = table_.routes[choice.route];
  const ir::RouteMatch& match = route.rules[choice.rule].matches[choice.match];
  ir::RouteEntry out;
  out.choice = choice;
  out.method = match.method;
  add_conditions(match.headers, router_.headers, out);
  add_conditions(match.query, router_.parameters, out);
  out.grpc = route.kind == "GRPCRoute" || match.grpc;
  // Whether a request is gRPC is a question about this header.
  if (out.grpc && router_.headers.try_emplace("content-type", attributes_).second) ++attributes_;
  if (!match.grpc) return out;
  out.by_name = true;
  out.regex = match.grpc->kind == ir::ValueKind::Regex;
  out.service = match.grpc->service;
  out.rpc = match.grpc->method;
  if (out.regex && !out.service.empty()) out.service_pattern = patterns_.pattern(out.service);
  if (out.regex && !out.rpc.empty()) out.rpc_pattern = patterns_.pattern(out.rpc);
  return out;
}

std::uint32_t ClassBuilder::bucket(const ir::RouteClass& table, const List& list, const Used& used) {
  ir::RouteBucket out;
  out.first = list.front();
  if (list.size() <= kSmallBucket) out.plain = list;
  else split(table, list, used, out);
  // What stands behind one that takes everything, or behind one that takes the same, never wins.
  std::set<std::string> seen;
  bool open = true;
  std::erase_if(out.plain, [&](std::uint32_t number) {
    const bool keep = open && seen.insert(signature(table.entries[number])).second;
    open = open && !unconditional(table.entries[number]);
    return !keep;
  });
  router_.buckets.push_back(std::move(out));
  return static_cast<std::uint32_t>(router_.buckets.size() - 1);
}

void ClassBuilder::add_expressions(const ir::RouteClass& table, const Used& used, std::uint32_t attribute,
                                   const std::unordered_map<std::string, List>& lists, ir::RouteBucket& out) {
  ir::RouteBucket::Expressions expressions;
  expressions.attribute = attribute;
  // By first entry: neither the order of the map nor that of the texts.
  std::map<std::uint32_t, std::string> order;
  for (const auto& [text, list] : lists) order.emplace(list.front(), text);
  std::vector<std::string> texts;
  for (const auto& [first, text] : order) {
    texts.push_back(text);
    expressions.buckets.push_back(bucket(table, lists.at(text), used));
  }
  expressions.set = patterns_.set(texts);
  out.expressions.push_back(std::move(expressions));
}

void ClassBuilder::split(const ir::RouteClass& table, const List& list, const Used& used, ir::RouteBucket& out) {
  const auto free = [&](const ir::RouteCondition& c) {
    return std::find(used.attributes.begin(), used.attributes.end(), c.attribute) == used.attributes.end();
  };
  std::map<std::pair<std::uint32_t, std::string>, std::size_t> counts;
  for (const std::uint32_t number : list)
    for (const ir::RouteCondition& c : table.entries[number].conditions)
      if (!c.regex && free(c)) ++counts[{c.attribute, c.value}];
  std::map<std::uint32_t, std::map<std::string, List>> exact;
  std::map<std::uint32_t, std::unordered_map<std::string, List>> regex;
  std::map<std::string, List> methods;
  for (const std::uint32_t number : list) {
    const ir::RouteEntry& entry = table.entries[number];
    const ir::RouteCondition *rarest = nullptr, *expression = nullptr;
    const auto count = [&](const ir::RouteCondition& c) { return counts.at({c.attribute, c.value}); };
    for (const ir::RouteCondition& c : entry.conditions) {
      if (!free(c)) continue;
      if (c.regex) expression = &c;
      else if (rarest == nullptr || count(c) < count(*rarest)) rarest = &c;
    }
    if (rarest != nullptr) exact[rarest->attribute][rarest->value].push_back(number);
    else if (expression != nullptr) regex[expression->attribute][expression->value].push_back(number);
    else if (!entry.method.empty() && !used.method) methods[entry.method].push_back(number);
    else out.plain.push_back(number);
  }
  const auto with = [&](std::uint32_t attribute) {
    Used more = used;
    more.attributes.push_back(attribute);
    return more;
  };
  for (const auto& [attribute, values] : exact) {
    ir::RouteBucket::Values& into = out.values.emplace_back();
    into.attribute = attribute;
    for (const auto& [value, numbers] : values) into.buckets.emplace(value, bucket(table, numbers, with(attribute)));
  }
  for (const auto& [attribute, lists] : regex) add_expressions(table, with(attribute), attribute, lists, out);
  for (const auto& [method, numbers] : methods) out.methods.emplace(method, bucket(table, numbers, {used.attributes, true}));
}

std::uint32_t ClassBuilder::add(std::vector<Ranked> matches) {
  std::sort(matches.begin(), matches.end(), before);
  ir::RouteClass out;
  std::map<std::string, List> exact, prefixes;
  std::unordered_map<std::string, List> regex;
  for (std::uint32_t number = 0; number < matches.size(); ++number) {
    const ir::RouteChoice& choice = matches[number].choice;
    out.entries.push_back(entry(choice));
    Key key = key_of(table_.routes[choice.route].rules[choice.rule].matches[choice.match]);
    if (key.kind == ir::PathKind::Regex) regex[key.value].push_back(number);
    else (key.kind == ir::PathKind::Exact ? exact : prefixes)[key.value].push_back(number);
    if (key.kind == ir::PathKind::Prefix) out.longest_prefix = std::max(out.longest_prefix, key.value.size());
  }
  for (const auto& [path, list] : exact) out.exact.emplace(path, bucket(out, list, {}));
  for (const auto& [path, list] : prefixes) out.prefixes.emplace(path, bucket(out, list, {}));
  if (!regex.empty()) {
    ir::RouteBucket paths;
    add_expressions(out, {}, 0, regex, paths);
    out.set = paths.expressions.front().set;
    out.expressions = std::move(paths.expressions.front().buckets);
  }
  router_.classes.push_back(std::move(out));
  return static_cast<std::uint32_t>(router_.classes.size() - 1);
}

}  // namespace weir::compiler::router
