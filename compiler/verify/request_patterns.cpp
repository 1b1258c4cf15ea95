// policy.md section 5 as sets of texts, by the expressions that ir/eval/patterns.h gives to RE2. Tested by
// tests/unit/compiler/verify/request_patterns_test.cpp against the evaluator.
#include "compiler/verify/request_patterns.h"

#include <algorithm>
#include <array>

#include "ir/eval/patterns.h"
#include "ir/sets/request_sets.h"

namespace weir::compiler {
namespace {

using ir::Automaton;

// No header has such a name.
const FieldName kMethod{FieldPlace::Header, ":method"}, kHost{FieldPlace::Header, ":authority"}, kServerName{FieldPlace::Header, ":sni"};

Texts shared(Automaton set) { return std::make_shared<const Automaton>(std::move(set)); }

/// A constant expression of this file.
Texts known(const char* expression) { return shared(*ir::regex_set(expression)); }

bool has_http(RequestKind kind) { return kind == RequestKind::Http || kind == RequestKind::HttpInTls; }

// An empty expression is not looked at.
bool restrict(RequestBox& box, const FieldName& name, const std::string& expression) {
  if (expression.empty()) return true;
  auto set = ir::regex_set(expression);
  if (set) box.fields[name] = {false, shared(std::move(*set))};
  return set.has_value();
}

void add_header(RequestBox& box, const ir::HeaderMatch& header, const ir::Cluster& cluster) {
  if (header.mismatch != ir::Mismatch::Fail) return;
  std::string name = header.name;
  std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  Texts values = any_value(FieldPlace::Header).present;
  if (header.value) values = shared(Automaton::literal(*header.value));
  else if (header.secret) {
    const auto secret = cluster.secrets.find(*header.secret);
    values = shared(secret == cluster.secrets.end() ? Automaton() : Automaton::literal(secret->second));
  }
  const auto [at, fresh] = box.fields.emplace(FieldName{FieldPlace::Header, name}, ValueCell{false, values});
  if (!fresh) at->second.present = shared(ir::intersect(*at->second.present, *values).value_or(Automaton()));
}

std::optional<RequestBox> box_of(const ir::HttpMatch& match, const ir::Cluster& cluster) {
  RequestBox box{shared(Automaton::everything()), "", 1, {}};
  if (!match.path.empty()) {
    auto path = ir::regex_set(match.path);
    if (!path) return std::nullopt;
    box.path_prefix = path->common_prefix().value_or("");
    box.path = shared(std::move(*path));
  }
  if (!restrict(box, kMethod, match.method) || !restrict(box, kHost, match.host)) return std::nullopt;
  for (const ir::HeaderMatch& header : match.headers) add_header(box, header, cluster);
  return box;
}

/// A name as the path of its box, or as the field of a request inside TLS.
std::optional<RequestBox> name_box(const std::string& expression, RequestKind kind) {
  auto names = ir::regex_set(expression);
  if (!names) return std::nullopt;
  if (kind == RequestKind::HttpInTls) return RequestBox{shared(Automaton::everything()), "", 1, {{kServerName, {false, shared(std::move(*names))}}}};
  const std::string prefix = names->common_prefix().value_or("");
  return RequestBox{shared(std::move(*names)), prefix, 1, {}};
}

template <std::size_t count>
std::string pick(const Automaton& set, const std::array<const char*, count>& common) {
  for (const char* one : common)
    if (set.contains(one)) return one;
  return set.witness().value_or("");
}

std::string field(const RequestBox& box, const FieldName& name, const auto& common) {
  const auto at = box.fields.find(name);
  return at == box.fields.end() ? common[0] : pick(*at->second.present, common);
}

constexpr std::array kMethods = {"GET", "POST", "PUT", "DELETE", "HEAD", "PATCH", "OPTIONS"};
constexpr std::array kPaths = {"/", "/weir"};
constexpr std::array kHosts = {"www.example.com", "example.com"};
constexpr std::array kNames = {"www.example.com", "example.com", ""};
constexpr std::array kValues = {"1", "0"};

ir::HttpRequest http_of(const RequestBox& box) {
  ir::HttpRequest http{field(box, kMethod, kMethods), pick(*box.path, kPaths), field(box, kHost, kHosts), {}};
  for (const auto& [name, cell] : box.fields)
    if (!name.second.starts_with(':') && !cell.absent) http.headers.emplace_back(name.second, pick(*cell.present, kValues));
  return http;
}

/// A part of `rest` beside `other` in one field; `rest` keeps what they share there.
bool cut_field(RequestBox& rest, const FieldName& name, const ValueCell& other, std::vector<RequestBox>& out) {
  ValueCell& mine = rest.fields.emplace(name, any_value(name.first)).first->second;
  auto left = ir::subtract(*mine.present, *other.present), both = ir::intersect(*mine.present, *other.present);
  if (!left || !both) return false;
  RequestBox piece = rest;
  piece.fields[name] = {mine.absent && !other.absent, shared(std::move(*left))};
  mine = {mine.absent && other.absent, shared(std::move(*both))};
  if (!is_empty(piece)) out.push_back(std::move(piece));
  return true;
}

}  // namespace

RequestBox every_request(RequestKind kind) {
  static const Texts kAnyPath = known("\\*|/[!-\"$-~]*"), kAnyMethod = known("[A-Za-z]+(-[A-Za-z]+)*"), kAnyHost = known("[-A-Za-z0-9._:\\[\\]]*");
  static const Texts kDns = known("([-a-z0-9_]+[.])+|[.]"), kSni = known("([-a-z0-9_]+([.][-a-z0-9_]+)*)?");
  if (kind == RequestKind::Dns) return {kDns, "", 1, {}};
  if (kind == RequestKind::Tls) return {kSni, "", 1, {}};
  RequestBox box{kAnyPath, "", 1, {{kMethod, {false, kAnyMethod}}, {kHost, {false, kAnyHost}}}};
  if (kind == RequestKind::HttpInTls) box.fields[kServerName] = {false, kSni};
  return box;
}

std::optional<std::vector<RequestBox>> boxes_of(const ir::L7Rules& rules, RequestKind kind, const ir::Cluster& cluster) {
  std::vector<RequestBox> out;
  const auto add = [&](std::optional<RequestBox> box) {
    if (box) out.push_back(std::move(*box));
    return box.has_value();
  };
  bool read = true;
  if (has_http(kind))
    for (const ir::HttpMatch& match : rules.http) read = read && add(box_of(match, cluster));
  if (kind == RequestKind::Tls || kind == RequestKind::HttpInTls)
    for (const std::string& name : rules.server_names) read = read && add(name_box(ir::server_name_expression(name), kind));
  if (kind == RequestKind::Dns)
    for (const ir::NamePattern& name : rules.dns) read = read && add(name_box(ir::name_expression(name, cluster.settings.dialect), kind));
  return read ? std::optional(std::move(out)) : std::nullopt;
}

Texts& server_names_of(RequestBox& box) {
  return box.fields.emplace(kServerName, every_request(RequestKind::HttpInTls).fields.at(kServerName)).first->second.present;
}

ir::L7Request request_of(const RequestBox& box, RequestKind kind) {
  if (kind == RequestKind::Dns) {
    std::string name = pick(*box.path, std::array{"www.example.com.", "example.com."});
    if (name.size() > 1) name.pop_back();
    return {std::nullopt, name, std::nullopt};
  }
  if (kind == RequestKind::Tls) return {std::nullopt, std::nullopt, pick(*box.path, kNames)};
  if (kind == RequestKind::Http) return {http_of(box), std::nullopt, std::nullopt};
  return {http_of(box), std::nullopt, field(box, kServerName, kNames)};
}

std::optional<std::vector<RequestBox>> subtract(const RequestBox& box, const RequestBox& other) {
  std::vector<RequestBox> out;
  RequestBox rest = box;
  for (const auto& [name, cell] : other.fields) {
    if (!cut_field(rest, name, cell, out)) return std::nullopt;
    if (is_empty(rest)) return out;
  }
  auto left = ir::subtract(*rest.path, *other.path);
  if (!left) return std::nullopt;
  rest.path_prefix = left->common_prefix().value_or("");
  rest.path = shared(std::move(*left));
  if (!is_empty(rest)) out.push_back(std::move(rest));
  return out;
}

std::optional<std::vector<RequestBox>> atoms_of(RequestKind kind, const std::vector<RequestBox>& patterns, std::size_t most) {
  std::vector<RequestBox> atoms{every_request(kind)};
  for (const RequestBox& pattern : patterns) {
    std::vector<RequestBox> next;
    for (RequestBox& atom : atoms) {
      if (!meets(atom, pattern)) {
        next.push_back(std::move(atom));
        continue;
      }
      auto inside = intersect(atom, pattern);
      auto outside = subtract(atom, pattern);
      if (!inside || !outside || next.size() + outside->size() >= most) return std::nullopt;
      if (!is_empty(*inside)) next.push_back(std::move(*inside));
      std::move(outside->begin(), outside->end(), std::back_inserter(next));
    }
    atoms = std::move(next);
  }
  return atoms;
}

}  // namespace weir::compiler
