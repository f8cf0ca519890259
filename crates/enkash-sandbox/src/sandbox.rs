//! A running sandbox.

use std::fmt;
use std::io;
use std::sync::Arc;

use bytes::Bytes;
use enkash_transport::{BaseUrl, Failure, Sent, Transport, TransportError};
use enkash_types::Violations;
use http::{Request, Response};
use tokio::task::JoinHandle;

use crate::background;
use crate::clock::SandboxClock;
use crate::config::{Config, Credentials};
use crate::faults::Fault;
use crate::log::LoggedCall;
use crate::router::{self, Ending};
use crate::server;
use crate::webhooks::{self, Delivery};
use crate::world::World;

/// A local EnKash on a port of 127.0.0.1. It ends when it is stopped or dropped.
pub struct Sandbox {
    world: Arc<World>,
    /// The server, and what happens without a call.
    tasks: Vec<JoinHandle<()>>,
}

impl Sandbox {
    /// Starts a sandbox; when this returns, it answers. It needs a Tokio runtime with I/O and time.
    ///
    /// # Errors
    ///
    /// Those of binding the port, which another program may hold, and of opening the file of
    /// [`Config::with_data`]: it is not a sandbox's, or of another version, or another sandbox has
    /// it open. The text says what to do.
    pub async fn start(config: Config) -> io::Result<Self> {
        let listener = server::bind(config.port).await?;
        let url: BaseUrl = format!("http://{}", listener.local_addr()?)
            .parse()
            .map_err(io::Error::other)?;
        let world = Arc::new(World::new(config, url)?);
        let tasks = vec![
            server::serve(Arc::clone(&world), listener),
            tokio::spawn(background::run(Arc::clone(&world))),
        ];
        tracing::info!(url = %world.url, "sandbox started");
        Ok(Self { world, tasks })
    }

    /// Its address, `http://127.0.0.1:PORT`.
    #[must_use]
    pub fn url(&self) -> String {
        self.world.url.to_string()
    }

    /// Its address, as clients take it.
    #[must_use]
    pub fn base_url(&self) -> BaseUrl {
        self.world.url.clone()
    }

    /// Who may call it.
    #[must_use]
    pub fn credentials(&self) -> &Credentials {
        &self.world.config.credentials
    }

    /// Its time.
    #[must_use]
    pub fn clock(&self) -> &SandboxClock {
        &self.world.config.clock
    }

    /// A way into it that does without TCP, as a transport for clients.
    #[must_use]
    pub fn in_process(&self) -> InProcess {
        InProcess(Arc::clone(&self.world))
    }

    /// Answers a request without TCP.
    ///
    /// # Errors
    ///
    /// [`TransportError`] where the connection would have ended; see [`Fault`].
    pub async fn handle(&self, request: Request<Bytes>) -> Result<Response<Bytes>, TransportError> {
        handle(&self.world, request).await
    }

    /// Makes calls to come go wrong.
    ///
    /// # Errors
    ///
    /// What is wrong with the fault: its operation is not known, or its count is 0.
    pub fn fault(&self, fault: Fault) -> Result<(), Violations> {
        self.world.state().faults.add(fault)
    }

    /// The last calls, at most a thousand.
    #[must_use]
    pub fn calls(&self) -> Vec<LoggedCall> {
        self.world.state().log.list().cloned().collect()
    }

    /// How many calls came so far.
    #[must_use]
    pub fn call_count(&self) -> u64 {
        self.world.state().log.next_number() - 1
    }

    /// The last webhooks: a thousand, and whichever still wait.
    #[must_use]
    pub fn webhooks(&self) -> Vec<Delivery> {
        self.world.state().webhooks.list().cloned().collect()
    }

    /// Sends a webhook again, with the same body and whatever became of it before; gives it, or
    /// `None` where there is none of this number. One that may not be sent is not.
    pub fn resend(&self, number: u64) -> Option<Delivery> {
        webhooks::send_again(&mut self.world.state(), number).cloned()
    }

    /// Waits for something to be so: `look` is called now and after each change, until it finds
    /// it.
    ///
    /// ```no_run
    /// # async fn example(sandbox: enkash_sandbox::Sandbox) {
    /// use enkash_sandbox::DeliveryState;
    ///
    /// let webhook = sandbox
    ///     .wait_for(|sandbox| {
    ///         let mut webhooks = sandbox.webhooks().into_iter();
    ///         webhooks.find(|webhook| webhook.state == DeliveryState::Delivered)
    ///     })
    ///     .await;
    /// # }
    /// ```
    pub async fn wait_for<T>(&self, mut look: impl FnMut(&Self) -> Option<T>) -> T {
        self.world.wait_for(|| look(self)).await
    }

    /// Stops it: takes no more connections and finishes the calls that are on their way (for five
    /// seconds at most). Webhooks that are not delivered go on when a sandbox starts with the same
    /// file; without a file they are given up.
    pub async fn stop(mut self) {
        self.world.stop();
        for task in std::mem::take(&mut self.tasks) {
            let _ = task.await;
        }
        self.world.close();
        tracing::info!("sandbox stopped");
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        self.world.stop();
        self.world.close();
    }
}

impl fmt::Debug for Sandbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sandbox")
            .field("url", &self.world.url)
            .finish_non_exhaustive()
    }
}

/// A way into a [`Sandbox`] that does without TCP. Hosts in addresses are not looked at.
#[derive(Clone)]
pub struct InProcess(Arc<World>);

#[async_trait::async_trait]
impl Transport for InProcess {
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, TransportError> {
        handle(&self.0, request).await
    }
}

impl fmt::Debug for InProcess {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("InProcess")
    }
}

async fn handle(
    world: &Arc<World>,
    request: Request<Bytes>,
) -> Result<Response<Bytes>, TransportError> {
    match router::handle(world, request).await {
        Ending::Answer(response) => Ok(response),
        Ending::Half(_) | Ending::Close | Ending::Reset => {
            Err(TransportError::new(Failure::Connection, Sent::Maybe))
        }
    }
}
