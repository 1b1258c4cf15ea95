// Which matches of a route table some request reaches: per listener and host, boxes of requests, in the order in which they win. First
// a few requests are tried, then one match that takes all, then set algebra. Tested by
// tests/unit/compiler/verify/route_reach_test.cpp and tests/differential/reach_test.cpp.
#include "compiler/verify/route_reach.h"

#include <algorithm>
#include <set>

#include "ir/eval/route.h"

namespace weir::compiler {
namespace {

using Status = MatchReach::Status;

class Walk {
 public:
  Walk(const RouteSpace& space, const ReachLimits& limits) : space_(space), limits_(limits), out_(space.matches().size()), takers_(out_.size()) {
    for (std::size_t i = 0; i < out_.size(); ++i) out_[i].choice = space.matches()[i].choice;
  }

  std::vector<MatchReach> run() {
    for (std::uint32_t listener = 0; listener < space_.table().listeners.size(); ++listener)
      for (const RouteContext& context : space_.contexts(listener)) walk(context);
    for (std::size_t i = 0; i < out_.size(); ++i)
      if (out_[i].status == Status::Taken)
        for (const std::uint32_t taker : takers_[i]) out_[i].takers.push_back(out_[taker].choice);
    return std::move(out_);
  }

 private:
  void walk(const RouteContext& context) {
    const std::vector<ContextMatch> standing = space_.standing(context);
    const bool news = std::any_of(standing.begin(), standing.end(), [&](const ContextMatch& one) { return out_[one.match].status != Status::Reached; });
    if (!news) return;
    everything_ = space_.everything(context);
    const std::vector<ContextMatch> order = space_.in_order(context);
    for (std::size_t i = 0; i < order.size(); ++i)
      if (out_[order[i].match].status != Status::Reached) ask(context, order, i);
  }

  void ask(const RouteContext& context, const std::vector<ContextMatch>& order, std::size_t at) {
    const std::uint32_t match = order[at].match;
    // What equal matches share goes to the first of them.
    std::size_t first = 0;
    while (first < at && !space_.shares(context, order[first], order[at])) ++first;
    const auto& box = space_.matches()[match].box(context);
    const std::optional<RequestBox> mine = box ? intersect(everything_, *box) : std::nullopt;
    if (!mine) return unknown(match, "weir cannot make a set of one of its regular expressions");
    if (is_empty(*mine)) {
      if (out_[match].status == Status::Unasked) out_[match].status = Status::Nothing;
      return;
    }
    split_rivals(context, order, first, *mine);
    decide(context, match, *mine);
  }

  /// Those before it that may take something: known and not.
  void split_rivals(const RouteContext& context, const std::vector<ContextMatch>& order, std::size_t end, const RequestBox& mine) {
    rivals_.clear();
    unclear_.clear();
    for (std::size_t i = 0; i < end; ++i) {
      const auto& box = space_.matches()[order[i].match].box(context);
      if (!box) unclear_.push_back(order[i].match);
      else if (may_meet(*box, mine)) rivals_.push_back(order[i].match);
    }
  }

  static bool may_meet(const RequestBox& a, const RequestBox& b) {
    return (a.methods & b.methods) != 0 && (a.path_prefix.starts_with(b.path_prefix) || b.path_prefix.starts_with(a.path_prefix)) && !is_empty(a);
  }

  void decide(const RouteContext& context, std::uint32_t match, const RequestBox& mine) {
    for (const RequestPoint& point : points(context, mine))
      if (free(context, point)) return reached(context, match, point);
    const auto box = [&](std::uint32_t rival) -> const RequestBox& { return *space_.matches()[rival].box(context); };
    std::erase_if(rivals_, [&](std::uint32_t rival) { return !meets(box(rival), mine); });
    const auto whole = std::find_if(rivals_.begin(), rivals_.end(), [&](std::uint32_t rival) { return inside(mine, box(rival)); });
    if (whole != rivals_.end()) return taken(context, match, mine, {*whole});
    // Wide ones first: less is left for the others.
    std::stable_sort(rivals_.begin(), rivals_.end(), [&](std::uint32_t a, std::uint32_t b) { return box(a).fields.size() < box(b).fields.size(); });
    std::vector<const RequestBox*> boxes;
    for (const std::uint32_t rival : rivals_) boxes.push_back(&box(rival));
    BoxCover cover(std::move(boxes), limits_.pieces);
    const std::optional<RequestBox> left = cover.uncovered(mine);
    if (cover.gave_up()) return unknown(match, "too many matches before it overlap");
    if (left) {
      const RequestPoint point = space_.point_of(context, *left);
      return free(context, point) ? reached(context, match, point) : unknown(match, "weir cannot make a set of a regular expression before it");
    }
    std::vector<std::uint32_t> used;
    for (const std::size_t place : cover.used()) used.push_back(rivals_[place]);
    taken(context, match, mine, used);
  }

  /// Requests that are likely to be free: something below the shortest path, another method.
  std::vector<RequestPoint> points(const RouteContext& context, const RequestBox& mine) const {
    std::vector<RequestPoint> out = {space_.point_of(context, mine)};
    for (const char* below : {"/weir-any", "weir-any"}) {
      RequestPoint longer = out[0];
      longer.path += longer.path.ends_with('/') && *below == '/' ? below + 1 : below;
      if (mine.path->contains(longer.path)) out.push_back(std::move(longer));
    }
    std::uint64_t last = mine.methods;
    while ((last & (last - 1)) != 0) last &= last - 1;
    if (last == mine.methods) return out;
    for (std::size_t i = 0, count = out.size(); i < count; ++i) {
      out.push_back(out[i]);
      out.back().method = last;
    }
    return out;
  }

  bool free(const RouteContext& context, const RequestPoint& point) const {
    const bool known = std::none_of(rivals_.begin(), rivals_.end(), [&](std::uint32_t rival) { return contains(*space_.matches()[rival].box(context), point); });
    if (!known || unclear_.empty()) return known;
    const ir::Request request = space_.request_of(context, point);
    return std::none_of(unclear_.begin(), unclear_.end(), [&](std::uint32_t rival) {
      const ir::RouteChoice& choice = space_.matches()[rival].choice;
      const ir::Route& route = space_.table().routes[choice.route];
      const bool asked = route.kind != "GRPCRoute" || ir::is_grpc(request);
      return asked && ir::matches(route.rules[choice.rule].matches[choice.match], request);
    });
  }

  void reached(const RouteContext& context, std::uint32_t match, const RequestPoint& point) {
    out_[match].status = Status::Reached;
    out_[match].witness = space_.request_of(context, point);
    out_[match].why.clear();
  }

  void taken(const RouteContext& context, std::uint32_t match, const RequestBox& mine, const std::vector<std::uint32_t>& takers) {
    takers_[match].insert(takers.begin(), takers.end());
    if (out_[match].status == Status::Unknown || out_[match].status == Status::Taken) return;
    out_[match].status = Status::Taken;
    out_[match].witness = space_.request_of(context, space_.point_of(context, mine));
  }

  void unknown(std::uint32_t match, std::string why) {
    out_[match].status = Status::Unknown;
    out_[match].why = std::move(why);
  }

  const RouteSpace& space_;
  const ReachLimits& limits_;
  std::vector<MatchReach> out_;
  std::vector<std::set<std::uint32_t>> takers_;
  RequestBox everything_;
  std::vector<std::uint32_t> rivals_, unclear_;  // of the match that is asked about
};

}  // namespace

std::vector<MatchReach> route_reach(const RouteSpace& space, const ReachLimits& limits) { return Walk(space, limits).run(); }

}  // namespace weir::compiler
