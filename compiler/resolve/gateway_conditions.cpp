// What a conforming controller would write into status (gateway.md 1.10). Tested by
// tests/unit/compiler/resolve/gateway_status_test.cpp and tests/corpus/gateway_status_test.cpp.
#include "compiler/resolve/gateway_conditions.h"

#include <algorithm>
#include <set>
#include <tuple>

#include "compiler/resolve/gateway_report.h"

namespace weir::compiler {
namespace {

/// True with the reason of the same name, or False with another one.
Condition condition(std::string type, const std::string& failure, std::string success = {}) {
  if (!failure.empty()) return {std::move(type), "False", failure, {}};
  std::string reason = success.empty() ? type : std::move(success);
  return {std::move(type), "True", std::move(reason), {}};
}

ObjectStatus of(std::string kind, const ObjectMeta& meta) {
  ObjectStatus out;
  out.kind = std::move(kind);
  out.namespace_name = meta.namespace_name;
  out.name = meta.name;
  out.origin = meta.origin;
  return out;
}

ListenerStatus listener_status(const ResolvedListener& one) {
  ListenerStatus out{one.object->name, one.attached, one.kinds, {}};
  const std::string refused = one.refused.empty() ? one.conflict : one.refused;
  out.conditions.push_back(condition("Accepted", refused));
  out.conditions.push_back(condition("ResolvedRefs", one.unresolved));
  // A listener that lacks its certificate, or whose kinds are wrong, is not programmed (gateway.md 37).
  const bool programmed = refused.empty() && one.unresolved.empty();
  out.conditions.push_back(condition("Programmed", programmed ? "" : "Invalid"));
  out.conditions.push_back(one.conflict.empty() ? Condition{"Conflicted", "False", "NoConflicts", {}}
                                                : Condition{"Conflicted", "True", one.conflict, {}});
  if (!one.overlaps.empty()) out.conditions.push_back({"OverlappingTLSConfig", "True", one.overlaps, {}});
  return out;
}

struct Tally {
  std::size_t good = 0, resolved = 0, all = 0;  // listeners
};

Tally add_listeners(const std::vector<ResolvedListener>& listeners, const GatewayObject& gateway, const ListenerSetObject* set, ObjectStatus& out) {
  Tally tally;
  for (const ResolvedListener& one : listeners) {
    if (one.gateway != &gateway || one.set != set) continue;
    ++tally.all;
    tally.good += one.good() ? 1 : 0;
    tally.resolved += one.good() && one.unresolved.empty() ? 1 : 0;
    out.listeners.push_back(listener_status(one));
  }
  return tally;
}

std::string client_certificate_problem(const GatewayObject& gateway, const GatewayObjects& objects, const ir::Cluster& cluster) {
  if (!gateway.client_certificate || !certificates_known(objects)) return {};
  const ObjectRef& ref = *gateway.client_certificate;
  const bool secret = ref.group.empty() && ref.kind == "Secret";
  const auto at = cluster.certificates.find({ref.namespace_name, ref.name});
  return secret && at != cluster.certificates.end() && at->second.problem.empty() ? "" : "InvalidClientCertificateRef";
}

class Status {
 public:
  Status(const GatewayObjects& objects, const ir::Cluster& cluster, const Judged& judged) : objects_(objects), cluster_(cluster), judged_(judged) {}

  GatewayStatus run() {
    for (const GatewayClassObject& one : objects_.classes) {
      out_.push_back(of("GatewayClass", one.meta));
      out_.back().conditions.push_back(condition("Accepted", ""));
    }
    for (const ResolvedSet& set : judged_.listeners.sets) add_set(set);
    for (const GatewayObject& gateway : objects_.gateways) add_gateway(gateway);
    for (std::size_t r = 0; r < objects_.routes.size(); ++r)
      for (const Attachment& one : judged_.attachments[r]) add_route(r, one);
    for (const ResolvedTlsPolicy& policy : judged_.tls.policies()) add_policy(policy);
    const auto key = [](const ObjectStatus& s) { return std::tie(s.kind, s.namespace_name, s.name, s.parent); };
    std::stable_sort(out_.begin(), out_.end(), [&](const auto& a, const auto& b) { return key(a) < key(b); });
    return std::move(out_);
  }

 private:
  void add_set(const ResolvedSet& set) {
    if (set.gateway == nullptr) return;  // nobody's
    ObjectStatus out = of("ListenerSet", set.object->meta);
    out.parent = StatusParent{"Gateway", set.gateway->meta.namespace_name, set.gateway->meta.name, {}, {}};
    std::string reason = "NotAllowed";
    if (set.allowed) {
      const Tally tally = add_listeners(judged_.listeners.list, *set.gateway, set.object, out);
      // Item 7: with no good entry, or none whose references hold, the whole set is out.
      reason = tally.resolved > 0 ? "" : "ListenersNotValid";
    }
    out.conditions.push_back(condition("Accepted", reason));
    out.conditions.push_back(condition("Programmed", reason));
    if (reason.empty()) ++accepted_sets_[set.gateway];
    out_.push_back(std::move(out));
  }

  void add_gateway(const GatewayObject& gateway) {
    ObjectStatus out = of("Gateway", gateway.meta);
    const Tally tally = add_listeners(judged_.listeners.list, gateway, nullptr, out);
    const bool some = tally.good > 0;
    Condition accepted = condition("Accepted", some ? "" : "ListenersNotValid");
    // Items 7, 8: some are bad: True with the reason of the bad ones.
    if (some && tally.good < tally.all) accepted.reason = "ListenersNotValid";
    out.conditions.push_back(std::move(accepted));
    out.conditions.push_back(condition("Programmed", some ? "" : "Invalid"));
    const bool unresolved = std::any_of(out.listeners.begin(), out.listeners.end(), [](const ListenerStatus& one) {
      return std::any_of(one.conditions.begin(), one.conditions.end(), [](const Condition& c) { return c.type == "ResolvedRefs" && c.status == "False"; });
    });
    const std::string client = client_certificate_problem(gateway, objects_, cluster_);
    out.conditions.push_back(condition("ResolvedRefs", !client.empty() ? client : unresolved ? "ListenersNotResolved" : ""));
    // Item 38.
    const bool insecure = std::any_of(gateway.frontend.begin(), gateway.frontend.end(), [](const FrontendTls& f) { return f.insecure_fallback; });
    if (insecure) out.conditions.push_back({"InsecureFrontendValidationMode", "True", "ConfigurationChanged", {}});
    out.attached_listener_sets = accepted_sets_[&gateway];
    out_.push_back(std::move(out));
  }

  void add_route(std::size_t number, const Attachment& one) {
    const RouteObject& route = objects_.routes[number];
    ObjectStatus out = of(route.kind, route.meta);
    out.parent = one.parent;
    const auto& rules = judged_.unsupported[number];
    const auto dropped = static_cast<std::size_t>(std::count_if(rules.begin(), rules.end(), [](const std::string& why) { return !why.empty(); }));
    // Item 29: all rules bad is Accepted=False, some of them PartiallyInvalid.
    std::string reason = one.reason;
    if (reason.empty() && dropped > 0 && dropped == rules.size()) reason = "UnsupportedValue";
    out.conditions.push_back(condition("Accepted", reason));
    out.conditions.push_back(condition("ResolvedRefs", judged_.unresolved[number]));
    if (dropped > 0 && dropped < rules.size()) out.conditions.push_back({"PartiallyInvalid", "True", "UnsupportedValue", "Dropped Rule: " + first_of(rules)});
    out_.push_back(std::move(out));
  }

  static std::string first_of(const std::vector<std::string>& reasons) {
    const auto at = std::find_if(reasons.begin(), reasons.end(), [](const std::string& why) { return !why.empty(); });
    return at == reasons.end() ? "" : *at;
  }

  /// The Gateways whose routes send to a Service that the policy names (gateway.md 39: the status ancestor).
  std::set<const GatewayObject*> ancestors(const BackendTlsPolicyObject& policy) const {
    std::set<const GatewayObject*> found;
    for (std::size_t r = 0; r < objects_.routes.size(); ++r) {
      const auto sends = [&](const RouteRuleObject& rule) {
        return std::any_of(rule.backends.begin(), rule.backends.end(), [&](const BackendRef& ref) {
          return ref.namespace_name == policy.meta.namespace_name &&
                 std::any_of(policy.targets.begin(), policy.targets.end(), [&](const TlsPolicyTarget& t) { return t.kind == ref.kind && t.name == ref.name; });
        });
      };
      const auto& rules = objects_.routes[r].rules;
      if (std::none_of(rules.begin(), rules.end(), sends)) continue;
      for (const Attachment& one : judged_.attachments[r])
        for (const std::uint32_t i : one.listeners) found.insert(judged_.listeners.list[i].gateway);
    }
    return found;
  }

  void add_policy(const ResolvedTlsPolicy& policy) {
    ObjectStatus out = of("BackendTLSPolicy", policy.object->meta);
    out.conditions.push_back(condition("Accepted", policy.refused));
    out.conditions.push_back(condition("ResolvedRefs", policy.unresolved));
    const std::set<const GatewayObject*> parents = ancestors(*policy.object);
    for (const GatewayObject* gateway : parents) {
      out.parent = StatusParent{"Gateway", gateway->meta.namespace_name, gateway->meta.name, {}, {}};
      out_.push_back(out);
    }
    if (parents.empty()) out_.push_back(std::move(out));
  }

  const GatewayObjects& objects_;
  const ir::Cluster& cluster_;
  const Judged& judged_;
  std::map<const GatewayObject*, std::uint32_t> accepted_sets_;
  GatewayStatus out_;
};

}  // namespace

GatewayStatus gateway_status(const GatewayObjects& objects, const ir::Cluster& cluster, const Judged& judged) {
  return Status(objects, cluster, judged).run();
}

}  // namespace weir::compiler
