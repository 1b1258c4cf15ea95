#include "compiler/source/builder.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <tuple>
#include <utility>

#include "ir/base/check.h"
#include "ir/base/code.h"

namespace weir::compiler {
namespace {

using Kind = Event::Kind;

Problem refuse(const Event& event, std::string detail, std::string fix) {
  return {.code = ir::Code::UnsupportedYaml, .begin = event.begin, .end = event.end, .detail = std::move(detail),
          .fix = std::move(fix)};
}

/// YAML 1.1 booleans: Kubernetes' own reader makes the key `true` or `false` of them.
bool is_boolean_text(std::string_view text) {
  constexpr std::array<std::string_view, 22> words{"y",  "Y",  "yes",  "Yes",  "YES",  "on",    "On",    "ON",
                                                   "n",  "N",  "no",   "No",   "NO",   "off",   "Off",   "OFF",
                                                   "true", "True", "TRUE", "false", "False", "FALSE"};
  return std::find(words.begin(), words.end(), text) != words.end();
}

/// A short list in memory of its own size, so that `from` is used again; a long one is not moved twice.
template <class T>
void hand_over(std::vector<T>& from, std::vector<T>& to) {
  constexpr std::size_t kShort = 64;
  if (from.size() > kShort) {
    to = std::move(from);
  } else {
    to.assign(std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
  }
  from.clear();
}

}  // namespace

bool is_null_text(std::string_view text) {
  return text.empty() || text == "~" || text == "null" || text == "Null" || text == "NULL";
}

Problem TreeBuilder::limit(const Event& event, std::string detail) const {
  return {.code = ir::Code::LimitExceeded, .begin = event.begin, .end = event.begin, .detail = std::move(detail),
          .fix = "split the object, or check that this file is meant for weir"};
}

/// An element of `items` in the root mapping: an object of its own for the limits (reliability.md C2 row 1).
bool TreeBuilder::starts_item() const {
  return depth_ == 2 && stack_[1].kind == NodeKind::Sequence && stack_[0].has_key &&
         stack_[0].entries.back().first.text == "items";
}

std::optional<Problem> TreeBuilder::count(const Event& event) {
  if (starts_item()) nodes_ = bytes_ = largest_ = 0;
  ++nodes_;
  bytes_ += event.text.size() + 1;
  largest_ = std::max<std::uint64_t>(largest_, event.text.size());
  if (nodes_ > limits_.object_nodes)
    return limit(event, "the object has more than " + std::to_string(limits_.object_nodes) + " values");
  if (event.text.size() > limits_.scalar_bytes)
    return limit(event, "a value of more than " + std::to_string(limits_.scalar_bytes >> 20) + " MiB");
  if (bytes_ - largest_ > limits_.object_bytes)
    return limit(event, "the object has more than " + std::to_string(limits_.object_bytes >> 20) +
                            " MiB besides its largest value");
  return std::nullopt;
}

void TreeBuilder::report(const Problem& problem) {
  diagnostics_.report({.kind = problem.code, .primary = positions_.span(problem.begin, problem.end),
                       .detail = problem.detail, .labels = {}, .notes = {}, .fix = problem.fix, .witness = {}});
}

std::optional<Problem> TreeBuilder::add(Event event) {
  if (event.kind == Kind::SequenceEnd || event.kind == Kind::MappingEnd) {
    close(event);
    return std::nullopt;
  }
  if (auto problem = count(event)) return problem;
  return event.kind == Kind::Scalar ? scalar(event) : open(event);
}

std::optional<Problem> TreeBuilder::scalar(Event& event) {
  Open* parent = top();
  if (parent != nullptr && parent->kind == NodeKind::Mapping && !parent->has_key) return key(*parent, event);
  Node node;
  const bool null = !event.quoted && is_null_text(event.text);
  node.kind = null ? NodeKind::Null : NodeKind::Scalar;
  const bool absent = null && event.text.empty() && parent != nullptr && parent->has_key;
  const std::size_t begin = absent ? parent->key_end : event.begin;
  const std::size_t end = absent ? begin : event.end;
  node.span = positions_.span(begin, end);
  if (!null) node.text = std::move(event.text);
  node.quoted = event.quoted;
  attach(std::move(node), end);
  return std::nullopt;
}

std::optional<Problem> TreeBuilder::key(Open& parent, Event& event) {
  if (!event.quoted && is_null_text(event.text))
    return refuse(event, "a key that is null", "give the key a name");
  if (!event.quoted && is_boolean_text(event.text))
    return refuse(event, "the key `" + event.text + "` is a boolean for Kubernetes' reader",
                  "quote it: `\"" + event.text + "\"`");
  if (!event.quoted && event.text == "<<")
    return refuse(event, "merge keys (`<<`) are not accepted", "write the fields out");
  parent.key_end = event.end;
  parent.end = event.end;
  parent.has_key = true;
  Node& node = parent.entries.emplace_back(std::piecewise_construct, std::tuple<>(), std::tuple<>()).first;
  node.kind = NodeKind::Scalar;
  node.span = positions_.span(event.begin, event.end);
  node.text = std::move(event.text);
  node.quoted = event.quoted;
  return std::nullopt;
}

std::optional<Problem> TreeBuilder::open(const Event& event) {
  if (depth_ >= limits_.depth)
    return limit(event, "values are nested deeper than " + std::to_string(limits_.depth) + " levels");
  if (const Open* parent = top(); parent != nullptr && parent->kind == NodeKind::Mapping && !parent->has_key)
    return refuse(event, "a list or mapping as a key",
                  "keys must be text; is this `{{ ... }}` of a template that was not rendered?");
  if (depth_ == stack_.size()) stack_.emplace_back();
  Open& frame = stack_[depth_++];
  frame.kind = event.kind == Kind::MappingStart ? NodeKind::Mapping : NodeKind::Sequence;
  frame.begin = event.begin;
  frame.end = event.end;
  frame.flow = event.flow;
  return std::nullopt;
}

void TreeBuilder::close(const Event& event) {
  WEIR_CHECK(depth_ > 0);
  Open& frame = stack_[--depth_];
  // A block ends with its last child; the end event of libyaml stands at the next token.
  const std::size_t end = frame.flow ? event.end : frame.end;
  Node node;
  node.kind = frame.kind;
  node.span = positions_.span(frame.begin, end);
  hand_over(frame.items, node.items);
  hand_over(frame.entries, node.entries);
  if (!frame.seen.empty()) frame.seen.clear();
  attach(std::move(node), end);
}

void TreeBuilder::attach(Node node, std::size_t end) {
  Open* parent = top();
  if (parent == nullptr) {
    root_ = std::move(node);
    return;
  }
  parent->end = std::max(parent->end, end);
  if (parent->kind == NodeKind::Sequence) {
    parent->items.push_back(std::move(node));
  } else {
    set_value(*parent, std::move(node));
  }
}

/// The earlier entry with the key of the last. Short mappings are searched, long ones hashed: 50,000 keys stay linear.
const Node* TreeBuilder::earlier(Open& parent) {
  constexpr std::size_t kShort = 8;
  const auto& entries = parent.entries;
  const std::string& key = entries.back().first.text;
  const std::size_t before = entries.size() - 1;
  if (before < kShort) {
    for (std::size_t i = 0; i < before; ++i)
      if (entries[i].first.text == key) return &entries[i].first;
    return nullptr;
  }
  for (std::size_t i = parent.seen.size(); i < before; ++i) parent.seen.emplace(entries[i].first.text, i);
  const auto found = parent.seen.find(key);
  return found == parent.seen.end() ? nullptr : &entries[found->second].first;
}

void TreeBuilder::set_value(Open& parent, Node value) {
  parent.has_key = false;
  const Node* first = earlier(parent);
  if (first == nullptr) {
    parent.entries.back().second = std::move(value);
    return;
  }
  const Node& key = parent.entries.back().first;
  diagnostics_.report({.kind = ir::Code::DuplicateKey, .primary = key.span,
                       .detail = "the key `" + clip(key.text) + "` is already in this mapping",
                       .labels = {{first->span, "first here"}},
                       .notes = {"readers differ on which of the two counts"},
                       .fix = "keep one of them", .witness = {}});
  parent.entries.pop_back();
}

}  // namespace weir::compiler
