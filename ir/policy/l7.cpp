#include "ir/policy/l7.h"

namespace weir::ir {
namespace {

std::string to_text(const HeaderMatch& header) {
  std::string text = header.name;
  if (header.value) text += "=" + *header.value;
  if (header.secret) text += " of secret " + header.secret->first + "/" + header.secret->second;
  if (header.mismatch != Mismatch::Fail) text += " (never fails)";
  return text;
}

std::string to_text(const HttpMatch& match) {
  std::string text = "http";
  if (!match.method.empty()) text += " " + match.method;
  if (!match.host.empty()) text += " //" + match.host;
  if (!match.path.empty()) text += " " + match.path;
  for (const HeaderMatch& header : match.headers) text += " " + to_text(header);
  return text;
}

}  // namespace

std::string to_text(const L7Rules& rules) {
  std::string text;
  const auto add = [&](const std::string& part) { text += (text.empty() ? "" : " | ") + part; };
  for (const HttpMatch& match : rules.http) add(to_text(match));
  for (const NamePattern& name : rules.dns) add("dns " + name.text);
  for (const std::string& name : rules.server_names) add("sni " + name);
  if (rules.terminates_tls) add("terminates TLS");
  if (rules.originates_tls) add("originates TLS");
  if (!rules.listener.empty()) add("listener " + rules.listener);
  if (!rules.parser.empty()) add("parser " + rules.parser);
  return text;
}

}  // namespace weir::ir
