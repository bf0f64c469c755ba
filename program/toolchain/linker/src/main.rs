//! `sbf-ld`, the linker that rustc runs for Solana programs, in three steps: bpf-linker merges all
//! bitcode into one module, sbf-codegen legalises and compiles it, sbpf-linker writes the ELF.
//!
//! It must never read a clock, a path or an environment variable into its output: the same input
//! gives the same bytes. Variables: `SBF_HOME` (where the toolchain stands), `SBF_ARCH=v3`,
//! `SBF_OPT=2|s|z`.

mod command_line;
mod symbols;

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, anyhow, ensure};
use bpf_linker::{Cpu, Linker, LinkerInput, LinkerOptions, OptLevel, OutputType};
use sbpf_linker::{OptimizationConfig, ProgramOptions, SbpfArch, SbpfLinkerError, link_program};

use command_line::CommandLine;

/// Bytes of one stack frame, a constant of the virtual machine.
const FRAME_BYTES: i32 = 4096;
const CPU: &str = "v2";
/// The virtual machine allows loads and stores at any address.
const CPU_FEATURES: &str = "+allows-misaligned-mem-access";

fn main() -> Result<()> {
    let home = PathBuf::from(std::env::var_os("SBF_HOME").context("SBF_HOME is not set")?);
    let command_line = CommandLine::parse(std::env::args().skip(1))?;
    let exported = command_line.exported_symbols()?;
    // A dependency that is itself a cdylib is linked too, for nothing: it is no program.
    if !exported.iter().any(|symbol| symbol == "entrypoint") {
        return std::fs::write(&command_line.output, b"").context("writing an empty output");
    }
    let bitcode = command_line.output_with("linked.bc");
    let object = command_line.output_with("o");
    merge(&home, &command_line.inputs, &exported, &bitcode)?;
    generate(&home, &bitcode, &object)?;
    write_program(&object, &command_line.output)
}

/// Merges the inputs and the runtime into one optimised bitcode module.
fn merge(home: &Path, inputs: &[PathBuf], exported: &[String], bitcode: &Path) -> Result<()> {
    let linker = Linker::new(LinkerOptions {
        target: None,
        cpu: Cpu::V2,
        cpu_features: Default::default(),
        optimize: optimization(),
        unroll_loops: false,
        ignore_inline_never: false,
        llvm_args: vec![],
        disable_expand_memcpy_in_order: true,
        disable_memory_builtins: false,
        btf: false,
        allow_bpf_trap: false,
    });
    let runtime = home.join("runtime.bc");
    let all = std::iter::once(&runtime).chain(inputs).map(|path| LinkerInput::new_from_file(path));
    let kept = exported.iter().map(String::as_str).chain(symbols::KEPT.iter().copied());
    linker.link_to_file(all, bitcode, OutputType::Bitcode, kept).map_err(|error| anyhow!("{error}"))
}

/// Compiles the module to a BPF object.
fn generate(home: &Path, bitcode: &Path, object: &Path) -> Result<()> {
    let status = Command::new(home.join("sbf-codegen"))
        .args([bitcode, object])
        .args([CPU, CPU_FEATURES, &format!("-bpf-stack-size={FRAME_BYTES}")])
        .status()
        .context("starting sbf-codegen")?;
    ensure!(status.success(), "sbf-codegen failed: {status}");
    Ok(())
}

/// Turns the object into the ELF that the loader accepts.
fn write_program(object: &Path, output: &Path) -> Result<()> {
    let object = std::fs::read(object).context("reading the object")?;
    let options = ProgramOptions::new(OptimizationConfig::enabled(), architecture(), FRAME_BYTES);
    let program = link_program(&object, options)
        .map_err(|errors| anyhow!("{}", SbpfLinkerError::format_errors(&errors)))?;
    std::fs::write(output, program).context("writing the program")
}

fn optimization() -> OptLevel {
    match std::env::var("SBF_OPT").as_deref() {
        Ok("2") => OptLevel::Default,
        Ok("s") => OptLevel::Size,
        Ok("z") => OptLevel::SizeMin,
        _ => OptLevel::Aggressive,
    }
}

fn architecture() -> SbpfArch {
    match std::env::var("SBF_ARCH").as_deref() {
        Ok("v3") => SbpfArch::V3,
        _ => SbpfArch::V0,
    }
}
