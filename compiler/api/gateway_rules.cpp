#include "compiler/api/gateway_rules.h"

#include <array>

#include "compiler/api/names.h"
#include "ir/base/ip.h"

namespace weir::compiler {
namespace {

bool is_letter_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

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

bool is_header_name(std::string_view name) {
  constexpr std::string_view kMarks = "!#$%&'*+-.^_`|~";
  if (name.empty() || name.size() > 256) return false;
  for (const char c : name)
    if (!is_letter_or_digit(c) && kMarks.find(c) == std::string_view::npos) return false;
  return true;
}

}  // namespace weir::compiler
