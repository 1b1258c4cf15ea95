#include <algorithm>
#include <filesystem>
#include <fmt/core.h>
#include <map>

#include "backends/ebpf/build/build.h"
#include "backends/ebpf/bundle/bundle.h"
#include "backends/ebpf/bundle/folder.h"
#include "backends/ebpf/emit/emit.h"
#include "cli/commands.h"
#include "cli/emit.h"
#include "cli/input.h"
#include "cli/print.h"
#include "compiler/lower/enforceable.h"
#include "compiler/lower/listeners.h"
#include "compiler/lower/lower.h"

namespace fs = std::filesystem;

namespace weir::cli {
namespace {

/// Nodes of one run that have the same shape run the same object, so clang runs once for it.
using ObjectCache = std::map<std::string, std::string>;

std::vector<backends::AddressName> address_names(const ir::Cluster& cluster) {
  std::vector<backends::AddressName> names;
  for (const ir::Pod& pod : cluster.pods) {
    if (pod.host_network) continue;
    for (const ir::IpAddress& address : pod.addresses)
      names.push_back({address, pod.namespace_name, pod.name, pod.workload.kind + "/" + pod.workload.name});
  }
  std::sort(names.begin(), names.end());
  return names;
}

ir::Result<std::string> object_of(const std::string& shape, const std::string& source, ObjectCache& cache) {
  if (const auto known = cache.find(shape); known != cache.end()) return known->second;
  auto object = backends::compile_bpf(source);
  if (object) cache[shape] = *object;
  return object;
}

ir::Result<backends::Bundle> bundle_of(const Input& input, const std::string& node, std::uint64_t generation,
                                       ObjectCache& cache) {
  auto tables = compiler::lower(input.resolved.policies, input.resolved.cluster, input.files, node);
  if (!tables) return tl::unexpected(tables.error());
  tables->listeners = compiler::lower_listeners(input.resolved.routes, input.resolved.cluster);
  if (const auto can = compiler::enforceable(*tables, input.resolved.policies, input.resolved.cluster, input.files); !can)
    return tl::unexpected(can.error());
  // Translation validation before a bundle is written: a difference is a bug in weir, so it says so and writes nothing.
  if (const auto wrong = compiler::prove(*tables, input.resolved.policies, input.resolved.cluster); !wrong.empty())
    return ir::failure("the tables disagree with the evaluator, nothing was written: " + wrong.front());
  const backends::Shape shape = backends::shape_of(*tables);
  const std::string source = backends::emit_c(shape);
  auto object = object_of(shape_key(shape), source, cache);
  if (!object) return tl::unexpected(object.error());
  return backends::make_bundle(*tables, backends::map_contents(*tables), shape_key(shape), source, std::move(*object),
                               address_names(input.resolved.cluster), generation);
}

std::vector<std::string> nodes_of(const ir::Cluster& cluster, const std::string& only) {
  if (!only.empty()) return {only};
  std::vector<std::string> nodes;
  for (const ir::Node& node : cluster.nodes)
    if (node.cluster.empty()) nodes.push_back(node.name);
  for (const ir::Pod& pod : cluster.pods)
    if (!pod.node.empty() && pod.cluster.empty()) nodes.push_back(pod.node);
  std::sort(nodes.begin(), nodes.end());
  nodes.erase(std::unique(nodes.begin(), nodes.end()), nodes.end());
  return nodes;
}

ir::Result<std::string> write_one(const Input& input, const CompileOptions& options, const std::string& node,
                                  const fs::path& folder, const std::string& key, ObjectCache& cache) {
  const std::uint64_t generation = options.generation.value_or(backends::generation_in(folder) + 1);
  const auto bundle = bundle_of(input, node, generation, cache);
  if (!bundle) return tl::unexpected(bundle.error());
  if (const auto written = backends::write_bundle(folder, *bundle, key); !written) return tl::unexpected(written.error());
  return fmt::format("{}: node {}, generation {}, {} endpoints, {} rules, {} addresses, {} self-test packets\n",
                     folder.string(), node, generation, bundle->maps.endpoints.size(), bundle->rules.size(),
                     bundle->maps.ipcache.size(), bundle->vectors.size());
}

/// Without --node every node has a folder of its own below -o.
int write_all(const Input& input, const CompileOptions& options, const std::string& key) {
  const std::vector<std::string> nodes = nodes_of(input.resolved.cluster, options.node);
  if (nodes.empty()) return print_error({"the inventory names no node; give one with --node", 2});
  ObjectCache cache;
  for (const std::string& node : nodes) {
    const fs::path root = options.directory;
    const fs::path folder = options.node.empty() ? root / backends::percent_encoded(node) : root;
    const auto line = write_one(input, options, node, folder, key, cache);
    if (!line) return print_error(line.error());
    print_result(*line);
  }
  return 0;
}

}  // namespace

int run_compile(const Request& request) {
  const CompileOptions& options = request.compile;
  const auto input = read_input(request.common.paths, request.common, compiler::Lints::No);
  if (!input) return print_error(input.error());
  if (const int refused = gate(input->diagnostics, input->files, request.common)) return refused;
  if (!request.common.emit.empty()) {
    const auto text = emit_back(*input, request.common.emit, options.node);
    if (!text) return print_error(text.error());
    print_result(*text);
    return 0;
  }
  if (options.directory.empty()) return print_error({"compile wants a folder: -o DIR", 2});
  if (options.key.empty()) return print_error({"compile wants a key: --key FILE (weir keygen makes one)", 2});
  const auto key = backends::read_key(options.key);
  if (!key) return print_error({key.error().message, 2});
  return write_all(*input, options, *key);
}

int run_keygen(const Request& request) {
  if (const auto made = backends::keygen(request.compile.directory); !made) return print_error(made.error());
  const fs::path folder = request.compile.directory;
  print_result(fmt::format("{}: private, keep it where bundles are compiled\n{}: public, give it to every agent\n",
                           (folder / "weir.key").string(), (folder / "weir.pub").string()));
  return 0;
}

}  // namespace weir::cli
