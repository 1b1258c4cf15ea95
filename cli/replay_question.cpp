#include "cli/replay_question.h"

#include <algorithm>
#include <charconv>
#include <string_view>

#include "cli/arguments.h"
#include "cli/report/replay_report.h"
#include "cli/report/rollout_report.h"

namespace weir::cli {
namespace {

/// The flags of a question that cannot be answered together, before anything is read.
std::string contradiction(const Request& request) {
  const ReplayOptions& options = request.replay;
  const bool merging = !options.merge.empty(), part = !options.partial.empty();
  if (options.flows.empty() == !merging) return merging ? "`--merge` adds up parts; it takes no `--flows`" : "`--flows FILE...` or `--merge FILE...` is missing";
  if (merging && !(options.shard.empty() && options.filters.empty())) return "`--merge` adds up parts; `--shard` and filters were for making them";
  if (options.plan && !options.base.empty()) return "`--plan` compares with the recording; it takes no `--base`";
  if (options.plan && part) return "`--partial` makes no report; `--plan` is for `--merge`";
  if (part && !request.common.reports.empty()) return "`--partial` makes no report; `--report` is for `--merge`";
  return {};
}

/// A format that does not exist is a wrong question, asked before hours of reading.
std::string wrong_format(const Request& request) {
  const auto& formats = request.replay.plan ? rollout_formats() : replay_formats();
  const auto known = [&](const std::string& format) { return std::find(formats.begin(), formats.end(), format) != formats.end(); };
  std::string list;
  for (const std::string_view format : formats) list += (list.empty() ? "" : format == formats.back() ? " or " : ", ") + std::string(format);
  for (const std::string& item : request.common.reports)
    if (const std::size_t equals = item.find('='); equals == std::string::npos || equals + 1 == item.size() || !known(item.substr(0, equals)))
      return "`--report " + item + "` wants FORMAT=FILE with " + list;
  return known(request.common.output) ? "" : "replay prints " + list + ", not `" + request.common.output + "`";
}

}  // namespace

ir::Result<std::pair<std::size_t, std::size_t>> parse_shard(const std::string& text) {
  const auto number = [](std::string_view part) {
    std::size_t value = 0;
    const auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), value);
    return error == std::errc{} && end == part.data() + part.size() && value <= 100000 ? value : std::size_t(0);
  };
  const std::size_t slash = text.find('/');
  const std::size_t mine = number(text.substr(0, slash)), of = slash == std::string::npos ? 0 : number(text.substr(slash + 1));
  if (mine == 0 || of == 0 || mine > of) return ir::failure("`--shard " + text + "` wants I/N with I from 1 to N", 2);
  return std::pair(mine - 1, of);
}

std::string wrong_question(const Request& request) {
  const std::string wrong = contradiction(request);
  return wrong.empty() && request.replay.partial.empty() ? wrong_format(request) : wrong;
}

std::vector<std::string> policy_arguments(const Request& request) {
  const CommonOptions& common = request.common;
  const ReplayOptions& options = request.replay;
  std::vector<std::string> all = common.paths;
  const auto add = [&](const std::string& flag, const std::vector<std::string>& values) {
    for (const std::string& value : values) all.insert(all.end(), {flag, value});
  };
  const auto one = [&](const std::string& flag, const std::string& value) {
    if (!value.empty()) add(flag, {value});
  };
  add("--base", options.base);
  add("--without", options.without);
  add("--with", options.with);
  add("--enforce", options.enforce);
  add("--audit", options.audit);
  for (const auto& [pod, label] : options.label_pods) all.insert(all.end(), {"--label-pod", pod, label});
  one("--labels", options.labels);
  one("--dialect", common.dialect);
  add("--set", common.settings);
  one("--config", common.config);
  return all;
}

std::string selection_of(const ReplayOptions& options) {
  std::string text;
  for (const auto& [name, value] : options.filters) text += "--" + name + (value.empty() ? "\n" : "=" + value + "\n");
  return text;
}

ir::Result<Request> with_policies(Request request, const std::vector<std::string>& recorded) {
  if (!request.common.paths.empty()) return request;
  if (recorded.empty()) return ir::failure("the parts name no policies: `weir replay PATH... --merge FILE...`", 2);
  std::vector<std::string> words = {"weir", "replay"};
  std::vector<const char*> argv;
  words.insert(words.end(), recorded.begin(), recorded.end());
  for (const std::string& word : words) argv.push_back(word.c_str());
  Parsed parsed = parse_arguments(static_cast<int>(argv.size()), argv.data());
  if (parsed.done) return ir::failure("the parts were made with flags that this version does not know", 2);
  CommonOptions& common = parsed.request.common;
  ReplayOptions& options = parsed.request.replay;
  common.output = request.common.output;
  common.reports = request.common.reports;
  common.color = request.common.color;
  common.diagnostics = request.common.diagnostics;
  common.quiet = request.common.quiet;
  common.verbose = request.common.verbose;
  options.merge = request.replay.merge;
  options.min_coverage = request.replay.min_coverage;
  options.max_unexplained = request.replay.max_unexplained;
  options.all = request.replay.all;
  options.plan = request.replay.plan;
  options.sampled = request.replay.sampled;
  return parsed.request;
}

}  // namespace weir::cli
