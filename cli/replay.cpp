#include "simulator/replay/replay.h"

#include <algorithm>
#include <cstdio>

#include "cli/commands.h"
#include "cli/emit.h"
#include "cli/print.h"
#include "cli/progress.h"
#include "cli/replay_policies.h"
#include "cli/replay_question.h"
#include "cli/report/replay_report.h"
#include "cli/report/rollout_report.h"
#include "ir/base/write_file.h"
#include "simulator/flows/inputs.h"
#include "simulator/flows/print.h"
#include "simulator/replay/record_reader.h"
#include "simulator/replay/partial.h"
#include "simulator/replay/plan.h"
#include "simulator/replay/rollout.h"

namespace weir::cli {
namespace {

simulator::LabelSource label_source(const std::string& text) {
  if (text == "flow") return simulator::LabelSource::Flow;
  if (text == "inventory") return simulator::LabelSource::Inventory;
  return simulator::LabelSource::Either;
}

/// --emit flows: one line for each record that the filters let through, streamed, recording after recording.
int emit_flows(const std::vector<std::string>& named, const simulator::FlowFilter& filter) {
  const auto recordings = simulator::expand_recordings(named);
  if (!recordings) return print_error(recordings.error());
  simulator::Interned interned;
  interned.filter_fields = true;
  for (const std::string& path : *recordings) {
    auto reader = simulator::RecordReader::open({.path = path}, interned);
    if (!reader) return print_error(reader.error());
    for (simulator::Record record; reader->next(record);)
      if (filter.matches(record, interned)) print_result(to_text(record, interned));
    if (!reader->stats().damage.empty()) return print_error({path + ": " + reader->stats().damage, 3});
  }
  return 0;
}

/// The whole of standard output was taken, or 5.
int finish(int code) {
  if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0) return print_error({"cannot write the report to standard output", 5});
  return code;
}

/// Every `--report FORMAT=FILE`, then the one for standard output. `render` gives nullopt for a format it does not know.
template <class Render>
int write_reports(const CommonOptions& common, const Render& render, int code) {
  for (const std::string& item : common.reports) {
    const std::size_t equals = item.find('=');
    const auto written = ir::write_file(item.substr(equals + 1), *render(item.substr(0, equals)));
    if (!written) return print_error(written.error());
  }
  print_result(*render(common.output));
  return finish(code);
}

/// The end of the recordings is looked up only when a duration counts back from it.
ir::Result<simulator::FlowFilter> filter_of(const ReplayOptions& options) {
  auto filter = simulator::FlowFilter::parse(options.filters);
  const bool timed = std::any_of(options.filters.begin(), options.filters.end(), [](const auto& flag) { return flag.first == "since" || flag.first == "until"; });
  if (filter || !timed) return filter;
  const auto recordings = simulator::expand_recordings(options.flows);
  if (!recordings) return tl::unexpected(recordings.error());
  const auto end = simulator::recording_end(*recordings);
  return end ? simulator::FlowFilter::parse(options.filters, *end) : tl::unexpected(end.error());
}

/// One run of the command.
class Run {
 public:
  explicit Run(Request request) : request_(std::move(request)), bar_(wants_progress(request_.common)) {}

  int start() {
    const auto filter = filter_of(asked());
    if (!filter) return print_error(filter.error());
    if (request_.common.emit == "flows") return finish(emit_flows(asked().flows, *filter));
    filter_ = &*filter;
    if (auto failed = set_options()) return print_error(*failed);
    return request_.replay.merge.empty() ? read_flows() : merge_parts();
  }

 private:
  [[nodiscard]] const ReplayOptions& asked() const { return request_.replay; }

  std::optional<ir::Error> set_options() {
    options_.labels = label_source(asked().labels);
    options_.sampled = asked().sampled;
    options_.threads = asked().threads;
    options_.filter = filter_->matches_everything() ? nullptr : filter_;
    options_.progress = [this](const simulator::Progress& progress) { bar_.update(progress); };
    if (asked().shard.empty()) return std::nullopt;
    const auto shard = parse_shard(asked().shard);
    if (!shard) return shard.error();
    options_.shard = *shard;
    return std::nullopt;
  }

  /// The policies of the command line; an exit code when they are refused.
  std::optional<int> read_sides() {
    auto policies = read_policies(request_);
    if (!policies) return print_error(policies.error());
    policies_ = std::move(*policies);
    options_.relabel = policies_->relabel;
    if (const int refused = gate(policies_->input.diagnostics, policies_->input.files, request_.common)) return refused;
    for (const std::string& remark : policies_->remarks)
      if (!request_.common.quiet) std::fprintf(stderr, "note: %s\n", remark.c_str());
    return std::nullopt;
  }
  [[nodiscard]] const compiler::Resolved& after() const { return policies_->input.resolved; }
  [[nodiscard]] const compiler::Resolved* before() const { return policies_->before ? &*policies_->before : nullptr; }

  int read_flows() {
    if (!request_.common.paths.empty()) {
      if (const auto code = read_sides()) return *code;
      if (!request_.common.emit.empty() && request_.common.emit != "findings") return emit();
    } else if (asked().partial.empty()) {
      return print_error({"PATH is missing: which policies?", 2});
    }
    std::optional<simulator::AddressClasses> addresses;
    if (policies_) addresses.emplace(after(), before());
    // Of a part without a number nothing is known about the others.
    const bool whole = asked().partial.empty() || options_.shard;
    auto gathered = simulator::gather(asked().flows, addresses ? &*addresses : nullptr, whole, options_);
    bar_.clear();
    if (!gathered) return print_error(gathered.error());
    if (!asked().partial.empty())
      return write_part(header_of(addresses ? addresses->digest() : 0), *gathered);
    close_all(*gathered, &*addresses);
    return answer(*gathered);
  }

  [[nodiscard]] simulator::PartialHeader header_of(std::uint64_t addresses) const {
    simulator::PartialHeader header{addresses, selection_of(asked()), policy_arguments(request_), {}};
    if (options_.shard) header.shards.emplace(options_.shard->first + 1, options_.shard->second);
    return header;
  }

  static int write_part(const std::string& path, const simulator::PartialHeader& header, const simulator::Gathered& gathered) {
    const auto written = simulator::write_partial(path, header, gathered);
    return written ? 0 : print_error(written.error());
  }
  int write_part(const simulator::PartialHeader& header, const simulator::Gathered& gathered) const { return write_part(asked().partial, header, gathered); }

  int merge_parts() {
    auto sum = simulator::read_partials(asked().merge);
    if (!sum) return print_error(sum.error());
    if (!asked().partial.empty()) return write_part(sum->header, sum->gathered);
    if (const std::string missing = simulator::missing_shard(sum->header); !missing.empty())
      return print_error({"shard " + missing + " is missing: the parts are not the whole recording", 2});
    auto request = with_policies(std::move(request_), sum->header.arguments);
    if (!request) return print_error(request.error());
    request_ = std::move(*request);
    options_.labels = label_source(asked().labels);
    if (const auto code = read_sides()) return *code;
    const simulator::AddressClasses addresses(after(), before());
    if (sum->header.addresses != 0 && sum->header.addresses != addresses.digest())
      return print_error({"the parts were made for policies with other CIDRs; make them without PATH to ask them about any policies", 2});
    close_all(sum->gathered, &addresses);
    return answer(sum->gathered);
  }

  [[nodiscard]] int emit() const {
    const auto text = emit_front(policies_->input, request_.common.emit);
    if (!text) return print_error(text.error());
    print_result(*text);
    return finish(0);
  }

  [[nodiscard]] ReplayLimits limits() const { return {asked().min_coverage, asked().max_unexplained}; }

  int answer(const simulator::Gathered& gathered) {
    if (asked().plan) return answer_plan(gathered);
    ir::Diagnostics found;
    const simulator::ReplayReport report = simulator::tally(gathered, after(), before(), policies_->input.files, options_, found);
    print_diagnostics(found, policies_->input.files, request_.common);
    const ReplayView view{asked().all, jobs_of(policies_->input.objects)};
    return write_reports(request_.common, [&](const std::string& format) { return replay_output(report, format, view); }, replay_exit(report, limits()));
  }

  int answer_plan(const simulator::Gathered& gathered) {
    Input& input = policies_->input;
    // Enforcing is what is asked about: that the agent audits everything today does not matter.
    ir::Settings settings = input.settings;
    settings.audit_mode = false;
    ir::Diagnostics first;
    bool said = false;
    const auto resolve = [&](const compiler::Objects& objects) -> ir::Result<compiler::Resolved> {
      ir::Diagnostics again;
      return compiler::resolve(objects, settings, input.files, again, compiler::Lints::No);
    };
    const auto tally = [&](const compiler::Resolved& resolved) -> ir::Result<simulator::ReplayReport> {
      ir::Diagnostics again;
      ir::Diagnostics& found = said ? again : first;
      said = true;
      return simulator::tally(gathered, resolved, nullptr, input.files, options_, found);
    };
    const auto plan = simulator::plan_rollout(input.objects, resolve, tally);
    if (!plan) return print_error(plan.error());
    print_diagnostics(first, input.files, request_.common);
    const ReplayView view{asked().all, jobs_of(input.objects)};
    return write_reports(request_.common, [&](const std::string& format) { return rollout_output(*plan, format, view); }, rollout_exit(*plan, limits()));
  }

  Request request_;
  ProgressBar bar_;
  const simulator::FlowFilter* filter_ = nullptr;
  simulator::ReplayOptions options_;
  std::optional<ReplayPolicies> policies_;
};

}  // namespace

int run_replay(const Request& request) {
  if (const std::string wrong = wrong_question(request); !wrong.empty()) return print_error({wrong, 2});
  return Run(request).start();
}

}  // namespace weir::cli
