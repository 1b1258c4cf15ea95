#include "cli/replay_arguments.h"

#include <CLI/CLI.hpp>

namespace weir::cli {
namespace {

constexpr const char* kWhatIf = "What if";
constexpr const char* kParts = "Parts of a recording";
constexpr const char* kFilters = "Hubble filters (as of `hubble observe`)";

void add_what_if(CLI::App& app, ReplayOptions& replay) {
  const auto names = [&](const char* flag, std::vector<std::string>& target, const char* text) {
    app.add_option(flag, target, text)->allow_extra_args(false)->delimiter(',')->group(kWhatIf);
  };
  names("--without", replay.without, "NS/POLICY or a cluster-wide NAME that would not be there; may be repeated");
  app.add_option("--with", replay.with, "a file of objects that would be there too, or instead; may be repeated")
      ->allow_extra_args(false)->group(kWhatIf);
  names("--enforce", replay.enforce, "NS whose policies would be enforced; may be repeated");
  names("--audit", replay.audit, "NS whose policies would only report; may be repeated");
  app.add_option("--label-pod", replay.label_pods, "NS/POD and k=v or k-: a label that the pod would have; may be repeated")
      ->allow_extra_args(false)->group(kWhatIf);
  app.add_flag("--plan", replay.plan, "in which order to enforce namespaces, and what each step would drop")->group(kWhatIf);
}

void add_parts(CLI::App& app, ReplayOptions& replay) {
  app.add_option("--sampled", replay.sampled, "one of so many flows was recorded")->check(CLI::Range(1u, 1000000u))->group(kParts);
  app.add_option("--shard", replay.shard, "I/N, the I-th of N parts, from 1")->group(kParts);
  app.add_option("--partial", replay.partial, "write the part to a file instead of a report")->group(kParts);
  app.add_option("--merge", replay.merge, "files of --partial, instead of --flows")->group(kParts);
  app.add_option("--threads", replay.threads, "workers; default: one for each core")->check(CLI::Range(1u, 1024u))->group(kParts);
}

/// In the order of the command line: `--not` is about the next one.
void add_filters(CLI::App& app, ReplayOptions& replay) {
  auto& filters = replay.filters;
  app.add_flag_callback("--not", [&filters] { filters.emplace_back("not", ""); }, "turns the next filter into an exclusion")
      ->trigger_on_parse()->group(kFilters);
  for (const HubbleFlag& flag : hubble_flags()) {
    const std::string name(flag.name), letter = flag.letter.empty() ? "" : "-" + std::string(flag.letter) + ",";
    app.add_option_function<std::string>(letter + "--" + name, [&filters, name](const std::string& value) { filters.emplace_back(name, value); },
                                         std::string(flag.text))
        ->trigger_on_parse()->group(kFilters);
  }
}

}  // namespace

const std::vector<HubbleFlag>& hubble_flags() {
  static const std::vector<HubbleFlag> flags = {
      {"namespace", "n", "either end is in it"},
      {"from-namespace", "", ""},
      {"to-namespace", "", ""},
      {"pod", "", "[NS/]PREFIX of either end; without NS `default`"},
      {"from-pod", "", ""},
      {"to-pod", "", ""},
      {"label", "l", "a selector: k=v,k2 in (a,b),!k3"},
      {"from-label", "", ""},
      {"to-label", "", ""},
      {"ip", "", "an address or a CIDR"},
      {"from-ip", "", ""},
      {"to-ip", "", ""},
      {"port", "", "or a range, 8000-8099"},
      {"from-port", "", ""},
      {"to-port", "", ""},
      {"identity", "", "a number or a reserved name"},
      {"from-identity", "", ""},
      {"to-identity", "", ""},
      {"fqdn", "", "a name, * is any text"},
      {"from-fqdn", "", ""},
      {"to-fqdn", "", ""},
      {"service", "", "[NS/]NAME"},
      {"from-service", "", ""},
      {"to-service", "", ""},
      {"workload", "", "[KIND/][NS/]NAME"},
      {"from-workload", "", ""},
      {"to-workload", "", ""},
      {"cluster", "", "of the recording node"},
      {"node-name", "", "[CLUSTER/]NODE, * is any text"},
      {"node-label", "", "a selector"},
      {"protocol", "", "TCP, UDP, ICMPv4, http, dns ..."},
      {"verdict", "", "FORWARDED, DROPPED, AUDIT, REDIRECTED ..."},
      {"drop-reason-desc", "", "POLICY_DENIED ..."},
      {"traffic-direction", "", "ingress or egress"},
      {"type", "t", "policy-verdict, drop, trace, l7 ..., or TYPE:SUBTYPE"},
      {"tcp-flags", "", "SYN,ACK"},
      {"snat-ip", "", "an address or a CIDR"},
      {"http-method", "", ""},
      {"http-path", "", "a regular expression"},
      {"http-url", "", "a regular expression"},
      {"http-status", "", "404 or 4+"},
      {"http-header", "", "NAME:VALUE"},
      {"uuid", "", "of a flow"},
      {"since", "", "RFC 3339, or 3h before now"},
      {"until", "", "RFC 3339, or 3h before now"},
  };
  return flags;
}

void add_replay_options(CLI::App& app, ReplayOptions& replay) {
  app.add_option("--flows", replay.flows, "recordings: files, folders or `-`");
  app.add_option("--base", replay.base, "the policies before the change");
  app.add_option("--labels", replay.labels, "where the labels of pods come from; default: the flow, else the inventory")
      ->check(CLI::IsMember({"flow", "inventory"}));
  app.add_option("--min-coverage", replay.min_coverage, "percent; below it the answer is undecided");
  app.add_option("--max-unexplained", replay.max_unexplained, "percent");
  app.add_flag("--all", replay.all, "list every connection");
  add_what_if(app, replay);
  add_parts(app, replay);
  add_filters(app, replay);
}

}  // namespace weir::cli
