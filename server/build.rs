//! A prompt or a skill that is new is compiled in without anything else being touched.

fn main() {
    println!("cargo:rerun-if-changed=../prompts");
    println!("cargo:rerun-if-changed=../skills");
}
