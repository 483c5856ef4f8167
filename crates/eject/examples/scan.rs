//! Scans a tree and prints what was found, a line for each finding: to try the library on real code.
//!
//! `cargo run --release -p pgstead-eject --example scan -- <folder> [depth] [-v] [--json]`
#![expect(clippy::print_stdout, reason = "an example prints")]

use std::{env::args, error::Error, path::Path};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<_> = args().skip(1).collect();
    let folder = arguments.first().ok_or("a folder is wanted")?;
    let mut options = pgstead_eject::Options::default();
    if let Some(depth) = arguments.get(1).and_then(|depth| depth.parse().ok()) {
        options.depth = depth;
    }
    let is_verbose = arguments.iter().any(|argument| argument == "-v");
    let report = pgstead_eject::scan(Path::new(folder), &options, &|_| ())?;
    if arguments.iter().any(|argument| argument == "--json") {
        println!("{}", serde_json::to_string(&report)?);
        return Ok(());
    }
    for finding in &report.findings {
        println!(
            "{:<10} {:<16} {:<8} {}  {}",
            format!("{:?}", finding.life),
            format!("{:?}", finding.kind),
            finding.purpose.word(),
            finding.place,
            finding.text
        );
        if is_verbose {
            for reason in &finding.reasons {
                println!("           because {reason}");
            }
            for step in &finding.chain {
                println!("           by {} {}", step.place, step.name);
            }
        }
    }
    for trouble in &report.troubles {
        println!("trouble {}: {}", trouble.path, trouble.what);
    }
    println!("{} files, {} findings", report.files, report.findings.len());
    Ok(())
}
