// sbf-codegen IN.bc OUT.o CPU FEATURES [LLVM OPTIONS]
//
// Compiles the linked bitcode of a program to a BPF object: legalise, simplify, legalise again,
// emit with LLVM's own BPF backend. It exports `entrypoint` and nothing else.
//
// Which library routines (floating point, mostly) the backend will call is only known once it has
// tried. So it compiles in rounds: each round that meets a routine it had not kept adds its name
// and starts over from the input.
#include "legalize.h"

#include <cstdlib>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "llvm/ADT/STLExtras.h"
#include "llvm/IR/DiagnosticHandler.h"
#include "llvm/IR/DiagnosticInfo.h"
#include "llvm/IR/DiagnosticPrinter.h"
#include "llvm/IR/LegacyPassManager.h"
#include "llvm/IRReader/IRReader.h"
#include "llvm/MC/TargetRegistry.h"
#include "llvm/Passes/PassBuilder.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/SourceMgr.h"
#include "llvm/Support/TargetSelect.h"
#include "llvm/Support/raw_ostream.h"
#include "llvm/Target/TargetMachine.h"
#include "llvm/Target/TargetOptions.h"
#include "llvm/Transforms/IPO/Internalize.h"

using namespace llvm;

namespace {

// Routines call routines, but never this deep.
constexpr int MaxRounds = 8;

constexpr char PrepareAndLegalize[] = "function(lower-atomic),globaldce,sbf-legalize";
// Simplifying can form new operations that need legalising, hence the second time.
constexpr char SimplifyAndLegalize[] =
    "globaldce,function(sroa,instcombine<no-verify-fixpoint>,simplifycfg,early-cse,dce),"
    "sbf-legalize,globaldce,verify";

using Names = std::set<std::string>;

struct Arguments {
  const char *input;
  const char *output;
  const char *cpu;
  const char *features;
};

// What one round of compilation found out.
struct Findings {
  Names routines;
  unsigned errors = 0;
};

// Collects the routines that the backend misses, which it reports as errors; prints everything
// else.
struct RoutineCollector : DiagnosticHandler {
  Findings &findings;

  explicit RoutineCollector(Findings &findings) : findings(findings) {
  }

  bool handleDiagnostics(const DiagnosticInfo &diagnostic) override {
    std::string text;
    raw_string_ostream stream(text);
    DiagnosticPrinterRawOStream printer(stream);
    diagnostic.print(printer);
    static const std::string marker = "A call to built-in function '";
    size_t found = text.find(marker);
    if (found != std::string::npos) {
      size_t start = found + marker.size();
      findings.routines.insert(text.substr(start, text.find('\'', start) - start));
    } else if (diagnostic.getSeverity() == DS_Error) {
      findings.errors++;
      errs() << "error: " << text << "\n";
    } else if (diagnostic.getSeverity() == DS_Warning) {
      errs() << "warning: " << text << "\n";
    }
    return true;
  }
};

[[noreturn]] void fail(const Twine &message) {
  errs() << "sbf-codegen: " << message << "\n";
  std::exit(1);
}

std::unique_ptr<Module> readModule(const Arguments &arguments, LLVMContext &context) {
  SMDiagnostic error;
  std::unique_ptr<Module> module = parseIRFile(arguments.input, error, context);
  if (!module) {
    error.print("sbf-codegen", errs());
    std::exit(1);
  }
  // These lists would keep everything on them; only what `entrypoint` reaches is wanted.
  for (const char *name : {"llvm.used", "llvm.compiler.used"})
    if (GlobalVariable *list = module->getNamedGlobal(name))
      list->eraseFromParent();
  // Each function names the machine it was compiled for; the backend shall use ours.
  for (Function &function : *module) {
    function.removeFnAttr("target-cpu");
    function.removeFnAttr("target-features");
  }
  return module;
}

std::unique_ptr<TargetMachine> createMachine(const Arguments &arguments) {
  std::string error;
  Triple triple("bpfel");
  const Target *target = TargetRegistry::lookupTarget(triple, error);
  if (!target)
    fail(error);
  return std::unique_ptr<TargetMachine>(
      target->createTargetMachine(triple, arguments.cpu, arguments.features, TargetOptions(),
                                  Reloc::Static, std::nullopt, CodeGenOptLevel::Aggressive));
}

// The new pass manager with all its analyses, knowing `sbf-legalize` by name.
class Pipeline {
public:
  Pipeline(Module &module, TargetMachine &machine) : module(module), builder(&machine) {
    builder.registerModuleAnalyses(moduleAnalyses);
    builder.registerCGSCCAnalyses(callGraphAnalyses);
    builder.registerFunctionAnalyses(functionAnalyses);
    builder.registerLoopAnalyses(loopAnalyses);
    builder.crossRegisterProxies(loopAnalyses, functionAnalyses, callGraphAnalyses, moduleAnalyses);
    builder.registerPipelineParsingCallback(
        [](StringRef name, ModulePassManager &passes, ArrayRef<PassBuilder::PipelineElement>) {
          if (name != "sbf-legalize")
            return false;
          passes.addPass(sbf::LegalizePass());
          return true;
        });
  }

  void run(StringRef description) {
    ModulePassManager passes;
    if (Error error = builder.parsePassPipeline(passes, description))
      fail(toString(std::move(error)));
    passes.run(module, moduleAnalyses);
  }

private:
  Module &module;
  PassBuilder builder;
  LoopAnalysisManager loopAnalyses;
  FunctionAnalysisManager functionAnalyses;
  CGSCCAnalysisManager callGraphAnalyses;
  ModuleAnalysisManager moduleAnalyses;
};

void optimize(Module &module, TargetMachine &machine, const Names &routines) {
  auto isKept = [&](const GlobalValue &value) {
    return value.getName() == "entrypoint" || routines.count(value.getName().str()) > 0;
  };
  Pipeline pipeline(module, machine);
  // The runtime has to survive until the legaliser has inserted its calls.
  internalizeModule(module, [&](const GlobalValue &value) {
    return isKept(value) || value.getName().starts_with(sbf::RuntimePrefix);
  });
  pipeline.run(PrepareAndLegalize);
  internalizeModule(module, isKept);
  pipeline.run(SimplifyAndLegalize);
  sbf::extendRoutineReturns(module, routines);
}

// With SBF_DUMP set, the IR that the backend gets is kept beside the object.
void dumpIfAsked(const Module &module, const Arguments &arguments) {
  if (!std::getenv("SBF_DUMP"))
    return;
  std::error_code error;
  raw_fd_ostream stream(std::string(arguments.output) + ".ll", error);
  module.print(stream, nullptr);
}

void emitObject(Module &module, TargetMachine &machine, const Arguments &arguments) {
  std::error_code error;
  raw_fd_ostream stream(arguments.output, error, sys::fs::OF_None);
  if (error)
    fail(Twine(arguments.output) + ": " + error.message());
  legacy::PassManager passes;
  if (machine.addPassesToEmitFile(passes, stream, nullptr, CodeGenFileType::ObjectFile))
    fail("the backend cannot emit objects");
  passes.run(module);
}

Findings compile(const Arguments &arguments, const Names &routines) {
  Findings findings;
  LLVMContext context;
  context.setDiagnosticHandler(std::make_unique<RoutineCollector>(findings));
  std::unique_ptr<Module> module = readModule(arguments, context);
  std::unique_ptr<TargetMachine> machine = createMachine(arguments);
  optimize(*module, *machine, routines);
  dumpIfAsked(*module, arguments);
  emitObject(*module, *machine, arguments);
  return findings;
}

void initializeLlvm(int count, char **values) {
  LLVMInitializeBPFTargetInfo();
  LLVMInitializeBPFTarget();
  LLVMInitializeBPFTargetMC();
  LLVMInitializeBPFAsmPrinter();
  std::vector<const char *> options = {"sbf-codegen"};
  options.insert(options.end(), values + 5, values + count);
  cl::ParseCommandLineOptions(static_cast<int>(options.size()), options.data());
}

} // namespace

int main(int count, char **values) {
  if (count < 5)
    fail("usage: sbf-codegen IN.bc OUT.o CPU FEATURES [LLVM OPTIONS]");
  initializeLlvm(count, values);
  Arguments arguments = {values[1], values[2], values[3], values[4]};
  Names routines;
  for (int round = 0; round < MaxRounds; round++) {
    Findings findings = compile(arguments, routines);
    size_t before = routines.size();
    routines.insert(findings.routines.begin(), findings.routines.end());
    if (routines.size() > before)
      continue;
    return findings.errors ? 1 : 0;
  }
  fail("the set of library routines did not settle");
}
