#include "ir/sets/value_set.h"

#include <algorithm>
#include <iterator>

namespace weir::ir {
namespace {

using Values = std::vector<std::string>;

Values common(const Values& a, const Values& b) {
  Values out;
  std::set_intersection(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(out));
  return out;
}

Values either(const Values& a, const Values& b) {
  Values out;
  std::set_union(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(out));
  return out;
}

Values without(const Values& a, const Values& b) {
  Values out;
  std::set_difference(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(out));
  return out;
}

}  // namespace

ValueSet ValueSet::of(Operator op, const std::vector<std::string>& values) {
  switch (op) {
    case Operator::In: return {false, false, values};
    case Operator::NotIn: return {true, true, values};
    case Operator::Exists: return present();
    case Operator::DoesNotExist: return {true, false, {}};
  }
  return none();
}

bool ValueSet::contains(std::string_view value) const {
  return std::binary_search(values.begin(), values.end(), value) != all_but;
}

bool ValueSet::disjoint(const ValueSet& other) const {
  if (absent && other.absent) return false;
  if (all_but && other.all_but) return false;
  const auto none_in = [](const ValueSet& listed, const ValueSet& set) {
    return std::none_of(listed.values.begin(), listed.values.end(), [&](const std::string& v) { return set.contains(v); });
  };
  return all_but ? none_in(other, *this) : none_in(*this, other);
}

ValueSet ValueSet::intersect(const ValueSet& other) const {
  const bool missing = absent && other.absent;
  if (all_but && other.all_but) return {missing, true, either(values, other.values)};
  if (all_but) return {missing, false, without(other.values, values)};
  if (other.all_but) return {missing, false, without(values, other.values)};
  return {missing, false, common(values, other.values)};
}

ValueSet ValueSet::unite(const ValueSet& other) const {
  return complement().intersect(other.complement()).complement();
}

std::optional<std::string_view> ValueSet::only() const {
  if (absent || all_but || values.size() != 1) return std::nullopt;
  return values.front();
}

std::optional<std::string> ValueSet::some_value() const {
  if (!all_but) return values.empty() ? std::nullopt : std::optional(values.front());
  std::string fresh = "other";
  for (unsigned i = 2; !contains(fresh); ++i) fresh = "other-" + std::to_string(i);
  return fresh;
}

}  // namespace weir::ir
