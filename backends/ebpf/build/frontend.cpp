#include "backends/ebpf/build/frontend.h"

#include <clang/Basic/DiagnosticOptions.h>
#include <clang/Basic/FileManager.h>
#include <clang/Frontend/CompilerInstance.h>
#include <clang/Frontend/CompilerInvocation.h>
#include <clang/Frontend/FrontendAction.h>
#include <clang/Frontend/TextDiagnosticPrinter.h>
#include <llvm/Support/MemoryBuffer.h>
#include <llvm/Support/TargetSelect.h>
#include <llvm/Support/VirtualFileSystem.h>
#include <llvm/Support/raw_ostream.h>

// LLVM ships no header for one target's entry points.
extern "C" {
void LLVMInitializeBPFTargetInfo();
void LLVMInitializeBPFTarget();
void LLVMInitializeBPFTargetMC();
void LLVMInitializeBPFAsmPrinter();
void LLVMInitializeBPFAsmParser();
}

namespace weir::backends {
namespace {

void initialise_target() {
  LLVMInitializeBPFTargetInfo();
  LLVMInitializeBPFTarget();
  LLVMInitializeBPFTargetMC();
  LLVMInitializeBPFAsmPrinter();
  // the index mask is inline assembly
  LLVMInitializeBPFAsmParser();
}

// datapath.md 1.6: cpu v3 is Linux 5.1 and later; DWARF 5 is what the backend turns into BTF
constexpr const char* kArguments[] = {"-triple",
                                      "bpfel",
                                      "-emit-obj",
                                      "-O2",
                                      "-target-cpu",
                                      "v3",
                                      "-debug-info-kind=constructor",
                                      "-dwarf-version=5",
                                      "-fdebug-compilation-dir=/",
                                      "-nostdsysteminc",
                                      "-nobuiltininc",
                                      "-std=gnu11",
                                      "-Wall",
                                      "-Werror",
                                      "-Wno-unused-function",
                                      "-Wno-unused-const-variable",
                                      "-x",
                                      "c",
                                      "weir.c"};

}  // namespace

Frontend::Frontend(std::string_view c_text) : text_(c_text) { initialise_target(); }
Frontend::~Frontend() = default;

bool Frontend::run(clang::FrontendAction& action, std::string* object) {
  messages_.clear();
  llvm::raw_string_ostream messages(messages_);
  llvm::IntrusiveRefCntPtr<clang::DiagnosticOptions> options = new clang::DiagnosticOptions();
  options->ShowCarets = false;
  clang::CompilerInstance compiler;
  compiler.createDiagnostics(new clang::TextDiagnosticPrinter(messages, options.get()), true);
  auto invocation = std::make_shared<clang::CompilerInvocation>();
  if (!clang::CompilerInvocation::CreateFromArgs(*invocation, kArguments, compiler.getDiagnostics())) return false;
  invocation->getDiagnosticOpts().ShowCarets = false;
  compiler.setInvocation(invocation);

  auto files = llvm::makeIntrusiveRefCnt<llvm::vfs::InMemoryFileSystem>();
  files->setCurrentWorkingDirectory("/");
  files->addFile("/weir.c", 0, llvm::MemoryBuffer::getMemBufferCopy(text_));
  compiler.createFileManager(files);
  compiler.createSourceManager(compiler.getFileManager());

  llvm::SmallVector<char, 0> bytes;
  compiler.setOutputStream(std::make_unique<llvm::raw_svector_ostream>(bytes));
  const bool done = compiler.ExecuteAction(action) && !compiler.getDiagnostics().hasErrorOccurred();
  if (done && object != nullptr) object->assign(bytes.begin(), bytes.end());
  messages.flush();
  return done;
}

}  // namespace weir::backends
