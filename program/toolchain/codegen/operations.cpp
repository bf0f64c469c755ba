// Integer operations that BPF v2 has no instruction for. 64-bit ones become sequences of the
// instructions it does have; wider ones become calls of runtime.c, which takes and returns 128-bit
// values as pairs of 64-bit words (results through a stack slot).
#include "legalize.h"

#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;

namespace sbf {
namespace {

// Rewrites one function. The scratch slot is shared: every use stores and loads it at once.
class OperationLegalizer {
public:
  explicit OperationLegalizer(Function &function)
      : function(function), module(*function.getParent()),
        word(Type::getInt64Ty(module.getContext())),
        doubleWord(Type::getInt128Ty(module.getContext())) {
  }

  void run() {
    SmallVector<Instruction *, 64> worklist;
    for (Instruction &instruction : instructions(function))
      worklist.push_back(&instruction);
    for (Instruction *instruction : worklist)
      legalize(*instruction);
  }

private:
  Function &function;
  Module &module;
  Type *word;
  Type *doubleWord;
  AllocaInst *scratchSlot = nullptr;

  void legalize(Instruction &instruction) {
    Value *replacement = nullptr;
    if (auto *binary = dyn_cast<BinaryOperator>(&instruction))
      replacement = legalizeBinary(*binary);
    else if (auto *intrinsic = dyn_cast<IntrinsicInst>(&instruction))
      replacement = legalizeMultiplyWithOverflow(*intrinsic);
    if (!replacement)
      return;
    instruction.replaceAllUsesWith(replacement);
    instruction.eraseFromParent();
  }

  // Null where the backend can lower the operation as it is.
  Value *legalizeBinary(BinaryOperator &operation) {
    if (!operation.getType()->isIntegerTy())
      return nullptr;
    unsigned opcode = operation.getOpcode();
    if (operation.getType()->getIntegerBitWidth() > 64)
      return legalizeWide(operation);
    if (opcode == Instruction::SDiv || opcode == Instruction::SRem)
      return signedDivision(operation);
    return nullptr;
  }

  // |a| / |b| with unsigned division, then the sign: of both for the quotient, of `a` for the rest.
  // `sign` is 0 or -1, and (v ^ sign) - sign negates v exactly when it is -1.
  Value *signedDivision(BinaryOperator &operation) {
    IRBuilder<> build(&operation);
    Value *dividend = build.CreateSExt(operation.getOperand(0), word);
    Value *divisor = build.CreateSExt(operation.getOperand(1), word);
    Value *dividendSign = build.CreateAShr(dividend, 63);
    Value *divisorSign = build.CreateAShr(divisor, 63);
    auto negateIf = [&](Value *sign, Value *value) {
      return build.CreateSub(build.CreateXor(value, sign), sign);
    };
    Value *positiveDividend = negateIf(dividendSign, dividend);
    Value *positiveDivisor = negateIf(divisorSign, divisor);
    Value *result;
    if (operation.getOpcode() == Instruction::SDiv) {
      Value *quotient = build.CreateUDiv(positiveDividend, positiveDivisor);
      result = negateIf(build.CreateXor(dividendSign, divisorSign), quotient);
    } else {
      result = negateIf(dividendSign, build.CreateURem(positiveDividend, positiveDivisor));
    }
    return build.CreateTrunc(result, operation.getType());
  }

  Value *legalizeWide(BinaryOperator &operation) {
    unsigned opcode = operation.getOpcode();
    unsigned width = operation.getType()->getIntegerBitWidth();
    StringRef routine = wideRoutine(opcode);
    bool constantShift = operation.isShift() && isa<ConstantInt>(operation.getOperand(1));
    if (routine.empty() || constantShift)
      return nullptr;
    if (opcode == Instruction::Mul && width > 128 && width <= 256)
      return multiply256(operation);
    if (width != 128) {
      errs() << "sbf-legalize: unsupported width i" << width << " in " << function.getName() << ": "
             << operation << "\n";
      return nullptr;
    }
    return callWideRoutine(operation, routine);
  }

  static StringRef wideRoutine(unsigned opcode) {
    switch (opcode) {
    case Instruction::Mul:
      return "__sbf_mul128";
    case Instruction::UDiv:
      return "__sbf_udiv128";
    case Instruction::URem:
      return "__sbf_urem128";
    case Instruction::SDiv:
      return "__sbf_sdiv128";
    case Instruction::SRem:
      return "__sbf_srem128";
    case Instruction::Shl:
      return "__sbf_shl128";
    case Instruction::LShr:
      return "__sbf_lshr128";
    case Instruction::AShr:
      return "__sbf_ashr128";
    default:
      return "";
    }
  }

  Value *callWideRoutine(BinaryOperator &operation, StringRef routine) {
    IRBuilder<> build(&operation);
    Value *left = operation.getOperand(0);
    Value *right = operation.getOperand(1);
    Type *nothing = Type::getVoidTy(module.getContext());
    if (operation.isShift())
      build.CreateCall(runtime(routine, nothing, 1, 3),
                       {scratch(), low(build, left), high(build, left), low(build, right)});
    else
      build.CreateCall(
          runtime(routine, nothing, 1, 4),
          {scratch(), low(build, left), high(build, left), low(build, right), high(build, right)});
    return build.CreateLoad(doubleWord, scratch());
  }

  // Products of up to 256 bits come from overflow checks of 128-bit arithmetic. Operands and result
  // go through three slots of one array.
  Value *multiply256(BinaryOperator &operation) {
    IRBuilder<> build(&operation);
    Type *wide = Type::getIntNTy(module.getContext(), 256);
    IRBuilder<> entry(&*function.getEntryBlock().getFirstInsertionPt());
    AllocaInst *slots = entry.CreateAlloca(ArrayType::get(wide, 3), nullptr, "sbf.w");
    auto slot = [&](unsigned i) {
      return build.CreateStructGEP(slots->getAllocatedType(), slots, i);
    };
    Value *left = slot(0);
    Value *right = slot(1);
    Value *product = slot(2);
    build.CreateStore(build.CreateZExt(operation.getOperand(0), wide), left);
    build.CreateStore(build.CreateZExt(operation.getOperand(1), wide), right);
    Type *nothing = Type::getVoidTy(module.getContext());
    build.CreateCall(runtime("__sbf_mul256", nothing, 3, 0), {product, left, right});
    return build.CreateTrunc(build.CreateLoad(wide, product), operation.getType());
  }

  struct Product {
    Value *value;
    Value *overflowed;
  };

  Value *legalizeMultiplyWithOverflow(IntrinsicInst &intrinsic) {
    Intrinsic::ID id = intrinsic.getIntrinsicID();
    bool isSigned = id == Intrinsic::smul_with_overflow;
    if (!isSigned && id != Intrinsic::umul_with_overflow)
      return nullptr;
    IRBuilder<> build(&intrinsic);
    Value *left = intrinsic.getArgOperand(0);
    Value *right = intrinsic.getArgOperand(1);
    Product product;
    unsigned width = left->getType()->getIntegerBitWidth();
    if (width <= 32) {
      product = multiplyNarrow(build, left, right, isSigned);
    } else if (width == 64) {
      product = multiplyWord(build, left, right, isSigned);
    } else if (width == 128) {
      product = multiplyDoubleWord(build, left, right, isSigned);
    } else {
      errs() << "sbf-legalize: mulo width " << width << "\n";
      return nullptr;
    }
    Value *pair = PoisonValue::get(intrinsic.getType());
    pair = build.CreateInsertValue(pair, product.value, 0);
    return build.CreateInsertValue(pair, product.overflowed, 1);
  }

  // The 64-bit product is exact: it overflowed if narrowing and widening it again changes it.
  Product multiplyNarrow(IRBuilder<> &build, Value *left, Value *right, bool isSigned) {
    auto widen = [&](Value *value) {
      return isSigned ? build.CreateSExt(value, word) : build.CreateZExt(value, word);
    };
    Value *wideLeft = widen(left);
    Value *wideRight = widen(right);
    Value *exact = build.CreateMul(wideLeft, wideRight);
    Value *value = build.CreateTrunc(exact, left->getType());
    return {value, build.CreateICmpNE(exact, widen(value))};
  }

  // Unsigned: overflowed if the high word is not 0. Signed: if it is not the low word's sign; the
  // signed high word is the unsigned one less each operand where the other is negative.
  Product multiplyWord(IRBuilder<> &build, Value *left, Value *right, bool isSigned) {
    Value *value = build.CreateMul(left, right);
    Value *highWord = build.CreateCall(runtime("__sbf_mulhi", word, 0, 2), {left, right});
    if (!isSigned)
      return {value, build.CreateICmpNE(highWord, ConstantInt::get(word, 0))};
    highWord = build.CreateSub(highWord, build.CreateAnd(build.CreateAShr(left, 63), right));
    highWord = build.CreateSub(highWord, build.CreateAnd(build.CreateAShr(right, 63), left));
    return {value, build.CreateICmpNE(highWord, build.CreateAShr(value, 63))};
  }

  Product multiplyDoubleWord(IRBuilder<> &build, Value *left, Value *right, bool isSigned) {
    StringRef routine = isSigned ? "__sbf_smulo128" : "__sbf_umulo128";
    Value *overflow = build.CreateCall(
        runtime(routine, word, 1, 4),
        {scratch(), low(build, left), high(build, left), low(build, right), high(build, right)});
    Value *value = build.CreateLoad(doubleWord, scratch());
    return {value, build.CreateICmpNE(overflow, ConstantInt::get(word, 0))};
  }

  Value *low(IRBuilder<> &build, Value *wide) {
    return build.CreateTrunc(wide, word);
  }

  Value *high(IRBuilder<> &build, Value *wide) {
    return build.CreateTrunc(build.CreateLShr(wide, 64), word);
  }

  AllocaInst *scratch() {
    if (!scratchSlot) {
      IRBuilder<> entry(&*function.getEntryBlock().getFirstInsertionPt());
      scratchSlot = entry.CreateAlloca(doubleWord, nullptr, "sbf.t");
    }
    return scratchSlot;
  }

  // A routine of runtime.c: first its pointers, then its 64-bit words.
  FunctionCallee runtime(StringRef name, Type *result, unsigned pointers, unsigned words) {
    SmallVector<Type *, 6> parameters(pointers, PointerType::getUnqual(module.getContext()));
    parameters.append(words, word);
    return module.getOrInsertFunction(name, FunctionType::get(result, parameters, false));
  }
};

} // namespace

void legalizeOperations(Module &module) {
  for (Function &function : module) {
    if (function.isDeclaration() || function.getName().starts_with(RuntimePrefix))
      continue;
    OperationLegalizer(function).run();
  }
}

} // namespace sbf
