#include "cli/report/suppress.h"

#include <algorithm>
#include <cctype>
#include <optional>
#include <string_view>
#include <vector>

#include "cli/report/snippet.h"
#include "ir/base/code.h"

namespace weir::cli {
namespace {

constexpr std::string_view kAnnotation = "weir.dev/ignore";

/// One written suppression: the code it names, the lines it covers, its last day.
struct Suppression {
  ir::Span span;                  // where it is written
  std::string code;               // as written
  const ir::CodeInfo* info = nullptr;
  ir::Span covers;                // from line to end_line, of one file
  std::string until;              // YYYY-MM-DD, or empty: no end
  std::string broken;             // why it cannot work, or empty
  std::size_t matched = 0;
};

bool is_date(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return false;
  for (const std::size_t i : {0u, 1u, 2u, 3u, 5u, 6u, 8u, 9u})
    if (std::isdigit(static_cast<unsigned char>(text[i])) == 0) return false;
  const std::string_view month = text.substr(5, 2), day = text.substr(8, 2);
  return month >= "01" && month <= "12" && day >= "01" && day <= "31";
}

std::vector<std::string_view> words(std::string_view text) {
  std::vector<std::string_view> out;
  for (std::size_t at = text.find_first_not_of(" \t\n"); at != std::string_view::npos;) {
    const std::size_t end = std::min(text.find_first_of(" \t\n", at), text.size());
    out.push_back(text.substr(at, end - at));
    at = text.find_first_not_of(" \t\n", end);
  }
  return out;
}

const ir::CodeInfo* find_code(std::string_view text) {
  for (const ir::CodeInfo& info : ir::all_codes())
    if (text == info.id || text == info.slug) return &info;
  return nullptr;
}

/// "WEIR0201 the reason until=2027-01-31", or "WEIR0201: the reason".
Suppression parse(std::string_view text, const ir::Span& written, const ir::Span& covers) {
  Suppression out{.span = written, .code = {}, .covers = covers, .until = {}, .broken = {}};
  const auto parts = words(text);
  if (!parts.empty()) out.code = parts[0].ends_with(':') ? parts[0].substr(0, parts[0].size() - 1) : parts[0];
  out.info = find_code(out.code);
  if (!out.info) {
    out.broken = out.code.empty() ? "it names no code" : "there is no code `" + out.code.substr(0, 40) + "`";
  } else if (out.info->effect != ir::Effect::Finding) {
    out.broken = "`" + out.code + "` is an error of the input, which cannot be suppressed";
  }
  for (const std::string_view part : parts)
    if (part.starts_with("until=")) out.until = part.substr(6);
  if (!out.until.empty() && !is_date(out.until)) out.broken = "`until=` wants a date such as 2027-01-31";
  return out;
}

/// The lines a comment covers: its own when something stands before it, else the next that is no comment.
ir::Span covered(const ir::Span& comment, LineTable& lines) {
  ir::Span covers = comment;
  covers.end_line = comment.line + 1;
  const std::string_view own = lines.line(comment.file, comment.line);
  if (own.data() == nullptr) return covers;  // the text is not kept: either place
  const std::size_t first = own.find_first_not_of(" \t-");
  if (first + 1 < comment.column) {
    covers.end_line = comment.line;
    return covers;
  }
  for (std::string_view next = lines.line(comment.file, covers.end_line); next.data() != nullptr;
       next = lines.line(comment.file, covers.end_line)) {
    const std::size_t text = next.find_first_not_of(" \t");
    if (text != std::string_view::npos && next[text] != '#') break;
    ++covers.end_line;
  }
  return covers;
}

void add_comments(const compiler::Sources& sources, LineTable& lines, std::vector<Suppression>& out) {
  constexpr std::string_view kWord = "ignore";
  for (const compiler::WeirComment& comment : sources.comments) {
    const std::string_view text = comment.text;
    const std::string_view rest = text.substr(std::min(kWord.size(), text.size()));
    if (text.starts_with(kWord) && (rest.empty() || rest[0] == ' ' || rest[0] == '\t')) {
      out.push_back(parse(rest, comment.span, covered(comment.span, lines)));
      continue;
    }
    Suppression unknown{.span = comment.span, .code = {}, .covers = {}, .until = {}, .broken = {}};
    unknown.broken = "a comment for weir starts with `weir:ignore CODE`";
    out.push_back(std::move(unknown));
  }
}

void add_annotations(const compiler::Sources& sources, std::vector<Suppression>& out) {
  for (const compiler::Document& document : sources.documents) {
    const compiler::Node* metadata = document.root.find("metadata");
    const compiler::Node* annotations = metadata ? metadata->find("annotations") : nullptr;
    const compiler::Node* value = annotations ? annotations->find(kAnnotation) : nullptr;
    if (value && value->kind == compiler::NodeKind::Scalar) out.push_back(parse(value->text, value->span, document.root.span));
  }
}

bool covers(const Suppression& suppression, const ir::Diagnostic& diagnostic) {
  const ir::Span& at = diagnostic.primary;
  return suppression.broken.empty() && suppression.info == &ir::info(diagnostic.kind) && at.known() &&
         at.file == suppression.covers.file && at.line >= suppression.covers.line && at.line <= suppression.covers.end_line;
}

bool expired(const Suppression& suppression, const std::string& today) {
  return !suppression.until.empty() && suppression.until < today;  // the last day still counts
}

/// What is wrong with the suppression itself, if anything.
std::optional<ir::Diagnostic> judge(const Suppression& suppression, const SuppressOptions& options) {
  const auto finding = [&](ir::Code code, std::string detail, std::string fix) {
    return ir::Diagnostic{.kind = code, .primary = suppression.span, .detail = std::move(detail), .labels = {},
                          .notes = {}, .fix = std::move(fix), .witness = {}};
  };
  if (!suppression.broken.empty())
    return finding(ir::Code::SuppressionUnused, "this suppression does nothing: " + suppression.broken,
                   "write `# weir:ignore WEIR0201 the reason until=2027-01-31`");
  if (suppression.matched == 0) {
    const bool proof = suppression.info->id.starts_with("WEIR02");
    if (proof && !options.proofs_ran) return std::nullopt;
    return finding(ir::Code::SuppressionUnused, "there is no " + suppression.code + " here to suppress", "remove it");
  }
  if (!expired(suppression, options.today)) return std::nullopt;
  return finding(ir::Code::SuppressionExpired, "the suppression of " + suppression.code + " ended on " + suppression.until,
                 "mend the finding, or give a new date (today is " + options.today + ")");
}

}  // namespace

std::size_t suppress(ir::Diagnostics& diagnostics, const compiler::Sources& sources, const ir::Files& files,
                     const SuppressOptions& options) {
  LineTable lines(files);
  std::vector<Suppression> suppressions;
  add_comments(sources, lines, suppressions);
  add_annotations(sources, suppressions);
  auto& list = diagnostics.list();
  const std::size_t before = list.size();
  std::erase_if(list, [&](const ir::Diagnostic& diagnostic) {
    bool hidden = false;
    for (Suppression& suppression : suppressions) {
      if (!covers(suppression, diagnostic)) continue;
      ++suppression.matched;
      hidden = hidden || !expired(suppression, options.today);
    }
    return hidden;
  });
  const std::size_t taken = before - list.size();
  for (const Suppression& suppression : suppressions)
    if (auto finding = judge(suppression, options)) diagnostics.report(std::move(*finding));
  return taken;
}

}  // namespace weir::cli
