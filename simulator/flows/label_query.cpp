#include "simulator/flows/label_query.h"

#include <algorithm>

namespace weir::simulator {
namespace {

bool is_space(char c) { return c == ' ' || c == '\t'; }

std::string_view trim(std::string_view text) {
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

bool is_name(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.' || c == '/';
  });
}

ir::Error wrong(std::string_view text) {
  return {"`" + std::string(text) + "` is no label selector; write `key=value`, `key in (a,b)`, `key` or `!key`, with or without a source as in `k8s:key`", 2};
}

/// Parts between commas that no bracket holds.
std::vector<std::string_view> split(std::string_view text) {
  std::vector<std::string_view> parts;
  int depth = 0;
  std::size_t begin = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    depth += text[i] == '(' ? 1 : text[i] == ')' ? -1 : 0;
    if (text[i] != ',' || depth != 0) continue;
    parts.push_back(trim(text.substr(begin, i - begin)));
    begin = i + 1;
  }
  parts.push_back(trim(text.substr(begin)));
  return parts;
}

}  // namespace

ir::Result<LabelQuery> LabelQuery::parse(std::string_view text) {
  LabelQuery query;
  if (trim(text).empty()) return query;
  for (const std::string_view part : split(text)) {
    ir::Result<Term> term = parse_term(part);
    if (!term) return tl::unexpected(term.error());
    query.terms_.push_back(std::move(*term));
  }
  return query;
}

ir::Result<LabelQuery::Term> LabelQuery::parse_term(std::string_view text) {
  const std::string_view whole = text;
  Term term;
  if (text.starts_with('!')) {
    term.need = Need::Absent;
    text = trim(text.substr(1));
  }
  const std::size_t end = text.find_first_of(" \t=!(),<>");
  std::string_view key = text.substr(0, end), rest = end == std::string_view::npos ? std::string_view() : trim(text.substr(end));
  if (const std::size_t colon = key.find(':'); colon != std::string_view::npos) {
    if (key.substr(0, colon) != "any") term.source = key.substr(0, colon);
    key.remove_prefix(colon + 1);
  }
  term.key = key;
  if (key.empty() || !is_name(key) || !is_name(term.source)) return tl::unexpected(wrong(whole));
  if (rest.empty()) return term;
  if (term.need == Need::Absent) return tl::unexpected(wrong(whole));
  const auto starts = [&](std::string_view sign, Need need) {
    if (!rest.starts_with(sign)) return false;
    rest = trim(rest.substr(sign.size()));
    term.need = need;
    return true;
  };
  if (starts("==", Need::Listed) || starts("=", Need::Listed) || starts("!=", Need::NotListed)) {
    if (!is_name(rest)) return tl::unexpected(wrong(whole));
    term.values.emplace_back(rest);
    return term;
  }
  if (!starts("notin", Need::NotListed) && !starts("in", Need::Listed)) return tl::unexpected(wrong(whole));
  if (!rest.starts_with('(') || !rest.ends_with(')')) return tl::unexpected(wrong(whole));
  for (const std::string_view value : split(rest.substr(1, rest.size() - 2))) {
    if (!is_name(value)) return tl::unexpected(wrong(whole));
    term.values.emplace_back(value);
  }
  return term;
}

void LabelQuery::look(const Term& term, std::string_view label, bool& present, bool& listed) {
  const std::size_t equals = label.find('=');
  std::string_view key = label.substr(0, equals), source;
  if (const std::size_t colon = key.find(':'); colon != std::string_view::npos) {
    source = key.substr(0, colon);
    key.remove_prefix(colon + 1);
  }
  if (key != term.key || (!term.source.empty() && source != term.source)) return;
  present = true;
  const std::string_view value = equals == std::string_view::npos ? std::string_view() : label.substr(equals + 1);
  listed = listed || std::find(term.values.begin(), term.values.end(), value) != term.values.end();
}

bool LabelQuery::holds(const Term& term, bool present, bool listed) {
  switch (term.need) {
    case Need::Present: return present;
    case Need::Absent: return !present;
    case Need::Listed: return listed;
    // As in Kubernetes, also true of what has no such label.
    case Need::NotListed: return !listed;
  }
  return false;
}

}  // namespace weir::simulator
