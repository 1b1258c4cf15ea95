// Names, server names and HTTP requests against what rules write (policy.md 5.1, 5.3, 5.5), through RE2 as Cilium and
// Envoy do. ir/tables has the same meaning without RE2; tests/differential holds the two together.
#include "ir/eval/patterns.h"

#include <re2/re2.h>

#include <algorithm>
#include <memory>
#include <unordered_map>

namespace weir::ir {
namespace {

constexpr std::string_view kLabel = "[-a-zA-Z0-9_]";

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}

/// Kept, since the same few are asked again and again and to compile one takes longer than to use it.
const RE2& compiled(const std::string& expression) {
  constexpr std::size_t kMost = 1'000;
  thread_local std::unordered_map<std::string, std::unique_ptr<const RE2>> known;
  if (known.size() >= kMost) known.clear();
  std::unique_ptr<const RE2>& one = known[expression];
  if (!one) {
    RE2::Options options;
    options.set_log_errors(false);
    one = std::make_unique<const RE2>(expression, options);
  }
  return *one;
}

bool full_match(std::string_view text, const std::string& expression) {
  const RE2& expected = compiled(expression);
  return expected.ok() && RE2::FullMatch(re2::StringPiece(text.data(), text.size()), expected);
}

/// As canonical_name() of both.
bool same_name(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  if (a.ends_with('.')) a.remove_suffix(1);
  if (b.ends_with('.')) b.remove_suffix(1);
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [&](char x, char y) { return lower(x) == lower(y); });
}

/// Literal text, with `.` as itself and every run of `*` as `star`.
std::string translate(std::string_view pattern, std::string_view star) {
  std::string out;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] == '.')
      out += "[.]";
    else if (pattern[i] != '*')
      out += RE2::QuoteMeta(re2::StringPiece(pattern.data() + i, 1));
    else if (i + 1 == pattern.size() || pattern[i + 1] != '*')
      out += star;
  }
  return out;
}

bool header_matches(const HeaderMatch& header, const HttpRequest& request, const Cluster& cluster) {
  if (header.mismatch != Mismatch::Fail) return true;
  std::optional<std::string> wanted = header.value;
  if (header.secret && !header.value) {
    const auto known = cluster.secrets.find(*header.secret);
    if (known == cluster.secrets.end()) return false;
    wanted = known->second;
  }
  const std::string name = lower(header.name);
  return std::any_of(request.headers.begin(), request.headers.end(), [&](const auto& sent) {
    return lower(sent.first) == name && (!wanted || sent.second == *wanted);
  });
}

bool expression_matches(const std::string& expression, std::string_view text) {
  return expression.empty() || full_match(text, expression);
}

}  // namespace

std::string canonical_name(std::string_view name) {
  std::string out = lower(name);
  if (!out.ends_with('.')) out += '.';
  return out;
}

// policy.md 5.5
std::string name_expression(const NamePattern& written, Dialect dialect) {
  if (written.literal) return "^" + translate(canonical_name(written.text), "[*]") + "$";
  std::string pattern = lower(written.text);
  const std::string label(kLabel);
  // Only stars, and a dot at the end or none.
  if (const std::size_t stars = std::min(pattern.find_first_not_of('*'), pattern.size()); stars > 0 && (stars == pattern.size() || pattern.substr(stars) == "."))
    return "(^(" + label + "+[.])+$)|(^[.]$)";
  if (!pattern.ends_with('.')) pattern += '.';
  const bool deep = pattern.starts_with("**") && dialect != Dialect::Cilium118;
  const std::size_t stars = std::min(pattern.find_first_not_of('*'), pattern.size());
  // PR 43420: one or more whole labels.
  if (deep && pattern[stars] == '.')
    return "^(" + label + "+([.]" + label + "+){0,})[.]" + translate(pattern.substr(stars + 1), label + "*") + "$";
  return "^" + translate(pattern, label + "*") + "$";
}

bool name_matches(const NamePattern& pattern, std::string_view name, Dialect dialect) {
  if (pattern.literal && pattern.text.find('*') == std::string::npos) return same_name(name, pattern.text);
  return full_match(canonical_name(name), name_expression(pattern, dialect));
}

// policy.md 5.3
std::string server_name_expression(std::string_view written) {
  const std::string pattern = lower(written);
  if (pattern == "*" || pattern == "**") return "[-a-z0-9_]+([.][-a-z0-9_]+)*";
  std::string out;
  for (std::size_t at = 0; at < pattern.size();) {
    const std::size_t dot = std::min(pattern.find('.', at), pattern.size());
    const std::string_view label = std::string_view(pattern).substr(at, dot - at);
    if (at > 0) out += "[.]";
    out += label == "**" ? "[-a-z0-9_]+([.][-a-z0-9_]+)*" : translate(label, "[-a-z0-9_]*");
    at = dot + 1;
  }
  return out;
}

bool server_name_matches(std::string_view pattern, std::string_view sni) {
  return !sni.empty() && full_match(lower(sni), server_name_expression(pattern));
}

bool http_matches(const HttpMatch& match, const HttpRequest& request, const Cluster& cluster) {
  return expression_matches(match.path, request.path) && expression_matches(match.method, request.method) &&
         expression_matches(match.host, request.host) &&
         std::all_of(match.headers.begin(), match.headers.end(),
                     [&](const HeaderMatch& header) { return header_matches(header, request, cluster); });
}

}  // namespace weir::ir
