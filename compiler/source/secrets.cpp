#include "compiler/source/secrets.h"

#include <algorithm>
#include <cctype>
#include <initializer_list>

namespace weir::compiler {
namespace {

Node only(const Node& node, std::initializer_list<std::string_view> keys) {
  Node kept = node;
  std::erase_if(kept.entries, [&](const auto& entry) {
    return std::find(keys.begin(), keys.end(), std::string_view(entry.first.text)) == keys.end();
  });
  return kept;
}

bool is_secret_kind(std::string_view kind) { return kind == "Secret" || kind == "SecretList"; }

std::string_view word_at(std::string_view text, std::size_t at) {
  std::size_t end = at;
  while (end < text.size() && std::isalnum(static_cast<unsigned char>(text[end])) != 0) ++end;
  return text.substr(at, end - at);
}

}  // namespace

bool may_hold_secret(std::string_view text) {
  for (std::size_t at = text.find("kind"); at != std::string_view::npos; at = text.find("kind", at + 4)) {
    const std::size_t value = text.find_first_not_of(" \t\r\n\"':", at + 4);
    if (value != std::string_view::npos && is_secret_kind(word_at(text, value))) return true;
  }
  return false;
}

bool is_secret(const Node& root) {
  const Node* kind = root.kind == NodeKind::Mapping ? root.find("kind") : nullptr;
  return kind && is_secret_kind(kind->text);
}

Node without_secret(const Node& root) {
  Node kept = only(root, {"apiVersion", "kind", "type", "metadata"});
  for (auto& [key, value] : kept.entries)
    if (key.text == "metadata") value = only(value, {"name", "namespace", "labels"});
  return kept;
}

}  // namespace weir::compiler
