#include "tests/differential/metamorphic/variants.h"

#include <algorithm>

#include "compiler/lower/lower.h"

namespace weir::tests {
namespace {

template <class T>
void shuffle(Random& random, std::vector<T>& items) {
  for (std::size_t i = items.size(); i > 1; --i) std::swap(items[i - 1], items[random.below(i)]);
}

/// Leaves only the rules of `action` in place; false when a spec has none, which the API refuses.
bool keep_only(Written& policy, ir::Action action) {
  for (Spec& spec : policy.specs) {
    bool any = !policy.cilium;
    for (Elements& elements : action == ir::Action::Allow ? spec.deny : spec.allow) elements.reset();
    for (const auto* lists : {&spec.allow, &spec.deny})
      for (const Elements& elements : *lists) any = any || (elements && !elements->empty());
    if (!any) return false;
  }
  // A NetworkPolicy has no denies: without its allows it isolates, which is another thing.
  return policy.cilium || action == ir::Action::Allow;
}

/// Diagnostics without their places, sorted.
std::string text_of(const ir::Diagnostics& diagnostics) {
  std::vector<std::string> lines;
  for (const ir::Diagnostic& diagnostic : diagnostics.list())
    lines.push_back(std::string(ir::info(diagnostic.kind).id) + " " + diagnostic.detail);
  std::sort(lines.begin(), lines.end());
  std::string text;
  for (const std::string& line : lines) text += line + "\n";
  return text;
}

std::string compare(const std::string& what, const std::string& a, const std::string& b) {
  return a == b ? "" : "another " + what + ":\n" + b + "instead of\n" + a;
}

}  // namespace

std::vector<Manifest> with_more(Random& random, const ir::Cluster& cluster, const std::vector<Written>& policies,
                                ir::Action action) {
  std::vector<Written> all = policies;
  for (int tries = 0; tries < 50 && all.size() == policies.size(); ++tries)
    for (Written& more : random_written(random, cluster.settings))
      if (all.size() == policies.size() && keep_only(more, action)) {
        more.name = "one-more";
        all.push_back(std::move(more));
      }
  return manifests_of(random, cluster, all);
}

std::vector<Written> shuffled_rules(Random& random, std::vector<Written> policies) {
  for (Written& policy : policies) {
    shuffle(random, policy.specs);
    for (Spec& spec : policy.specs)
      for (auto* lists : {&spec.allow, &spec.deny})
        for (Elements& elements : *lists)
          if (elements) shuffle(random, *elements);
  }
  return policies;
}

std::vector<Manifest> shuffled(Random& random, std::vector<Manifest> manifests) {
  shuffle(random, manifests);
  return manifests;
}

std::vector<Manifest> in_one_file(Random& random, const std::vector<Manifest>& manifests) {
  Manifest all{"all.yaml", ""};
  for (const Manifest& manifest : shuffled(random, manifests)) all.text += "---\n" + manifest.text;
  return {all};
}

std::vector<Manifest> printed(const std::vector<Manifest>& manifests) {
  std::vector<Manifest> out;
  for (const Manifest& manifest : manifests) {
    ir::Files files;
    ir::Diagnostics diagnostics;
    std::string text;
    const compiler::Sources sources = compiler::read_text(manifest.name, manifest.text, {}, files, diagnostics);
    for (const compiler::Document& document : sources.documents) text += "---\n" + to_yaml(document.root);
    out.push_back({manifest.name.substr(0, manifest.name.rfind('.')) + ".yaml", text});
  }
  return out;
}

std::string difference(const FrontEnd& a, const FrontEnd& b) {
  std::string wrong = compare("inventory", to_text(a.resolved.cluster), to_text(b.resolved.cluster));
  if (wrong.empty()) wrong = compare("policy", to_text(a.resolved.policies), to_text(b.resolved.policies));
  if (wrong.empty()) wrong = compare("route table", to_text(a.resolved.routes), to_text(b.resolved.routes));
  if (wrong.empty()) wrong = compare("list of diagnostics", text_of(a.diagnostics), text_of(b.diagnostics));
  return wrong;
}

std::string tables_text(const FrontEnd& front) {
  std::string text;
  std::vector<std::string> nodes = {""};
  for (const ir::Node& node : front.resolved.cluster.nodes) nodes.push_back(node.name);
  for (const std::string& node : nodes) {
    const auto tables = compiler::lower(front.resolved.policies, front.resolved.cluster, front.files, node);
    text += tables ? to_text(*tables) : tables.error().message;
  }
  return text;
}

}  // namespace weir::tests
