//! Servers on a loopback port: as much of HTTP/1.1 as a client can ask for, and means to break it.

use std::io::{self, Error, ErrorKind, Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use bytes::Bytes;
use http::header::{CONTENT_LENGTH, EXPECT, TRANSFER_ENCODING};
use http::{HeaderMap, HeaderName, HeaderValue, Request, Response};

use super::messages::respond;
use super::together::Signal;

/// How long a server waits for its client at most.
const DEADLINE: Duration = Duration::from_secs(10);

/// A server that runs until it is dropped.
pub(super) struct Server {
    address: SocketAddr,
    seen: Arc<Seen>,
}

/// What a server saw.
#[derive(Default)]
struct Seen {
    requests: AtomicUsize,
    arrived: Signal,
    stop: AtomicBool,
}

impl Server {
    /// A server that does this with every connection, each in a thread of its own.
    pub(super) fn start(
        serve: impl Fn(&mut Connection) -> io::Result<()> + Clone + Send + 'static,
    ) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let address = listener.local_addr()?;
        let seen = Arc::<Seen>::default();
        let shared = Arc::clone(&seen);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                if shared.stop.load(Ordering::SeqCst) {
                    break;
                }
                let Ok(stream) = stream else { continue };
                let mut connection = Connection {
                    stream,
                    seen: Arc::clone(&shared),
                };
                let serve = serve.clone();
                // What goes wrong here goes wrong for the client as well, and is seen there.
                std::thread::spawn(move || {
                    connection.prepare().and_then(|()| serve(&mut connection))
                });
            }
        });
        Ok(Self { address, seen })
    }

    /// A server that does what [`respond`] says.
    pub(super) fn answering() -> io::Result<Self> {
        Self::start(|connection| {
            loop {
                let request = connection.read_request()?;
                connection.answer(&respond(&request))?;
            }
        })
    }

    /// Its address, without a path.
    pub(super) fn base(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The same for a client that expects TLS there.
    pub(super) fn base_of_tls(&self) -> String {
        format!("https://{}", self.address)
    }

    /// How many requests came, even if of some no more than the first byte.
    pub(super) fn requests(&self) -> usize {
        self.seen.requests.load(Ordering::SeqCst)
    }

    /// Given once a first request was read whole.
    pub(super) fn arrived(&self) -> &Signal {
        &self.seen.arrived
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.seen.stop.store(true, Ordering::SeqCst);
        // Wakes the thread that waits for a connection.
        let _ = TcpStream::connect(self.address);
    }
}

/// An address at which nobody listens.
pub(super) fn nobody() -> io::Result<String> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    Ok(format!("http://{}", listener.local_addr()?))
}

/// A connection, on the server's side.
pub(super) struct Connection {
    stream: TcpStream,
    seen: Arc<Seen>,
}

impl Connection {
    fn prepare(&self) -> io::Result<()> {
        self.stream.set_read_timeout(Some(DEADLINE))?;
        self.stream.set_write_timeout(Some(DEADLINE))?;
        self.stream.set_nodelay(true)
    }

    /// How many requests came to the server.
    pub(super) fn requests(&self) -> usize {
        self.seen.requests.load(Ordering::SeqCst)
    }

    /// Waits for a request and gives its first byte, without reading it. A connection that is
    /// dropped with bytes unread is reset.
    pub(super) fn wait_for_request(&mut self) -> io::Result<u8> {
        let mut first = [0];
        if self.stream.peek(&mut first)? == 0 {
            return Err(ErrorKind::UnexpectedEof.into());
        }
        self.seen.requests.fetch_add(1, Ordering::SeqCst);
        Ok(first[0])
    }

    /// Waits for more of the request than was read.
    pub(super) fn wait_for_more(&mut self) -> io::Result<()> {
        self.stream.peek(&mut [0]).map(drop)
    }

    /// Waits until the client closes the connection.
    pub(super) fn wait_for_close(&mut self) -> io::Result<()> {
        while self.stream.read(&mut [0; 4096])? > 0 {}
        Ok(())
    }

    pub(super) fn read_request(&mut self) -> io::Result<Request<Bytes>> {
        self.wait_for_request()?;
        let mut request = self.read_head()?;
        if request.headers().contains_key(EXPECT) {
            self.write(b"HTTP/1.1 100 Continue\r\n\r\n")?;
        }
        let body = match body_length(request.headers()) {
            Some(length) => self.read_exact(length)?,
            None if request.headers().contains_key(TRANSFER_ENCODING) => self.read_chunks()?,
            None => Vec::new(),
        };
        *request.body_mut() = body.into();
        self.seen.arrived.give();
        Ok(request)
    }

    /// Reads the head of a request and nothing behind it.
    pub(super) fn read_head(&mut self) -> io::Result<Request<Bytes>> {
        let line = self.read_line()?;
        let mut words = line.split(' ');
        let mut request = Request::builder()
            .method(words.next().unwrap_or_default())
            .uri(words.next().unwrap_or_default());
        loop {
            let line = self.read_line()?;
            if line.is_empty() {
                return request.body(Bytes::new()).map_err(Error::other);
            }
            let (name, value) = line.split_once(':').ok_or(ErrorKind::InvalidData)?;
            // `read_line` made one character of each byte.
            let value: Vec<u8> = value.trim().chars().map(|c| c as u8).collect();
            request = request.header(name, value);
        }
    }

    pub(super) fn read_exact(&mut self, length: usize) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        let read = (&self.stream).take(length as u64).read_to_end(&mut bytes)?;
        if read < length {
            return Err(ErrorKind::UnexpectedEof.into());
        }
        Ok(bytes)
    }

    fn read_chunks(&mut self) -> io::Result<Vec<u8>> {
        let mut body = Vec::new();
        loop {
            let line = self.read_line()?;
            let size = line.split(';').next().unwrap_or_default();
            let size = usize::from_str_radix(size, 16).map_err(Error::other)?;
            body.extend(self.read_exact(size)?);
            self.read_line()?;
            if size == 0 {
                return Ok(body);
            }
        }
    }

    /// A line without its end, one character for each byte. It is read byte by byte, so that
    /// nothing behind it is.
    fn read_line(&mut self) -> io::Result<String> {
        let mut line = String::new();
        loop {
            let mut byte = [0];
            self.stream.read_exact(&mut byte)?;
            match byte[0] {
                b'\n' => break,
                byte => line.push(char::from(byte)),
            }
        }
        if line.ends_with('\r') {
            line.pop();
        }
        Ok(line)
    }

    pub(super) fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.stream.write_all(bytes)
    }

    /// Writes an answer, with the names of headers in mixed case.
    pub(super) fn answer(&mut self, answer: &Response<Bytes>) -> io::Result<()> {
        let mut head = format!("HTTP/1.1 {}\r\n", answer.status()).into_bytes();
        let length = HeaderValue::from(answer.body().len());
        let length = [(&CONTENT_LENGTH, &length)];
        // RFC 9110, section 8.6: an answer of this status has no length.
        let length = length.into_iter().filter(|_| answer.status() != 204);
        for (name, value) in answer.headers().iter().chain(length) {
            head.extend(mixed_case(name));
            head.extend_from_slice(b": ");
            head.extend_from_slice(value.as_bytes());
            head.extend_from_slice(b"\r\n");
        }
        head.extend_from_slice(b"\r\n");
        head.extend_from_slice(answer.body());
        self.write(&head)
    }
}

/// What `Content-Length` says.
pub(super) fn body_length(headers: &HeaderMap) -> Option<usize> {
    headers.get(CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

fn mixed_case(name: &HeaderName) -> impl Iterator<Item = u8> {
    let letters = name.as_str().bytes().enumerate();
    letters.map(|(index, letter)| match index % 2 {
        0 => letter.to_ascii_uppercase(),
        _ => letter,
    })
}
