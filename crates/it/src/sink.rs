//! An endpoint for webhooks that behaves as its path says, on a socket of its own.

use std::{
    collections::HashMap,
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use tokio::{
    io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader},
    net::{TcpListener, TcpStream},
    sync::mpsc,
    task::JoinHandle,
    time::{Instant, timeout},
};

/// A request that came.
#[derive(Clone, Debug)]
pub struct Taken {
    /// Where to.
    pub path: String,
    /// Its header fields, their names in lower case.
    pub headers: HashMap<String, String>,
    /// Its body.
    pub body: String,
    /// When it was complete.
    pub at: Instant,
}

/// An endpoint that is told how to behave by the beginning of its path: `/ok`, `/large`, `/status/503`, `/gone`,
/// `/busy`, `/redirect?to=…`, `/hang`, `/drip`, `/close`, `/once-500` (fails the first time), `/slow`.
#[derive(Debug)]
pub struct Sink {
    /// Where it listens.
    pub address: SocketAddr,
    taken: mpsc::UnboundedReceiver<Taken>,
    connections: Arc<AtomicUsize>,
    listening: JoinHandle<()>,
}

/// How long anything may take to come.
const LONGEST: Duration = Duration::from_mins(1);

impl Sink {
    /// One on 127.0.0.1.
    pub async fn open() -> Self {
        Self::open_on("127.0.0.1:0").await
    }

    /// One there.
    pub async fn open_on(address: &str) -> Self {
        let listener = TcpListener::bind(address).await.unwrap();
        let address = listener.local_addr().unwrap();
        let (sender, taken) = mpsc::unbounded_channel();
        let connections = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&connections);
        let failed_once = Arc::new(AtomicUsize::new(0));
        let listening = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                count.fetch_add(1, Ordering::Relaxed);
                tokio::spawn(serve(stream, sender.clone(), Arc::clone(&failed_once)));
            }
        });
        Self { address, taken, connections, listening }
    }

    /// The URL of a path.
    #[must_use]
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// The next request that comes.
    pub async fn next(&mut self) -> Taken {
        let next = timeout(LONGEST, self.taken.recv()).await;
        next.expect("a request comes").expect("it listens")
    }

    /// What has come already.
    pub fn so_far(&mut self) -> Vec<Taken> {
        let mut all = Vec::new();
        while let Ok(taken) = self.taken.try_recv() {
            all.push(taken);
        }
        all
    }

    /// How many connections there were.
    #[must_use]
    pub fn connections(&self) -> usize {
        self.connections.load(Ordering::Relaxed)
    }
}

impl Drop for Sink {
    fn drop(&mut self) {
        self.listening.abort();
    }
}

async fn serve(
    stream: TcpStream,
    taken: mpsc::UnboundedSender<Taken>,
    failed_once: Arc<AtomicUsize>,
) {
    let _ = stream.set_nodelay(true);
    let mut stream = BufReader::new(stream);
    loop {
        let Some(request) = read(&mut stream).await else {
            // Whoever speaks TLS to it hears that this is not it.
            let _ = stream.get_mut().write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
            return;
        };
        let path = request.path.clone();
        // Whoever waits has gone when the test has ended.
        let _ = taken.send(request);
        if !answer(stream.get_mut(), &path, &failed_once).await {
            return;
        }
    }
}

async fn read(stream: &mut BufReader<TcpStream>) -> Option<Taken> {
    let mut line = String::new();
    stream.read_line(&mut line).await.ok()?;
    let path = line.split(' ').nth(1)?.to_owned();
    let mut headers = HashMap::new();
    loop {
        line.clear();
        stream.read_line(&mut line).await.ok()?;
        match line.trim_end().split_once(": ") {
            Some((name, value)) => headers.insert(name.to_ascii_lowercase(), value.to_owned()),
            None => break,
        };
    }
    let length = headers.get("content-length").and_then(|text| text.parse().ok()).unwrap_or(0);
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await.ok()?;
    let body = String::from_utf8(body).expect("webhooks are JSON");
    Some(Taken { path, headers, body, at: Instant::now() })
}

/// Whether the connection goes on.
async fn answer(stream: &mut TcpStream, path: &str, failed_once: &AtomicUsize) -> bool {
    let text = |head: &str, body: &str| {
        format!("HTTP/1.1 {head}\r\ncontent-length: {}\r\n\r\n{body}", body.len())
    };
    let answer = if path.starts_with("/ok") {
        text("200 OK\r\nx-request-id: theirs", "taken")
    } else if path.starts_with("/large") {
        text("200 OK", &"x".repeat(100_000))
    } else if let Some(status) = path.strip_prefix("/status/") {
        text(&format!("{status} No"), "no")
    } else if path.starts_with("/gone") {
        text("410 Gone", "")
    } else if path.starts_with("/busy") {
        text("429 Too Many Requests\r\nretry-after: 120", "")
    } else if let Some((_, to)) = path.split_once("/redirect?to=") {
        text(&format!("307 Temporary Redirect\r\nlocation: {to}"), "")
    } else if path.starts_with("/once-500") && failed_once.fetch_add(1, Ordering::Relaxed) == 0 {
        text("500 No", "")
    } else if path.starts_with("/hang") {
        // Until the other side has had enough.
        let _ = stream.read(&mut [0]).await;
        return false;
    } else if path.starts_with("/drip") {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n").await;
        loop {
            // It has gone when it does not take any more.
            if stream.write_all(b"x").await.is_err() {
                return false;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    } else if path.starts_with("/close") {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\nxxx").await;
        return false;
    } else {
        text("200 OK", "")
    };
    stream.write_all(answer.as_bytes()).await.is_ok()
}
