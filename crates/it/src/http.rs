//! Requests as bytes on a socket, so that what is tested is what a client gets.

use std::{fmt::Write as _, net::SocketAddr, time::Duration};

use serde_json::Value;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    time::timeout,
};

/// A response.
#[derive(Debug)]
pub struct Response {
    /// The status code.
    pub status: u16,
    /// The headers, their names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: String,
}

/// Sends one request and reads what comes until the connection closes.
pub async fn request(
    address: SocketAddr,
    method: &str,
    path: &str,
    key: Option<&str>,
    body: &str,
) -> Response {
    let mut head = format!("{method} {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n");
    if let Some(key) = key {
        write!(head, "authorization: Bearer {key}\r\n").unwrap();
    }
    if !body.is_empty() {
        let length = body.len();
        write!(head, "content-type: application/json\r\ncontent-length: {length}\r\n").unwrap();
    }
    send(address, &format!("{head}\r\n{body}")).await
}

/// Posts a form, with that `Authorization` if one is given.
pub async fn post_form(
    address: SocketAddr,
    path: &str,
    authorization: Option<&str>,
    form: &str,
) -> Response {
    let mut head = format!("POST {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n");
    if let Some(authorization) = authorization {
        write!(head, "authorization: {authorization}\r\n").unwrap();
    }
    let kind = "application/x-www-form-urlencoded";
    write!(head, "content-type: {kind}\r\ncontent-length: {}\r\n", form.len()).unwrap();
    send(address, &format!("{head}\r\n{form}")).await
}

/// Sends text and reads what comes until the connection closes.
pub async fn send(address: SocketAddr, text: &str) -> Response {
    let exchange = async {
        let mut stream = TcpStream::connect(address).await.expect("it listens");
        // One that refuses a long body may close before it has read it.
        let _ = stream.write_all(text.as_bytes()).await;
        let mut received = Vec::new();
        let _ = stream.read_to_end(&mut received).await;
        received
    };
    let received = timeout(Duration::from_mins(1), exchange).await.expect("it answers");
    parse(&String::from_utf8(received).expect("it answers in UTF-8"))
}

fn parse(text: &str) -> Response {
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or_else(|| panic!("no head: {text:?}"));
    let mut lines = head.lines();
    let status = lines.next().and_then(|line| line.split(' ').nth(1));
    let status = status.and_then(|status| status.parse().ok()).expect("a status line");
    let headers = lines
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
        .collect();
    Response { status, headers, body: body.to_owned() }
}

impl Response {
    /// The value of a header.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The values of a header that is a list, in their order.
    #[must_use]
    pub fn list(&self, name: &str) -> Vec<&str> {
        let lines = self.headers.iter().filter(|(known, _)| known == name);
        lines.map(|(_, value)| value.as_str()).collect()
    }

    /// The body as JSON.
    #[must_use]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// What a client relies on: the status, the headers that mean something here, and the body
    /// with its keys in order.
    #[must_use]
    pub fn shown(&self) -> String {
        const SHOWN: [&str; 6] = [
            "content-type",
            "ratelimit-policy",
            "ratelimit",
            "retry-after",
            "www-authenticate",
            "allow",
        ];
        let mut shown = self.status.to_string();
        for name in SHOWN {
            if let Some(value) = self.header(name) {
                write!(shown, "\n{name}: {value}").unwrap();
            }
        }
        match serde_json::from_str::<Value>(&self.body) {
            Ok(mut json) => {
                // Whether a map keeps the order it came in is a feature that any crate can turn on.
                json.sort_all_objects();
                shown + "\n\n" + &serde_json::to_string_pretty(&json).expect("it is JSON")
            }
            Err(_) if self.body.is_empty() => shown,
            Err(_) => shown + "\n\n" + &self.body,
        }
    }
}
