#include "cli/report/findings_common.h"

#include <map>
#include <string_view>

#include "cli/report/snippet.h"

namespace weir::cli {
namespace {

/// FNV-1a, 64 bit: stable over machines and versions; nothing depends on it being hard to invert.
std::uint64_t add_hash(std::uint64_t hash, std::string_view text) {
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3ull;
  return (hash ^ 0xFF) * 0x100000001B3ull;
}

std::string hex(std::uint64_t value) {
  std::string text(16, '0');
  for (std::size_t i = 16; i-- > 0; value >>= 4) text[i] = "0123456789abcdef"[value & 0xF];
  return text;
}

std::string_view trimmed(std::string_view line) {
  const std::size_t first = line.find_first_not_of(" \t");
  return first == std::string_view::npos ? std::string_view() : line.substr(first, line.find_last_not_of(" \t") - first + 1);
}

std::string plural(std::uint64_t count, const std::string& word) {
  return std::to_string(count) + " " + word + (count == 1 ? "" : "s");
}

}  // namespace

std::string file_name(const ir::Files& files, const ir::Span& span) {
  if (span.file.index >= files.files.size() || !span.known()) return "";
  std::string name = files.at(span.file).name;
  return name.starts_with("./") ? name.substr(2) : name;
}

FindingList collect(const ir::Diagnostics& diagnostics, const ir::Files& files) {
  FindingList list;
  list.sorted = diagnostics;
  list.sorted.sort();
  LineTable lines(files);
  std::map<std::uint64_t, std::uint64_t> seen;  // equal findings on equal lines are told apart by their order
  for (const ir::Diagnostic& diagnostic : list.sorted.list()) {
    Finding finding{&diagnostic, &ir::info(diagnostic.kind), diagnostic.detail, file_name(files, diagnostic.primary), "", severity_of(diagnostic)};
    if (finding.message.empty()) finding.message = finding.code->title;
    std::uint64_t hash = add_hash(0xCBF29CE484222325ull, finding.code->id);
    hash = add_hash(add_hash(hash, finding.file), finding.message);
    if (!finding.file.empty()) hash = add_hash(hash, trimmed(lines.line(diagnostic.primary.file, diagnostic.primary.line)));
    finding.fingerprint = hex(add_hash(hash, std::to_string(seen[hash]++)));
    list.errors += finding.severity == ir::Severity::Error;
    list.warnings += finding.severity == ir::Severity::Warning;
    list.notes += finding.severity == ir::Severity::Note;
    list.findings.push_back(std::move(finding));
  }
  return list;
}

std::string counts_text(const FindingList& list) {
  std::string text;
  const auto add = [&](std::uint64_t count, const std::string& word) {
    if (count > 0) text += (text.empty() ? "" : ", ") + plural(count, word);
  };
  add(list.errors, "error");
  add(list.warnings, "warning");
  add(list.notes, "note");
  return text.empty() ? "no findings" : text;
}

std::string findings_as(const std::string& format, const ir::Diagnostics& diagnostics, const ir::Files& files,
                        const std::vector<Proof>& proofs, const ExtraMembers& extra) {
  if (format == "json") return findings_json(diagnostics, files, proofs, extra);
  if (format == "sarif") return findings_sarif(diagnostics, files, proofs);
  if (format == "junit") return findings_junit(diagnostics, files, proofs);
  if (format == "github") return findings_github(diagnostics, files);
  if (format == "gitlab") return findings_gitlab(diagnostics, files);
  if (format == "markdown") return findings_markdown(diagnostics, files, proofs);
  return "";
}

}  // namespace weir::cli
