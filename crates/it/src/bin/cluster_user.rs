//! One of several processes that use a cluster: `cluster_user DATA_DIR`. It says `up`, and leaves
//! when its standard input ends.

#![expect(clippy::print_stdout, reason = "that is how it tells")]

use std::io::{self, Read as _};

#[tokio::main]
async fn main() {
    let data_dir = std::env::args_os().nth(1).expect("cluster_user DATA_DIR");
    let mut config = pgstead_embedded::Config::new(data_dir);
    config.path = pgstead_it::path();
    match pgstead_embedded::start(&config).await {
        Ok(cluster) => {
            println!("up");
            let _ = io::stdin().read_to_end(&mut Vec::new());
            cluster.stop().await;
        }
        Err(error) => println!("{error}"),
    }
}
