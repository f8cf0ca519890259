//! The way to a sandbox, on which everything can go wrong.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use enkash_bulk::api::transport::{Failure, MemoryTransport, Sent, Transport as _, TransportError};
use enkash_bulk::run::Stopper;
use enkash_sandbox::{InProcess, Sandbox};
use http::{Request, Response};
use tokio::sync::{Barrier, Notify};

/// What goes wrong with a request that pays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    None,
    /// It does not leave.
    NoConnection,
    /// It may have left, and did not.
    LostRequest,
    /// It arrives, and its answer does not.
    LostAnswer,
    /// It arrives, and a proxy says 502.
    BadGateway,
    /// It does not arrive, and a proxy says 503.
    Unavailable,
    /// Too many, says EnKash.
    TooMany,
    /// Too many, says EnKash, once so many as are on their way by default have arrived.
    TooManyTogether,
    /// Something is wrong with it, says EnKash, and does nothing.
    Refused,
    /// It arrives, and EnKash says all the same that something is wrong with it.
    RefusedAndDone,
    /// It arrives, and EnKash says 403: by its documentation, that it could not seal its answer.
    ForbiddenAndDone,
    /// Too many, says EnKash, and repeats the account number of the second salary.
    TooManyNamed,
}

impl Fault {
    /// Those after which a row is still to be paid.
    pub(crate) const PASSING: [Self; 7] = [
        Self::None,
        Self::NoConnection,
        Self::LostRequest,
        Self::LostAnswer,
        Self::BadGateway,
        Self::Unavailable,
        Self::TooMany,
    ];

    fn arrives(self) -> bool {
        matches!(
            self,
            Self::None
                | Self::LostAnswer
                | Self::BadGateway
                | Self::RefusedAndDone
                | Self::ForbiddenAndDone
        )
    }
}

/// The line to a sandbox. Clones are the same line.
#[derive(Clone)]
pub(crate) struct Line {
    sandbox: InProcess,
    state: Arc<LineState>,
}

struct LineState {
    /// What goes wrong with the next requests that pay, one after the other; then nothing.
    faults: Mutex<VecDeque<Fault>>,
    /// The paths that were called.
    calls: Mutex<Vec<String>>,
    under_way: AtomicUsize,
    most_under_way: AtomicUsize,
    moments: Mutex<Option<Moments>>,
    /// Who asks to stop, and at which of the next calls that pay.
    stop: Mutex<Option<(usize, Stopper)>>,
    together: Barrier,
}

impl Line {
    pub(crate) fn to(sandbox: &Sandbox) -> Self {
        Self {
            sandbox: sandbox.in_process(),
            state: Arc::new(LineState {
                faults: Mutex::default(),
                calls: Mutex::default(),
                under_way: AtomicUsize::new(0),
                most_under_way: AtomicUsize::new(0),
                moments: Mutex::default(),
                stop: Mutex::default(),
                together: Barrier::new(8),
            }),
        }
    }

    pub(crate) fn fail(&self, faults: impl IntoIterator<Item = Fault>) {
        self.state.faults.lock().unwrap().extend(faults);
    }

    /// From now on calls may be the last thing that a process did.
    pub(crate) fn count(&self, moments: &Moments) {
        *self.state.moments.lock().unwrap() = Some(moments.clone());
    }

    /// When so many calls that pay have left, somebody asks to stop.
    pub(crate) fn stop_after(&self, calls: usize, stopper: &Stopper) {
        *self.state.stop.lock().unwrap() = Some((calls, stopper.clone()));
    }

    /// How often the paths that end so were called.
    pub(crate) fn calls(&self, end: &str) -> usize {
        let calls = self.state.calls.lock().unwrap();
        calls.iter().filter(|path| path.ends_with(end)).count()
    }

    /// The most requests that were on their way at once.
    pub(crate) fn most_under_way(&self) -> usize {
        self.state.most_under_way.load(Ordering::SeqCst)
    }

    pub(crate) fn transport(&self) -> MemoryTransport {
        let line = self.clone();
        MemoryTransport::new(move |request| {
            let line = line.clone();
            async move { line.carry(request).await }
        })
    }

    async fn carry(
        &self,
        request: Request<bytes::Bytes>,
    ) -> Result<Response<bytes::Bytes>, TransportError> {
        let _under_way = UnderWay::of(&self.state);
        let path = request.uri().path().to_owned();
        let pays = path.contains("payout-transaction");
        self.state.calls.lock().unwrap().push(path);
        if let Some((calls, stopper)) = self.state.stop.lock().unwrap().as_mut().filter(|_| pays) {
            *calls = calls.saturating_sub(1);
            if *calls == 0 {
                stopper.stop();
            }
        }
        let moments = self.state.moments.lock().unwrap().clone();
        // Others get their turn while it travels.
        tokio::task::yield_now().await;
        if let Some(moments) = moments.as_ref().filter(|_| pays) {
            moments.pass("before a request").await;
        }
        let fault = match pays {
            true => self.state.faults.lock().unwrap().pop_front(),
            false => None,
        };
        let fault = fault.unwrap_or(Fault::None);
        let answer = match fault.arrives() {
            true => Some(self.sandbox.send(request).await?),
            false => None,
        };
        if let Some(moments) = moments.as_ref().filter(|_| pays) {
            moments.pass("before an answer").await;
        }
        if fault == Fault::TooManyTogether {
            self.state.together.wait().await;
        }
        let words = match fault {
            Fault::TooManyNamed => r#"{"response_message":"501000000002 has to wait"}"#,
            _ => "<html>",
        };
        let proxy = |status: u16| {
            let mut answer = Response::new(bytes::Bytes::from_static(words.as_bytes()));
            *answer.status_mut() = status.try_into().unwrap();
            Ok(answer)
        };
        match (fault, answer) {
            (Fault::None, Some(answer)) => Ok(answer),
            (Fault::NoConnection, _) => Err(TransportError::new(Failure::Connect, Sent::No)),
            (Fault::BadGateway, _) => proxy(502),
            (Fault::Unavailable, _) => proxy(503),
            (Fault::TooMany | Fault::TooManyTogether | Fault::TooManyNamed, _) => proxy(429),
            (Fault::Refused | Fault::RefusedAndDone, _) => proxy(422),
            (Fault::ForbiddenAndDone, _) => proxy(403),
            _ => Err(TransportError::new(Failure::Connection, Sent::Maybe)),
        }
    }
}

/// Counts a request until it is answered, or given up.
struct UnderWay<'a>(&'a LineState);

impl<'a> UnderWay<'a> {
    fn of(state: &'a LineState) -> Self {
        let now = state.under_way.fetch_add(1, Ordering::SeqCst) + 1;
        state.most_under_way.fetch_max(now, Ordering::SeqCst);
        Self(state)
    }
}

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        self.0.under_way.fetch_sub(1, Ordering::SeqCst);
    }
}

/// The moments at which a process can end, counted. At one of them it does: whoever passes it stays
/// there, and [`crash`](Self::crash) ends. Clones count together.
#[derive(Clone)]
pub(crate) struct Moments {
    passed: Arc<AtomicUsize>,
    last: usize,
    crash: Arc<Notify>,
    at: Arc<Mutex<Option<&'static str>>>,
}

impl Moments {
    /// So many moments pass; at the next it ends.
    pub(crate) fn until(last: usize) -> Self {
        Self {
            passed: Arc::default(),
            last,
            crash: Arc::new(Notify::new()),
            at: Arc::default(),
        }
    }

    pub(crate) async fn pass(&self, at: &'static str) {
        let passed = self.passed.fetch_add(1, Ordering::SeqCst);
        if passed == self.last {
            *self.at.lock().unwrap() = Some(at);
            self.crash.notify_one();
        }
        if passed >= self.last {
            std::future::pending::<()>().await;
        }
    }

    /// Ends when the process does; says at which moment.
    pub(crate) async fn crash(&self) -> &'static str {
        self.crash.notified().await;
        self.at.lock().unwrap().unwrap()
    }
}
