#pragma once

#include <memory>

#include "compiler/api/object_set.h"
#include "compiler/resolve/resolve.h"
#include "ir/base/diagnostic.h"
#include "ir/base/result.h"

namespace weir::compiler {

/// A run that is kept, so that one edited policy costs a small part of reading everything again: an editor's or a server's
/// loop.
///
///   Recheck run(std::move(objects), std::move(resolved));
///   ...
///   const Sources text = read_text("web.yaml", bytes, {}, files, diagnostics);
///   const auto findings = run.replace(read(text, files, diagnostics));
class Recheck {
 public:
  /// `resolved` is what resolve() made of `objects`.
  Recheck(Objects objects, Resolved resolved);
  ~Recheck();

  /// Puts the one policy in `edited` in the place of the one of its kind, namespace and name. The findings are those of
  /// resolving it, of its own text, and of whole rules anywhere: the edit may make or unmake one about another policy. An
  /// Error, and nothing is changed, when `edited` is not one policy (one with a mistake is none), when there is none to
  /// replace, and when it names another Secret. An edit that brings or takes the last use of a port name changes the labels
  /// of pods, and costs as much as resolving everything.
  [[nodiscard]] ir::Result<ir::Diagnostics> replace(Objects edited);

  [[nodiscard]] const Objects& objects() const;
  /// The same as of a whole run, places apart.
  [[nodiscard]] const Resolved& resolved() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace weir::compiler
