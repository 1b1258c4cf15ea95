#include <cstdio>
#include <fstream>
#include <functional>
#include <set>

#include "cli/commands.h"
#include "cli/git_paths.h"
#include "cli/input.h"
#include "cli/print.h"
#include "cli/report/sets_diff_report.h"
#include "compiler/source/cluster_path.h"
#include "compiler/verify/policy_diff.h"
#include "ir/base/code.h"

namespace weir::cli {
namespace {

/// Both sides, which share the files.
struct Sides {
  Input head;
  compiler::Resolved base;
  std::optional<ir::PolicySet> base_any, head_any;  // of any pod; absent: those of today
};

ir::Result<Sides> read_sides(const Request& request) {
  std::vector<GitPath> paths;
  for (const std::string& path : request.common.paths) {
    auto opened = GitPath::open(path);
    if (!opened) return tl::unexpected(opened.error());
    paths.push_back(std::move(*opened));
  }
  std::vector<std::string> inventory = request.diff.inventory;
  for (std::string& path : inventory) {
    if (path != "-") continue;
    auto kept = GitPath::standard_input();
    if (!kept) return tl::unexpected(kept.error());
    path = kept->path();
    paths.push_back(std::move(*kept));
  }
  const auto with_inventory = [&](const std::string& path) {
    std::vector<std::string> all = inventory;
    all.push_back(path);
    return all;
  };
  auto head = read_input(with_inventory(paths[1].path()), request.common, compiler::Lints::No);
  if (!head) return tl::unexpected(head.error());
  auto more = read_more_objects(with_inventory(paths[0].path()), *head);
  if (!more) return tl::unexpected(more.error());
  compiler::Resolved base = resolve_more(*more, *head);
  for (const GitPath& path : paths) path.rename(head->files);
  auto base_any = compiler::policies_of_any_pod(more->objects, base.cluster), head_any = compiler::policies_of_any_pod(head->objects, head->resolved.cluster);
  return Sides{std::move(*head), std::move(base), std::move(base_any), std::move(head_any)};
}

/// Standard input can be read once.
bool reads_stdin_twice(const Request& request) {
  std::size_t times = 0;
  for (const std::string& path : request.common.paths) times += path == "-" || compiler::split_cluster(path).path == "-";
  // An inventory is read for each of the two sides; without the name of a cluster it is kept.
  for (const std::string& path : request.diff.inventory) times += path == "-" ? 1 : compiler::split_cluster(path).path == "-" ? 2 : 0;
  return times > 1;
}

/// Every `--report FORMAT=FILE`. `make` gives nothing for a format that is none of `formats`.
int write_reports(const CommonOptions& common, const std::string& formats, const std::function<std::optional<std::string>(const std::string&)>& make) {
  for (const std::string& item : common.reports) {
    const std::size_t equals = item.find('=');
    const auto text = make(item.substr(0, equals));
    if (equals == std::string::npos || !text)
      return print_error({"`--report " + item + "` wants FORMAT=FILE with " + formats, 2});
    std::ofstream out(item.substr(equals + 1), std::ios::binary);
    out << *text;
    out.flush();
    if (!out) return print_error({"cannot write `" + item.substr(equals + 1) + "`", 5});
  }
  return 0;
}

/// What rules name and the input does not hold selects nobody: a proof hangs on it.
void add_missing(const Input& input, std::vector<std::string>& assumptions) {
  constexpr std::size_t kShown = 4;
  std::set<std::string> missing;
  for (const ir::Diagnostic& found : input.diagnostics.list())
    if (found.kind == ir::Code::MissingReference) missing.insert(to_text(input.files, found.primary) + ": " + found.detail + ", so it is nobody");
  std::size_t shown = 0;
  for (const std::string& one : missing)
    if (shown++ < kShown) assumptions.push_back(one);
  if (shown > kShown) assumptions.push_back(std::to_string(shown - kShown) + " more that rules name are not in the input either");
}

int answer_relation(const Request& request, const Sides& sides, const compiler::DiffSide& before, const compiler::DiffSide& after,
                    const compiler::DiffQuestion& question) {
  const compiler::Relation asked = *compiler::parse_relation(request.diff.relation);
  compiler::WholeRelation whole =
      compiler::with_routes(asked, compiler::relation(asked, before, after, question), sides.base.routes, sides.head.resolved.routes);
  if (question.any) add_missing(sides.head, whole.answer.assumptions);
  const compiler::RelationAnswer& answer = whole.answer;
  const auto make = [&](const std::string& format) { return relation_output(asked, whole, format); };
  if (const int failed = write_reports(request.common, "text or json", make)) return failed;
  const auto text = make(request.common.output);
  if (!text) return print_error({"diff --relation prints text or json, not `" + request.common.output + "`", 2});
  print_result(*text);
  return answer.status == compiler::ProofStatus::Holds ? 0 : answer.status == compiler::ProofStatus::Violated ? 1 : 4;
}

int list_differences(const Request& request, const Sides& sides, const compiler::DiffSide& before, const compiler::DiffSide& after,
                     const compiler::DiffQuestion& question) {
  compiler::PolicyDiff found = compiler::diff_policies(before, after, question);
  if (question.any) add_missing(sides.head, found.assumptions);
  const compiler::RouteDiff routes = compiler::diff_routes(sides.base.routes, sides.head.resolved.routes);
  const SetsDiff diff{found, before, after, sides.head.files, routes};
  const auto make = [&](const std::string& format) { return sets_diff_output(diff, format); };
  if (const int failed = write_reports(request.common, "text, json, csv, markdown, dot or html", make)) return failed;
  const auto text = make(request.common.output);
  if (!text) return print_error({"diff prints text, json, csv, markdown, dot or html, not `" + request.common.output + "`", 2});
  print_result(*text);
  for (const std::string& line : sets_diff_unknowns(diff, request.common.output)) std::fprintf(stderr, "unknown: %s\n", line.c_str());
  if (request.diff.exit_code && !(found.equal() && routes.found.empty())) return 1;
  // cli.md: an unknown is never counted as good.
  return found.complete() && routes.unknown.empty() ? 0 : 4;
}

}  // namespace

int run_diff(const Request& request) {
  const DiffOptions& options = request.diff;
  if (options.dialect_from.empty() != options.dialect_to.empty())
    return print_error({"diff wants both --dialect-from and --dialect-to", 2});
  if (!options.dialect_from.empty()) return run_diff_dialects(request);
  if (request.common.paths.size() != 2)
    return print_error({"diff wants BASE and HEAD, each a folder, a file or git:REV[:PATH]; what both have goes with --inventory", 2});
  if (reads_stdin_twice(request)) return print_error({"`-` can stand in one place only: standard input is read once", 2});
  auto sides = read_sides(request);
  if (!sides) return print_error(sides.error());
  if (const int refused = gate(sides->head.diagnostics, sides->head.files, request.common)) return refused;
  const auto of_any = [](const std::optional<ir::PolicySet>& set) { return set ? &*set : nullptr; };
  const compiler::DiffSide before{sides->base.policies, sides->base.cluster, of_any(sides->base_any)},
      after{sides->head.resolved.policies, sides->head.resolved.cluster, of_any(sides->head_any)};
  const compiler::DiffQuestion question{options.world != "any", options.world != "today", {.solver_millis = options.timeout_millis}};
  if (!options.relation.empty()) return answer_relation(request, *sides, before, after, question);
  return list_differences(request, *sides, before, after, question);
}

}  // namespace weir::cli
