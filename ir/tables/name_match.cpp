#include "ir/tables/name_match.h"

#include <algorithm>
#include <string>
#include <vector>

namespace weir::ir {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool in_label(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_'; }

/// How a star of the pattern reads.
enum class Star : std::uint8_t { None, Label, Labels };  // a literal; characters of one label; one or more whole labels

struct Token {
  Star star = Star::None;
  char literal = 0;
};

std::string lowered(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), lower);
  return out;
}

/// One or more labels joined by dots, none of them empty.
bool is_labels(std::string_view text) {
  bool empty = true;
  for (const char c : text) {
    if (c == '.' ? empty : !in_label(c)) return false;
    empty = c == '.';
  }
  return !empty;
}

std::vector<std::size_t> advance_labels(const std::vector<std::size_t>& from, std::string_view text) {
  std::vector<std::size_t> out;
  for (std::size_t end = 1; end <= text.size(); ++end)
    if (std::any_of(from.begin(), from.end(), [&](std::size_t begin) { return begin < end && is_labels(text.substr(begin, end - begin)); }))
      out.push_back(end);
  return out;
}

std::vector<std::size_t> advance_label(const std::vector<std::size_t>& from, std::string_view text) {
  std::vector<std::size_t> out;
  for (const std::size_t begin : from)
    for (std::size_t end = begin; end <= text.size(); ++end) {
      if (out.empty() || out.back() < end) out.push_back(end);
      if (end == text.size() || !in_label(text[end])) break;
    }
  return out;
}

/// The places in `text` that the tokens read so far may lead to, one token after the other.
bool matches_tokens(const std::vector<Token>& tokens, std::string_view text) {
  std::vector<std::size_t> places{0};
  for (const Token& token : tokens) {
    std::vector<std::size_t> next;
    if (token.star == Star::Labels) next = advance_labels(places, text);
    if (token.star == Star::Label) next = advance_label(places, text);
    for (const std::size_t at : places)
      if (token.star == Star::None && at < text.size() && text[at] == token.literal) next.push_back(at + 1);
    if (next.empty()) return false;
    places = std::move(next);
  }
  return std::find(places.begin(), places.end(), text.size()) != places.end();
}

/// A run of stars is one star; `whole` says what a label of just two or more stars at `at` is.
void add_label(std::string_view label, Star stars, std::vector<Token>& tokens) {
  if (label.size() > 1 && label.find_first_not_of('*') == std::string_view::npos) return tokens.push_back({stars, 0});
  for (std::size_t i = 0; i < label.size(); ++i) {
    if (label[i] != '*')
      tokens.push_back({Star::None, label[i]});
    else if (i == 0 || label[i - 1] != '*')
      tokens.push_back({Star::Label, 0});
  }
}

}  // namespace

bool matches_name(const NamePattern& written, std::string_view name, Dialect dialect) {
  std::string text = lowered(name), pattern = lowered(written.text);
  if (!text.ends_with('.')) text += '.';
  const std::string_view stars = std::string_view(pattern).substr(0, pattern.size() - (pattern.ends_with('.') ? 1 : 0));
  const bool bare = !stars.empty() && stars.find_first_not_of('*') == std::string_view::npos;
  if (bare && !written.literal) return text == "." || is_labels(std::string_view(text).substr(0, text.size() - 1));
  if (!pattern.ends_with('.')) pattern += '.';
  if (written.literal) return text == pattern;
  std::vector<Token> tokens;
  for (std::size_t at = 0; at < pattern.size();) {
    const std::size_t dot = pattern.find('.', at);
    const bool leading = at == 0 && dialect != Dialect::Cilium118;
    add_label(std::string_view(pattern).substr(at, dot - at), leading ? Star::Labels : Star::Label, tokens);
    tokens.push_back({Star::None, '.'});
    at = dot + 1;
  }
  return matches_tokens(tokens, text);
}

bool matches_server_name(std::string_view written, std::string_view sni) {
  const std::string pattern = lowered(written), text = lowered(sni);
  if (text.empty()) return false;
  if (pattern == "*" || pattern == "**") return is_labels(text);
  std::vector<Token> tokens;
  for (std::size_t at = 0; at < pattern.size();) {
    const std::size_t dot = std::min(pattern.find('.', at), pattern.size());
    if (at > 0) tokens.push_back({Star::None, '.'});
    const std::string_view label = std::string_view(pattern).substr(at, dot - at);
    add_label(label, label == "**" ? Star::Labels : Star::Label, tokens);
    at = dot + 1;
  }
  return matches_tokens(tokens, text);
}

}  // namespace weir::ir
