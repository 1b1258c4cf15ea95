#include "compiler/api/gateway_rules.h"

#include <algorithm>
#include <array>

#include "compiler/api/names.h"
#include "ir/base/ip.h"

namespace weir::compiler {
namespace {

bool is_letter_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_hex(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

bool has_only_path_characters(std::string_view path) {
  constexpr std::string_view kMarks = "-/._~!$&'()*+,;=:@";
  for (std::size_t i = 0; i < path.size(); ++i) {
    if (path[i] == '%') {
      if (i + 2 >= path.size() || !is_hex(path[i + 1]) || !is_hex(path[i + 2])) return false;
      i += 2;
    } else if (!is_letter_or_digit(path[i]) && kMarks.find(path[i]) == std::string_view::npos) {
      return false;
    }
  }
  return true;
}

}  // namespace

bool is_gateway_hostname(std::string_view hostname) {
  if (hostname.size() > 253 || ir::parse_address(hostname)) return false;
  if (hostname.starts_with("*.")) hostname.remove_prefix(2);
  return is_dns_subdomain(hostname);
}

std::string path_problem(std::string_view path) {
  constexpr std::array<std::string_view, 6> kForbidden = {"//", "/./", "/../", "%2f", "%2F", "#"};
  if (path.size() > 1024) return "is longer than 1024 characters";
  if (!path.starts_with('/')) return "does not start with `/`";
  for (const std::string_view part : kForbidden)
    if (path.find(part) != std::string_view::npos) return "holds `" + std::string(part) + "`";
  for (const std::string_view end : {"/.", "/.."})
    if (path.ends_with(end)) return "ends with `" + std::string(end) + "`";
  return has_only_path_characters(path) ? "" : "holds a character that a path cannot have unescaped";
}

bool is_precise_hostname(std::string_view hostname) { return !hostname.starts_with('*') && is_gateway_hostname(hostname); }

bool is_kind_name(std::string_view kind) {
  if (kind.empty() || kind.size() > 63 || !is_letter_or_digit(kind.front()) || is_digit(kind.front()) || kind.back() == '-')
    return false;
  return std::all_of(kind.begin(), kind.end(), [](char c) { return is_letter_or_digit(c) || c == '-'; });
}

bool is_protocol_name(std::string_view name) {
  if (name.empty() || name.size() > 255) return false;
  const std::size_t slash = name.find('/');
  const std::string_view last = slash == std::string_view::npos ? name : name.substr(slash + 1);
  if (slash != std::string_view::npos && !is_dns_subdomain(name.substr(0, slash))) return false;
  if (last.empty() || last.front() == '-' || last.back() == '-') return false;
  const bool dashes = slash == std::string_view::npos;
  return std::all_of(last.begin(), last.end(), [&](char c) { return is_letter_or_digit(c) || (dashes && c == '-'); });
}

bool is_cors_origin(std::string_view origin) {
  if (origin == "*") return true;
  if (origin.size() > 253) return false;
  if (origin.starts_with("http://")) origin.remove_prefix(7);
  else if (origin.starts_with("https://")) origin.remove_prefix(8);
  else return false;
  if (const std::size_t colon = origin.find(':'); colon != std::string_view::npos) {
    const std::string_view port = origin.substr(colon + 1);
    if (port.empty() || port.size() > 5 || !std::all_of(port.begin(), port.end(), is_digit)) return false;
    origin = origin.substr(0, colon);
  }
  if (origin == "*") return true;
  if (origin.starts_with("*.")) origin.remove_prefix(2);
  std::size_t label = 0;
  for (const char c : origin) {
    if (c != '.' && c != '-' && !is_letter_or_digit(c)) return false;
    if (c == '.' && label == 0) return false;
    label = c == '.' ? 0 : label + 1;
  }
  return label > 0;
}

bool is_grpc_method(std::string_view method) {
  if (method.empty() || method.size() > 1024 || is_digit(method.front())) return false;
  return std::all_of(method.begin(), method.end(), [](char c) { return is_letter_or_digit(c) || c == '_'; });
}

bool is_grpc_service(std::string_view service) {
  if (service.size() > 1024) return false;
  if (service.starts_with('.')) service.remove_prefix(1);
  while (true) {
    const std::size_t dot = service.find('.');
    if (!is_grpc_method(service.substr(0, dot))) return false;
    if (dot == std::string_view::npos) return true;
    service.remove_prefix(dot + 1);
  }
}

bool is_header_name(std::string_view name) {
  constexpr std::string_view kMarks = "!#$%&'*+-.^_`|~";
  if (name.empty() || name.size() > 256) return false;
  for (const char c : name)
    if (!is_letter_or_digit(c) && kMarks.find(c) == std::string_view::npos) return false;
  return true;
}

}  // namespace weir::compiler
