#include "compiler/api/duplicates.h"

#include <openssl/evp.h>

#include <algorithm>

#include "compiler/api/reader.h"
#include "ir/base/check.h"
#include "ir/base/code.h"

namespace weir::compiler {
namespace {

const Node* child(const Node* node, std::string_view key) {
  return node == nullptr || node->kind != NodeKind::Mapping ? nullptr : node->find(key);
}

std::string_view text_of(const Node* node) {
  return node != nullptr && node->kind == NodeKind::Scalar ? std::string_view(node->text) : std::string_view();
}

using Entry = std::pair<Node, Node>;

constexpr char kEnd = 'e';  // no NodeKind

/// Adds the entries by key, without those called `but`, to the end of `out`.
void add_by_key(const Node& node, std::string_view but, std::vector<const Entry*>& out) {
  const auto first = static_cast<std::ptrdiff_t>(out.size());
  for (const Entry& entry : node.entries)
    if (but.empty() || entry.first.text != but) out.push_back(&entry);
  std::sort(out.begin() + first, out.end(), [](const Entry* a, const Entry* b) { return a->first.text < b->first.text; });
}

void add_text(std::string_view text, std::string& out) {
  const std::uint64_t size = text.size();
  out.append(reinterpret_cast<const char*>(&size), sizeof size);
  out += text;
}

/// Equal trees give equal bytes, others do not; places, quotes and the entries called `but` are left out.
/// `open`: the entries that the callers are at, in one memory.
void add_bytes(const Node& node, std::string_view but, std::vector<const Entry*>& open, std::string& out) {
  out += static_cast<char>(node.kind);
  if (node.kind == NodeKind::Scalar) return add_text(node.text, out);
  if (node.kind == NodeKind::Sequence) {
    for (const Node& item : node.items) add_bytes(item, but, open, out);
  } else if (node.kind == NodeKind::Mapping) {
    const std::size_t first = open.size();
    add_by_key(node, but, open);
    for (std::size_t i = first, end = open.size(); i < end; ++i) {
      add_text(open[i]->first.text, out);
      add_bytes(open[i]->second, but, open, out);
    }
    open.resize(first);
  }
  out += kEnd;
}

template <auto free>
struct Free {
  template <class T>
  void operator()(T* pointer) const {
    free(pointer);
  }
};

}  // namespace

/// Found once: OpenSSL looks an algorithm up by its name each time it is asked for one.
struct Duplicates::Hash {
  std::unique_ptr<EVP_MD, Free<EVP_MD_free>> sha256{EVP_MD_fetch(nullptr, "SHA256", nullptr)};
  std::unique_ptr<EVP_MD_CTX, Free<EVP_MD_CTX_free>> context{EVP_MD_CTX_new()};
};

Duplicates::Duplicates() : hash_(new Hash) { WEIR_CHECK(hash_->sha256 && hash_->context); }
Duplicates::~Duplicates() = default;

// A digest that nobody can find a second object for: that one would be taken for the first and not be reported.
Duplicates::Digest Duplicates::digest(const Node& root, std::string_view but) {
  bytes_.clear();
  std::vector<const Entry*> open;
  open.reserve(64);
  add_bytes(root, but, open, bytes_);
  Digest out;
  WEIR_CHECK(EVP_DigestInit_ex2(hash_->context.get(), hash_->sha256.get(), nullptr) == 1);
  WEIR_CHECK(EVP_DigestUpdate(hash_->context.get(), bytes_.data(), bytes_.size()) == 1);
  WEIR_CHECK(EVP_DigestFinal_ex(hash_->context.get(), out.data(), nullptr) == 1);
  return out;
}

Duplicates::Found Duplicates::add(const Document& document, std::string_view kind, ir::Diagnostics& diagnostics) {
  const Node* meta = child(&document.root, "metadata");
  const Node* name = child(meta, "name");
  if (text_of(name).empty()) return Found::New;
  std::string space(text_of(child(meta, "namespace")));
  if (space.empty()) space = "default";  // cluster-wide kinds never have one, so this does no harm
  key_.clear();
  for (const std::string_view part : {std::string_view(document.cluster), kind, std::string_view(space), std::string_view(name->text)})
    add_text(part, key_);
  const First now{digest(document.root, kind == "Namespace" ? "annotations" : ""), name->span};
  const auto [at, added] = seen_.try_emplace(key_, now);
  if (added) return Found::New;
  if (at->second.digest == now.digest) return Found::Same;
  const bool wide = kind == "Namespace" || kind == "Node" || kind == "GatewayClass" || kind.ends_with("AdminNetworkPolicy") ||
                    kind == "ClusterNetworkPolicy";
  diagnostics.report({.kind = ir::Code::DuplicateObject, .primary = name->span,
                      .detail = std::string(kind) + " " + show(wide ? name->text : space + "/" + name->text) + " is there twice",
                      .labels = {{at->second.name, "the first one"}}, .notes = {},
                      .fix = "remove or rename one; the second would replace the first", .witness = {}});
  return Found::Different;
}

}  // namespace weir::compiler
