// Tested by tests/unit/simulator/replay/requests_test.cpp.

#include "simulator/replay/requests.h"

#include <algorithm>
#include <map>
#include <string_view>

#include "ir/flow/decided_by.h"
#include "simulator/flows/enum_names.h"
#include "simulator/replay/http_text.h"

namespace weir::simulator {
namespace {

ir::L7Request request_of(const RequestShape& shape, const std::string& text) {
  ir::L7Request request;
  if (shape.dns)
    request.dns = text;
  else
    request.http = http_of(text);
  return request;
}

/// "GET /v1/items", "dns example.com": headers and queries would make every request an edge of its own.
std::string label_of(const ir::L7Request& request) {
  if (request.dns) return "dns " + *request.dns;
  return request.http->method + " " + request.http->path.substr(0, request.http->path.find('?'));
}

/// What becomes of a request.
struct Fate {
  ir::Verdict verdict = ir::Verdict::Allowed;
  bool audit = false;  // denied, reported and let through
  std::string reason;
  std::vector<ir::RuleId> decided_by;
  ir::MatchType match = ir::MatchType::None;
  [[nodiscard]] bool denied() const { return verdict == ir::Verdict::Denied && !audit; }
};

Fate fate_of(const Judge& judge, const RequestJudgement& judgement) {
  const ir::SideDecision& side = judge.at(judgement.connection);
  Fate fate{side.verdict, side.audit, "", side.decided_by, side.match};
  if (side.verdict == ir::Verdict::Denied) fate.reason = ir::to_text(side.reason);
  if (side.verdict != ir::Verdict::Allowed || !judgement.request) return fate;
  fate.verdict = judgement.request->verdict;
  fate.decided_by = judgement.request->decided_by;
  if (fate.verdict == ir::Verdict::Denied) fate.reason = "l7-denied";
  return fate;
}

bool speaks(const RequestJudgement& judgement) { return judgement.request.has_value(); }

class Requests {
 public:
  Requests(const Gathered& gathered, const RequestContext& context) : gathered_(gathered), context_(context) {}

  void add(const RequestShape& shape, const RequestCount& count) {
    const bool seen = shape.verdict == FlowVerdict::Forwarded || shape.verdict == FlowVerdict::Redirected || shape.verdict == FlowVerdict::Dropped;
    if (!seen || (shape.direction != FlowDirection::Ingress && shape.direction != FlowDirection::Egress)) return;
    const Question question = question_of(shape);
    const Actor& subject = context_.actors.at(question.subject);
    if (!subject.managed || !subject.resolved || !context_.actors.at(question.peer).resolved) return;
    const ir::L7Request request = request_of(shape, gathered_.texts.at({shape.text}));
    const RequestJudgement after = context_.judge.decide(question, request);
    const bool denied = shape.verdict == FlowVerdict::Dropped;
    if (context_.before != nullptr) {
      const RequestJudgement before = context_.before->decide(question, request);
      if (speaks(after) || speaks(before) || denied) compare(count, question, request, after, fate_of(*context_.before, before), denied);
    } else if (speaks(after) || denied) {
      compare(count, question, request, after, {denied ? ir::Verdict::Denied : ir::Verdict::Allowed, false, "", {}}, denied);
    }
  }

  RequestTally take() && {
    for (auto& [key, edge] : edges_) {
      ReplayEdge whole = key;
      whole.count = whole.flows = edge.requests;
      if (edge.timed) whole.first = edge.first, whole.last = edge.last;
      whole.example = uuid_text(edge.example);
      tally_.edges.push_back(std::move(whole));
    }
    return std::move(tally_);
  }

 private:
  const Gathered& gathered_;
  const RequestContext& context_;
  RequestTally tally_;
  std::map<ReplayEdge, RequestCount> edges_;

  Question question_of(const RequestShape& shape) const {
    const bool egress = shape.direction == FlowDirection::Egress;
    const ActorId source = context_.actors.find(shape.source, shape.client), destination = context_.actors.find(shape.destination, shape.server);
    Question question;
    question.direction = egress ? ir::Direction::Egress : ir::Direction::Ingress;
    question.subject = egress ? source : destination;
    question.peer = egress ? destination : source;
    question.peer_address = egress ? shape.server : shape.client;
    question.protocol = static_cast<ir::Protocol>(shape.protocol);
    question.port = shape.port;
    question.subject_party = egress ? shape.source : shape.destination;
    return question;
  }

  static Change change_of(const Fate& now, const Fate& was, bool recorded_denied) {
    if (now.verdict == ir::Verdict::Unknown || was.verdict == ir::Verdict::Unknown) return Change::Unknown;
    if (was.denied() != recorded_denied) return Change::Unexplained;
    if (was.denied() == now.denied()) return Change::Same;
    return now.denied() ? Change::NewlyDenied : Change::NewlyAllowed;
  }

  void count(Change change, std::uint64_t requests) {
    ReplayRequests& numbers = tally_.numbers;
    if (change != Change::Unknown) numbers.compared += requests;
    switch (change) {
      case Change::Same: numbers.same += requests; return;
      case Change::NewlyDenied: numbers.newly_denied += requests; return;
      case Change::NewlyAllowed: numbers.newly_allowed += requests; return;
      case Change::Unexplained: numbers.unexplained += requests; return;
      case Change::Unknown: numbers.unknown += requests; return;
    }
  }

  void compare(const RequestCount& counted, const Question& question, const ir::L7Request& request, const RequestJudgement& judgement,
               const Fate& was, bool recorded_denied) {
    const Fate now = fate_of(context_.judge, judgement);
    const Change change = change_of(now, was, recorded_denied);
    count(change, counted.requests);
    tally_.exercised.insert(tally_.exercised.end(), now.decided_by.begin(), now.decided_by.end());
    ReplayEdge edge;
    const bool egress = question.direction == ir::Direction::Egress;
    edge.source = context_.actors.name(context_.actors.at(egress ? question.subject : question.peer).name);
    edge.destination = context_.actors.name(context_.actors.at(egress ? question.peer : question.subject).name);
    edge.direction = question.direction;
    edge.protocol = question.protocol;
    edge.port = question.port;
    edge.change = change;
    edge.recorded = recorded_denied ? "DROPPED" : "FORWARDED";
    edge.predicted = now.verdict == ir::Verdict::Unknown ? "UNKNOWN" : now.audit ? "AUDIT" : now.denied() ? "DROPPED" : "FORWARDED";
    edge.redirected = true;
    edge.reason = change == Change::Unknown ? "policy-unknown" : now.reason;
    if (now.match != ir::MatchType::None) edge.match = ir::to_text(now.match);
    edge.decided_by = decided_by(now, judgement, edge.direction);
    edge.l7 = label_of(request);
    edges_[edge].add(counted);
  }

  std::vector<ir::RuleRef> decided_by(const Fate& now, const RequestJudgement& judgement, ir::Direction direction) const {
    if (!judgement.request || now.decided_by.empty())
      return ir::decided_by(context_.after.policies, context_.files, context_.judge.at(judgement.connection), direction);
    std::vector<ir::RuleRef> rules;
    for (const ir::RuleId id : now.decided_by) rules.push_back(ir::rule_ref(context_.after.policies, context_.files, id));
    return rules;
  }
};

}  // namespace

RequestTally tally_requests(const Gathered& gathered, const RequestContext& context) {
  Requests requests(gathered, context);
  for (const auto& [shape, count] : gathered.requests) requests.add(shape, count);
  return std::move(requests).take();
}

}  // namespace weir::simulator
