#include "cli/replay_arguments.h"

#include <CLI/CLI.hpp>

namespace weir::cli {
namespace {

constexpr const char* kWhatIf = "What if";
constexpr const char* kParts = "Parts of a recording";
constexpr const char* kFilters = "Hubble filters (as of `hubble observe`)";

void add_what_if(CLI::App& app, ReplayOptions& replay) {
  const auto names = [&](const char* flag, const char* value, std::vector<std::string>& target, const char* text) {
    app.add_option(flag, target, text)->allow_extra_args(false)->delimiter(',')->type_name(value)->group(kWhatIf);
  };
  names("--without", "NS/POLICY", replay.without, "a policy that would not be there; NAME of a cluster-wide one; may be repeated");
  app.add_option("--with", replay.with, "objects that would be there too, or instead; may be repeated")
      ->allow_extra_args(false)->type_name("FILE")->group(kWhatIf);
  names("--enforce", "NS", replay.enforce, "its policies would be enforced; may be repeated");
  names("--audit", "NS", replay.audit, "its policies would only report; may be repeated");
  app.add_option("--label-pod", replay.label_pods, "a label that the pod would have, k- one that it would not; may be repeated")
      ->allow_extra_args(false)->type_name("NS/POD k=v")->group(kWhatIf);
  app.add_flag("--plan", replay.plan, "in which order to enforce namespaces, and what each step would drop")->group(kWhatIf);
}

void add_parts(CLI::App& app, ReplayOptions& replay) {
  app.add_option("--sampled", replay.sampled, "one of so many flows was recorded")->check(CLI::Range(1u, 1000000u))->type_name("N")->group(kParts);
  app.add_option("--shard", replay.shard, "the I-th of N parts, from 1")->type_name("I/N")->group(kParts);
  app.add_option("--partial", replay.partial, "write the part to a file instead of a report")->type_name("FILE")->group(kParts);
  app.add_option("--merge", replay.merge, "files of --partial, instead of --flows")->type_name("FILE")->group(kParts);
  app.add_option("--jobs,--threads", replay.threads, "workers; default: one for each core")->check(CLI::Range(1u, 1024u))->type_name("N")->group(kParts);
}

/// In the order of the command line: `--not` is about the next one.
void add_filters(CLI::App& app, ReplayOptions& replay) {
  auto& filters = replay.filters;
  app.add_flag_callback("--not", [&filters] { filters.emplace_back("not", ""); }, "turns the next filter into an exclusion")
      ->trigger_on_parse()->group(kFilters);
  for (const HubbleFlag& flag : hubble_flags()) {
    const std::string name(flag.name), letter = flag.letter.empty() ? "" : "-" + std::string(flag.letter) + ",";
    if (!flag.takes_value) {
      app.add_flag_callback(letter + "--" + name, [&filters, name] { filters.emplace_back(name, ""); }, std::string(flag.text))
          ->trigger_on_parse()->group(kFilters);
      continue;
    }
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
      {"all-namespaces", "A", "names without a namespace are meant in every one", false},
      {"from-all-namespaces", "", "", false},
      {"to-all-namespaces", "", "", false},
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
      {"cluster", "", "a name"},
      {"from-cluster", "", ""},
      {"to-cluster", "", ""},
      {"node-name", "", "[CLUSTER/]NODE, * is any text"},
      {"node-label", "", "a selector"},
      {"protocol", "", "tcp, udp, sctp, icmp, icmpv4, icmpv6, dns or http"},
      {"verdict", "", "FORWARDED, DROPPED, AUDIT, REDIRECTED ..."},
      {"drop-reason-desc", "", "POLICY_DENIED ..."},
      {"traffic-direction", "", "ingress or egress"},
      {"reply", "", "replies only", false},
      {"ipv4", "4", "", false},
      {"ipv6", "6", "", false},
      {"type", "t", "policy-verdict, drop, trace, l7 ..., or trace:to-endpoint"},
      {"tcp-flags", "", "SYN,ACK"},
      {"snat-ip", "", "an address or a CIDR"},
      {"dns-query", "", "a regular expression"},
      {"http-method", "", ""},
      {"http-path", "", "a regular expression"},
      {"http-url", "", "a regular expression"},
      {"http-status", "", "404, 40+ or 4xx"},
      {"http-header", "", "NAME:VALUE"},
      {"uuid", "", "of a flow"},
      {"since", "", "RFC 3339, or 3h before the end of the recording"},
      {"until", "", "RFC 3339, or 3h before the end of the recording"},
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
