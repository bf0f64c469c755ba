// The pass itself: removes what the backend refuses, then rewrites operations and arguments.
#include "legalize.h"

#include "llvm/IR/InstIterator.h"
#include "llvm/IR/InstrTypes.h"

using namespace llvm;

namespace sbf {
namespace {

// The backend rejects every function that carries `sret`. To the generated code the attribute means
// nothing: the pointer is passed like any other.
void dropStructReturnAttributes(Module &module) {
  for (Function &function : module) {
    for (unsigned i = 0; i < function.arg_size(); i++)
      function.removeParamAttr(i, Attribute::StructRet);
    for (Instruction &instruction : instructions(function)) {
      auto *call = dyn_cast<CallBase>(&instruction);
      if (!call)
        continue;
      for (unsigned i = 0; i < call->arg_size(); i++)
        call->removeParamAttr(i, Attribute::StructRet);
    }
  }
}

} // namespace

PreservedAnalyses LegalizePass::run(Module &module, ModuleAnalysisManager &) {
  dropStructReturnAttributes(module);
  legalizeOperations(module);
  packArguments(module);
  return PreservedAnalyses::none();
}

} // namespace sbf
