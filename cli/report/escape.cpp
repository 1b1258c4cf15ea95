#include "cli/report/escape.h"

#include <string_view>

#include "cli/report/display.h"

namespace weir::cli {

std::string csv_cell(const std::string& value) {
  std::string text = printable(value);
  if (!text.empty() && std::string_view("=+-@\t\r").find(text[0]) != std::string_view::npos) text.insert(text.begin(), '\'');
  if (text.find_first_of(",\"\n") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + "\"";
}

std::string markdown_cell(const std::string& value) {
  std::string text;
  for (const char c : printable(value)) {
    if (c == '<') text += "&lt;";
    else if (c == '&') text += "&amp;";
    else if (std::string_view("|`*_[]\\#@").find(c) != std::string_view::npos) text += std::string("\\") + c;
    else text += c;
  }
  return text;
}

std::string html_text(const std::string& value) {
  std::string text;
  for (const char c : printable(value)) {
    if (c == '<') text += "&lt;";
    else if (c == '>') text += "&gt;";
    else if (c == '&') text += "&amp;";
    else if (c == '"') text += "&quot;";
    else if (c == '\'') text += "&#39;";
    else text += c;
  }
  return text;
}

std::string dot_string(const std::string& value) {
  std::string text = "\"";
  for (const char c : printable(value)) text += c == '"' || c == '\\' ? std::string("\\") + c : std::string(1, c);
  return text + "\"";
}

}  // namespace weir::cli
