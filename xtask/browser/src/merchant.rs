//! The shop: pages on this machine that the payer comes from and goes back to.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::Context as _;
use axum::Router;
use axum::extract::{Query, State};
use axum::response::Html;
use http::{Method, StatusCode, Uri};
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use crate::browser::PATIENCE;

/// A request that came to the shop.
#[derive(Debug)]
pub(crate) struct Visit {
    pub(crate) method: Method,
    pub(crate) path: String,
    /// The fields of the query.
    pub(crate) query: BTreeMap<String, String>,
    pub(crate) body: String,
}

/// A shop on a free port of this machine. It closes when it is dropped.
pub(crate) struct Merchant {
    url: String,
    shop: Shop,
    visits: mpsc::UnboundedReceiver<Visit>,
    server: JoinHandle<()>,
}

#[derive(Clone)]
struct Shop {
    pages: Arc<Mutex<HashMap<String, String>>>,
    visits: mpsc::UnboundedSender<Visit>,
}

impl Merchant {
    pub(crate) async fn open() -> anyhow::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let url = format!("http://{}", listener.local_addr()?);
        let (sender, visits) = mpsc::unbounded_channel();
        let shop = Shop {
            pages: Arc::default(),
            visits: sender,
        };
        let app = Router::new().fallback(visited).with_state(shop.clone());
        let server = tokio::spawn(async move {
            let _ = axum::serve(listener, app).await;
        });
        Ok(Self {
            url,
            shop,
            visits,
            server,
        })
    }

    /// The address of a page of the shop.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("{}{path}", self.url)
    }

    /// Puts a page of HTML at a path. Every other path has one that says thank you.
    pub(crate) fn put(&self, path: &str, html: impl Into<String>) {
        self.shop.pages().insert(path.to_owned(), html.into());
    }

    /// The next visit of a page of the shop; waits for it, and forgets those of other pages that
    /// came before.
    pub(crate) async fn visit(&mut self, path: &str) -> anyhow::Result<Visit> {
        let wanted = async {
            while let Some(visit) = self.visits.recv().await {
                if visit.path == path {
                    return Some(visit);
                }
            }
            None
        };
        tokio::time::timeout(PATIENCE, wanted)
            .await
            .ok()
            .flatten()
            .with_context(|| format!("nobody came to {path} in the shop within {PATIENCE:?}"))
    }
}

impl Drop for Merchant {
    fn drop(&mut self) {
        self.server.abort();
    }
}

impl Shop {
    fn pages(&self) -> std::sync::MutexGuard<'_, HashMap<String, String>> {
        self.pages.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn visited(
    State(shop): State<Shop>,
    method: Method,
    uri: Uri,
    Query(query): Query<BTreeMap<String, String>>,
    body: String,
) -> (StatusCode, Html<String>) {
    let path = uri.path().to_owned();
    if path == "/favicon.ico" {
        return (StatusCode::NOT_FOUND, Html(String::new()));
    }
    let page = shop.pages().get(&path).cloned();
    // Whoever is waiting may have gone.
    let _ = shop.visits.send(Visit {
        method,
        path,
        query,
        body,
    });
    let thanks = "<!doctype html><html lang=en><title>Shop</title><h1>Thank you</h1></html>";
    (
        StatusCode::OK,
        Html(page.unwrap_or_else(|| thanks.to_owned())),
    )
}
