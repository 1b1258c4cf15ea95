#include "compiler/source/hints.h"
#include "ir/base/code.h"

#include <algorithm>

namespace weir::compiler {
namespace {

/// The line that holds `at`, and where it starts.
std::pair<std::size_t, std::string_view> line_at(std::string_view chunk, std::size_t at) {
  at = std::min(at, chunk.size());
  const std::size_t before = at == 0 ? std::string_view::npos : chunk.rfind('\n', at - 1);
  const std::size_t begin = before == std::string_view::npos ? 0 : before + 1;
  return {begin, chunk.substr(begin, chunk.find('\n', begin) - begin)};
}

/// The first tab among the blanks that start a line (`- ` counts as a blank), or npos.
std::size_t indenting_tab(std::string_view line) {
  const std::size_t text = std::min(line.find_first_not_of(" \t-"), line.size());
  return line.substr(0, text).find('\t');
}

/// The start of a line that git wrote into a conflict, or npos.
std::size_t conflict_marker(std::string_view chunk) {
  for (std::size_t at = 0; at < chunk.size();) {
    const std::string_view line = chunk.substr(at, chunk.find('\n', at) - at);
    if (line.starts_with("<<<<<<< ") || line.starts_with(">>>>>>> ") || line == "=======") return at;
    at += line.size() + 1;
  }
  return std::string_view::npos;
}

Problem at(Problem problem, std::size_t begin, std::size_t length, std::string detail, std::string fix) {
  problem.code = ir::Code::SyntaxError;
  problem.begin = begin;
  problem.end = begin + length;
  problem.detail = std::move(detail);
  problem.fix = std::move(fix);
  problem.context.reset();
  return problem;
}

}  // namespace

Problem explain_problem(Problem problem, std::string_view chunk, std::size_t base) {
  if (problem.code != ir::Code::SyntaxError && problem.code != ir::Code::UnsupportedYaml) return problem;
  const std::size_t offset = problem.begin - base;
  if (const std::size_t marker = conflict_marker(chunk); marker != std::string_view::npos && marker <= offset + 200)
    return at(std::move(problem), base + marker, 7, "a conflict marker of git", "resolve the merge conflict first");
  const bool tag_or_key = problem.code == ir::Code::UnsupportedYaml;
  const auto [begin, line] = line_at(chunk, offset);
  if (const std::size_t braces = line.find("{{"); braces != std::string_view::npos && line.find("}}") != std::string_view::npos)
    return at(std::move(problem), base + begin + braces, 2, "a template that was not rendered (`{{ ... }}`)",
              "render it first: `helm template` or `kustomize build`");
  if (tag_or_key) return problem;
  if (const std::size_t tab = indenting_tab(line); tab != std::string_view::npos)
    return at(std::move(problem), base + begin + tab, 1, "a tab indents this line", "YAML wants spaces: replace the tab");
  return problem;
}

}  // namespace weir::compiler
