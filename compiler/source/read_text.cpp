#include <algorithm>
#include <utility>

#include "compiler/source/builder.h"
#include "compiler/source/comments.h"
#include "compiler/source/hints.h"
#include "compiler/source/json_reader.h"
#include "compiler/source/libyaml_reader.h"
#include "compiler/source/lists.h"
#include "compiler/source/read_file.h"
#include "compiler/source/scan.h"
#include "compiler/source/secrets.h"
#include "compiler/source/split.h"
#include "compiler/source/yamlcpp_reader.h"
#include "ir/base/code.h"

namespace weir::compiler {
namespace {

constexpr std::string_view kBom = "\xEF\xBB\xBF";

/// One file: its text is cut into documents, each is read on its own, and what is wrong with one is reported there.
class FileReader {
 public:
  FileReader(std::string_view text, bool bulk, std::string cluster, ir::FileId file, const SourceLimits& limits,
             Sources& out, ir::Diagnostics& diagnostics, const DocumentSink& sink)
      : text_(text), bulk_(bulk), cluster_(std::move(cluster)), limits_(limits), out_(out), diagnostics_(diagnostics),
        sink_(sink), positions_(file, text), given_(out.documents.size()) {}

  void yaml() {
    for (const Chunk& chunk : split_documents(text_)) {
      auto problem = document(chunk);
      if (problem) report(explain_problem(std::move(*problem), chunk.text, chunk.begin));
    }
  }

  /// kubectl writes several values one after another. After a broken one nothing can be found again.
  void json() {
    std::size_t at = text_.find_first_not_of(" \t\r\n");
    while (at != std::string_view::npos && at < text_.size()) {
      const std::string_view rest = text_.substr(at);
      if (const std::size_t length = json_list(rest, at); length > 0) {
        at += length;
        continue;
      }
      JsonScan scan = scan_json(rest, limits_.depth);
      if (scan.problem) return report(moved(std::move(*scan.problem), at));
      TreeBuilder builder(limits_, positions_, diagnostics_);
      JsonResult result = json_.read(rest.substr(0, scan.end), at, scan, builder);
      if (result.problem) return report(*result.problem);
      add_objects(std::move(result.root), cluster_, out_.documents, diagnostics_);
      deliver();
      at += scan.end;
    }
  }

  [[nodiscard]] bool saw_secret() const { return secret_; }

  void report(const Problem& problem) {
    ir::Diagnostic diagnostic{.kind = problem.code, .primary = positions_.span(problem.begin, problem.end),
                              .detail = problem.detail, .labels = {}, .notes = {}, .fix = problem.fix, .witness = {}};
    if (problem.context && *problem.context != problem.begin)
      diagnostic.labels.push_back({positions_.span(*problem.context, *problem.context + 1), problem.context_text});
    diagnostics_.report(std::move(diagnostic));
  }

 private:
  /// A large List, an item at a time: the same documents as from the whole tree, in a fraction of the memory. Its length,
  /// or 0 when it is no such list or something may be wrong with it: then the whole tree says what.
  std::size_t json_list(std::string_view text, std::size_t base) {
    if (!bulk_) return 0;
    const JsonScan scan = scan_json_list(text, limits_.depth);
    if (scan.problem || scan.items.empty()) return 0;
    // Fewer bytes than any limit of an object has no need to be counted by value (reliability.md C2 row 1).
    const std::uint64_t most = std::min({limits_.object_bytes, limits_.object_nodes, limits_.scalar_bytes}) / 2;
    if (std::any_of(scan.items.begin(), scan.items.end(), [&](const JsonItem& i) { return i.end - i.begin > most; })) return 0;
    ir::Diagnostics own;
    // The half that is left is for the head, which counts with the item before it.
    SourceLimits limits = limits_;
    limits.object_bytes = limits.object_nodes = limits.scalar_bytes = most;
    TreeBuilder builder(limits, positions_, own);
    const auto head = read_json_head(text, base, scan, builder);
    if (!head || !own.list().empty() || !is_list(*head)) return 0;
    TreeBuilder items(limits_, positions_, diagnostics_);
    JsonScan tokens;
    for (const JsonItem& item : scan.items)
      if (!json_item(text.substr(item.begin, item.end - item.begin), base + item.begin, *head, items, tokens)) break;
    return scan.end;
  }

  bool json_item(std::string_view text, std::size_t base, const Node& head, TreeBuilder& builder, JsonScan& tokens) {
    tokens = scan_json(text, limits_.depth, std::move(tokens));
    JsonResult result = json_.read(text, base, tokens, builder);
    if (result.problem) {
      report(*result.problem);
      return false;
    }
    add_item(std::move(result.root), head, cluster_, out_.documents, diagnostics_);
    deliver();
    return true;
  }

  /// Hands on what is new among the documents.
  void deliver() {
    for (; given_ < out_.documents.size(); ++given_) {
      Document& document = out_.documents[given_];
      secret_ = secret_ || is_secret(document.root);
      if (sink_) sink_(document);
    }
  }

  static Problem moved(Problem problem, std::size_t by) {
    problem.begin += by;
    problem.end += by;
    return problem;
  }

  std::optional<Problem> document(const Chunk& chunk) {
    if (auto problem = scan_bytes(chunk.text, chunk.begin, false)) return problem;
    const std::size_t first = first_content(chunk.text);
    if (first != std::string_view::npos && chunk.text[first] == '%' && (first == 0 || chunk.text[first - 1] == '\n'))
      return Problem{.code = ir::Code::UnsupportedYaml, .begin = chunk.begin + first, .end = chunk.begin + first + 1,
                     .detail = "a YAML directive (`%`)", .fix = "remove the line"};
    TreeBuilder builder(limits_, positions_, diagnostics_);
    LibyamlResult result = read_libyaml(chunk.text, chunk.begin, !bulk_, builder);
    if (result.problem) return result.problem;
    if (!bulk_)
      if (auto problem = check_yamlcpp(chunk.text, chunk.begin, result.shape)) return problem;
    for (auto& comment : find_comments(chunk.text, chunk.begin, result.opaque, positions_))
      out_.comments.push_back(std::move(comment));
    if (!result.root.is_null()) add_objects(std::move(result.root), cluster_, out_.documents, diagnostics_);
    deliver();
    return std::nullopt;
  }

  std::string_view text_;
  bool bulk_;
  std::string cluster_;
  const SourceLimits& limits_;
  Sources& out_;
  ir::Diagnostics& diagnostics_;
  const DocumentSink& sink_;
  Positions positions_;
  JsonReader json_;
  std::size_t given_;  // documents before this place were handed on
  bool secret_ = false;
};

bool is_json(std::string_view name, std::string_view text, const SourceLimits& limits) {
  if (name.ends_with(".json")) return true;
  // `kubectl get -o json | weir validate -`: JSON when it is JSON from end to end, else YAML's flow style.
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos || text[first] != '{') return false;
  const JsonScan scan = scan_json(text.substr(first), limits.depth);
  return !scan.problem && first + scan.end == text.size();
}

}  // namespace

void read_file(std::string name, std::string bytes, const std::string& cluster, const SourceLimits& limits,
               ir::Files& files, Sources& out, ir::Diagnostics& diagnostics, const DocumentSink& sink) {
  if (std::string_view(bytes).starts_with(kBom)) bytes.erase(0, kBom.size());
  const auto kept = std::make_shared<const std::string>(std::move(bytes));
  const std::string_view text = *kept;
  const bool bulk = text.size() > limits.bulk_bytes;
  const ir::FileId file = files.add({name, bulk ? nullptr : kept, may_hold_secret(text)});
  FileReader reader(text, bulk, cluster, file, limits, out, diagnostics, sink);
  if (const auto problem = scan_magic(text)) {
    files.files[file.index].text = nullptr;
    reader.report(*problem);
  } else if (is_json(name, text, limits)) {
    if (const auto bad = scan_bytes(text, 0, true)) {
      reader.report(*bad);
    } else {
      reader.json();
    }
  } else {
    reader.yaml();
  }
  if (reader.saw_secret()) files.files[file.index].secret = true;
}

Sources read_text(std::string name, std::string bytes, const SourceLimits& limits, ir::Files& files,
                  ir::Diagnostics& diagnostics, const DocumentSink& sink) {
  Sources sources;
  read_file(std::move(name), std::move(bytes), "", limits, files, sources, diagnostics, sink);
  return sources;
}

}  // namespace weir::compiler
