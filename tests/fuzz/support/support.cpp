#include "tests/fuzz/support/support.h"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>

#include "cli/report/diagnostics.h"
#include "compiler/api/emit.h"
#include "compiler/api/reader.h"
#include "compiler/lower/lower.h"
#include "compiler/source/secrets.h"
#include "ir/eval/eval.h"
#include "ir/flow/endpoint.h"
#include "tests/fuzz/support/cluster.h"

namespace weir::fuzz {
namespace {

using compiler::Node;
using compiler::NodeKind;

/// The fixed cluster, read once.
const Front& cluster() {
  static const Front front = [] {
    Front made = read("cluster.yaml", std::string(kCluster));
    WEIR_CHECK(!made.diagnostics.has_errors());
    return made;
  }();
  return front;
}

std::vector<ir::Endpoint> ends_of(const ir::Cluster& cluster) {
  std::vector<ir::Endpoint> ends;
  for (std::uint32_t i = 0; i < cluster.pods.size() && i < 5; ++i) ends.push_back(ir::endpoint_of(cluster, ir::PodId{i}));
  for (const ir::Node& node : cluster.nodes)
    if (!node.addresses.empty() && ends.size() < 7) ends.push_back(ir::endpoint_of(cluster, node.addresses.front()));
  for (const char* address : {"192.0.2.7", "10.1.2.3", "2001:db8::7"})
    ends.push_back(ir::endpoint_of(cluster, *ir::parse_address(address)));
  return ends;
}

/// Ports that the rules name and their neighbours.
std::vector<ir::PortMatch> ports_of(const ir::PolicySet& policies) {
  std::vector<ir::PortMatch> ports = {{ir::Protocol::Tcp, {80, 80}}, {ir::Protocol::Icmp, {8, 8}}};
  for (const ir::Rule& rule : policies.rules)
    if (rule.ports)
      for (const ir::PortMatch& match : *rule.ports)
        if (ports.size() < 6) ports.push_back(match);
  return ports;
}

bool same_answer(const ir::Decision& a, const ir::Decision& b) {
  return a.verdict == b.verdict && a.egress.decided_by == b.egress.decided_by && a.ingress.decided_by == b.ingress.decided_by;
}

}  // namespace

std::uint8_t Bytes::choice() {
  if (rest_.empty()) return 0;
  const auto byte = static_cast<std::uint8_t>(rest_.front());
  rest_.remove_prefix(1);
  return byte;
}

void check_diagnostics(const ir::Diagnostics& diagnostics, const ir::Files& files) {
  for (const ir::Diagnostic& diagnostic : diagnostics.list()) {
    const ir::Span& span = diagnostic.primary;
    WEIR_CHECK(span.file.index < files.files.size() || !span.known());
    WEIR_CHECK(span.line < span.end_line || (span.line == span.end_line && span.column <= span.end_column));
  }
  // reliability.md C2 row 6: nothing that a terminal would act on.
  for (const char c : cli::render(diagnostics, files, {})) WEIR_CHECK(c == '\n' || static_cast<unsigned char>(c) >= 0x20);
}

Front read(std::string name, std::string text) {
  Front front;
  front.sources = compiler::read_text(std::move(name), std::move(text), {}, front.files, front.diagnostics);
  front.objects = compiler::read(front.sources, front.files, front.diagnostics);
  check_diagnostics(front.diagnostics, front.files);
  return front;
}

Front read_in_cluster(std::string text) {
  Front front;
  front.files = cluster().files;
  front.sources = compiler::read_text("fuzz.yaml", std::move(text), {}, front.files, front.diagnostics);
  front.objects = compiler::read(front.sources, front.files, front.diagnostics);
  check_diagnostics(front.diagnostics, front.files);
  front.objects.inventory = cluster().objects.inventory;
  return front;
}

ir::Settings settings_of(std::uint8_t choice) {
  ir::Settings settings = ir::settings_for(static_cast<ir::Dialect>(choice % 4));
  settings.dual_stack = (choice & 4) != 0;
  settings.cidr_match_nodes = (choice & 8) != 0;
  return settings;
}

compiler::Resolved resolve(const Front& front, const ir::Settings& settings) {
  ir::Diagnostics diagnostics, again;
  compiler::Resolved resolved = compiler::resolve(front.objects, settings, front.files, diagnostics);
  const compiler::Resolved other = compiler::resolve(front.objects, settings, front.files, again);
  check_diagnostics(diagnostics, front.files);
  WEIR_CHECK(diagnostics.list() == again.list());
  WEIR_CHECK(resolved.cluster == other.cluster && resolved.policies == other.policies && resolved.routes == other.routes);
  WEIR_CHECK(to_text(resolved.policies) == to_text(other.policies));
  WEIR_CHECK(to_text(resolved.cluster).size() + to_text(resolved.routes).size() + to_text(front.objects).size() > 0);
  return resolved;
}

void ask(const compiler::Resolved& resolved) {
  const std::vector<ir::Endpoint> ends = ends_of(resolved.cluster);
  ir::RuleIndex index = compiler::index_rules(resolved.policies, resolved.cluster);
  compiler::Classifier classifier(index);
  for (const ir::PortMatch& match : ports_of(resolved.policies))
    for (const ir::Endpoint& source : ends)
      for (const ir::Endpoint& destination : ends) {
        const ir::Flow flow{.source = source, .destination = destination, .protocol = match.protocol, .port = match.ports.last};
        const ir::Decision slow = ir::decide(resolved.policies, resolved.cluster, flow);
        WEIR_CHECK(same_answer(slow, compiler::decide(resolved.policies, index, classifier, flow)));
      }
}

bool same_value(const Node& a, const Node& b) {
  if (a.kind != b.kind || a.text != b.text) return false;
  // A plain text of several lines is printed in quotes: a string before and after.
  if (a.kind == NodeKind::Scalar && compiler::scalar_type(a) != compiler::scalar_type(b)) return false;
  const auto same_entry = [](const auto& x, const auto& y) {
    return x.first.text == y.first.text && same_value(x.second, y.second);
  };
  return std::equal(a.items.begin(), a.items.end(), b.items.begin(), b.items.end(), same_value) &&
         std::equal(a.entries.begin(), a.entries.end(), b.entries.begin(), b.entries.end(), same_entry);
}

void check_printed(const Node& node) {
  // Nothing of a Secret's data is ever printed (architecture.md rule 9).
  if (compiler::is_secret(node)) return;
  const std::string text = to_yaml(node);
  Front front;
  front.sources = compiler::read_text("printed.yaml", text, {}, front.files, front.diagnostics);
  WEIR_CHECK(!front.diagnostics.has_errors());
  WEIR_CHECK(front.sources.documents.size() == 1);
  WEIR_CHECK(same_value(front.sources.documents.front().root, node));
}

MemoryFile::MemoryFile(std::string_view bytes)
    : descriptor_(memfd_create("fuzz", 0)), path_("/proc/self/fd/" + std::to_string(descriptor_)) {
  WEIR_CHECK(descriptor_ >= 0);
  WEIR_CHECK(write(descriptor_, bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()));
}

MemoryFile::~MemoryFile() { close(descriptor_); }

}  // namespace weir::fuzz
