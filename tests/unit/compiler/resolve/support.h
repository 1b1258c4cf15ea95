#pragma once

#include <string>
#include <string_view>

#include "compiler/api/object_set.h"
#include "compiler/resolve/resolve.h"
#include "compiler/source/load.h"

namespace weir::test {

/// YAML text through source, api and resolve.
struct Run {
  ir::Files files;
  ir::Diagnostics diagnostics;
  compiler::Objects objects;
  compiler::Resolved resolved;
};

inline Run run(std::string_view yaml, const ir::Settings& settings = {}) {
  Run out;
  const auto sources = compiler::read_text("t.yaml", std::string(yaml), {}, out.files, out.diagnostics);
  out.objects = compiler::read(sources, out.files, out.diagnostics);
  out.resolved = compiler::resolve(out.objects, settings, out.files, out.diagnostics);
  out.diagnostics.sort();
  return out;
}

/// "WEIR0104 3:5 text", one line each.
inline std::string diagnostics_text(const Run& run) {
  std::string text;
  for (const ir::Diagnostic& d : run.diagnostics.list()) {
    text += std::string(ir::info(d.kind).id) + " " + std::to_string(d.primary.line) + ":" + std::to_string(d.primary.column) +
            " " + d.detail;
    if (!d.fix.empty()) text += " [" + d.fix + "]";
    text += "\n";
  }
  return text;
}

/// Subject, peers and ports of every rule, one line each:
/// "ingress allow isolates {subject} <- peers : ports"
inline std::string rules_text(const Run& run) {
  std::string text;
  for (const ir::Rule& rule : run.resolved.policies.rules) {
    text += std::string(ir::to_text(rule.direction)) + " " + std::string(ir::to_text(rule.action)) +
            (rule.default_deny ? "" : " joins") + " : ";
    if (!rule.peers) text += "any";
    if (rule.peers && rule.peers->empty()) text += "nobody";
    for (std::size_t i = 0; rule.peers && i < rule.peers->size(); ++i)
      text += (i == 0 ? "" : " | ") + ir::to_text((*rule.peers)[i]);
    text += " : ";
    if (!rule.ports) text += "any";
    if (rule.ports && rule.ports->empty()) text += "none";
    for (std::size_t i = 0; rule.ports && i < rule.ports->size(); ++i)
      text += (i == 0 ? "" : " | ") + ir::to_text((*rule.ports)[i]);
    for (const std::string& assumption : rule.assumptions) text += " ? " + assumption;
    text += "\n";
  }
  return text;
}

}  // namespace weir::test
