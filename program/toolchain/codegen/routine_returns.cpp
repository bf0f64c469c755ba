// Return values of library routines.
//
// Where the backend calls a routine by itself (for floating point, always), it takes for granted
// that a result of 32 bits or less comes back extended to the whole register. The routines are
// ordinary Rust functions, and those leave the upper half undefined. So each gets the extension
// that its caller assumes: sign extension where it converts to a signed integer, else zeros.
#include "legalize.h"

#include "llvm/IR/AttributeMask.h"
#include "llvm/IR/IRBuilder.h"

using namespace llvm;

namespace sbf {
namespace {

bool returnsHalfRegister(const Function &routine) {
  Type *result = routine.getReturnType();
  return result->isFloatTy() || (result->isIntegerTy() && result->getIntegerBitWidth() <= 32);
}

bool returnsSignedInteger(const Function &routine) {
  return routine.getName().starts_with("__fix") && !routine.getName().starts_with("__fixuns");
}

void extendReturn(ReturnInst &original, bool isSigned) {
  IRBuilder<> build(&original);
  Value *result = original.getReturnValue();
  if (result->getType()->isFloatTy())
    result = build.CreateBitCast(result, build.getInt32Ty());
  Type *word = build.getInt64Ty();
  build.CreateRet(isSigned ? build.CreateSExt(result, word) : build.CreateZExt(result, word));
  original.eraseFromParent();
}

// The same function with a 64-bit result. Callers in the module keep reading its lower half.
void widen(Function &original) {
  FunctionType *type = original.getFunctionType();
  Type *word = Type::getInt64Ty(original.getContext());
  Function *wide = Function::Create(FunctionType::get(word, type->params(), false),
                                    original.getLinkage(), "", original.getParent());
  wide->takeName(&original);
  AttributeMask onReturn(original.getAttributes().getRetAttrs());
  wide->setAttributes(
      original.getAttributes().removeRetAttributes(original.getContext(), onReturn));
  wide->setVisibility(original.getVisibility());
  wide->splice(wide->begin(), &original);
  for (unsigned i = 0; i < original.arg_size(); i++)
    original.getArg(i)->replaceAllUsesWith(wide->getArg(i));
  for (BasicBlock &block : *wide)
    if (auto *result = dyn_cast<ReturnInst>(block.getTerminator()))
      extendReturn(*result, returnsSignedInteger(*wide));
  original.replaceAllUsesWith(wide);
  original.eraseFromParent();
}

} // namespace

void extendRoutineReturns(Module &module, const std::set<std::string> &routines) {
  for (const std::string &name : routines) {
    Function *routine = module.getFunction(name);
    if (routine && !routine->isDeclaration() && returnsHalfRegister(*routine))
      widen(*routine);
  }
}

} // namespace sbf
