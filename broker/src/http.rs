//! The operator's endpoints: `/metrics` for Prometheus, `/healthz`, `/readyz`. They only read.

use std::{convert::Infallible, net::IpAddr, sync::Arc, time::Duration};

use bytes::Bytes;
use http_body_util::Full;
use hyper::{Method, Request, Response, StatusCode, body::Incoming, header, service::service_fn};
use ottla_core::env::{Env, Incoming as _, Listener, Stream, until};
use ottla_net::http::HttpStream;

use crate::Broker;

/// Longest that a connection is served: a scrape takes a moment.
const CONNECTION_MAX: Duration = Duration::from_secs(10);

impl<E: Env> Broker<E> {
    /// Accepts connections for as long as the broker serves.
    pub(crate) async fn accept_http<L: Listener>(self: Arc<Self>, mut listener: L, host: String)
    where
        L::Stream: Stream<Region = E::Region>,
    {
        let host: Arc<str> = host.into();
        loop {
            let Some(accepted) = self.stopping.run_until_cancelled(listener.accept()).await else { return };
            let Ok(incoming) = accepted else {
                self.env.sleep(Duration::from_millis(50)).await;
                continue;
            };
            let (broker, host) = (self.clone(), host.clone());
            self.env.spawn("http", async move {
                if let Ok(stream) = incoming.open() {
                    broker.serve_http(stream, &host).await;
                }
            });
        }
    }

    async fn serve_http<S: Stream>(&self, stream: S, host: &str) {
        let answer = service_fn(async |request| Ok::<_, Infallible>(self.answer_http(&request, host)));
        let connection = hyper::server::conn::http1::Builder::new()
            .keep_alive(false)
            .serve_connection(HttpStream::new(stream), answer);
        match until(self.env.sleep(CONNECTION_MAX), connection).await {
            Some(Ok(())) => {}
            Some(Err(e)) => tracing::debug!("an HTTP connection ended: {e}"),
            None => tracing::debug!("an HTTP connection took too long"),
        }
    }

    fn answer_http(&self, request: &Request<Incoming>, host: &str) -> Response<Full<Bytes>> {
        let named = request.headers().get(header::HOST).and_then(|h| h.to_str().ok()).unwrap_or_default();
        if !is_ours(named, host) {
            // A page elsewhere whose name was bent to this address must not read anything here.
            return text(StatusCode::MISDIRECTED_REQUEST, "this host is not served here\n".into());
        }
        if request.method() != Method::GET {
            return text(StatusCode::METHOD_NOT_ALLOWED, "only GET is served here\n".into());
        }
        match request.uri().path() {
            "/healthz" => text(StatusCode::OK, "alive\n".into()),
            "/readyz" if self.stopping.is_cancelled() => {
                text(StatusCode::SERVICE_UNAVAILABLE, "stopping\n".into())
            }
            "/readyz" => text(StatusCode::OK, "ready\n".into()),
            "/metrics" => {
                let all = self.replicas.all();
                self.metrics.partitions.set(all.len() as i64);
                let offline = all.iter().filter(|p| p.offline().is_some()).count();
                self.metrics.partitions_offline.set(offline as i64);
                text(StatusCode::OK, self.metrics.text())
            }
            _ => text(StatusCode::NOT_FOUND, "try /metrics, /healthz or /readyz\n".into()),
        }
    }
}

/// Whether a `Host` header names this listener: by an address, as `localhost`, or as it is configured.
fn is_ours(named: &str, configured: &str) -> bool {
    let name = match named.rsplit_once(':') {
        Some((name, port)) if port.parse::<u16>().is_ok() => name,
        _ => named,
    };
    let name = name.trim_start_matches('[').trim_end_matches(']');
    name.parse::<IpAddr>().is_ok() || name == "localhost" || name == configured
}

fn text(status: StatusCode, body: String) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(Bytes::from(body)));
    *response.status_mut() = status;
    let kind = header::HeaderValue::from_static("text/plain; version=0.0.4; charset=utf-8");
    response.headers_mut().insert(header::CONTENT_TYPE, kind);
    response
}

#[cfg(test)]
mod tests {
    use super::is_ours;

    #[test]
    fn only_our_own_names_are_served() {
        for ours in
            ["localhost", "localhost:9644", "127.0.0.1:9644", "[::1]:9644", "[::1]", "ops.example:9644"]
        {
            assert!(is_ours(ours, "ops.example"), "{ours}");
        }
        for other in ["", "evil.example", "evil.example:9644", "localhost.evil.example"] {
            assert!(!is_ours(other, "ops.example"), "{other}");
        }
    }
}
