// One rule of a route (gateway.md 1.6, 1.7). Tested by tests/unit/compiler/resolve/gateway_test.cpp.
#include "compiler/resolve/route_rules.h"

#include <algorithm>

#include "compiler/resolve/gateway_report.h"
#include "ir/base/code.h"
#include "ir/eval/route.h"

namespace weir::compiler {
namespace {

void check_regexes(const RouteMatchObject& match, ir::Diagnostics& diagnostics) {
  const auto check = [&](const std::string& pattern) {
    const std::string error = ir::regex_error(pattern);
    if (!error.empty())
      report(diagnostics, ir::Code::RouteRegex, match.origin, show(pattern) + " is no regular expression: " + error);
  };
  if (match.match.path.kind == ir::PathKind::Regex) check(match.match.path.value);
  for (const auto* values : {&match.match.headers, &match.match.query})
    for (const ir::ValueMatch& value : *values)
      if (value.kind == ir::ValueKind::Regex) check(value.value);
  if (!match.match.grpc || match.match.grpc->kind != ir::ValueKind::Regex) return;
  for (const std::string& part : {match.match.grpc->service, match.match.grpc->method})
    if (!part.empty()) check(part);
}

// gateway.md 31: a sum of zero; Envoy refuses the whole configuration over it.
void check_weights(const ir::RouteRule& rule, ir::GatewayDialect dialect, ir::Diagnostics& diagnostics) {
  std::uint64_t sum = 0;
  for (const ir::Backend& backend : rule.backends) sum += backend.weight;
  // V4: weights are shares of their sum, whatever it is.
  if (rule.backends.size() > 1 && sum != 100 && sum >= 95 && sum <= 105)
    report(diagnostics, ir::Code::WeightIgnored, rule.backends.front().origin,
           "the weights of this rule look like percentages and add up to " + std::to_string(sum) + ": each backend gets its share of that");
  const auto weightless = [](const ir::Backend& b) { return b.weight == 0; };
  if (rule.backends.empty() || !std::all_of(rule.backends.begin(), rule.backends.end(), weightless)) return;
  if (rule.backends.size() == 1 && ir::behaviour(dialect).ignores_single_weight)
    return report(diagnostics, ir::Code::WeightIgnored, rule.backends.front().origin,
                  "weight 0 does nothing here: " + std::string(ir::to_text(dialect)) + " sends everything to the only backend of a rule",
                  "take the backend out, or add another one");
  report(diagnostics, ir::Code::ZeroWeights, rule.backends.front().origin, "every backend of this rule has weight 0");
}

class Rule {
 public:
  Rule(const RouteObject& route, const BackendScope& scope, ir::Diagnostics& diagnostics) : route_(route), scope_(scope), diagnostics_(diagnostics) {}

  ResolvedRule run(const RouteRuleObject& object) {
    out_.rule.name = object.name;
    out_.rule.origin = object.origin;
    out_.rule.request_timeout = object.request_timeout;
    out_.rule.backend_timeout = object.backend_timeout;
    for (const RouteMatchObject& match : object.matches) {
      check_regexes(match, diagnostics_);
      out_.rule.matches.push_back(match.match);
      out_.rule.match_origins.push_back(match.origin);
    }
    out_.rule.filters = filters(object.filters);
    for (const BackendRef& ref : object.backends) out_.rule.backends.push_back(backend(ref));
    check_weights(out_.rule, ir::gateway_dialect(scope_.cluster.settings), diagnostics_);
    if (!out_.unsupported.empty()) out_.rule.matches.clear(), out_.rule.match_origins.clear();
    return std::move(out_);
  }

 private:
  ir::Backend backend(const BackendRef& ref) {
    ir::Backend out = resolve_backend({ref.group, ref.kind, ref.namespace_name, ref.name, ref.port, ref.origin}, route_, scope_, diagnostics_);
    out.weight = ref.weight;
    out.filters = filters(ref.filters);
    blame(out.invalid);
    return out;
  }

  void blame(const std::string& reason) {
    if (out_.unresolved.empty()) out_.unresolved = reason;
  }

  std::vector<ir::Filter> filters(const std::vector<FilterObject>& objects) {
    std::vector<ir::Filter> out;
    for (const FilterObject& object : objects) {
      if (!object.unknown.empty()) {
        drop(object);
        continue;
      }
      out.push_back(std::visit([&](const auto& what) { return filter(what, object); }, object.what));
    }
    return out;
  }

  // gateway.md 24, 29: a rule with a value that no controller knows is dropped.
  void drop(const FilterObject& object) {
    out_.unsupported = object.unknown;
    report(diagnostics_, ir::Code::FilterInvalid, object.origin,
           "the rule is dropped: " + object.unknown + " (" + (route_.rules.size() == 1 ? "Accepted=False" : "PartiallyInvalid=True") + ", UnsupportedValue)");
  }

  template <class Plain>
  ir::Filter filter(const Plain& plain, const FilterObject&) {
    return plain;
  }

  // gateway.md 27: a bad reference is ResolvedRefs=False, and the main traffic goes on.
  ir::Filter filter(const MirrorObject& mirror, const FilterObject& object) {
    const ir::Backend found = resolve_backend({mirror.group, mirror.kind, mirror.namespace_name, mirror.name, mirror.port, object.origin}, route_, scope_, diagnostics_);
    blame(found.invalid);
    return ir::RequestMirror{.namespace_name = found.namespace_name, .service = found.service, .port = found.port, .invalid = found.invalid,
                             .numerator = mirror.numerator, .denominator = mirror.denominator};
  }

  // gateway.md 28: never skipped. What an extension does nobody can tell from here.
  ir::Filter filter(const ExtensionObject& extension, const FilterObject& object) {
    const ObjectRef& ref = extension.ref;
    const std::string name = ref.group + "/" + ref.kind + " `" + ref.namespace_name + "/" + ref.name + "`";
    const auto& all = scope_.objects.extensions;
    const bool known = std::any_of(all.begin(), all.end(), [&](const ObjectRef& one) {
      return one.group == ref.group && one.kind == ref.kind && one.namespace_name == ref.namespace_name && one.name == ref.name;
    });
    if (extension.external_auth) return broken(object, "external authorization is not simulated, and fails closed");
    if (!known) return broken(object, "the extension " + name + " is not in the input");
    return broken(object, "what the extension " + name + " does is not simulated");
  }

  ir::Filter broken(const FilterObject& object, std::string why) {
    report(diagnostics_, ir::Code::FilterInvalid, object.origin, why + ": requests of this rule are answered with status 500");
    return ir::BrokenFilter{.status = 500, .why = std::move(why)};
  }

  const RouteObject& route_;
  const BackendScope& scope_;
  ir::Diagnostics& diagnostics_;
  ResolvedRule out_;
};

}  // namespace

ResolvedRule resolve_rule(const RouteRuleObject& object, const RouteObject& route, const BackendScope& scope, ir::Diagnostics& diagnostics) {
  return Rule(route, scope, diagnostics).run(object);
}

}  // namespace weir::compiler
