//! Compiles the files of `models/default` into the library, so that the program labels without a download.
//!
//! A tree without that folder still builds: the program can then train a bundle but has none of its own.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default()).join("default");
    println!("cargo::rerun-if-changed=default");
    println!("cargo::rerun-if-env-changed=LIBTORCH");
    if let Some(remedy) = libtorch_remedy() {
        println!("cargo::warning={remedy}");
    }
    let mut files = Vec::new();
    if root.is_dir() {
        collect(&root, &mut files)?;
    }
    files.sort();
    let mut table = String::from("[\n");
    for file in files {
        let name = file.strip_prefix(&root).unwrap_or(&file).to_string_lossy().replace('\\', "/");
        let _ = writeln!(table, "    ({name:?}, include_bytes!({:?})),", file.display().to_string());
    }
    table.push_str("]\n");
    fs::write(PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default()).join("default_files.in"), table)
}

/// What to do where the feature rust-bert is asked for and libtorch is not where it is looked for; the errors of the crate
/// that links it do not say.
fn libtorch_remedy() -> Option<&'static str> {
    env::var_os("CARGO_FEATURE_RUST_BERT")?;
    match env::var_os("LIBTORCH").map(PathBuf::from) {
        Some(folder) if folder.join("include/torch/csrc").is_dir() && folder.join("lib").is_dir() => None,
        Some(_) => Some(
            "LIBTORCH names no folder of libtorch: it lacks include/torch/csrc or lib; eval \"$(bash models/libtorch.sh)\" sets it",
        ),
        None => Some(
            "LIBTORCH is not set, so torch-sys looks for libtorch in /usr/lib and else downloads it; eval \"$(bash models/libtorch.sh)\" sets it",
        ),
    }
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, files)?;
        } else {
            files.push(path);
        }
    }
    Ok(())
}
