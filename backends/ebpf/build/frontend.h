#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace clang {
class CompilerInstance;
class FrontendAction;
}  // namespace clang

namespace weir::backends {

/// A clang that sees one file in memory, `weir.c`, and nothing of the disk. Keeps its messages.
class Frontend {
 public:
  explicit Frontend(std::string_view c_text);
  ~Frontend();
  Frontend(const Frontend&) = delete;
  Frontend& operator=(const Frontend&) = delete;

  /// Runs the action; what it emits goes to `object` when given. False: messages() says why.
  [[nodiscard]] bool run(clang::FrontendAction& action, std::string* object);
  /// "weir.c:12:3: error: ..." lines.
  [[nodiscard]] const std::string& messages() const { return messages_; }

 private:
  std::string text_, messages_;
};

}  // namespace weir::backends
