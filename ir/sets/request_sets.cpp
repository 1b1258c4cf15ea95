// Tested by tests/unit/ir/request_sets_test.cpp.
#include "ir/sets/request_sets.h"

#include <string>

#include "ir/eval/route.h"

namespace weir::ir {
namespace {

ByteSet between(char first, char last) {
  ByteSet out;
  for (int byte = first; byte <= last; ++byte) out.set(static_cast<std::size_t>(byte));
  return out;
}

/// At least one byte, and none of those.
Automaton some_without(const ByteSet& out) {
  return *subtract(Automaton::made_of(~out), Automaton::literal(""));
}

/// gateway.md 35: an absent part matches everything.
std::optional<Automaton> name_set(ValueKind kind, const std::string& wanted) {
  if (wanted.empty()) return Automaton::everything();
  return kind == ValueKind::Exact ? Automaton::literal(wanted) : regex_set(wanted);
}

}  // namespace

std::optional<Automaton> regex_set(std::string_view pattern) {
  if (!regex_error(pattern).empty()) return Automaton();
  const std::optional<RegexNode> tree = read_regex(pattern);
  return tree ? Automaton::of(*tree) : std::nullopt;
}

std::optional<Automaton> path_set(const PathMatch& match) {
  if (match.kind == PathKind::Regex) return regex_set(match.value);
  if (match.kind == PathKind::Exact) return Automaton::literal(match.value);
  // gateway.md 20: one trailing slash says nothing.
  std::string_view prefix = match.value;
  if (prefix.ends_with('/')) prefix.remove_suffix(1);
  return Automaton::element_prefix(prefix, '/');
}

std::optional<Automaton> value_set(const ValueMatch& match) {
  return match.kind == ValueKind::Exact ? Automaton::literal(match.value) : regex_set(match.value);
}

std::optional<Automaton> grpc_path_set(const GrpcMatch& match) {
  const auto service = name_set(match.kind, match.service), method = name_set(match.kind, match.method);
  if (!service || !method) return std::nullopt;
  const auto first = intersect(*service, some_without(between('/', '/'))), second = intersect(*method, some_without({}));
  if (!first || !second) return std::nullopt;
  const Automaton slash = Automaton::literal("/");
  const auto head = joined(slash, *first), tail = joined(slash, *second);
  return head && tail ? joined(*head, *tail) : std::nullopt;
}

const Automaton& grpc_types() {
  static const Automaton kTypes = *unite(Automaton::element_prefix("application/grpc", '+'), Automaton::element_prefix("application/grpc", ';'));
  return kTypes;
}

const Automaton& request_paths() {
  static const Automaton kPaths = [] {
    ByteSet bytes = between('!', '~');
    bytes.reset('?').reset('#');
    return *unite(Automaton::literal("*"), *joined(Automaton::literal("/"), Automaton::made_of(bytes)));
  }();
  return kPaths;
}

const Automaton& header_values() {
  static const Automaton kValues = [] {
    ByteSet bytes = between(' ', '~');
    return Automaton::made_of(bytes.set('\t'));
  }();
  return kValues;
}

const Automaton& query_values() {
  static const Automaton kValues = [] {
    ByteSet bytes = between('!', '~');
    return Automaton::made_of(bytes.reset('&').reset('#'));
  }();
  return kValues;
}

}  // namespace weir::ir
