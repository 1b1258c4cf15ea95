#include "ir/cluster/label.h"

#include <algorithm>

namespace weir::ir {
namespace {

bool before(const Label& label, std::string_view source, std::string_view key) {
  const int order = std::string_view(label.source).compare(source);
  return order != 0 ? order < 0 : std::string_view(label.key) < key;
}

}  // namespace

std::string to_text(const Label& label) {
  std::string text = label.source + ":" + label.key;
  if (!label.value.empty()) text += "=" + label.value;
  return text;
}

Label parse_label(std::string_view text) {
  const std::size_t equals = text.find('=');
  const std::string_view name = text.substr(0, equals);
  const std::size_t colon = name.find(':');
  Label label;
  label.source = colon == std::string_view::npos ? "k8s" : std::string(name.substr(0, colon));
  label.key = std::string(colon == std::string_view::npos ? name : name.substr(colon + 1));
  if (equals != std::string_view::npos) label.value = std::string(text.substr(equals + 1));
  return label;
}

void LabelSet::set(Label label) {
  const auto at = std::lower_bound(labels.begin(), labels.end(), label, [](const Label& a, const Label& b) {
    return before(a, b.source, b.key);
  });
  if (at != labels.end() && at->source == label.source && at->key == label.key)
    at->value = std::move(label.value);
  else
    labels.insert(at, std::move(label));
}

const Label* LabelSet::find(std::string_view source, std::string_view key) const {
  const auto at = std::lower_bound(labels.begin(), labels.end(), 0,
                                   [&](const Label& label, int) { return before(label, source, key); });
  return at != labels.end() && at->source == source && at->key == key ? &*at : nullptr;
}

bool LabelSet::world() const { return reserved("world") || reserved("world-ipv4") || reserved("world-ipv6"); }

std::string to_text(const LabelSet& set) {
  std::string text = "[";
  for (const Label& label : set.labels) text += (text.size() > 1 ? " " : "") + to_text(label);
  return text + "]";
}

}  // namespace weir::ir
