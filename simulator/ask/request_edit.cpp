#include "simulator/ask/request_edit.h"

#include <cctype>
#include <string_view>

namespace weir::simulator {
namespace {

/// A double-quoted YAML scalar.
std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + "\"";
}

bool printable(std::string_view text) {
  for (const char c : text)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) return false;
  return true;
}

/// Changes the rules of one port rule; the YAML of the change, or empty when it holds no such rules.
std::string widen(ir::L7Rules& rules, const ir::L7Request& request) {
  std::string yaml;
  if (request.dns && !rules.dns.empty()) {
    rules.dns.push_back({*request.dns, true});
    yaml = "rules: {dns: [{matchName: " + quoted(*request.dns) + "}]}";
  }
  if (request.sni && !request.sni->empty() && !rules.server_names.empty()) {
    rules.server_names.push_back(*request.sni);
    yaml = "serverNames: [" + quoted(*request.sni) + "]";
  }
  if (request.http && !rules.http.empty()) {
    const std::string method = quoted_expression(request.http->method), path = quoted_expression(request.http->path);
    rules.http.push_back({.path = path, .method = method, .host = {}, .headers = {}});
    yaml += (yaml.empty() ? "" : ", ") + ("rules: {http: [{method: " + quoted(method)) + ", path: " + quoted(path) + "}]}";
  }
  return yaml;
}

bool can_be_written(const ir::L7Request& request) {
  return (!request.http || (printable(request.http->path) && printable(request.http->method))) &&
         (!request.dns || printable(*request.dns)) && (!request.sni || printable(*request.sni));
}

}  // namespace

std::string quoted_expression(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool special = std::string_view("\\.+*?()|[]{}^$").find(c) != std::string_view::npos;
    out += special ? std::string("\\") + c : std::string(1, c);
  }
  return out;
}

bool admit_request(Draft& draft, const ir::L7Decision& refused) {
  if (!can_be_written(*draft.flow.request)) return false;
  for (const ir::RuleId id : refused.decided_by) {
    ir::PolicySet changed = draft.policies;
    ir::Rule& rule = changed.rules[id.index];
    if (!rule.l7) continue;
    const std::string yaml = widen(*rule.l7, *draft.flow.request);
    const ir::Decision after = Draft::ir_decide(changed, draft.resolved.cluster, draft.flow);
    const bool same = after.l7 && after.l7->verdict != ir::Verdict::Allowed && after.l7->side == refused.side;
    if (yaml.empty() || same) continue;
    draft.suggestion.edits.push_back({"add this to the port rule of the element", place_of(draft, id), yaml});
    draft.policies = std::move(changed);
    return true;
  }
  return false;
}

}  // namespace weir::simulator
