//! `emit --set SET --out DIR`: writes the Verilog of a named set, the whole card and every block.

use std::path::Path;
use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [set_flag, set, out_flag, directory] = arguments.as_slice() else {
        return usage();
    };
    if set_flag != "--set" || out_flag != "--out" {
        return usage();
    }
    match crossgate_hdl::emit(set, Path::new(directory)) {
        Ok(paths) => {
            for path in paths {
                println!("{}", path.display());
            }
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn usage() -> ExitCode {
    eprintln!("usage: emit --set tiny|ecp5|desk --out DIRECTORY");
    ExitCode::from(2)
}
