// Two route tables, request by request, without a sample: hosts are cut into classes, and for each the boxes of both tables are laid over
// each other. Tested by tests/unit/compiler/verify/route_diff_test.cpp and tests/differential/route_diff_test.cpp.
#include "compiler/verify/route_compare.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "compiler/verify/route_answer.h"
#include "compiler/verify/route_space.h"
#include "compiler/verify/route_variants.h"

namespace weir::compiler {
namespace {

/// Nothing: requests that no match takes.
using Decider = std::optional<std::size_t>;

bool may_meet(const RequestBox& a, const RequestBox& b) {
  return (a.methods & b.methods) != 0 && (a.path_prefix.starts_with(b.path_prefix) || b.path_prefix.starts_with(a.path_prefix));
}

/// Matches of one key take the same requests.
using Key = std::pair<bool, ir::RouteMatch>;
using Keys = std::map<Key, std::size_t>;

/// One table.
class Side {
 public:
  Side(const ir::RouteTable& table, const ir::RouteTable& other, Keys& keys) : table_(table), bare_{table.dialect, table.listeners, {}}, space_(table, &other) {
    for (const RankedMatch& match : space_.matches()) keys_.push_back(keys.emplace(key_of(match.choice), keys.size()).first->second);
  }

  [[nodiscard]] const ir::RouteTable& table() const { return table_; }
  [[nodiscard]] const RouteSpace& space() const { return space_; }
  [[nodiscard]] ir::RoutePick bare_pick(const ir::Request& request) const { return ir::pick(bare_, request); }
  [[nodiscard]] std::optional<std::uint32_t> listener() const { return context_.listener == kNone ? std::nullopt : std::optional(context_.listener); }
  [[nodiscard]] const RouteContext& context() const { return context_; }
  [[nodiscard]] std::size_t size() const { return order_.size(); }
  [[nodiscard]] std::size_t answer(const Decider& decider) const { return decider ? answers_[*decider] : refusal_; }
  [[nodiscard]] const std::optional<RequestBox>& box(std::size_t at) const { return space_.matches()[order_[at].match].box(context_); }

  [[nodiscard]] std::size_t key(std::size_t at) const { return keys_[order_[at].match]; }
  /// Whether a match of this key is asked before that one.
  [[nodiscard]] bool has_before(std::size_t key, const Decider& end) const {
    const auto at = first_.find(key);
    return at != first_.end() && at->second < end.value_or(size());
  }

  [[nodiscard]] Decider place_of(const ir::RoutePick& pick) const {
    for (std::size_t i = 0; pick.choice && i < order_.size(); ++i)
      if (space_.matches()[order_[i].match].choice == *pick.choice) return i;
    return std::nullopt;
  }

  /// All that follows is about requests like `base`; equal answers get equal numbers.
  void enter(const ir::Request& base, std::map<RouteAnswer, std::size_t>& numbers) {
    const ir::RoutePick pick = bare_pick(base);
    context_ = {pick.listener.value_or(kNone), base, base.scheme == "grpc"};
    order_.clear();
    answers_.clear();
    first_.clear();
    if (pick.listener && pick.reason == ir::RouteReason::NoRule) order_ = space_.in_order(context_);
    for (std::size_t i = 0; i < order_.size(); ++i) {
      answers_.push_back(number(answer_of(table_, {table_.listeners[*pick.listener], context_.grpc}, sharers(i)), numbers));
      first_.emplace(key(i), i);
    }
    RouteAnswer refusal;
    refusal.refusal = answer_text(bare_, base);
    refusal_ = number(refusal, numbers);
  }

 private:
  static constexpr std::uint32_t kNone = ~std::uint32_t{0};

  [[nodiscard]] Key key_of(const ir::RouteChoice& choice) const {
    ir::RouteMatch match = table_.routes[choice.route].rules[choice.rule].matches[choice.match];
    std::stable_sort(match.headers.begin(), match.headers.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
    std::stable_sort(match.query.begin(), match.query.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
    return {table_.routes[choice.route].kind == "GRPCRoute", std::move(match)};
  }

  static std::size_t number(const RouteAnswer& answer, std::map<RouteAnswer, std::size_t>& numbers) { return numbers.emplace(answer, numbers.size()).first->second; }

  [[nodiscard]] std::vector<ir::RouteChoice> sharers(std::size_t at) const {
    std::vector<ir::RouteChoice> out = {space_.matches()[order_[at].match].choice};
    for (std::size_t i = at + 1; i < order_.size(); ++i)
      if (space_.shares(context_, order_[at], order_[i])) out.push_back(space_.matches()[order_[i].match].choice);
    return out;
  }

  const ir::RouteTable& table_;
  ir::RouteTable bare_;
  RouteSpace space_;
  RouteContext context_;
  std::vector<ContextMatch> order_;
  std::vector<std::size_t> answers_, keys_;        // of each in order; of each match of the table
  std::map<std::size_t, std::size_t> first_;  // key -> place in the order
  std::size_t refusal_ = 0;
};

class Comparison {
 public:
  Comparison(const ir::RouteTable& before, const ir::RouteTable& after, const CompareLimits& limits) : before_(before, after, keys_), after_(after, before, keys_), limits_(limits) {}

  RouteDiff run() {
    for (const ir::Request& base : bases()) {
      ++out_.asked;
      before_.enter(base, numbers_);
      after_.enter(base, numbers_);
      compare();
    }
    std::sort(out_.found.begin(), out_.found.end(), [](const RequestDifference& a, const RequestDifference& b) { return a.request < b.request; });
    return std::move(out_);
  }

 private:
  using Endpoint = std::tuple<std::string, std::string, std::uint16_t>;

  static void add_names(const ir::RouteTable& table, std::set<std::string>& patterns) {
    for (const ir::Listener& listener : table.listeners) patterns.insert(listener.hostname);
    for (const ir::Route& route : table.routes) patterns.insert(route.hostnames.begin(), route.hostnames.end());
  }

  static std::vector<std::string> schemes_of(ir::ListenerProtocol protocol) {
    switch (protocol) {
      case ir::ListenerProtocol::Http: return {"http", "grpc"};
      case ir::ListenerProtocol::Https: return {"https", "grpc"};
      case ir::ListenerProtocol::Tls: return {"tls"};
      case ir::ListenerProtocol::Tcp: return {"tcp"};
      case ir::ListenerProtocol::Udp: return {"udp"};
    }
    return {};
  }

  /// One request for each way in which listeners and hostnames of both tables are told apart.
  [[nodiscard]] std::vector<ir::Request> bases() const {
    std::map<Endpoint, std::set<std::string>> endpoints;
    std::set<std::string> patterns = {""}, listeners = {""};
    for (const ir::RouteTable* table : {&before_.table(), &after_.table()}) {
      add_names(*table, patterns);
      for (const ir::Listener& one : table->listeners) {
        listeners.insert(one.hostname);
        for (const std::string& scheme : schemes_of(one.protocol)) endpoints[{one.gateway_namespace, one.gateway, one.port}].insert(scheme);
      }
    }
    const std::vector<std::string> hosts = example_hosts(patterns), names = example_hosts(listeners);
    std::vector<ir::Request> out;
    for (const auto& [at, schemes] : endpoints)
      for (const std::string& scheme : schemes)
        for (const std::string& host : scheme == "tcp" || scheme == "udp" ? std::vector<std::string>{hosts.front()} : hosts) add_bases(at, scheme, host, names, out);
    // What a plain request shows is told by one.
    std::stable_partition(out.begin(), out.end(), [](const ir::Request& base) { return base.scheme != "grpc"; });
    return out;
  }

  void add_bases(const Endpoint& at, const std::string& scheme, const std::string& host, const std::vector<std::string>& names, std::vector<ir::Request>& out) const {
    ir::Request base;
    std::tie(base.gateway_namespace, base.gateway, base.port) = at;
    base.scheme = scheme, base.host = host;
    std::set<std::pair<ir::RoutePick, ir::RoutePick>> seen = {{before_.bare_pick(base), after_.bare_pick(base)}};
    out.push_back(base);
    // The handshake may name another host (gateway.md 18).
    if (scheme == "https" || scheme == "grpc")
      for (const std::string& name : names)
        if (base.sni = name; seen.emplace(before_.bare_pick(base), after_.bare_pick(base)).second) out.push_back(base);
  }

  void compare() {
    told_.clear();
    pairs_ = 0;
    for (std::size_t i = 0; i <= before_.size(); ++i)
      for (std::size_t j = 0; j <= after_.size(); ++j)
        if (!compare(i == before_.size() ? Decider() : i, j == after_.size() ? Decider() : j)) return;
  }

  /// False: enough was looked at.
  bool compare(const Decider& a, const Decider& b) {
    const std::pair answers{before_.answer(a), after_.answer(b)};
    if (answers.first == answers.second || told_.count(told_as(answers))) return true;
    // Who is asked before it in the other table takes all that they share.
    if ((a && after_.has_before(before_.key(*a), b)) || (b && before_.has_before(after_.key(*b), a))) return true;
    if ((a && !before_.box(*a)) || (b && !after_.box(*b))) return unknown("weir cannot make a set of a regular expression"), true;
    if ((a && is_empty(*before_.box(*a))) || (b && is_empty(*after_.box(*b)))) return true;
    if (a && b && !(may_meet(*before_.box(*a), *after_.box(*b)) && meets(*before_.box(*a), *after_.box(*b)))) return true;
    if (++pairs_ > limits_.pairs) return unknown("too many matches differ"), false;
    const std::optional<RequestBox> both = shared(a, b);
    if (!both) return unknown("the set of a regular expression is too large"), true;
    for (const RequestBox& part : sendable(*both))
      if (!is_empty(part) && !told_.count(told_as(answers))) search(part, a, b, answers);
    return true;
  }

  [[nodiscard]] std::optional<RequestBox> shared(const Decider& a, const Decider& b) const {
    std::optional<RequestBox> out = before_.space().everything(before_.context());
    if (a) out = intersect(*out, *before_.box(*a));
    if (out && b) out = intersect(*out, *after_.box(*b));
    return out;
  }

  /// Those that decide before it, as far as they are known; false: one is not.
  static bool add_earlier(const Side& side, const Decider& end, const RequestBox& box, std::vector<const RequestBox*>& out) {
    bool known = true;
    for (std::size_t i = 0; i < end.value_or(side.size()); ++i) {
      if (!side.box(i)) known = false;
      else if (may_meet(*side.box(i), box) && !is_empty(*side.box(i)) && meets(*side.box(i), box)) out.push_back(&*side.box(i));
    }
    return known;
  }

  void search(const RequestBox& box, const Decider& a, const Decider& b, const std::pair<std::size_t, std::size_t>& answers) {
    std::vector<const RequestBox*> earlier;
    if (ask_point(box, answers)) return;
    const bool known_before = add_earlier(before_, a, box, earlier), known = add_earlier(after_, b, box, earlier) && known_before;
    const auto whole = std::find_if(earlier.begin(), earlier.end(), [&](const RequestBox* one) { return inside(box, *one); });
    if (whole != earlier.end()) return;
    std::stable_sort(earlier.begin(), earlier.end(), [](const RequestBox* x, const RequestBox* y) { return x->fields.size() < y->fields.size(); });
    BoxCover cover(std::move(earlier), limits_.pieces);
    const std::optional<RequestBox> left = cover.uncovered(box);
    if (cover.gave_up()) return unknown("too many matches overlap");
    if (!left) return;
    const ir::Request request = request_of(*left);
    if (!ask(request, answers, known) && !ask_variants(request, answers)) return unknown(known ? "rules are written differently, and answer alike where they were asked" : "weir cannot make a set of a regular expression");
  }

  [[nodiscard]] const Side& listening() const { return before_.listener() ? before_ : after_; }

  [[nodiscard]] std::vector<RequestBox> sendable(const RequestBox& box) const {
    return listening().listener() ? listening().space().sendable(listening().context(), box) : std::vector{box};
  }

  [[nodiscard]] ir::Request request_of(const RequestBox& box) const {
    const Side& side = listening();
    return side.listener() ? side.space().request_of(side.context(), side.space().point_of(side.context(), box)) : side.context().base;
  }

  /// Most often the first request of a box does: then nothing has to be cut.
  bool ask_point(const RequestBox& box, const std::pair<std::size_t, std::size_t>& answers) {
    const ir::Request request = request_of(box);
    return decides(before_, request, answers.first) && decides(after_, request, answers.second) && ask(request, answers, true);
  }

  static bool decides(const Side& side, const ir::Request& request, std::size_t answer) { return side.answer(side.place_of(ir::pick(side.table(), request))) == answer; }

  [[nodiscard]] const RouteAnswer& answer(std::size_t number) const {
    return std::find_if(numbers_.begin(), numbers_.end(), [&](const auto& one) { return one.second == number; })->first;
  }

  /// Of the same two rules, where this one request does not show how their filters differ.
  bool ask_variants(const ir::Request& request, const std::pair<std::size_t, std::size_t>& answers) {
    const std::vector<ir::Request> all = variants(request, answer(answers.first), answer(answers.second));
    return std::any_of(all.begin(), all.end(), [&](const ir::Request& one) {
      return decides(before_, one, answers.first) && decides(after_, one, answers.second) && ask(one, answers, true);
    });
  }

  [[nodiscard]] std::pair<std::size_t, std::size_t> told_as(const std::pair<std::size_t, std::size_t>& answers) const {
    return limits_.each_once ? std::pair(answers.first, std::size_t{0}) : answers;
  }

  /// False: both answer alike.
  bool ask(const ir::Request& request, const std::pair<std::size_t, std::size_t>& answers, bool known) {
    ++out_.asked;
    auto one = difference(before_.table(), after_.table(), request);
    if (!one) return false;
    if (known) told_.insert(told_as(answers));
    if (seen_.emplace(request.gateway_namespace, request.gateway, request.port, request.host, one->before, one->after).second) out_.found.push_back(std::move(*one));
    return true;
  }

  void unknown(const std::string& why) {
    const ir::Request& base = before_.context().base;
    const std::string text = "requests to `" + base.host + "`, gateway " + base.gateway_namespace + "/" + base.gateway + " port " + std::to_string(base.port) + ": " + why;
    if (std::find(out_.unknown.begin(), out_.unknown.end(), text) == out_.unknown.end()) out_.unknown.push_back(text);
  }

  Keys keys_;
  Side before_, after_;
  const CompareLimits limits_;
  RouteDiff out_;
  std::map<RouteAnswer, std::size_t> numbers_;
  std::set<std::pair<std::size_t, std::size_t>> told_;  // pairs of answers, of this host
  std::set<std::tuple<std::string, std::string, std::uint16_t, std::string, std::string, std::string>> seen_;
  std::size_t pairs_ = 0;
};

}  // namespace

RouteDiff compare_routes(const ir::RouteTable& before, const ir::RouteTable& after, const CompareLimits& limits) { return Comparison(before, after, limits).run(); }

}  // namespace weir::compiler
