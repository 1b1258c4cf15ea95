#pragma once

#include <catch2/catch.hpp>
#include <optional>
#include <string>

#include "compiler/api/object_set.h"
#include "compiler/resolve/resolve.h"
#include "simulator/replay/replay.h"
#include "tests/unit/simulator/flow_text.h"

namespace weir::test {

/// Policies and recordings as text -> a report.
struct Replay {
  ir::Files files;
  ir::Diagnostics diagnostics;
  simulator::ReplayReport report;
};

inline compiler::Resolved resolve_text(const std::string& text, const ir::Settings& settings, ir::Files& files) {
  ir::Diagnostics diagnostics;
  const compiler::Sources sources = compiler::read_text("policies.yaml", text, {}, files, diagnostics);
  const compiler::Objects objects = compiler::read(sources, files, diagnostics);
  compiler::Resolved resolved = compiler::resolve(objects, settings, files, diagnostics);
  for (const ir::Diagnostic& diagnostic : diagnostics.list()) UNSCOPED_INFO(diagnostic.detail);
  REQUIRE_FALSE(diagnostics.has_errors());
  return resolved;
}

struct ReplayInput {
  std::string after, before;  // manifests; `before` empty: no base
  std::vector<std::string> recordings;
  simulator::LabelSource labels = simulator::LabelSource::Either;
  ir::Settings settings = ir::settings_for(ir::Dialect::Cilium120);
};

inline Replay replay_text(const ReplayInput& input) {
  Replay result;
  const compiler::Resolved after = resolve_text(input.after, input.settings, result.files);
  std::optional<compiler::Resolved> before;
  if (!input.before.empty()) before = resolve_text(input.before, input.settings, result.files);
  std::vector<std::unique_ptr<TemporaryFile>> files;
  std::vector<std::string> paths;
  for (const std::string& bytes : input.recordings) {
    files.push_back(std::make_unique<TemporaryFile>(bytes));
    paths.push_back(files.back()->path());
  }
  auto report = simulator::replay(paths, after, before ? &*before : nullptr, result.files, {input.labels}, result.diagnostics);
  REQUIRE(report);
  result.report = std::move(*report);
  return result;
}

/// Two pods, web-1 (10.0.0.1) and db-1 (10.0.0.2), in the namespace shop.
inline const std::string kPods = R"(
apiVersion: v1
kind: Namespace
metadata: {name: shop}
---
apiVersion: v1
kind: Pod
metadata: {name: web-1, namespace: shop, labels: {app: web}}
spec: {nodeName: n1, containers: [{name: c, image: x}]}
status: {podIP: 10.0.0.1}
---
apiVersion: v1
kind: Pod
metadata: {name: db-1, namespace: shop, labels: {app: db}}
spec: {nodeName: n1, containers: [{name: c, image: x}]}
status: {podIP: 10.0.0.2}
)";

/// db takes web on `port` only.
inline std::string db_takes(int port) {
  return R"(
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: db, namespace: shop}
spec:
  podSelector: {matchLabels: {app: db}}
  ingress: [{from: [{podSelector: {matchLabels: {app: web}}}], ports: [{port: )" + std::to_string(port) + "}]}]\n";
}

/// `count` connections of web to db, each one policy verdict at the ingress of db.
inline std::string connections(int count, const std::string& verdict = "FORWARDED", int port = 8080) {
  std::string lines;
  for (int i = 0; i < count; ++i) {
    FlowText text;
    text.verdict = verdict;
    text.l4 = R"("TCP":{"source_port":)" + std::to_string(40000 + i) + R"(,"destination_port":)" + std::to_string(port) + "}";
    if (verdict == "DROPPED") text.event = R"("event_type":{"type":5},"drop_reason":133,"traffic_direction":"INGRESS")";
    lines += text.line();
  }
  return lines;
}

}  // namespace weir::test
