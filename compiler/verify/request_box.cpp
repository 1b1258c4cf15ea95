// Tested by tests/unit/compiler/verify/request_box_test.cpp.
#include "compiler/verify/request_box.h"

#include <algorithm>

#include "ir/sets/request_sets.h"

namespace weir::compiler {
namespace {

Texts shared(ir::Automaton set) { return std::make_shared<const ir::Automaton>(std::move(set)); }

bool prefixes_meet(const std::string& a, const std::string& b) { return a.starts_with(b) || b.starts_with(a); }

bool meets(const ValueCell& a, const ValueCell& b) { return (a.absent && b.absent) || a.present == b.present || ir::meets(*a.present, *b.present); }

bool inside(const ValueCell& small, const ValueCell& large) {
  return (!small.absent || large.absent) && (small.present == large.present || ir::inside(*small.present, *large.present));
}

}  // namespace

ValueCell any_value(FieldPlace place) {
  static const Texts kHeaders = shared(ir::header_values()), kParameters = shared(ir::query_values());
  return {true, place == FieldPlace::Header ? kHeaders : kParameters};
}

bool is_empty(const RequestBox& box) {
  return box.methods == 0 || box.path->empty() ||
         std::any_of(box.fields.begin(), box.fields.end(), [](const auto& field) { return !field.second.absent && field.second.present->empty(); });
}

bool contains(const RequestBox& box, const RequestPoint& point) {
  if ((box.methods & point.method) == 0 || !box.path->contains(point.path)) return false;
  return std::all_of(box.fields.begin(), box.fields.end(), [&](const auto& field) {
    const auto sent = point.fields.find(field.first);
    return sent == point.fields.end() ? field.second.absent : field.second.present->contains(sent->second);
  });
}

bool meets(const RequestBox& a, const RequestBox& b) {
  if ((a.methods & b.methods) == 0 || !prefixes_meet(a.path_prefix, b.path_prefix)) return false;
  for (const auto& [name, cell] : b.fields)
    if (const auto mine = a.fields.find(name); mine != a.fields.end() && !meets(mine->second, cell)) return false;
  return a.path == b.path || ir::meets(*a.path, *b.path);
}

bool inside(const RequestBox& small, const RequestBox& large) {
  if ((small.methods & ~large.methods) != 0 || !small.path_prefix.starts_with(large.path_prefix)) return false;
  for (const auto& [name, cell] : large.fields) {
    const auto mine = small.fields.find(name);
    if (!inside(mine == small.fields.end() ? any_value(name.first) : mine->second, cell)) return false;
  }
  return small.path == large.path || ir::inside(*small.path, *large.path);
}

std::optional<RequestBox> intersect(const RequestBox& a, const RequestBox& b) {
  RequestBox out = a;
  out.methods &= b.methods;
  const auto path = ir::intersect(*a.path, *b.path);
  if (!path) return std::nullopt;
  out.path = shared(*path);
  out.path_prefix = path->common_prefix().value_or("");
  for (const auto& [name, cell] : b.fields) {
    const auto [at, fresh] = out.fields.emplace(name, cell);
    if (fresh) continue;
    const auto both = ir::intersect(*at->second.present, *cell.present);
    if (!both) return std::nullopt;
    at->second = {at->second.absent && cell.absent, shared(*both)};
  }
  return out;
}

Texts BoxCover::cut(Texts& mine, const Texts& other) {
  static const Texts kNothing = shared(ir::Automaton());
  const auto left = ir::subtract(*mine, *other), both = ir::intersect(*mine, *other);
  if (!left || !both) return gave_up_ = true, kNothing;
  mine = shared(*both);
  return shared(*left);
}

std::optional<RequestBox> BoxCover::outside_fields(RequestBox& rest, std::size_t at) {
  for (const auto& [name, cell] : others_[at]->fields) {
    const auto [mine, fresh] = rest.fields.emplace(name, any_value(name.first));
    const bool absent = mine->second.absent && !cell.absent;
    const Texts left = cut(mine->second.present, cell.present);
    mine->second.absent = mine->second.absent && cell.absent;
    if (gave_up_) return std::nullopt;
    if (!absent && left->empty()) continue;
    RequestBox piece = rest;
    piece.fields[name] = {absent, left};
    if (auto found = find(std::move(piece), at + 1)) return found;
  }
  return std::nullopt;
}

std::optional<RequestBox> BoxCover::find(RequestBox rest, std::size_t from) {
  if (++seen_ > pieces_) gave_up_ = true;
  while (!gave_up_ && from < others_.size() && !meets(rest, *others_[from])) ++from;
  if (gave_up_) return std::nullopt;
  if (from == others_.size()) return rest;
  used_.insert(from);
  const RequestBox& other = *others_[from];
  if (const std::uint64_t left = rest.methods & ~other.methods; left != 0) {
    RequestBox piece = rest;
    piece.methods = left;
    if (auto found = find(std::move(piece), from + 1)) return found;
  }
  rest.methods &= other.methods;
  if (auto found = outside_fields(rest, from); found || gave_up_) return found;
  const Texts left = cut(rest.path, other.path);
  if (gave_up_ || left->empty()) return std::nullopt;
  rest.path = left;
  rest.path_prefix = left->common_prefix().value_or("");
  return find(std::move(rest), from + 1);
}

}  // namespace weir::compiler
