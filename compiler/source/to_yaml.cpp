#include <string>

#include "compiler/source/builder.h"
#include "compiler/source/secrets.h"

namespace weir::compiler {
namespace {

char hex(unsigned value) { return "0123456789ABCDEF"[value & 0xF]; }

/// The escape for what a YAML text may not hold as it is: C0 and C1 controls, DEL, the byte order mark, U+FFFE, U+FFFF.
/// Sets `length` to the bytes it stands for; empty when the character may stand.
std::string escape(std::string_view text, std::size_t& length) {
  const auto first = static_cast<unsigned char>(text[0]);
  length = 1;
  if (first == '"' || first == '\\') return {'\\', text[0]};
  if (first == '\n') return "\\n";
  if (first < 0x20 || first == 0x7F) return {'\\', 'x', hex(first >> 4), hex(first)};
  const auto second = text.size() > 1 ? static_cast<unsigned char>(text[1]) : 0u;
  length = 2;
  if (first == 0xC2 && second < 0xA0) return {'\\', 'x', hex(second >> 4), hex(second)};
  length = 3;
  if (text.starts_with("\xEF\xBB\xBF")) return "\\uFEFF";
  if (text.starts_with("\xEF\xBF\xBE")) return "\\uFFFE";
  if (text.starts_with("\xEF\xBF\xBF")) return "\\uFFFF";
  return {};
}

std::string quoted(std::string_view text) {
  std::string out = "\"";
  while (!text.empty()) {
    std::size_t length = 1;
    const std::string escaped = escape(text, length);
    if (escaped.empty()) {
      length = 1;
      out += text[0];
    }
    out += escaped;
    text.remove_prefix(length);
  }
  return out + "\"";
}

/// Text that stood without quotes may stand so again, unless it ran over several lines, would be a document marker or a
/// byte order mark at the start of a line, or an indicator outside of brackets (`[-]`).
bool plain(const Node& node) {
  const std::string_view text = node.text;
  const bool marker = text.starts_with("---") || text.starts_with("...") || text == "-" ||
                      text == "?" || text.ends_with(':');
  return !node.quoted && !marker && text.find('\n') == std::string_view::npos &&
         text.find("\xEF\xBB\xBF") == std::string_view::npos;
}

std::string scalar(const Node& node) { return plain(node) ? node.text : quoted(node.text); }

void write(const Node& node, std::size_t indent, std::string& out);

/// The value after `key:` or `-`, on the same line when it fits there.
void write_value(const Node& value, std::size_t indent, bool after_dash, std::string& out) {
  const bool empty = value.items.empty() && value.entries.empty();
  if (value.kind == NodeKind::Null) {
    out += " null\n";
  } else if (value.kind == NodeKind::Scalar) {
    out += " " + scalar(value) + "\n";
  } else if (empty) {
    out += value.kind == NodeKind::Mapping ? " {}\n" : " []\n";
  } else if (after_dash) {
    std::string nested;
    write(value, indent, nested);
    out += " " + nested.substr(indent);  // the first line stands behind the dash
  } else {
    out += "\n";
    write(value, indent, out);
  }
}

void write(const Node& node, std::size_t indent, std::string& out) {
  for (const auto& [key, value] : node.entries) {
    const std::string name = scalar(key);
    // YAML 1.2 section 7.4: a key without `?` is at most 1024 characters long.
    const bool is_long = name.size() > 1000;
    out += std::string(indent, ' ') + (is_long ? "? " + name + "\n" + std::string(indent, ' ') + ":" : name + ":");
    write_value(value, indent + 2, false, out);
  }
  for (const Node& item : node.items) {
    out += std::string(indent, ' ') + "-";
    write_value(item, indent + 2, true, out);
  }
}

}  // namespace

std::string to_yaml(const Node& node) {
  const bool secret = is_secret(node);
  const Node shown = secret ? without_secret(node) : node;
  std::string out;
  if (shown.items.empty() && shown.entries.empty()) {
    write_value(shown, 0, true, out);
    return out.substr(1);
  }
  write(shown, 0, out);
  return secret ? out + "# the data of a Secret is not shown\n" : out;
}

}  // namespace weir::compiler
