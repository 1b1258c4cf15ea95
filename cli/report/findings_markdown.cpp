#include <algorithm>

#include "cli/report/display.h"
#include "cli/report/findings_common.h"

namespace weir::cli {
namespace {

constexpr std::size_t kRows = 20;              // shown at once; the rest is folded
constexpr std::size_t kMostCharacters = 65'536;  // of a comment on GitHub
constexpr std::size_t kReserve = 400;          // for what closes the text

/// Everything that Markdown, HTML or GitHub could read as more than text (markup, links, @names, #numbers) becomes an
/// entity. `code` in backticks stays code.
std::string escaped(const std::string& text) {
  std::string out;
  bool code = false;
  const std::string shown = printable(text, 400);
  const bool pairs = std::count(shown.begin(), shown.end(), '`') % 2 == 0;
  for (const char c : shown) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '`' && pairs) {
      code = !code;
      out += code ? "<code>" : "</code>";
    } else if (byte < 0x80 && std::isalnum(byte) == 0 && std::string_view(" .,-()'").find(c) == std::string_view::npos) {
      out += "&#" + std::to_string(byte) + ";";
    } else {
      out += c;
    }
  }
  return out;
}

std::string row(const Finding& finding, const ir::Files& files) {
  return "| " + std::string(to_text(finding.severity)) + " | " + std::string(finding.code->id) + " | " +
         escaped(to_text(files, finding.source->primary)) + " | " + escaped(finding.message) + " |\n";
}

std::string proof_lines(const std::vector<Proof>& proofs) {
  std::string out;
  for (const Proof& proof : proofs)
    out += "- " + std::string(proof.holds ? "holds" : proof.status.empty() ? "does not hold" : escaped(proof.status)) + ": " +
           escaped(proof.property) + "\n";
  return out.empty() ? out : "\n" + out;
}

}  // namespace

std::string findings_markdown(const ir::Diagnostics& diagnostics, const ir::Files& files, const std::vector<Proof>& proofs) {
  constexpr std::string_view head = "| severity | code | place | finding |\n| --- | --- | --- | --- |\n";
  const FindingList list = collect(diagnostics, files);
  std::string out = "**weir: " + counts_text(list) + "**\n\n<!-- weir:pr -->\n";
  std::vector<const Finding*> order;
  for (const Finding& finding : list.findings) order.push_back(&finding);
  std::stable_sort(order.begin(), order.end(), [](auto* a, auto* b) { return a->severity < b->severity; });
  const std::string proven = proof_lines(proofs);
  const std::size_t room = proven.size() + kReserve < kMostCharacters / 2 ? kMostCharacters - proven.size() - kReserve : kMostCharacters / 2;
  std::size_t at = 0;
  bool folded = false;
  if (!order.empty()) out += head;
  for (; at < order.size(); ++at) {
    std::string line = row(*order[at], files);
    if (at == kRows)
      line = "\n<details><summary>" + std::to_string(order.size() - at) + " more</summary>\n\n" + std::string(head) + line;
    if (out.size() + line.size() > room) break;
    folded = folded || at == kRows;
    out += line;
  }
  if (folded) out += "\n</details>\n";
  if (at < order.size()) out += "\n" + std::to_string(order.size() - at) + " more in the full report\n";
  return proven.size() < kMostCharacters / 2 ? out + proven : out;
}

}  // namespace weir::cli
