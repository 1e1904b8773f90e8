//! A node in the world of the specimens: made once for all tests of a run.

use std::{
    cell::RefCell,
    sync::{Arc, atomic::AtomicI64},
    time::Duration,
};

use persistence::testing::World;
use serde::{Deserialize, Serialize};

use super::{
    KeyPair, Specimens, TestNode,
    node::{TestClock, around, open, serve},
};

/// What is to be known of the world beside its database.
#[derive(Deserialize, Serialize)]
struct Known {
    specimens: Specimens,
    /// Where the clock stands, in seconds since 1970.
    clock: i64,
    /// Private and public.
    issuer: [String; 2],
    client: [String; 2],
}

impl TestNode {
    /// A node with something to work on for every operation.
    pub async fn in_a_world() -> (Self, Specimens) {
        let (database, said) = match World::find() {
            World::Copied(database, said) => (database, said),
            World::Unmade(unmade) => {
                let node = Self::start().await;
                let specimens = Specimens::given(&node).await;
                let pair = |it: &KeyPair| [it.private_pem.clone(), it.public_pem.clone()];
                let known = Known {
                    specimens,
                    clock: node.clock.seconds(),
                    issuer: pair(&node.issuer_key),
                    client: pair(&node.client_key),
                };
                let said = serde_json::to_string(&known).expect("JSON");
                let Self { database, node, app, .. } = node;
                drop((node, app));
                (unmade.keep(database, &said), said)
            }
        };
        let Known { specimens, clock, issuer, client } = serde_json::from_str(&said).expect("what was said");
        let pair = |[private, public]: [String; 2]| KeyPair::of(private, public);
        let (issuer_key, client_key) = (pair(issuer), pair(client));
        let clock = Arc::new(TestClock(AtomicI64::new(clock)));
        let node = around(open(&database, Duration::from_secs(5)), &issuer_key, &clock, 1_000_000);
        let app = serve(node.clone()).await;
        (Self { database, clock, node, issuer_key, client_key, app, tokens: RefCell::default() }, specimens)
    }
}
