//! Finds libassay: in the folder ASSAY_LIBRARY, else where pkg-config says.
use std::process::Command;

fn main() {
    println!("cargo:rerun-if-env-changed=ASSAY_LIBRARY");
    let folder = std::env::var("ASSAY_LIBRARY").ok().or_else(|| {
        let output = Command::new("pkg-config").args(["--variable=libdir", "assay"]).output().ok()?;
        output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
    });
    match folder {
        Some(folder) => {
            println!("cargo:rustc-link-search=native={folder}");
            println!("cargo:rustc-link-arg=-Wl,-rpath,{folder}");
        }
        None => panic!("assay.pc was not found: run `make install`, or set ASSAY_LIBRARY to the folder of libassay.so"),
    }
    println!("cargo:rustc-link-lib=dylib=assay");
}
