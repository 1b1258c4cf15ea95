#include "cli/arguments.h"

#include <CLI/CLI.hpp>

#include "cli/replay_arguments.h"

namespace weir::cli {
namespace {

const std::vector<std::string> kStages = {"source", "objects", "cluster", "policy", "routes", "flows", "findings",
                                          "capacity", "smt2", "tables", "c", "maps"};

CLI::App* command(CLI::App& app, const char* name, const char* text, CommonOptions& common, bool paths_required) {
  CLI::App* sub = app.add_subcommand(name, text);
  auto* paths = sub->add_option("PATH", common.paths, "files, folders, `-`, or NAME=PATH for a cluster");
  if (paths_required) paths->required();
  // `-o` names the output folder of compile and keygen.
  const bool folder = std::string_view(name) == "compile";
  sub->add_option(folder ? "--output-format" : "-o,--output", common.output, "text, json, ...");
  sub->add_option("--report", common.reports, "FORMAT=FILE, may be repeated");
  // Of replay it is hubble's filter.
  if (std::string_view(name) != "replay") sub->add_option("-n,--namespace", common.namespace_name, "default for names without a namespace");
  sub->add_option("--color", common.color)->check(CLI::IsMember({"auto", "always", "never"}));
  sub->add_option("--now", common.now, "the time to judge expiry by, RFC 3339 or seconds");
  sub->add_option("--diagnostics", common.diagnostics)->check(CLI::IsMember({"full", "short"}));
  sub->add_option("--dialect", common.dialect, "cilium-1.20, cilium-1.19, cilium-1.18 or k8s");
  sub->add_option("--gateway-dialect", common.gateway_dialect, "spec, cilium-1.20, cilium-1.19, cilium-1.18, istio or envoy-gateway");
  sub->add_option("--set", common.settings, "key=value of the settings, may be repeated");
  sub->add_option("--config", common.config, "instead of the nearest .weir.yaml");
  sub->add_option("--fail-on", common.fail_on)->check(CLI::IsMember({"error", "warning", "note"}));
  sub->add_flag("--strict", common.strict, "a document of a kind weir does not know is an error");
  sub->add_flag("-q", common.quiet, "only results");
  sub->add_flag("-v", common.verbose, "more about what was read");
  sub->add_flag("--no-progress", common.no_progress, "no progress bar, which only a terminal gets");
  return sub;
}

void add_emit(CLI::App* sub, CommonOptions& common) {
  sub->add_option("--emit", common.emit, "print one stage")->check(CLI::IsMember(kStages));
}

/// What travels inside the connection, and what DNS answers.
void add_request(CLI::App* sub, TraceOptions& trace) {
  sub->add_option("--http-method", trace.http_method, "GET unless it is said");
  sub->add_option("--http-path", trace.http_path, "with its query; / unless it is said");
  sub->add_option("--http-host", trace.http_host, "as sent, a port included");
  sub->add_option("--http-header", trace.http_headers, "\"Name: value\", may be repeated")->allow_extra_args(false);
  sub->add_option("--dns-query", trace.dns_query, "the name that is asked for");
  sub->add_option("--sni", trace.sni, "the server name of a TLS hello; \"\" when it has none");
  sub->add_option("--name", trace.names, "NAME=ADDRESS, what DNS answers; may be repeated")->allow_extra_args(false);
}

void add_trace(CLI::App& app, Request& request) {
  CLI::App* sub = command(app, "trace", "is this one connection allowed, and which rule says so", request.common, true);
  const auto pod = [](std::string& target) {
    return [&target](const std::string& value) { target = "pod:" + value; };
  };
  sub->add_option("--src", request.trace.source, "a party, such as workload:shop/frontend");
  sub->add_option("--dst", request.trace.destination, "a party");
  sub->add_option_function<std::string>("--src-pod", pod(request.trace.source), "NS/NAME");
  sub->add_option_function<std::string>("--dst-pod", pod(request.trace.destination), "NS/NAME");
  sub->add_option("--dport", request.trace.port, "PORT[/PROTOCOL]");
  sub->add_option("--icmp", request.trace.icmp, "TYPE[/CODE], for ICMP instead of --dport");
  add_request(sub, request.trace);
  sub->add_flag("--suggest", request.trace.suggest, "the smallest edit that turns the verdict");
}

void add_old_party(CLI::App* sub, OldPartyOptions& party, const std::string& end) {
  sub->add_option("-" + end.substr(0, 1) + ",--" + end, party.labels, "labels, source:key=value, may be repeated")
      ->allow_extra_args(false);
  sub->add_option("--" + end + "-k8s-pod", party.pods, "NS:POD")->allow_extra_args(false);
  sub->add_option("--" + end + "-k8s-yaml", party.files, "a file of pods or workloads")->allow_extra_args(false);
  sub->add_option("--" + end + "-identity", party.identity, "a reserved name, or its number 1 to 10");
  sub->add_option("--" + end + "-endpoint", party.endpoint, "refused: only a running agent knows its endpoints");
}

void add_policy_trace(CLI::App& app, Request& request) {
  CLI::App* policy = app.add_subcommand("policy", "what `cilium policy` was");
  policy->require_subcommand(1);
  CLI::App* sub = command(*policy, "trace", "trace with the flags and the output of `cilium policy trace`",
                          request.common, true);
  add_old_party(sub, request.policy_trace.source, "src");
  add_old_party(sub, request.policy_trace.destination, "dst");
  sub->add_option("--dport", request.policy_trace.ports, "PORT[/tcp|udp|any], may be repeated")->allow_extra_args(false);
  add_request(sub, request.trace);
}

void add_route(CLI::App& app, Request& request) {
  CLI::App* sub = command(app, "route", "where the gateway sends this request", request.common, true);
  auto* url = sub->add_option("--url", request.route.url, "http://host[:port]/path?query; also https, grpc, tls, tcp, udp");
  sub->add_option("--requests", request.route.requests, "a file of requests, `-` for standard input: METHOD URL [Header: value]..., or JSON, one a line")
      ->excludes(url);
  sub->add_option("-X,--method,--request", request.route.method, "GET unless it is said; POST of grpc");
  sub->add_option("-H,--header", request.route.headers, "\"Name: value\", may be repeated")->allow_extra_args(false);
  sub->add_option("--sni", request.route.sni, "the server name of the TLS hello, if it is not the host; \"\" when it has none");
  sub->add_option("--gateway", request.route.gateway, "NS/NAME");
  sub->add_option("--src", request.route.source, "the client, a party");
}

void add_connectivity(CLI::App& app, Request& request) {
  ConnectivityOptions& options = request.connectivity;
  CLI::App* sub = command(app, "connectivity", "who can reach whom: all allowed connections", request.common, true);
  sub->add_option("--focus-workload", options.workloads, "NS/NAME or NAME, may be repeated")->delimiter(',');
  sub->add_option("--focus-peer", options.peers, "the other end: NS/NAME, NAME, entity:NAME, ip:ADDRESS ...")->delimiter(',');
  sub->add_option("--focus-direction", options.direction, "as the workload sees it")->check(CLI::IsMember({"ingress", "egress"}));
  sub->add_option("--focus-port", options.ports, "8080/TCP, 8000-8100/UDP, 8/ICMP or TCP")->delimiter(',');
  sub->add_flag("--exposure", options.exposure, "also what pods that do not exist yet could reach");
}

void add_replay(CLI::App& app, Request& request) {
  // A part of a recording, and parts added up to a part, need no policies.
  CLI::App* sub = command(app, "replay", "which recorded flows these policies would drop", request.common, false);
  add_replay_options(*sub, request.replay);
  add_emit(sub, request.common);
}

void add_flows(CLI::App& app, Request& request) {
  CLI::App* flows = app.add_subcommand("flows", "recordings and their compact form");
  flows->require_subcommand(1);
  const auto action = [&](const char* name, const char* text) {
    CLI::App* sub = flows->add_subcommand(name, text);
    sub->add_option("FILE", request.flows.files, "recordings, packed or not")->required();
    sub->callback([&request, name] { request.flows.action = name; });
    return sub;
  };
  action("pack", "recordings into one compact segment that replay reads")
      ->add_option("-o,--output", request.flows.output, "the segment, such as day.weirflows")
      ->required();
  action("print", "recordings as the lines of `hubble observe -o jsonpb`");
}

void add_diff(CLI::App& app, Request& request) {
  CLI::App* sub = command(app, "diff", "what changes between two sets of manifests, BASE and HEAD, or with an upgrade", request.common, true);
  sub->add_option("--inventory", request.diff.inventory, "manifests that both sides have, may be repeated");
  sub->add_option("--world", request.diff.world, "today's pods, any pods that may come, or both")->check(CLI::IsMember({"today", "any", "both"}));
  sub->add_option("--relation", request.diff.relation, "yes or no: is HEAD so related to BASE?")
      ->check(CLI::IsMember({"equivalent", "contains", "contained", "disjoint", "interferes"}));
  sub->add_option("--timeout", request.diff.timeout_millis, "milliseconds for one question to the solver");
  sub->add_option("--dialect-from", request.diff.dialect_from, "the dialect before");
  sub->add_option("--dialect-to", request.diff.dialect_to, "the dialect after");
  sub->add_flag("--exit-code", request.diff.exit_code, "exit 1 when something differs");
}

void add_compile(CLI::App& app, Request& request) {
  CLI::App* sub = command(app, "compile", "eBPF program and maps of a node, signed", request.common, true);
  sub->add_option("-o", request.compile.directory, "folder of the bundles");
  sub->add_option("--node", request.compile.node, "only this node");
  sub->add_option("--key", request.compile.key, "private key that signs the bundle");
  sub->add_option("--generation", request.compile.generation, "default: one more than the bundle in the folder");
  add_emit(sub, request.common);
}

void define(CLI::App& app, Request& request) {
  app.set_version_flag("--version", "weir 0.1.0");
  app.require_subcommand(1);
  command(app, "validate", "is every document well-formed and within its API's rules", request.common, true);
  CLI::App* verify = command(app, "verify", "what can be proven about these policies", request.common, true);
  verify->add_option("--invariants", request.verify.invariants, "a file of invariants, or a folder of *.weir; may be repeated")->allow_extra_args(false);
  verify->add_option("--compare-gateway-dialect", request.verify.gateway_dialects, "another dialect, may be repeated, or all: requests that it sends elsewhere")->allow_extra_args(false);
  verify->add_option("--timeout", request.verify.timeout_millis, "milliseconds for one solver query");
  add_emit(verify, request.common);
  add_trace(app, request);
  add_policy_trace(app, request);
  add_route(app, request);
  add_connectivity(app, request);
  add_replay(app, request);
  add_flows(app, request);
  CLI::App* test = command(app, "test", "do these policies meet their written expectations", request.common, true);
  test->add_option("--fail-under", request.test.fail_under, "percent of policy rules, and of route rules, that checks must exercise");
  test->add_flag("--covall", request.test.covall, "also what of the routes no check asserts");
  add_compile(app, request);
  add_diff(app, request);
  CLI::App* explain = app.add_subcommand("explain", "what a diagnostic means");
  explain->add_option("CODE", request.code, "WEIR0201 or rule-shadowed; without it every code is listed");
  CLI::App* keygen = app.add_subcommand("keygen", "make the key pair that signs bundles");
  keygen->add_option("-o", request.compile.directory, "folder")->required();
}

}  // namespace

Parsed parse_arguments(int argc, const char* const* argv) {
  Parsed parsed;
  CLI::App app("weir: a compiler with a simulator for Kubernetes network policy", "weir");
  define(app, parsed.request);
  try {
    app.parse(argc, argv);
    parsed.request.command = app.get_subcommands().front()->get_name();
  } catch (const CLI::ParseError& error) {
    // cli.md: an unknown flag or a missing argument is exit code 2; --help and --version are 0.
    parsed.done = true;
    parsed.exit_code = app.exit(error) == 0 ? 0 : 2;
  }
  return parsed;
}

}  // namespace weir::cli
