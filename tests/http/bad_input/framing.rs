//! Requests as bytes on a real port: what the HTTP parser answers, and what comes after it.

use std::{
    io::{Read as _, Write as _},
    net::{Shutdown, TcpListener, TcpStream},
    sync::mpsc,
    thread,
    time::Duration,
};

use actix_web::{HttpServer, dev::ServerHandle, rt::System};

use crate::support::{TestNode, police};

/// The node on a port of its own, until it is dropped.
struct Port {
    address: std::net::SocketAddr,
    server: ServerHandle,
    thread: Option<thread::JoinHandle<()>>,
}

impl Port {
    fn of(node: &TestNode) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address");
        let data = node.node.clone();
        let (ready, started) = mpsc::channel();
        let thread = thread::spawn(move || {
            System::new().block_on(async move {
                let server = HttpServer::new(move || api::app(data.clone())).workers(1).disable_signals();
                let server = server.listen(listener).expect("listens").run();
                ready.send(server.handle()).expect("the test waits");
                server.await.expect("served");
            });
        });
        let server = started.recv().expect("a server");
        Self { address, server, thread: Some(thread) }
    }

    /// Sends bytes and reads what comes until the other side closes or says nothing more.
    fn exchange(&self, bytes: &[u8]) -> String {
        let mut stream = TcpStream::connect(self.address).expect("connects");
        stream.set_read_timeout(Some(Duration::from_secs(5))).expect("a limit");
        stream.write_all(bytes).expect("sends");
        stream.shutdown(Shutdown::Write).expect("ends");
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).expect("an answer");
        String::from_utf8_lossy(&answer).into_owned()
    }
}

impl Drop for Port {
    fn drop(&mut self) {
        // The order is sent at once; only its end would have to be awaited.
        drop(self.server.stop(false));
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn statuses(answer: &str) -> Vec<&str> {
    answer.split("HTTP/1.1 ").skip(1).map(|it| it.get(..3).unwrap_or_default()).collect()
}

#[actix_web::test]
async fn what_is_not_http_is_closed_and_reaches_nothing() {
    let node = TestNode::start().await;
    let token = node.token(&police()).await;
    let before = node.contents();
    let port = Port::of(&node);
    let post = |headers: &str, body: &str| {
        format!(
            "POST /v1/concerns HTTP/1.1\r\nHost: node.test\r\nAuthorization: Bearer {token}\r\nIdempotency-Key: k\r\n\
             Content-Type: application/json\r\n{headers}\r\n\r\n{body}"
        )
    };
    let bad = [
        post("Content-Length: 2\r\nTransfer-Encoding: chunked", "{}"),
        post("Content-Length: 2\r\nContent-Length: 3", "{}"),
        post("Content-Length: +5", "{}   "),
        post("Content-Length: -1", "{}"),
        post("Content-Length: 99999999999999999999", "{}"),
        post("Transfer-Encoding: xchunked", "{}"),
        post("Transfer-Encoding: chunked", "-1\r\n{}\r\n0\r\n\r\n"),
        post("Transfer-Encoding: chunked", "ffffffffffffffffff\r\n{}\r\n0\r\n\r\n"),
        "GET /v1/me HTTP/9.9\r\n\r\n".to_owned(),
        "GET  /v1/me HTTP/1.1\r\n\r\n".to_owned(),
        "GET /v1/me HTTP/1.1\r\nHost : x\r\n\r\n".to_owned(),
        "GET /v1/me HTTP/1.1\r\nX: a\0b\r\n\r\n".to_owned(),
        "\x16\x03\x01\x02\0\x01\0\x01\u{fc}\x03\x03".to_owned(),
    ];
    for request in bad {
        let answer = port.exchange(request.as_bytes());
        let shown: String = request.chars().rev().take(80).collect::<Vec<_>>().into_iter().rev().collect();
        assert!(matches!(statuses(&answer).as_slice(), [] | ["400"]), "{shown:?}: {answer}");
    }
    assert_eq!(node.contents(), before, "nothing was written");
}

#[actix_web::test]
async fn what_is_almost_http_is_answered_by_the_node() {
    let node = TestNode::start().await;
    let port = Port::of(&node);
    let many = "X-Header: a\r\n".repeat(200);
    let table = [
        ("GET /livez HTTP/1.1\r\nHost: node.test\r\n\r\n".to_owned(), "200"),
        (
            "GET /livez HTTP/1.1\r\nHost: node.test\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n"
                .to_owned(),
            "200",
        ),
        ("TRACE /livez HTTP/1.1\r\nHost: node.test\r\n\r\n".to_owned(), "405"),
        ("GET /v1/me HTTP/1.1\r\nHost: node.test\r\n\r\n".to_owned(), "401"),
        ("GET /%zz HTTP/1.1\r\nHost: node.test\r\n\r\n".to_owned(), "404"),
        ("GET /%FF%FE HTTP/1.1\r\nHost: node.test\r\n\r\n".to_owned(), "404"),
        ("GET /v1/me HTTP/1.1\r\nHost: node.test\r\nAuthorization: Bearer \u{FF}\r\n\r\n".to_owned(), "401"),
        (format!("GET /livez HTTP/1.1\r\nHost: node.test\r\n{many}\r\n"), "431"),
    ];
    for (request, status) in table {
        let answer = port.exchange(request.as_bytes());
        let shown = request.chars().take(60).collect::<String>();
        assert_eq!(statuses(&answer), [status], "{shown:?}: {answer}");
        let problem = answer.contains("application/problem+json") && answer.contains("\r\nrequest-id: ");
        assert!(status == "200" || status == "431" || problem, "{answer}");
    }
}

#[actix_web::test]
async fn requests_on_one_connection_stand_each_for_itself() {
    let node = TestNode::start().await;
    let token = node.token(&police()).await;
    let port = Port::of(&node);
    let me = format!("GET /v1/me HTTP/1.1\r\nHost: node.test\r\nAuthorization: Bearer {token}\r\n\r\n");
    let nobody = "GET /v1/me HTTP/1.1\r\nHost: node.test\r\n\r\n";
    let body = "{\"description\":\"a\"}";
    let thin = format!(
        "POST /v1/concerns HTTP/1.1\r\nHost: node.test\r\nAuthorization: Bearer {token}\r\nIdempotency-Key: k\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    let answer = port.exchange(format!("{me}{nobody}{thin}{nobody}{me}").as_bytes());
    assert_eq!(statuses(&answer), ["200", "401", "422", "401", "200"], "{answer}");
}

#[actix_web::test]
async fn head_on_the_wire_has_no_body_and_no_false_length() {
    let node = TestNode::start().await;
    let port = Port::of(&node);
    let get = port.exchange(b"GET /livez HTTP/1.1\r\nHost: node.test\r\nConnection: close\r\n\r\n");
    let head = port.exchange(b"HEAD /livez HTTP/1.1\r\nHost: node.test\r\nConnection: close\r\n\r\n");
    let length = |answer: &str| {
        let line = answer.lines().find_map(|it| it.strip_prefix("content-length: ").map(str::to_owned));
        line.map(|it| it.trim().to_owned())
    };
    assert_eq!(statuses(&head), ["200"]);
    assert!(head.ends_with("\r\n\r\n"), "{head}");
    let told = length(&head);
    assert!(told.is_none() || told == length(&get), "GET has {:?}, HEAD says {told:?}", length(&get));
}

#[actix_web::test]
async fn a_body_that_is_not_all_there_has_no_effect() {
    let node = TestNode::start().await;
    let token = node.token(&police()).await;
    let before = node.contents();
    let port = Port::of(&node);
    let body = "{\"description\":\"a\",\"location\":\"b\"}";
    let request = format!(
        "POST /v1/concerns HTTP/1.1\r\nHost: node.test\r\nAuthorization: Bearer {token}\r\nIdempotency-Key: k\r\n\
         Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n{body}"
    );
    let answer = port.exchange(request.as_bytes());
    assert!(!answer.contains(" 201 "), "{answer}");
    assert_eq!(node.contents(), before, "nothing was written");
}
