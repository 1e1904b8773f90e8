//! What a node cannot be without: its database and the keys, read from files that are its own.

use std::{fs, io, net::IpAddr, os::unix::fs::PermissionsExt as _, path::Path};

use persistence::{NodeKeys, sealed_log::CheckpointKey};
use zeroize::Zeroizing;

use super::NodeSettings;
use crate::access::IssuerKeys;

/// What a node cannot be without.
pub struct Essentials {
    /// The database.
    pub database_url: String,
    /// The keys that seal and fingerprint.
    pub node_keys: NodeKeys,
    /// The key that signs checkpoints of the logs.
    pub checkpoint_key: CheckpointKey,
    /// The key that signs access tokens, with the name of this node in them.
    pub issuer_keys: IssuerKeys,
}

impl NodeSettings {
    /// Reads what a node cannot be without, or names everything that is missing or wrong.
    pub fn essentials(&self) -> Result<Essentials, Vec<String>> {
        let issuer = self.issuer();
        let issuer_name = issuer.clone().unwrap_or_default();
        let database_url = self.database.url();
        let node_keys = secret("TRM_NODE_KEY_FILE", "openssl rand -hex 32", self.node_key_file.as_deref())
            .and_then(|(path, _)| {
                NodeKeys::read(path).map_err(|error| format!("{}: {error}", path.display()))
            });
        let example = "openssl genpkey -algorithm ed25519";
        let issuer_keys = secret("TRM_SIGNING_KEY_FILE", example, self.signing_key_file.as_deref()).and_then(
            |(path, pem)| {
                IssuerKeys::read(&issuer_name, &pem).map_err(|error| format!("{}: {error}", path.display()))
            },
        );
        let checkpoint_key = secret("TRM_CHECKPOINT_KEY_FILE", example, self.checkpoint_key_file.as_deref())
            .and_then(|(path, pem)| {
                checkpoint_key(&issuer_name, &pem).map_err(|error| format!("{}: {error}", path.display()))
            });
        match (issuer, database_url, node_keys, issuer_keys, checkpoint_key) {
            (Ok(_), Ok(database_url), Ok(node_keys), Ok(issuer_keys), Ok(checkpoint_key)) => {
                Ok(Essentials { database_url, node_keys, checkpoint_key, issuer_keys })
            }
            (issuer, database, node, signing, checkpoint) => {
                let all = [issuer.err(), database.err(), node.err(), signing.err(), checkpoint.err()];
                Err(all.into_iter().flatten().collect())
            }
        }
    }

    pub(super) fn issuer(&self) -> Result<String, String> {
        let Some(issuer) = &self.issuer else {
            let everywhere = self.host.parse::<IpAddr>().is_ok_and(|it| it.is_unspecified());
            return if everywhere {
                Err(format!(
                    "TRM_ISSUER is not set: a node on {} needs the URL by which clients know it",
                    self.host
                ))
            } else {
                Ok(self.local_url())
            };
        };
        let rest = issuer.strip_prefix("https://").or_else(|| issuer.strip_prefix("http://"));
        let plain = |it: &str| {
            it.bytes().all(|b| b.is_ascii_graphic() && !b"?#\"\\".contains(&b)) && !it.ends_with('/')
        };
        if rest.is_some_and(|it| !it.is_empty() && plain(it)) && issuer.len() <= 200 {
            Ok(issuer.clone())
        } else {
            Err("TRM_ISSUER is not an http or https URL without a query and without a slash at its end"
                .to_owned())
        }
    }
}

/// The key of checkpoints. The log is named by host and path of the node: a port may change, a log's name never.
pub(super) fn checkpoint_key(issuer: &str, pem: &str) -> Result<CheckpointKey, String> {
    let wanted = "the checkpoint key is not an Ed25519 private key in PEM (PKCS#8)";
    let block = pem::parse(pem).map_err(|_| wanted.to_owned())?;
    let address = issuer.split_once("://").map_or(issuer, |(_, rest)| rest);
    let (authority, path) = address.split_at(address.find('/').unwrap_or(address.len()));
    let host = match authority.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|it| it.is_ascii_digit()) => host,
        _ => authority,
    };
    CheckpointKey::new(&format!("{host}{path}"), block.contents()).map_err(|_| wanted.to_owned())
}

/// The text of a secret file that only its owner and group can read.
fn secret<'a>(
    variable: &str,
    example: &str,
    path: Option<&'a Path>,
) -> Result<(&'a Path, Zeroizing<String>), String> {
    let path =
        path.ok_or_else(|| format!("{variable} is not set: name a file, made for example by `{example}`"))?;
    let refused = |error: io::Error| format!("{variable}: {} cannot be read: {error}", path.display());
    let mode = fs::metadata(path).map_err(refused)?.permissions().mode();
    if mode & 0o007 != 0 {
        return Err(format!(
            "{variable}: everybody on this machine can open {0}: `chmod 600 {0}`",
            path.display()
        ));
    }
    let text = fs::read_to_string(path).map_err(refused)?;
    Ok((path, Zeroizing::new(text)))
}
