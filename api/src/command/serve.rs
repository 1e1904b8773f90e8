//! `trm serve`.

use std::{
    io,
    net::{TcpListener, ToSocketAddrs as _},
    sync::Arc,
    time::Duration,
};

use actix_web::{HttpServer, dev::Service as _, http::ConnectionType, rt::System, web::Data};
use clap::Args;

use super::{
    Failed,
    background::Background,
    demo::DemoNode,
    logging, open_store, say,
    settings::NodeSettings,
    shutdown::{Flights, run_until_signal},
};
use persistence::Store;

use crate::{
    node::{Clock as _, Node, SystemClock},
    sandbox::SandboxClock,
};

pub(super) const EXAMPLES: &str = "\
Examples:
  trm serve --demo
  export DATABASE_URL=postgres://trm@db.example/trm
  trm serve --node-key-file node.key --signing-key-file signing.pem \\
      --checkpoint-key-file checkpoint.pem --seals /mnt/elsewhere/seals \\
      --issuer https://trm.example

Secrets are files, which only their owner can read. Stop with Ctrl-C: requests in flight finish.";

/// How long a client may take for the head of a request.
const HEAD_WITHIN: Duration = Duration::from_secs(5);
const KEEP_ALIVE: Duration = Duration::from_secs(75);
/// Connections that may wait to be accepted.
const BACKLOG: u32 = 2048;

#[derive(Args, Debug)]
pub(super) struct ServeArgs {
    /// For development only: invented data, keys that are made when missing, and a PostgreSQL of its own when no
    /// database is named
    #[arg(long)]
    demo: bool,
    /// For tests of clients only: time stands until `PUT /v1/sandbox/clock` sets it
    #[arg(long)]
    sandbox: bool,
    #[command(flatten)]
    settings: NodeSettings,
}

/// Serves until a signal says otherwise.
pub(super) fn serve(args: ServeArgs) -> Result<(), Failed> {
    let mut settings = args.settings;
    logging::start(settings.log.as_deref());
    settings.port = free_port(&settings.host, settings.port)?;
    let demo = if args.demo { Some(DemoNode::prepare(&mut settings)?) } else { None };
    let essentials = settings.essentials().map_err(Failed::settings)?;
    let store = open_store(essentials.database_url, settings.connections.get(), essentials.node_keys);
    match &demo {
        Some(demo) => demo.fill(&store)?,
        None if store.migrations_pending()? => {
            return Err(Failed::unusable(
                "the schema of the database is older than this program: run `trm migrate`",
            ));
        }
        None => {}
    }
    store.check_roles().map_err(|error| {
        Failed::unusable(format!(
            "the database user may not act in the roles of the node (docs/second_lock.md): {error}"
        ))
    })?;
    super::erase::nothing_undone(&store, &settings.ledger.file(settings.state()))?;
    let seals = super::audit::seals_that_fit(&store, &settings, &essentials.checkpoint_key)?;
    let started = |error: io::Error| Failed::new(error.to_string());
    let clock = if args.sandbox {
        Some(Arc::new(SandboxClock::open(&store, SystemClock.now())?))
    } else {
        only_with_the_clock_of_this_world(&store)?;
        None
    };
    let node =
        Node::new(store.clone(), essentials.issuer_keys, Arc::new(SystemClock), settings.requests_per_second)
            .with_quotas(settings.quotas());
    let mut background = Background::new(node.metrics.background.clone());
    background.keep_house(&store).map_err(started)?;
    background.watch_logs(&store).map_err(started)?;
    background.seal(&store, essentials.checkpoint_key, seals).map_err(started)?;
    if clock.is_none() {
        background.watch_time(&store).map_err(started)?;
    }
    let standing = clock.as_ref().map(|it| it.now());
    let node = match clock {
        Some(clock) => node.in_sandbox(clock),
        None => node,
    };
    let welcome = || match &demo {
        Some(demo) => say(&demo.welcome(&settings, standing)),
        None => log::info!(target: "trm::serve", url = settings.local_url().as_str(); "serving"),
    };
    System::new().block_on(run(Data::new(node), &settings, welcome)).map_err(|error| match error.kind() {
        io::ErrorKind::AddrInUse => port_taken(&settings.host, settings.port),
        _ => Failed::new(format!("cannot serve: {error}")),
    })?;
    drop(background);
    if let Some(demo) = demo {
        demo.stop()?;
        say("stopped");
    }
    Ok(())
}

/// What was written by a standing clock is not for people to rely on.
fn only_with_the_clock_of_this_world(store: &Store) -> Result<(), Failed> {
    match store.sandbox_clock()? {
        None => Ok(()),
        Some(_) => Err(Failed::unusable(
            "this database was served with --sandbox: its times are invented; serve it so again, or name another one",
        )),
    }
}

async fn run(node: Data<Node>, settings: &NodeSettings, welcome: impl FnOnce()) -> io::Result<()> {
    let flights = Flights::default();
    let counted = flights.clone();
    let server = HttpServer::new(move || {
        let flights = counted.clone();
        crate::app(node.clone()).wrap_fn(move |request, next| {
            let (flight, flights) = (flights.begin(), flights.clone());
            let answer = next.call(request);
            async move {
                let mut answer = answer.await?;
                if flights.ending() {
                    answer.response_mut().head_mut().set_connection_type(ConnectionType::Close);
                }
                drop(flight);
                Ok(answer)
            }
        })
    });
    let server = server
        .workers(settings.workers())
        .worker_max_blocking_threads(settings.blocking_threads())
        .client_request_timeout(HEAD_WITHIN)
        .keep_alive(KEEP_ALIVE)
        .backlog(BACKLOG)
        .shutdown_timeout(settings.shutdown_seconds.into())
        .disable_signals()
        .bind((settings.host.as_str(), settings.port))?
        .run();
    welcome();
    run_until_signal(server, flights).await
}

/// The port, once it is known that it can be had; zero asks the system for one.
fn free_port(host: &str, port: u16) -> Result<u16, Failed> {
    let unknown =
        |error| Failed::unusable(format!("TRM_HOST: {host} is not an address of this machine: {error}"));
    let mut found = port;
    for address in (host, port).to_socket_addrs().map_err(unknown)? {
        let listener = TcpListener::bind(address).map_err(|error| match error.kind() {
            io::ErrorKind::AddrInUse => port_taken(host, port),
            io::ErrorKind::PermissionDenied => {
                Failed::unusable(format!("port {port} is not ours to use: {error}"))
            }
            _ => unknown(error),
        })?;
        found = listener.local_addr().map_err(unknown)?.port();
    }
    Ok(found)
}

fn port_taken(host: &str, port: u16) -> Failed {
    let other = port.checked_add(1).unwrap_or(8080);
    Failed::unusable(format!(
        "port {port} of {host} is taken by another program: choose another one with `--port {other}` or TRM_PORT={other}"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_taken_port_is_named_with_a_way_out() {
        let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = taken.local_addr().expect("an address").port();
        let failed = free_port("127.0.0.1", port).expect_err("taken").to_string();
        assert!(failed.contains(&format!("port {port}")) && failed.contains("--port"), "{failed}");
        drop(taken);
        assert_eq!(free_port("127.0.0.1", port).expect("free again"), port);
    }
}
