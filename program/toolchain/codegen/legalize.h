// The legaliser: rewrites LLVM IR that LLVM's own BPF backend cannot lower into IR that it can.
//
// It must never change what a program computes. The self-test beside this folder holds it to that:
// the same code, run natively and in the SVM, has to give the same digest.
#pragma once

#include <set>
#include <string>

#include "llvm/IR/Module.h"
#include "llvm/IR/PassManager.h"

namespace sbf {

// Functions of runtime.c that the legaliser calls start with this; they are left alone themselves.
inline constexpr llvm::StringLiteral RuntimePrefix = "__sbf_";

// Replaces integer operations without a BPF instruction: signed division, multiplication with
// overflow check, and 128-bit multiplication, division and shifts.
void legalizeOperations(llvm::Module &module);

// Packs the arguments of functions that need more than five registers.
void packArguments(llvm::Module &module);

// Makes the named library routines return whole registers. Last, since nothing may inline a call
// of theirs afterwards.
void extendRoutineReturns(llvm::Module &module, const std::set<std::string> &routines);

// The pass `sbf-legalize`: operations, then arguments.
struct LegalizePass : llvm::PassInfoMixin<LegalizePass> {
  static bool isRequired() {
    return true;
  }
  llvm::PreservedAnalyses run(llvm::Module &module, llvm::ModuleAnalysisManager &);
};

} // namespace sbf
