#include "simulator/flows/filter_regex.h"

#include <re2/re2.h>

namespace weir::simulator {
namespace {

constexpr std::int64_t kMemory = 1 << 20;
constexpr std::string_view kAnyName = "[-0-9_a-z]+(?:\\.[-0-9_a-z]+)*";

/// Appends the expression of one pattern; false when it holds a letter that no name has.
bool append_name(std::string_view pattern, std::string& expression) {
  while (!pattern.empty() && pattern.front() == ' ') pattern.remove_prefix(1);
  while (!pattern.empty() && pattern.back() == ' ') pattern.remove_suffix(1);
  if (pattern.ends_with('.')) pattern.remove_suffix(1);
  if (pattern.empty() || pattern.ends_with('.')) return false;
  for (char c : pattern) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    if (c == '.') expression += "\\.";
    else if (c == '*') expression += "[-.0-9_a-z]*";
    else if (c == '-' || c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z')) expression += c;
    else return false;
  }
  return true;
}

ir::Error bad_pattern(std::string_view pattern) {
  return {"`" + std::string(pattern) + "` is no name pattern; write letters, digits, `-`, `.` and `*`", 2};
}

}  // namespace

struct FlowRegex::State {
  re2::RE2 expression;
  State(const std::string& text, const re2::RE2::Options& options) : expression(text, options) {}
};

ir::Result<FlowRegex> FlowRegex::compile(const std::string& text) {
  re2::RE2::Options options;
  options.set_log_errors(false);
  options.set_max_mem(kMemory);
  FlowRegex regex;
  auto state = std::make_shared<const State>(text, options);
  if (!state->expression.ok()) return ir::failure("`" + text + "` is no regular expression: " + state->expression.error(), 2);
  regex.state_ = std::move(state);
  return regex;
}

bool FlowRegex::found_in(std::string_view text) const {
  return re2::RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), state_->expression);
}

ir::Result<FlowRegex> name_pattern(std::string_view pattern) {
  std::string expression = "^(?i:";
  if (!append_name(pattern, expression)) return tl::unexpected(bad_pattern(pattern));
  return FlowRegex::compile(expression + ")\\.?$");
}

ir::Result<FlowRegex> node_pattern(std::string_view pattern) {
  const std::size_t slash = pattern.find('/');
  const std::string_view cluster = slash == std::string_view::npos ? std::string_view() : pattern.substr(0, slash);
  const std::string_view node = slash == std::string_view::npos ? pattern : pattern.substr(slash + 1);
  if (pattern.empty()) return tl::unexpected(bad_pattern(pattern));
  const auto append = [](std::string_view part, std::string& expression) {
    if (!part.empty()) return append_name(part, expression);
    expression += kAnyName;
    return true;
  };
  std::string expression = "^(?i:";
  bool good = append(cluster, expression);
  expression += '/';
  good = good && append(node, expression);
  if (!good) return tl::unexpected(bad_pattern(pattern));
  return FlowRegex::compile(expression + ")$");
}

}  // namespace weir::simulator
