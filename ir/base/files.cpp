#include "ir/base/files.h"

#include "ir/base/check.h"

namespace weir::ir {

FileId Files::add(File file) {
  files.push_back(std::move(file));
  return FileId{static_cast<std::uint32_t>(files.size() - 1)};
}

const File& Files::at(FileId id) const {
  WEIR_CHECK(id.index < files.size());
  return files[id.index];
}

std::string_view Files::line(FileId id, std::uint32_t line) const {
  const File& file = at(id);
  if (!file.text || file.secret || line == 0) return {};
  std::string_view rest = *file.text;
  for (std::uint32_t n = 1; n < line; ++n) {
    const std::size_t end = rest.find('\n');
    if (end == std::string_view::npos) return {};
    rest.remove_prefix(end + 1);
  }
  rest = rest.substr(0, rest.find('\n'));
  if (!rest.empty() && rest.back() == '\r') rest.remove_suffix(1);
  return rest;
}

std::string to_text(const Files& files, const Span& span) {
  if (span.file.index >= files.files.size()) return "weir";
  std::string text = files.at(span.file).name;
  if (span.known()) text += ":" + std::to_string(span.line) + ":" + std::to_string(span.column);
  return text;
}

}  // namespace weir::ir
