#include "compiler/verify/questions.h"

#include "compiler/verify/party.h"

namespace weir::compiler {
namespace {

using Ends = std::vector<EndBox>;
using MaybeQuestions = ir::Result<Questions>;

Boxes boxes_of(const Question& question) {
  Boxes boxes;
  for (const EndBox& source : question.sources)
    for (const EndBox& destination : question.destinations) boxes.push_back({source, destination, question.ports});
  return boxes;
}

Boxes boxes_of(const Questions& questions) {
  Boxes all;
  for (const Question& part : questions.parts)
    for (ConnectionBox& box : boxes_of(part)) all.push_back(std::move(box));
  return all;
}

void set_parts(Questions& questions, Boxes boxes) {
  questions.parts.clear();
  for (ConnectionBox& box : boxes) questions.parts.push_back({{std::move(box.source)}, {std::move(box.destination)}, std::move(box.ports)});
}

Ends without(const Space& space, Ends from, const Ends& taken) {
  for (const EndBox& one : taken) {
    Ends next;
    for (const EndBox& end : from)
      for (EndBox& rest : space.subtract(end, one)) next.push_back(std::move(rest));
    from = std::move(next);
  }
  return from;
}

class Builder {
 public:
  Builder(const Space& space, const std::set<std::string>& keys) : space_(space), keys_(keys) {}

  MaybeQuestions operator()(const ReachInvariant& reach) const {
    auto sources = ends_of(space_, keys_, reach.source);
    if (!sources) return tl::unexpected(sources.error());
    auto destinations = ends_of(space_, keys_, reach.destination);
    if (!destinations) return tl::unexpected(destinations.error());
    return Questions{reach.claim, {{std::move(*sources), std::move(*destinations), ir::ports_of(reach.ports)}}, false};
  }

  MaybeQuestions operator()(const OnlyInvariant& only) const {
    const auto sources = ends_of(space_, keys_, only.source);
    if (!sources) return tl::unexpected(sources.error());
    const auto destinations = ends_of(space_, keys_, only.destination);
    if (!destinations) return tl::unexpected(destinations.error());
    Questions questions;
    into(questions, *sources, *destinations, ir::ports_of(only.ports));
    return questions;
  }

  MaybeQuestions operator()(const IsolatedInvariant& isolated) const {
    const auto inside = ends_of(space_, keys_, isolated.who);
    if (!inside) return tl::unexpected(inside.error());
    Questions questions;
    into(questions, *inside, *inside, ir::every_port());
    questions.parts.push_back({*inside, without(space_, space_.everyone(), *inside), ir::every_port()});
    return questions;
  }

  template <class Other>
  MaybeQuestions operator()(const Other&) const { return ir::failure("the statement is not about connections"); }

  MaybeQuestions part_of(Questions questions, const InvariantException& exception, bool keep) const {
    const auto sources = ends_of(space_, keys_, exception.source);
    if (!sources) return tl::unexpected(sources.error());
    const auto destinations = ends_of(space_, keys_, exception.destination);
    if (!destinations) return tl::unexpected(destinations.error());
    const Boxes taken = boxes_of(Question{*sources, *destinations, ir::ports_of(exception.ports)});
    set_parts(questions, keep ? common(boxes_of(questions), taken) : left(boxes_of(questions), taken));
    return questions;
  }

 private:
  [[nodiscard]] Boxes common(const Boxes& boxes, const Boxes& taken) const {
    Boxes all;
    for (const ConnectionBox& box : boxes)
      for (const ConnectionBox& one : taken)
        if (auto both = space_.intersect(box, one)) all.push_back(std::move(*both));
    return all;
  }

  [[nodiscard]] Boxes left(Boxes boxes, const Boxes& taken) const {
    for (const ConnectionBox& one : taken) {
      Boxes next;
      for (const ConnectionBox& box : boxes)
        for (ConnectionBox& rest : space_.subtract(box, one)) next.push_back(std::move(rest));
      boxes = std::move(next);
    }
    return boxes;
  }

  /// Everyone but `allowed` to the destinations. What is no pod has no ingress policy: there only pods can be held back.
  void into(Questions& questions, const Ends& allowed, const Ends& destinations, const ir::PortSet& ports) const {
    const Ends others = without(space_, space_.everyone(), allowed);
    Ends to_pods, pods, here, there;
    for (const EndBox& end : others) {
      const bool own_node = space_.kinds()[end.kind].entity == "host" && space_.cluster().settings.allow_localhost;
      questions.without_own_node = questions.without_own_node || own_node;
      if (!own_node) to_pods.push_back(end);
      if (end.kind == 0) pods.push_back(end);
    }
    for (const EndBox& end : destinations) (end.kind == 0 ? here : there).push_back(end);
    if (!here.empty()) questions.parts.push_back({to_pods, here, ports});
    if (!there.empty()) questions.parts.push_back({pods, there, ports});
  }

  const Space& space_;
  const std::set<std::string>& keys_;
};

}  // namespace

std::vector<InvariantException> still_counting(const Invariant& invariant, const std::string& today) {
  std::vector<InvariantException> alive = invariant.exceptions;
  std::erase_if(alive, [&](const InvariantException& exception) { return !today.empty() && today > exception.until; });
  return alive;
}

bool about_connections(const Invariant& invariant) {
  return std::holds_alternative<ReachInvariant>(invariant.statement) || std::holds_alternative<OnlyInvariant>(invariant.statement) ||
         std::holds_alternative<IsolatedInvariant>(invariant.statement);
}

MaybeQuestions questions_of(const Space& space, const std::set<std::string>& keys, const Invariant& invariant,
                            const std::vector<InvariantException>& exceptions) {
  const Builder builder(space, keys);
  MaybeQuestions questions = std::visit(builder, invariant.statement);
  for (const InvariantException& exception : exceptions)
    if (questions) questions = builder.part_of(std::move(*questions), exception, false);
  return questions;
}

MaybeQuestions inside_exception(const Space& space, const std::set<std::string>& keys, const Questions& questions,
                                const InvariantException& exception) {
  return Builder(space, keys).part_of(questions, exception, true);
}

}  // namespace weir::compiler
