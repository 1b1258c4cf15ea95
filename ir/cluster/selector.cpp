#include "ir/cluster/selector.h"

#include <algorithm>

namespace weir::ir {
namespace {

bool holds(const std::vector<std::string>& values, const std::string& value) {
  return std::binary_search(values.begin(), values.end(), value);
}

bool selects(const Requirement& requirement, const Label& label) {
  return label.key == requirement.key && (requirement.source == "any" || label.source == requirement.source);
}

std::string list(const std::vector<std::string>& values) {
  std::string text = "(";
  for (const std::string& value : values) text += (text.size() > 1 ? "," : "") + value;
  return text + ")";
}

}  // namespace

void Selector::add(Requirement requirement) {
  std::sort(requirement.values.begin(), requirement.values.end());
  requirement.values.erase(std::unique(requirement.values.begin(), requirement.values.end()), requirement.values.end());
  const auto at = std::lower_bound(requirements.begin(), requirements.end(), requirement);
  if (at == requirements.end() || *at != requirement) requirements.insert(at, std::move(requirement));
}

// policy.md 2.2: In needs the key, NotIn also holds without it.
bool matches(const Requirement& requirement, const LabelSet& set) {
  bool present = false, listed = false;
  for (const Label& label : set.labels) {
    if (!selects(requirement, label)) continue;
    present = true;
    listed = listed || holds(requirement.values, label.value);
  }
  switch (requirement.op) {
    case Operator::In: return listed;
    case Operator::NotIn: return !listed;
    case Operator::Exists: return present;
    case Operator::DoesNotExist: return !present;
  }
  return false;
}

bool matches(const Selector& selector, const LabelSet& set) {
  return std::all_of(selector.requirements.begin(), selector.requirements.end(),
                     [&](const Requirement& requirement) { return matches(requirement, set); });
}

std::string to_text(const Requirement& requirement) {
  const std::string name = requirement.source + ":" + requirement.key;
  switch (requirement.op) {
    case Operator::In:
      return requirement.values.size() == 1 ? name + "=" + requirement.values[0] : name + " in " + list(requirement.values);
    case Operator::NotIn: return name + " notin " + list(requirement.values);
    case Operator::Exists: return name;
    case Operator::DoesNotExist: return "!" + name;
  }
  return name;
}

std::string to_text(const Selector& selector) {
  if (selector.everything()) return "{}";
  std::string text;
  for (const Requirement& requirement : selector.requirements) text += (text.empty() ? "" : ",") + to_text(requirement);
  return text;
}

Requirement equals(std::string_view source, std::string_view key, std::string_view value) {
  return {std::string(source), std::string(key), Operator::In, {std::string(value)}};
}

Requirement exists(std::string_view source, std::string_view key) {
  return {std::string(source), std::string(key), Operator::Exists, {}};
}

}  // namespace weir::ir
