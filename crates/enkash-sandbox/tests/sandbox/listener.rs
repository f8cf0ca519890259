//! A listener for notifications: real TCP, answers as told.

use std::sync::{Arc, Mutex};

use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::task::AbortHandle;

pub(crate) struct Listener {
    pub(crate) url: String,
    received: Arc<Mutex<Vec<(String, Value)>>>,
    task: AbortHandle,
}

impl Listener {
    /// Answers the first requests with these statuses, and all others with 200.
    pub(crate) async fn start(statuses: &'static [u16]) -> Self {
        let socket = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/hook?shop=1", socket.local_addr().unwrap());
        let received = Arc::<Mutex<Vec<_>>>::default();
        let mut statuses = statuses.iter();
        let kept = Arc::clone(&received);
        let task = tokio::spawn(async move {
            while let Ok((mut stream, _)) = socket.accept().await {
                let (head, body) = read(&mut stream).await;
                let body = serde_json::from_slice(&body).unwrap();
                kept.lock().unwrap().push((head, body));
                let status = statuses.next().unwrap_or(&200);
                let answer = format!("HTTP/1.1 {status} X\r\ncontent-length: 2\r\n\r\nok");
                stream.write_all(answer.as_bytes()).await.unwrap();
            }
        });
        Self {
            url,
            received,
            task: task.abort_handle(),
        }
    }

    /// The head and the body of each request.
    pub(crate) fn received(&self) -> Vec<(String, Value)> {
        self.received.lock().unwrap().clone()
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// An address of this machine where nobody listens, as long as this is held.
pub(crate) struct Nobody {
    pub(crate) url: String,
    _port: TcpSocket,
}

impl Nobody {
    pub(crate) fn new() -> Self {
        let port = TcpSocket::new_v4().unwrap();
        port.bind("127.0.0.1:0".parse().unwrap()).unwrap();
        Self {
            url: format!("http://{}/hook", port.local_addr().unwrap()),
            _port: port,
        }
    }
}

async fn read(stream: &mut TcpStream) -> (String, Vec<u8>) {
    let mut text = Vec::new();
    let head = loop {
        if let Some(end) = text.windows(4).position(|window| window == b"\r\n\r\n") {
            break end + 4;
        }
        assert_ne!(stream.read_buf(&mut text).await.unwrap(), 0);
    };
    let body = text.split_off(head);
    let head = String::from_utf8(text).unwrap().to_ascii_lowercase();
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "))
        .unwrap()
        .parse::<usize>()
        .unwrap();
    let mut body = body;
    while body.len() < length {
        assert_ne!(stream.read_buf(&mut body).await.unwrap(), 0);
    }
    (head, body)
}
