#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace weir::cli {

/// Flags that every command takes (cli.md "Common flags", "Inputs").
struct CommonOptions {
  std::vector<std::string> paths;
  std::string output = "text";              // -o
  std::vector<std::string> reports;         // --report FORMAT=FILE
  std::string namespace_name = "default";   // -n
  std::string color = "auto";               // auto, always, never
  std::string now;                          // --now; empty: SOURCE_DATE_EPOCH, else the system's
  std::string diagnostics = "full";         // full or short
  std::string dialect;                      // empty: environment, file, default
  std::string gateway_dialect;              // --gateway-dialect; empty: that of the dialect
  std::vector<std::string> settings;        // --set key=value
  std::string config;                       // --config FILE
  std::string fail_on = "error";
  std::string emit;                         // --emit STAGE
  bool strict = false, quiet = false, no_progress = false;
  int verbose = 0;
};

struct TraceOptions {
  std::string source, destination;  // as parties
  std::string port;                 // "8080", "8080/TCP"; empty: ICMP or any
  std::string icmp;                 // --icmp TYPE[/CODE]
  std::optional<std::string> http_method, http_path, http_host, dns_query, sni;
  std::vector<std::string> http_headers;  // "Name: value"
  std::vector<std::string> names;         // --name NAME=ADDRESS
  bool suggest = false;
};

/// One end of `weir policy trace`, as the old `cilium policy trace` named it; each may be given.
struct OldPartyOptions {
  std::vector<std::string> labels, pods, files;  // -s, --src-k8s-pod, --src-k8s-yaml
  std::string identity, endpoint;
};

struct PolicyTraceOptions {
  OldPartyOptions source, destination;
  std::vector<std::string> ports;   // --dport, may be repeated
};

struct RouteOptions {
  std::string url, requests, source;         // --url, or --requests FILE
  std::optional<std::string> method, sni;
  std::vector<std::string> headers;  // "Name: value"
  std::string gateway;               // NS/NAME; empty: every gateway
};

struct ConnectivityOptions {
  std::vector<std::string> workloads, peers;  // --focus-workload, --focus-peer: NS/NAME or NAME
  std::string direction;                      // ingress, egress; empty: both
  std::vector<std::string> ports;             // "8080/TCP"
  bool exposure = false;
};

struct VerifyOptions {
  std::vector<std::string> invariants, gateway_dialects;  // others that routes are compared under; "all"
  std::uint32_t timeout_millis = 2000;
};

struct ReplayOptions {
  std::vector<std::string> flows, base;
  std::string labels;
  std::optional<double> min_coverage;
  double max_unexplained = 5.0;
  bool all = false;
  // A change without a file.
  std::vector<std::string> without, with, enforce, audit;
  std::vector<std::pair<std::string, std::string>> label_pods;  // NS/POD, k=v
  bool plan = false;
  // Parts of a recording.
  std::uint64_t sampled = 1;
  std::string shard;                // "I/N"
  std::string partial;
  std::vector<std::string> merge;
  unsigned threads = 0;             // 0: one for each core
  std::vector<std::pair<std::string, std::string>> filters;  // hubble's, in order; "not" has no value
};

struct FlowsOptions {
  std::string action;              // pack, print
  std::vector<std::string> files;
  std::string output;              // of pack
};

struct DiffOptions {
  std::string dialect_from, dialect_to;
  std::vector<std::string> inventory;  // --inventory: read on both sides
  std::string world = "both";          // today, any or both
  std::string relation;                // empty: list the differences
  std::uint32_t timeout_millis = 10'000;
  bool exit_code = false;
};

struct TestOptions {
  std::optional<double> fail_under;
  bool covall = false;
};

struct CompileOptions {
  std::string node, key, directory;
  std::optional<std::uint64_t> generation;
};

/// One parsed command line.
struct Request {
  std::string command;  // "validate", "trace", ...; empty: nothing to do (help was printed)
  CommonOptions common;
  TraceOptions trace;
  PolicyTraceOptions policy_trace;
  RouteOptions route;
  ConnectivityOptions connectivity;
  VerifyOptions verify;
  ReplayOptions replay;
  FlowsOptions flows;
  DiffOptions diff;
  TestOptions test;
  CompileOptions compile;
  std::string code;  // explain
};

}  // namespace weir::cli
