//! Many processes and one key.

use std::process::Stdio;

use pgstead_it::TestDb;
use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader},
    process::{Child, ChildStdout, Command},
};

#[tokio::test]
async fn four_processes_get_exactly_the_limit_of_a_token_bucket() {
    hammer("token-bucket").await;
}

#[tokio::test]
async fn four_processes_get_exactly_the_limit_of_a_fixed_window() {
    hammer("fixed-window").await;
}

#[tokio::test]
async fn four_processes_get_exactly_the_limit_of_a_sliding_window() {
    hammer("sliding-window").await;
}

#[tokio::test]
async fn four_processes_get_exactly_the_limit_of_a_quota() {
    hammer("quota").await;
}

#[tokio::test]
async fn four_processes_get_exactly_the_limit_of_several_at_once() {
    hammer("both").await;
}

/// 32 tasks in each of 4 processes take from one key until they are refused.
async fn hammer(policy: &str) {
    let db = TestDb::new().await;
    let mut hammers: Vec<Hammer> = Vec::new();
    for _ in 0..4 {
        hammers.push(Hammer::start(db.url(), policy).await);
    }
    for hammer in &mut hammers {
        hammer.begin().await;
    }
    let mut granted = Vec::new();
    for hammer in &mut hammers {
        granted.push(hammer.line().await.parse::<u64>().unwrap());
    }
    assert_eq!(granted.iter().sum::<u64>(), 1000, "{granted:?}");
}

struct Hammer {
    process: Child,
    stdout: BufReader<ChildStdout>,
}

impl Hammer {
    async fn start(url: &str, policy: &str) -> Self {
        let mut process = Command::new(env!("CARGO_BIN_EXE_hammer"))
            .args([url, policy, "32"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let stdout = BufReader::new(process.stdout.take().unwrap());
        let mut hammer = Self { process, stdout };
        assert_eq!(hammer.line().await, "ready");
        hammer
    }

    async fn begin(&mut self) {
        self.process.stdin.as_mut().unwrap().write_all(b"\n").await.unwrap();
    }

    async fn line(&mut self) -> String {
        let mut line = String::new();
        self.stdout.read_line(&mut line).await.unwrap();
        line.trim_end().to_owned()
    }
}
