#include "cli/report/explain.h"

#include <algorithm>
#include <cctype>
#include <numeric>

#include "cli/report/display.h"
#include "ir/base/diagnostic.h"

namespace weir::cli {
namespace {

std::string lower(std::string_view text) {
  std::string out(text.substr(0, 64));
  std::transform(out.begin(), out.end(), out.begin(), [](unsigned char c) { return std::tolower(c); });
  return out;
}

/// Levenshtein.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), 0u);
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0]++;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t above = row[j];
      row[j] = std::min({above + 1, row[j - 1] + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1)});
      diagonal = above;
    }
  }
  return row.back();
}

/// The code or slug that is written most like `wanted`.
std::string nearest(const std::string& wanted) {
  std::string best;
  std::size_t least = std::max<std::size_t>(wanted.size() / 2, 2) + 1;
  for (const ir::CodeInfo& info : ir::all_codes())
    for (const std::string_view name : {info.id, info.slug})
      if (const std::size_t d = distance(wanted, lower(name)); d < least) {
        least = d;
        best = name;
      }
  return best;
}

const ir::CodeInfo* find(const std::string& wanted) {
  for (const ir::CodeInfo& info : ir::all_codes()) {
    const std::string id = lower(info.id);
    if (wanted == id || wanted == info.slug || "weir" + wanted == id) return &info;
  }
  return nullptr;
}

}  // namespace

ir::Result<std::string> explain(std::string_view code_or_slug) {
  const std::string wanted = lower(code_or_slug);
  const ir::CodeInfo* info = find(wanted);
  if (!info) {
    const std::string near = nearest(wanted);
    return ir::failure("no diagnostic `" + printable(code_or_slug, 64) + "`" +
                           (near.empty() ? "; `weir explain` lists them" : "; did you mean `" + near + "`?"),
                       2);
  }
  for (const EmbeddedPage& page : embedded_pages())
    if (page.code == info->id) return std::string(page.text);
  return ir::failure("the page of " + std::string(info->id) + " is not part of this build");
}

std::string explain_all() {
  std::vector<const ir::CodeInfo*> codes;
  for (const ir::CodeInfo& info : ir::all_codes()) codes.push_back(&info);
  std::sort(codes.begin(), codes.end(), [](const auto* a, const auto* b) { return a->id < b->id; });
  std::string out;
  for (const ir::CodeInfo* info : codes) {
    std::string severity(to_text(info->severity));
    severity.resize(8, ' ');
    std::string slug(info->slug);
    slug.resize(std::max<std::size_t>(slug.size(), 24), ' ');
    out += std::string(info->id) + " " + severity + slug + " " + std::string(info->title) + "\n";
  }
  return out;
}

}  // namespace weir::cli
