#include "cli/report/diagnostics.h"

#include <algorithm>
#include <string_view>
#include <vector>

#include "cli/report/display.h"
#include "cli/report/snippet.h"

namespace weir::cli {
namespace {

constexpr std::string_view kReset = "\x1b[0m", kBold = "\x1b[1m", kBlue = "\x1b[1;34m";

std::string_view color_of(ir::Severity severity) {
  switch (severity) {
    case ir::Severity::Error: return "\x1b[1;31m";
    case ir::Severity::Warning: return "\x1b[1;33m";
    case ir::Severity::Note: return "\x1b[1;32m";
  }
  return kBold;
}

std::string message_of(const ir::Diagnostic& diagnostic) {
  return printable(diagnostic.detail.empty() ? ir::info(diagnostic.kind).title : std::string_view(diagnostic.detail));
}

class Renderer {
 public:
  Renderer(const ir::Files& files, RenderOptions options) : files_(files), lines_(files), options_(options) {}

  void add(const ir::Diagnostic& diagnostic) {
    const ir::CodeInfo& code = ir::info(diagnostic.kind);
    severity_ = severity_of(diagnostic);
    const std::string head = std::string(to_text(severity_)) + "[" + std::string(code.id) + "]";
    if (options_.brief) {
      out_ += place(diagnostic.primary) + ": " + head + ": " + message_of(diagnostic) + "\n";
      return;
    }
    out_ += paint(color_of(severity_), head) + paint(kBold, ": " + message_of(diagnostic)) + "\n";
    body(diagnostic);
    out_ += "\n";
  }
  [[nodiscard]] std::string take() { return std::move(out_); }

 private:
  [[nodiscard]] std::string paint(std::string_view color, const std::string& text) const {
    return options_.color ? std::string(color) + text + std::string(kReset) : text;
  }
  [[nodiscard]] std::string place(const ir::Span& span) const { return printable(to_text(files_, span)); }
  [[nodiscard]] bool has_place(const ir::Span& span) const { return span.known() && span.file.index < files_.files.size(); }

  void body(const ir::Diagnostic& diagnostic) {
    std::vector<Mark> marks;
    if (has_place(diagnostic.primary)) marks.push_back({diagnostic.primary, "", true});
    for (const ir::DiagnosticLabel& label : diagnostic.labels)
      if (has_place(label.span)) marks.push_back({label.span, label.text, false});
    gutter_ = gutter_width(marks);
    if (has_place(diagnostic.primary)) {
      section("-->", diagnostic.primary, marks);
      other_files(diagnostic.primary.file, marks);
    } else {
      if (diagnostic.primary.file.index < files_.files.size()) bar("-->", " " + place(diagnostic.primary));
      other_files({static_cast<std::uint32_t>(files_.files.size())}, marks);
    }
    for (const std::string& note : diagnostic.notes) bar("  =", " note: " + printable(note));
    if (!diagnostic.fix.empty()) bar("  =", " help: " + printable(diagnostic.fix));
  }

  /// Wide enough for the largest line number, so that all sections line up.
  static std::size_t gutter_width(const std::vector<Mark>& marks) {
    std::size_t width = 1;
    for (const Mark& mark : marks) width = std::max(width, std::to_string(mark.span.line).size());
    return width;
  }

  void other_files(ir::FileId done, const std::vector<Mark>& marks) {
    std::vector<ir::FileId> others;
    for (const Mark& mark : marks)
      if (mark.span.file != done) others.push_back(mark.span.file);
    std::sort(others.begin(), others.end());
    others.erase(std::unique(others.begin(), others.end()), others.end());
    for (const ir::FileId file : others) {
      const auto first = std::find_if(marks.begin(), marks.end(), [&](const Mark& m) { return m.span.file == file; });
      section(":::", first->span, marks);
    }
  }

  /// The header of one file and its marked lines. Where no line can be shown, the labels are listed by place.
  void section(std::string_view arrow, const ir::Span& header, const std::vector<Mark>& all) {
    std::vector<Mark> marks;
    for (const Mark& mark : all)
      if (mark.span.file == header.file) marks.push_back(mark);
    std::stable_sort(marks.begin(), marks.end(), [](const Mark& a, const Mark& b) { return a.span < b.span; });
    bar(arrow, " " + place(header));
    const std::vector<SnippetRow> rows = snippet(lines_, marks);
    if (rows.empty()) {
      for (const Mark& mark : marks)
        if (!mark.primary) bar("  =", " at " + place(mark.span) + ": " + printable(mark.text));
      return;
    }
    bar("  |", "");
    for (const SnippetRow& row : rows) add_row(row);
    bar("  |", "");
  }

  void add_row(const SnippetRow& row) {
    if (row.number == "...") {
      out_ += paint(kBlue, "...") + "\n";
      return;
    }
    const std::string number = std::string(gutter_ - row.number.size(), ' ') + row.number + " |";
    const std::string text = row.underline ? paint(row.primary ? color_of(severity_) : kBlue, row.text) : row.text;
    out_ += paint(kBlue, number) + (row.text.empty() ? "" : " " + text) + "\n";
  }

  /// A line that stands beside the gutter: ` --> file`, `  |`, `  = note: ...`.
  void bar(std::string_view mark, const std::string& text) {
    const std::size_t indent = mark.starts_with("  ") ? gutter_ + 1 : gutter_;
    const std::string_view bare = mark.substr(mark.find_first_not_of(' '));
    out_ += std::string(indent, ' ') + paint(kBlue, std::string(bare)) + text + "\n";
  }

  const ir::Files& files_;
  LineTable lines_;
  RenderOptions options_;
  std::string out_;
  std::size_t gutter_ = 1;
  ir::Severity severity_ = ir::Severity::Error;
};

}  // namespace

std::string render(const ir::Diagnostics& diagnostics, const ir::Files& files, RenderOptions options) {
  Renderer renderer(files, options);
  for (const ir::Diagnostic& diagnostic : diagnostics.list()) renderer.add(diagnostic);
  return renderer.take();
}

}  // namespace weir::cli
