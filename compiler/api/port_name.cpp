#include "compiler/api/port_name.h"
#include "ir/base/code.h"

#include <algorithm>

namespace weir::compiler {
namespace {

bool digit(char c) { return c >= '0' && c <= '9'; }
bool letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

}  // namespace

bool is_port_name(std::string_view name) {
  if (name.empty() || name.size() > 15 || name.front() == '-' || name.back() == '-') return false;
  if (name.find("--") != std::string_view::npos) return false;
  return std::any_of(name.begin(), name.end(), letter) &&
         std::all_of(name.begin(), name.end(), [](char c) { return letter(c) || digit(c) || c == '-'; });
}

std::optional<std::string> read_port_name(const FieldReader& reader, const Located<IntOrString>& port, bool has_end_port) {
  const std::string& name = port.value.text;
  const bool number = !name.empty() && std::all_of(name.begin(), name.end(), digit);
  if (!is_port_name(name)) {
    reader.report(ir::Code::InvalidValue, port.span, show(name) + " is neither a port number nor a port name",
                  number ? "remove the quotes" : "");
    return std::nullopt;
  }
  if (has_end_port) reader.report(ir::Code::InvalidValue, port.span, "`endPort` needs a numeric `port`, not " + show(name));
  std::string out = name;
  std::transform(out.begin(), out.end(), out.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return out;
}

}  // namespace weir::compiler
