// WEIR0430 route-unreachable: a match of a route, all matches of a rule, or all of a route that no request reaches (gateway.md 4, V1).
// Tested by tests/unit/compiler/verify/route_findings_test.cpp.
#include <algorithm>

#include "compiler/verify/checks.h"
#include "compiler/verify/route_reach.h"
#include "compiler/verify/route_text.h"
#include "ir/base/code.h"
#include "ir/eval/route.h"

namespace weir::compiler {
namespace {

using Reaches = std::vector<const MatchReach*>;

constexpr std::size_t kNamed = 4;

bool dead(const MatchReach* reach) { return reach->status == MatchReach::Status::Taken || reach->status == MatchReach::Status::Nothing; }

/// Equal but for the order in which they stand.
bool differ_by_order(const ir::RouteTable& table, const ir::RouteChoice& taker, const ir::RouteChoice& taken) {
  const ir::RouteMatch &first = match_of(table, taker), &other = match_of(table, taken);
  return taker.route == taken.route && first.path == other.path && first.method == other.method && first.headers.size() == other.headers.size() &&
         first.query.size() == other.query.size();
}

class UnreachableRoutes {
 public:
  explicit UnreachableRoutes(const CheckContext& context) : context_(context), table_(*context.routes), space_(table_) {}

  void run() {
    const std::vector<MatchReach> all = route_reach(space_);
    std::size_t at = 0;
    for (std::uint32_t route = 0; route < table_.routes.size(); ++route) {
      std::vector<Reaches> rules;
      for (const ir::RouteRule& rule : table_.routes[route].rules) {
        rules.emplace_back();
        for (std::size_t i = 0; i < rule.matches.size(); ++i) rules.back().push_back(&all[at++]);
      }
      check_route(rules);
    }
  }

 private:
  /// Told once, at the widest level.
  void check_route(const std::vector<Reaches>& rules) {
    Reaches whole;
    for (const Reaches& rule : rules) whole.insert(whole.end(), rule.begin(), rule.end());
    for (const MatchReach* reach : whole)
      if (reach->status == MatchReach::Status::Unknown) context_.report.undecided.push_back("WEIR0430 of " + name_of(table_, reach->choice) + ": " + reach->why);
    if (whole.empty()) return;
    if (std::all_of(whole.begin(), whole.end(), dead)) {
      const ir::Route& route = table_.routes[whole.front()->choice.route];
      return say(whole, route.origin, "no request reaches " + name_of(route), "the route");
    }
    for (const Reaches& rule : rules) check_rule(rule);
  }

  void check_rule(const Reaches& rule) {
    if (rule.empty()) return;
    const ir::RouteRule& written = rule_of(table_, rule.front()->choice);
    if (std::all_of(rule.begin(), rule.end(), dead))
      return say(rule, written.origin, "no request reaches " + rule_name_of(table_, rule.front()->choice), "the rule");
    for (const MatchReach* reach : rule)
      if (dead(reach)) say({reach}, origin_of(table_, reach->choice), "no request reaches " + name_of(table_, reach->choice), "the match");
  }

  /// WEIR0408 has told of equal matches of two routes.
  [[nodiscard]] bool is_told(const Reaches& reaches) const {
    const auto equal = [&](const MatchReach* reach) {
      const auto same = [&](const ir::RouteChoice& taker) {
        return taker.route != reach->choice.route && space_.matches()[space_.number_of(taker)].text == space_.matches()[space_.number_of(reach->choice)].text;
      };
      return reach->status == MatchReach::Status::Taken && std::all_of(reach->takers.begin(), reach->takers.end(), same);
    };
    if (!std::all_of(reaches.begin(), reaches.end(), equal)) return false;
    const std::vector<ir::Diagnostic>& told = context_.diagnostics.list();
    return std::any_of(told.begin(), told.end(), [&](const ir::Diagnostic& one) {
      return one.kind == ir::Code::RouteTie && one.primary == rule_of(table_, reaches.front()->choice).origin;
    });
  }

  /// The evaluator says of the witness that the match takes it and does not decide it.
  [[nodiscard]] bool confirmed(const MatchReach& reach, const ir::RoutePick& pick) const {
    if (!pick.choice || *pick.choice == reach.choice) return false;
    const ir::Route& route = table_.routes[reach.choice.route];
    const bool http = route.kind == "HTTPRoute" || route.kind == "GRPCRoute";
    return !http || ((route.kind != "GRPCRoute" || ir::is_grpc(reach.witness)) && ir::matches(match_of(table_, reach.choice), reach.witness));
  }

  void say(const Reaches& reaches, const ir::Span& origin, std::string detail, const std::string& what) {
    if (is_told(reaches)) return;
    ir::Diagnostic found;
    found.kind = ir::Code::RouteUnreachable;
    found.primary = origin;
    const auto taken = std::find_if(reaches.begin(), reaches.end(), [](const MatchReach* reach) { return reach->status == MatchReach::Status::Taken; });
    if (taken == reaches.end()) {
      found.detail = std::move(detail) + ": no request can meet all that it asks for";
      found.fix = "delete " + what + ", or correct what it asks for";
      return tell(context_, std::move(found), World::AnyRequest);
    }
    const ir::RoutePick pick = ir::pick(table_, (*taken)->witness);
    if (!confirmed(**taken, pick)) return context_.report.undecided.push_back("WEIR0430 of " + name_of(table_, (*taken)->choice) + ": the evaluator does not confirm it");
    add_takers(found, reaches);
    found.detail = std::move(detail) + ": " + takers_text(reaches);
    found.fix = fix_of(**taken, what);
    found.notes = request_notes((*taken)->witness, name_of(table_, *pick.choice));
    found.witness = request_json((*taken)->witness, name_of(table_, *pick.choice));
    tell(context_, std::move(found), World::AnyRequest);
  }

  [[nodiscard]] static std::vector<ir::RouteChoice> takers_of(const Reaches& reaches) {
    std::vector<ir::RouteChoice> all;
    for (const MatchReach* reach : reaches)
      for (const ir::RouteChoice& taker : reach->takers)
        if (std::none_of(reaches.begin(), reaches.end(), [&](const MatchReach* one) { return one->choice == taker; })) all.push_back(taker);
    std::sort(all.begin(), all.end());
    all.erase(std::unique(all.begin(), all.end()), all.end());
    return all;
  }

  [[nodiscard]] std::string takers_text(const Reaches& reaches) const {
    const std::vector<ir::RouteChoice> takers = takers_of(reaches);
    if (takers.empty()) return "other matches take all before it is asked";
    std::string text = name_of(table_, takers.front());
    if (takers.size() == 2) text += " and " + name_of(table_, takers.back());
    if (takers.size() > 2) text += " and " + std::to_string(takers.size() - 1) + " more matches";
    const bool several = reaches.size() > 1;
    return text + (takers.size() == 1 ? " takes" : " take") + " all that " + (several ? "they match" : "it matches");
  }

  void add_takers(ir::Diagnostic& found, const Reaches& reaches) const {
    const std::vector<ir::RouteChoice> takers = takers_of(reaches);
    for (std::size_t i = 0; i < takers.size() && i < kNamed; ++i) {
      const auto by = std::find_if(reaches.begin(), reaches.end(), [&](const MatchReach* reach) {
        return std::find(reach->takers.begin(), reach->takers.end(), takers[i]) != reach->takers.end();
      });
      found.labels.push_back({origin_of(table_, takers[i]), "this takes them first: " + reason_of(table_, takers[i], (*by)->choice, (*by)->witness.host)});
    }
  }

  [[nodiscard]] std::string fix_of(const MatchReach& reach, const std::string& what) const {
    const ir::RouteChoice taker = reach.takers.front();
    if (differ_by_order(table_, taker, reach.choice)) return "delete " + what + ", or write it before the other";
    return "delete " + what + ", or make `" + to_text(match_of(table_, taker)) + "` narrower";
  }

  const CheckContext& context_;
  const ir::RouteTable& table_;
  RouteSpace space_;
};

}  // namespace

void check_unreachable_routes(const CheckContext& context) {
  if (context.routes != nullptr && !context.routes->routes.empty()) UnreachableRoutes(context).run();
}

}  // namespace weir::compiler
