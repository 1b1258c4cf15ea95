#include "compiler/invariants/statements.h"

#include <algorithm>

#include "compiler/api/reader.h"
#include "compiler/invariants/terms.h"

namespace weir::compiler {
namespace {

bool about_connections(const Invariant& invariant) {
  return std::holds_alternative<ReachInvariant>(invariant.statement) || std::holds_alternative<OnlyInvariant>(invariant.statement) ||
         std::holds_alternative<IsolatedInvariant>(invariant.statement);
}

}  // namespace

template <class Value>
bool InvariantReader::take(antlr4::ParserRuleContext* place, ir::Result<Value> read, Value& into) {
  if (!read) {
    errors_.report(errors_.place(place), read.error().message);
    return false;
  }
  into = std::move(*read);
  return true;
}

/// The words between double quotes, as they stand in the file: ANTLR sees ASCII alone, one character for each byte.
std::string InvariantReader::reason_of(Parser::ReasonContext* context) const {
  const antlr4::Token* token = context->getStart();
  return text_.substr(token->getStartIndex() + 1, token->getStopIndex() - token->getStartIndex() - 1);
}

void InvariantReader::define(Parser::FileContext* file) {
  for (Parser::LineContext* line : file->line()) {
    Parser::DefinitionContext* definition = line->definition();
    if (!definition || broken(definition)) continue;
    const std::string name = definition->name()->getText();
    if (!sets_.emplace(name, Set{definition, {}, false}).second) errors_.report(errors_.place(definition->name()), "the set `" + name + "` is defined twice");
  }
  // Each is read, so that its mistakes are told even when nothing names it.
  for (auto& [name, set] : sets_)
    if (!set.parties) {
      set.busy = true;
      set.parties = parties_of(set.written->parties());
      set.busy = false;
    }
}

const Parties* InvariantReader::set_named(Parser::PartyContext* context) {
  const std::string name = context->getText();
  const auto at = sets_.find(name);
  if (at == sets_.end()) {
    std::vector<std::string_view> names;
    for (const auto& [known, set] : sets_) names.push_back(known);
    const std::string meant = nearest(name, names);
    errors_.report(errors_.place(context), "there is no set `" + name + "`",
                   meant.empty() ? "define it: `set " + name + " = PARTY or PARTY`" : "did you mean `" + meant + "`?");
    return nullptr;
  }
  Set& set = at->second;
  if (set.busy) {
    errors_.report(errors_.place(context), "the set `" + name + "` is defined by itself");
    return nullptr;
  }
  if (!set.parties) {
    set.busy = true;
    set.parties = parties_of(set.written->parties());
    set.busy = false;
  }
  if (set.parties && !set.parties->empty()) return &*set.parties;
  errors_.report(errors_.place(context), "the set `" + name + "` cannot be read");
  return nullptr;
}

std::optional<Parties> InvariantReader::parties_of(Parser::PartiesContext* context) {
  Parties parties;
  // Each party once: sets of sets would grow without end.
  const auto add = [&](const InvariantParty& party) {
    if (std::find(parties.begin(), parties.end(), party) == parties.end()) parties.push_back(party);
  };
  for (Parser::PartyContext* one : context->party()) {
    if (one->WORD()) {
      const Parties* named = set_named(one);
      if (!named) return std::nullopt;
      for (const InvariantParty& party : *named) add(party);
      continue;
    }
    InvariantParty party;
    if (!take(one, read_invariant_party(one->getText()), party)) return std::nullopt;
    add(party);
  }
  return parties;
}

bool InvariantReader::read_ports(Parser::PortsContext* context, InvariantPorts& into) {
  if (!context) return true;
  into.emplace();
  for (Parser::PortContext* port : context->port()) {
    ir::PortMatch match;
    if (!take(port, read_invariant_port(port->getText()), match)) return false;
    into->push_back(match);
  }
  return true;
}

std::optional<Invariant::Statement> InvariantReader::reach_of(Parser::ReachContext* context) {
  ReachInvariant reach;
  reach.claim = context->claim()->DENY() ? Claim::Deny : Claim::Allow;
  auto source = parties_of(context->source), destination = source ? parties_of(context->destination) : std::nullopt;
  if (!destination || !read_ports(context->ports(), reach.ports)) return std::nullopt;
  reach.source = std::move(*source);
  reach.destination = std::move(*destination);
  return reach;
}

std::optional<Invariant::Statement> InvariantReader::only_of(Parser::OnlyContext* context) {
  OnlyInvariant only;
  auto source = parties_of(context->source), destination = source ? parties_of(context->destination) : std::nullopt;
  if (!destination || !read_ports(context->ports(), only.ports)) return std::nullopt;
  only.source = std::move(*source);
  only.destination = std::move(*destination);
  return only;
}

std::optional<Invariant::Statement> InvariantReader::bandwidth_of(Parser::BandwidthContext* context) {
  BandwidthInvariant bandwidth;
  auto who = parties_of(context->parties());
  if (!who || !take(context->quantity(), read_invariant_bandwidth(context->quantity()->getText()), bandwidth.most)) return std::nullopt;
  bandwidth.who = std::move(*who);
  return bandwidth;
}

std::optional<Invariant::Statement> InvariantReader::serves_of(Parser::ServesContext* context) {
  ServesInvariant serves;
  if (!take(context->service(), read_invariant_service(context->service()->getText()), serves)) return std::nullopt;
  serves.url = context->url()->getText();
  if (const auto good = check_invariant_url(serves.url); !good) {
    errors_.report(errors_.place(context->url()), good.error().message);
    return std::nullopt;
  }
  return serves;
}

std::optional<Invariant::Statement> InvariantReader::statement_of(Parser::StatementContext* context) {
  if (context->reach()) return reach_of(context->reach());
  if (context->only()) return only_of(context->only());
  if (context->bandwidth()) return bandwidth_of(context->bandwidth());
  if (context->serves()) return serves_of(context->serves());
  Parser::PartiesContext* parties = context->isolated() ? context->isolated()->parties()
                                    : context->covered() ? context->covered()->parties()
                                    : context->exposes() ? context->exposes()->parties()
                                                         : nullptr;
  auto who = parties ? parties_of(parties) : std::nullopt;
  if (!who) return std::nullopt;
  if (context->isolated()) return IsolatedInvariant{std::move(*who)};
  if (context->exposes()) return ExposesInvariant{std::move(*who)};
  return CoveredInvariant{std::move(*who), context->covered()->direction()->INGRESS() ? ir::Direction::Ingress : ir::Direction::Egress};
}

std::optional<InvariantException> InvariantReader::exception_of(Parser::ExemptContext* context) {
  InvariantException exception;
  auto source = parties_of(context->who ? context->who : context->source);
  if (!source) return std::nullopt;
  exception.source = std::move(*source);
  if (context->destination) {
    auto destination = parties_of(context->destination);
    if (!destination) return std::nullopt;
    exception.destination = std::move(*destination);
  }
  if (!read_ports(context->ports(), exception.ports)) return std::nullopt;
  if (!take(context->date(), read_invariant_date(context->date()->getText()), exception.until)) return std::nullopt;
  exception.reason = reason_of(context->reason());
  exception.origin = errors_.place(context);
  return exception;
}

bool InvariantReader::qualify(const std::vector<Parser::QualifierContext*>& qualifiers, Invariant& invariant) {
  for (Parser::QualifierContext* one : qualifiers) {
    bool& said = one->reason() ? reason_said_ : severity_said_;
    if (std::exchange(said, true)) {
      errors_.report(errors_.place(one), std::string(one->reason() ? "`because`" : "`severity`") + " stands here twice");
      return false;
    }
    if (one->reason()) invariant.reason = reason_of(one->reason());
    else if (!take(one->level(), read_invariant_severity(one->level()->getText()), invariant.severity)) return false;
  }
  return true;
}

void InvariantReader::read_line(Parser::LineContext* line, Invariants& all) {
  if (Parser::StatementContext* written = line->statement()) {
    auto statement = statement_of(written);
    Invariant invariant;
    reason_said_ = severity_said_ = false;
    open_ = statement && qualify(line->qualifier(), invariant);
    if (!open_) return;
    invariant.statement = std::move(*statement);
    invariant.origin = errors_.place(written);
    all.statements.push_back(std::move(invariant));
    return;
  }
  if (line->definition() || !open_) {
    const bool lost = !line->definition() && all.statements.empty();
    if (lost) errors_.report(errors_.place(line), "no statement stands above this line");
    return;
  }
  Invariant& last = all.statements.back();
  if (!line->exempt()) {
    static_cast<void>(qualify(line->qualifier(), last));
    return;
  }
  auto exception = exception_of(line->exempt());
  if (!exception) return;
  if (std::holds_alternative<ServesInvariant>(last.statement))
    errors_.report(exception->origin, "a statement about one route has no exceptions");
  else if (about_connections(last) == exception->destination.empty())
    errors_.report(exception->origin, about_connections(last) ? "an exception to this statement wants `from PARTY to PARTY`"
                                                              : "an exception to this statement names pods alone: `except PARTY because ...`");
  else
    last.exceptions.push_back(std::move(*exception));
}

Invariants InvariantReader::statements(Parser::FileContext* file) {
  Invariants all;
  for (Parser::LineContext* line : file->line()) {
    if (line->children.empty()) continue;
    if (broken(line)) open_ = open_ && !line->statement();
    else read_line(line, all);
  }
  return all;
}

}  // namespace weir::compiler
