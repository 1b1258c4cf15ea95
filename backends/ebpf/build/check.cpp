#include <clang/AST/ASTConsumer.h>
#include <clang/AST/RecursiveASTVisitor.h>
#include <clang/Frontend/CompilerInstance.h>
#include <clang/Frontend/FrontendAction.h>

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <set>

#include "backends/ebpf/build/build.h"
#include "backends/ebpf/build/frontend.h"

// Refuses, before any kernel sees it, what Linux 6.1 would refuse (datapath.md 3), so that a mistake in the emitter is
// found by a unit test without root. It is a net under the BPF library, not a verifier: the kernel still decides.

namespace weir::backends {
namespace {

/// Helpers a tc program may call on Linux 6.1, by number (include/uapi/linux/bpf.h): those weir needs, no more.
constexpr std::array kHelpers = {1, 2, 3, 5, 7, 8, 9, 10, 11, 26, 28, 39, 131, 132, 133, 160};
constexpr std::uint64_t kMostRounds = 64;
/// The only global objects with values of their own; maps live in `.maps`.
constexpr std::array<std::string_view, 2> kSections = {".maps", "license"};

class Checker : public clang::RecursiveASTVisitor<Checker> {
 public:
  Checker(clang::ASTContext& context, std::vector<CheckFinding>& findings) : context_(context), findings_(findings) {}

  bool TraverseFunctionDecl(clang::FunctionDecl* function) {
    const clang::FunctionDecl* outer = function_;
    function_ = function;
    const bool go_on = RecursiveASTVisitor::TraverseFunctionDecl(function);
    function_ = outer;
    return go_on;
  }

  bool VisitWhileStmt(clang::WhileStmt* loop) { return refuse(loop->getBeginLoc(), "`while` has no constant bound"); }
  bool VisitGotoStmt(clang::GotoStmt* jump) { return refuse(jump->getBeginLoc(), "`goto` may loop"); }
  bool VisitIndirectGotoStmt(clang::IndirectGotoStmt* jump) { return refuse(jump->getBeginLoc(), "indirect `goto`"); }
  bool VisitDoStmt(clang::DoStmt* loop) {
    // do { } while (0) is how a macro with several statements is written
    const std::optional<std::uint64_t> again = constant(loop->getCond());
    return again == 0 ? true : refuse(loop->getBeginLoc(), "`do` has no constant bound");
  }
  bool VisitForStmt(clang::ForStmt* loop) {
    return bounded(*loop) ? true : refuse(loop->getBeginLoc(), "`for` has no constant bound of at most 64 rounds");
  }
  bool VisitGCCAsmStmt(clang::GCCAsmStmt* code) {
    return is_mask(*code) ? true : refuse(code->getBeginLoc(), "inline assembly other than the index mask");
  }
  bool VisitCallExpr(clang::CallExpr* call);
  bool VisitVarDecl(clang::VarDecl* variable);
  bool VisitMemberExpr(clang::MemberExpr* access);

  /// After the walk: calls that lead back to their caller.
  void refuse_recursion();

 private:
  bool refuse(clang::SourceLocation at, std::string message) {
    const clang::SourceManager& sources = context_.getSourceManager();
    const clang::SourceLocation place = sources.getExpansionLoc(at);
    findings_.push_back({sources.getSpellingLineNumber(place), sources.getSpellingColumnNumber(place), std::move(message)});
    return true;
  }

  std::optional<std::uint64_t> constant(const clang::Expr* expression) const {
    clang::Expr::EvalResult result;
    if (expression == nullptr || expression->isValueDependent() || !expression->EvaluateAsInt(result, context_)) return {};
    return result.Val.getInt().getExtValue();
  }

  bool bounded(const clang::ForStmt& loop) const;
  bool changed_in(const clang::Stmt* body, const clang::VarDecl* variable) const;
  bool is_mask(const clang::GCCAsmStmt& code) const;

  clang::ASTContext& context_;
  std::vector<CheckFinding>& findings_;
  const clang::FunctionDecl* function_ = nullptr;
  std::map<const clang::FunctionDecl*, std::vector<const clang::CallExpr*>> calls_;
};

const clang::VarDecl* variable_of(const clang::Expr* expression) {
  const auto* reference = llvm::dyn_cast_or_null<clang::DeclRefExpr>(expression ? expression->IgnoreParenImpCasts() : nullptr);
  return reference ? llvm::dyn_cast<clang::VarDecl>(reference->getDecl()) : nullptr;
}

/// Does the body write the loop variable or take its address?
bool Checker::changed_in(const clang::Stmt* body, const clang::VarDecl* variable) const {
  if (body == nullptr) return false;
  if (const auto* unary = llvm::dyn_cast<clang::UnaryOperator>(body))
    if ((unary->isIncrementDecrementOp() || unary->getOpcode() == clang::UO_AddrOf) &&
        variable_of(unary->getSubExpr()) == variable)
      return true;
  if (const auto* binary = llvm::dyn_cast<clang::BinaryOperator>(body))
    if (binary->isAssignmentOp() && variable_of(binary->getLHS()) == variable) return true;
  return std::any_of(body->child_begin(), body->child_end(),
                     [&](const clang::Stmt* child) { return changed_in(child, variable); });
}

/// for (int i = CONSTANT; i < CONSTANT; i++), and the body leaves i alone.
bool Checker::bounded(const clang::ForStmt& loop) const {
  const auto* declared = llvm::dyn_cast_or_null<clang::DeclStmt>(loop.getInit());
  if (declared == nullptr || !declared->isSingleDecl()) return false;
  const auto* variable = llvm::dyn_cast<clang::VarDecl>(declared->getSingleDecl());
  const auto* condition = llvm::dyn_cast_or_null<clang::BinaryOperator>(loop.getCond());
  const auto* step = llvm::dyn_cast_or_null<clang::UnaryOperator>(loop.getInc());
  if (variable == nullptr || condition == nullptr || step == nullptr || !step->isIncrementOp()) return false;
  if (condition->getOpcode() != clang::BO_LT || variable_of(condition->getLHS()) != variable) return false;
  if (variable_of(step->getSubExpr()) != variable || changed_in(loop.getBody(), variable)) return false;
  const std::optional<std::uint64_t> first = constant(variable->getInit()), end = constant(condition->getRHS());
  return first && end && *first <= *end && *end - *first <= kMostRounds;
}

/// asm volatile("%0 &= %1" : "+r"(index) : "i"(2^n - 1))
bool Checker::is_mask(const clang::GCCAsmStmt& code) const {
  if (code.getAsmString()->getString() != "%0 &= %1" || code.getNumOutputs() != 1 || code.getNumClobbers() != 0) return false;
  // "+r" counts as one output and one hidden input; "i" is the input that is written out
  if (code.getNumInputs() != 1 || code.getOutputConstraint(0) != "+r" || code.getInputConstraint(0) != "i") return false;
  const std::optional<std::uint64_t> mask = constant(code.getInputExpr(0));
  return mask && (*mask & (*mask + 1)) == 0;
}

bool Checker::VisitCallExpr(clang::CallExpr* call) {
  if (const clang::FunctionDecl* callee = call->getDirectCallee()) {
    if (callee->getBuiltinID() != 0) return true;
    if (!callee->isDefined()) return refuse(call->getBeginLoc(), "call of `" + callee->getNameAsString() + "`, which has no body");
    if (function_ != nullptr) calls_[function_->getCanonicalDecl()].push_back(call);
    return true;
  }
  const clang::VarDecl* helper = variable_of(call->getCallee());
  const std::optional<std::uint64_t> number =
      helper && helper->hasGlobalStorage() && helper->getType().isConstQualified() && helper->getInit()
          ? constant(helper->getInit()->IgnoreParenCasts())
          : std::nullopt;
  if (!number) return refuse(call->getBeginLoc(), "call through a pointer");
  if (std::find(kHelpers.begin(), kHelpers.end(), static_cast<int>(*number)) == kHelpers.end())
    return refuse(call->getBeginLoc(), "helper `" + helper->getNameAsString() + "` is not on the list for linux 6.1");
  return true;
}

bool Checker::VisitVarDecl(clang::VarDecl* variable) {
  if (!variable->hasGlobalStorage()) return true;
  if (const auto* section = variable->getAttr<clang::SectionAttr>())
    if (std::find(kSections.begin(), kSections.end(), section->getName().str()) != kSections.end()) return true;
  const clang::QualType type = variable->getType();
  if (type.isConstQualified() && type->isFunctionPointerType()) return true;
  return refuse(variable->getLocation(), "global `" + variable->getNameAsString() + "`: state lives in maps");
}

bool Checker::VisitMemberExpr(clang::MemberExpr* access) {
  const clang::ValueDecl* member = access->getMemberDecl();
  const auto* record = llvm::dyn_cast<clang::RecordDecl>(member->getDeclContext());
  if (record == nullptr || record->getName() != "__sk_buff") return true;
  if (member->getName() != "data" && member->getName() != "data_end") return true;
  if (function_ != nullptr && function_->getName().starts_with("weir_pkt_")) return true;
  return refuse(access->getMemberLoc(), "packet memory is touched outside a `weir_pkt_` function");
}

void Checker::refuse_recursion() {
  std::set<const clang::FunctionDecl*> done;
  std::set<const clang::FunctionDecl*> open;
  const auto walk = [&](const auto& self, const clang::FunctionDecl* function) -> void {
    open.insert(function);
    for (const clang::CallExpr* call : calls_[function]) {
      const clang::FunctionDecl* callee = call->getDirectCallee()->getCanonicalDecl();
      if (open.contains(callee)) refuse(call->getBeginLoc(), "recursion through `" + callee->getNameAsString() + "`");
      else if (!done.contains(callee)) self(self, callee);
    }
    open.erase(function);
    done.insert(function);
  };
  std::vector<const clang::FunctionDecl*> callers;
  for (const auto& [function, calls] : calls_) callers.push_back(function);
  for (const clang::FunctionDecl* function : callers)
    if (!done.contains(function)) walk(walk, function);
}

class Consumer : public clang::ASTConsumer {
 public:
  explicit Consumer(std::vector<CheckFinding>& findings) : findings_(findings) {}
  void HandleTranslationUnit(clang::ASTContext& context) override {
    Checker checker(context, findings_);
    checker.TraverseDecl(context.getTranslationUnitDecl());
    checker.refuse_recursion();
  }

 private:
  std::vector<CheckFinding>& findings_;
};

class CheckAction : public clang::ASTFrontendAction {
 public:
  explicit CheckAction(std::vector<CheckFinding>& findings) : findings_(findings) {}
  std::unique_ptr<clang::ASTConsumer> CreateASTConsumer(clang::CompilerInstance&, llvm::StringRef) override {
    return std::make_unique<Consumer>(findings_);
  }

 private:
  std::vector<CheckFinding>& findings_;
};

}  // namespace

std::vector<CheckFinding> check_bpf(std::string_view c_text) {
  std::vector<CheckFinding> findings;
  Frontend frontend(c_text);
  CheckAction action(findings);
  if (!frontend.run(action, nullptr)) findings.push_back({1, 1, "not valid C: " + frontend.messages()});
  std::sort(findings.begin(), findings.end(), [](const CheckFinding& a, const CheckFinding& b) {
    return std::tie(a.line, a.column, a.message) < std::tie(b.line, b.column, b.message);
  });
  return findings;
}

}  // namespace weir::backends
