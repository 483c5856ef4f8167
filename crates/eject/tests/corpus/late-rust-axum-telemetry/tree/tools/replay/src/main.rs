use anyhow::Result;
use clap::Parser;
use redis::{Commands, ConnectionLike};

/// Puts lines of a file into the stream of alarms.
#[derive(Parser)]
struct Args {
    #[arg(long, env = "GALE_REDIS__URL", default_value = "redis://localhost:6379")]
    url: String,
    file: std::path::PathBuf,
}

fn main() -> Result<()> {
    let args = Args::parse();
    let mut conn = redis::Client::open(args.url)?.get_connection()?;
    anyhow::ensure!(conn.check_connection(), "not there");
    for line in std::fs::read_to_string(args.file)?.lines() {
        let _: String = conn.xadd("alarms", "*", &[("line", line)])?;
    }
    Ok(())
}
