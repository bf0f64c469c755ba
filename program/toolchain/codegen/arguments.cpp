// Argument packing. BPF passes five arguments in registers and has none on the stack, so a function
// that needs more keeps those that fit into four registers; the rest go into a struct on the
// caller's frame, whose address is the fifth. Call sites and definitions are split by the same rule
// from the same function type, so that calls through pointers and vtables agree as well.
#include "legalize.h"

#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;

namespace sbf {
namespace {

constexpr unsigned ArgumentRegisters = 5;

unsigned registersFor(const DataLayout &layout, Type *type) {
  if (type->isVoidTy())
    return 0;
  return (layout.getTypeSizeInBits(type).getFixedValue() + 63) / 64;
}

// How a function type is passed: its first `kept` parameters as they are, the others packed.
struct Split {
  unsigned kept;
  bool packs;
};

Split splitOf(const DataLayout &layout, FunctionType *type) {
  unsigned total = 0;
  for (Type *parameter : type->params())
    total += registersFor(layout, parameter);
  if (total <= ArgumentRegisters)
    return {type->getNumParams(), false};
  unsigned used = 0;
  unsigned kept = 0;
  for (; kept < type->getNumParams(); kept++) {
    used += registersFor(layout, type->getParamType(kept));
    if (used > ArgumentRegisters - 1)
      break;
  }
  return {kept, true};
}

FunctionType *packedType(FunctionType *type, unsigned kept) {
  SmallVector<Type *, 6> parameters(type->param_begin(), type->param_begin() + kept);
  parameters.push_back(PointerType::getUnqual(type->getContext()));
  return FunctionType::get(type->getReturnType(), parameters, false);
}

StructType *tailType(FunctionType *type, unsigned kept) {
  SmallVector<Type *, 6> fields(type->param_begin() + kept, type->param_end());
  return StructType::get(type->getContext(), fields);
}

// The attributes of what stays. `memory` goes: the function now reads its arguments from memory.
AttributeList keptAttributes(LLVMContext &context, AttributeList attributes, unsigned kept) {
  SmallVector<AttributeSet, 6> parameters;
  for (unsigned i = 0; i < kept; i++)
    parameters.push_back(attributes.getParamAttrs(i));
  parameters.push_back(AttributeSet());
  AttributeSet onFunction = attributes.getFnAttrs().removeAttribute(context, Attribute::Memory);
  return AttributeList::get(context, onFunction, attributes.getRetAttrs(), parameters);
}

void warnIfExternal(const CallBase &call) {
  const Function *callee = call.getCalledFunction();
  if (callee && callee->isDeclaration())
    errs() << "sbf-legalize: external with >5 args: " << callee->getName() << "\n";
}

void packCall(CallBase &call, Split split) {
  warnIfExternal(call);
  FunctionType *type = call.getFunctionType();
  StructType *tail = tailType(type, split.kept);
  IRBuilder<> entry(&*call.getFunction()->getEntryBlock().getFirstInsertionPt());
  AllocaInst *packed = entry.CreateAlloca(tail, nullptr, "sbf.args");
  IRBuilder<> build(&call);
  SmallVector<Value *, 6> arguments(call.arg_begin(), call.arg_begin() + split.kept);
  for (unsigned i = split.kept; i < type->getNumParams(); i++) {
    Value *field = build.CreateStructGEP(tail, packed, i - split.kept);
    build.CreateStore(call.getArgOperand(i), field);
  }
  arguments.push_back(packed);
  CallInst *replacement =
      build.CreateCall(packedType(type, split.kept), call.getCalledOperand(), arguments);
  replacement->setCallingConv(call.getCallingConv());
  replacement->setAttributes(keptAttributes(call.getContext(), call.getAttributes(), split.kept));
  replacement->setDebugLoc(call.getDebugLoc());
  call.replaceAllUsesWith(replacement);
  // Programs abort on panic, so an invoke is a call followed by its normal path.
  if (auto *invoke = dyn_cast<InvokeInst>(&call))
    build.CreateBr(invoke->getNormalDest());
  call.eraseFromParent();
}

void packCallsIn(Function &function) {
  const DataLayout &layout = function.getParent()->getDataLayout();
  SmallVector<CallBase *, 32> worklist;
  for (Instruction &instruction : instructions(function)) {
    auto *call = dyn_cast<CallBase>(&instruction);
    if (call && !isa<IntrinsicInst>(call) && !call->isInlineAsm())
      worklist.push_back(call);
  }
  for (CallBase *call : worklist) {
    if (call->getFunctionType()->isVarArg())
      continue;
    Split split = splitOf(layout, call->getFunctionType());
    if (split.packs)
      packCall(*call, split);
  }
}

Function *declarePacked(Function &original, Split split) {
  Function *packed =
      Function::Create(packedType(original.getFunctionType(), split.kept), original.getLinkage(),
                       original.getAddressSpace(), "", original.getParent());
  packed->takeName(&original);
  packed->setCallingConv(original.getCallingConv());
  packed->setAttributes(
      keptAttributes(original.getContext(), original.getAttributes(), split.kept));
  packed->setSection(original.getSection());
  packed->setUnnamedAddr(original.getUnnamedAddr());
  packed->setVisibility(original.getVisibility());
  return packed;
}

void moveBody(Function &from, Function &to) {
  to.splice(to.begin(), &from);
  if (DISubprogram *debugInfo = from.getSubprogram()) {
    from.setSubprogram(nullptr);
    to.setSubprogram(debugInfo);
  }
}

void packDefinition(Function &original) {
  FunctionType *type = original.getFunctionType();
  Split split = splitOf(original.getParent()->getDataLayout(), type);
  Function *packed = declarePacked(original, split);
  moveBody(original, *packed);
  StructType *tail = tailType(type, split.kept);
  Argument *tailPointer = packed->getArg(split.kept);
  IRBuilder<> build(&*packed->getEntryBlock().getFirstInsertionPt());
  for (unsigned i = 0; i < type->getNumParams(); i++) {
    Value *value;
    if (i < split.kept) {
      value = packed->getArg(i);
      value->takeName(original.getArg(i));
    } else {
      Value *field = build.CreateStructGEP(tail, tailPointer, i - split.kept);
      value = build.CreateLoad(type->getParamType(i), field);
    }
    original.getArg(i)->replaceAllUsesWith(value);
  }
  original.replaceAllUsesWith(packed);
  original.eraseFromParent();
  errs() << "sbf-legalize: packed args of " << packed->getName() << " (" << type->getNumParams()
         << ")\n";
}

// One register comes back. The backend would truncate anything wider without an error.
void warnAboutWideReturns(Module &module) {
  const DataLayout &layout = module.getDataLayout();
  for (Function &function : module) {
    Type *result = function.getReturnType();
    if (function.isDeclaration())
      continue;
    if (result->isAggregateType() || registersFor(layout, result) > 1)
      errs() << "sbf-legalize: WARNING bad return type " << *result << " in " << function.getName()
             << "\n";
  }
}

} // namespace

void packArguments(Module &module) {
  for (Function &function : module)
    packCallsIn(function);
  SmallVector<Function *, 32> definitions;
  for (Function &function : module) {
    bool fixed = !function.isDeclaration() && !function.isVarArg();
    if (fixed && splitOf(module.getDataLayout(), function.getFunctionType()).packs)
      definitions.push_back(&function);
  }
  for (Function *function : definitions)
    packDefinition(*function);
  warnAboutWideReturns(module);
}

} // namespace sbf
