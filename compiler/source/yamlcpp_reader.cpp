#include "compiler/source/yamlcpp_reader.h"
#include "ir/base/code.h"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <functional>
#include <istream>
#include <streambuf>

namespace weir::compiler {
namespace {

/// A stream over bytes that somebody else holds.
class ViewBuffer : public std::streambuf {
 public:
  explicit ViewBuffer(std::string_view text) {
    char* begin = const_cast<char*>(text.data());  // streambuf reads only: there is no put area
    setg(begin, begin, begin + text.size());
  }
};

/// Thrown through yaml-cpp to stop it at the first difference.
struct Differs {
  std::size_t offset;
};

/// Follows `shape` event by event.
class Comparer : public YAML::EventHandler {
 public:
  explicit Comparer(const std::vector<Shape>& shape) : shape_(shape) {}

  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark&, YAML::anchor_t) override {
    const Shape& want = next(Event::Kind::Scalar);
    if (!want.null) differs();
  }
  void OnAlias(const YAML::Mark&, YAML::anchor_t) override { differs(); }
  void OnScalar(const YAML::Mark&, const std::string& tag, YAML::anchor_t anchor, const std::string& value) override {
    const Shape& want = next(Event::Kind::Scalar);
    const bool untagged = tag == "?" || tag == "!";
    if (anchor != 0 || (untagged && (want.quoted != (tag == "!") || want.null))) differs();
    if (!want.null && want.hash != std::hash<std::string>{}(value)) differs();
  }
  void OnSequenceStart(const YAML::Mark&, const std::string&, YAML::anchor_t, YAML::EmitterStyle::value) override {
    next(Event::Kind::SequenceStart);
  }
  void OnSequenceEnd() override { next(Event::Kind::SequenceEnd); }
  void OnMapStart(const YAML::Mark&, const std::string&, YAML::anchor_t, YAML::EmitterStyle::value) override {
    next(Event::Kind::MappingStart);
  }
  void OnMapEnd() override { next(Event::Kind::MappingEnd); }

  /// Every event was seen.
  void finish() {
    if (at_ != shape_.size()) differs();
  }

 private:
  const Shape& next(Event::Kind kind) {
    if (at_ == shape_.size()) differs();
    const Shape& want = shape_[at_++];
    if (want.kind != kind) differs();
    return want;
  }
  [[noreturn]] void differs() const {
    const std::size_t last = at_ == 0 ? 0 : at_ - 1;
    throw Differs{last < shape_.size() ? shape_[last].begin : 0};
  }

  const std::vector<Shape>& shape_;
  std::size_t at_ = 0;
};

Problem problem(std::size_t at, std::string detail, std::string fix) {
  return {.code = ir::Code::SyntaxError, .begin = at, .end = at + 1, .detail = std::move(detail), .fix = std::move(fix)};
}

}  // namespace

std::optional<Problem> check_yamlcpp(std::string_view chunk, std::size_t base, const std::vector<Shape>& shape) {
  ViewBuffer buffer(chunk);
  std::istream stream(&buffer);
  Comparer comparer(shape);
  try {
    YAML::Parser parser(stream);
    (void)parser.HandleNextDocument(comparer);
    comparer.finish();
    // Once more, to see that nothing is left, and never again: on text it cannot use, such as the one byte `,`, yaml-cpp
    // gives empty documents for ever.
    if (parser && parser.HandleNextDocument(comparer))
      return problem(base, "the document ends before its text does", "check the indentation and the brackets");
  } catch (const Differs& found) {
    return problem(found.offset, "YAML readers disagree about this document from here on",
                   "write it in a plainer way: spaces instead of tabs, quotes around unusual text");
  } catch (const YAML::Exception& error) {
    const std::size_t at = error.mark.pos < 0 ? 0 : static_cast<std::size_t>(error.mark.pos);
    return problem(base + std::min(at, chunk.size()), error.msg, "");
  }
  return std::nullopt;
}

}  // namespace weir::compiler
