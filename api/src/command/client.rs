//! `trm client add`.

use std::path::PathBuf;

use aws_lc_rs::{
    encoding::AsDer as _,
    signature::{Ed25519KeyPair, KeyPair as _},
};
use clap::{Args, Subcommand, ValueEnum};
use data_encoding::HEXLOWER;
use domain::{
    access::{Scopes, scope_ceiling},
    text::Country,
    vocabulary::AgencyType,
};
use persistence::{ClientKey, NewClient, StoreError};

use super::{Failed, folder, say, settings::DatabaseSettings, store_without_keys};
use crate::access::new_key_pair;

const EXAMPLES: &str = "\
Examples:
  trm client add --name riga-casework --agency LV/demo-child-protection-riga \\
      --scopes \"cases.read cases.write\" --public-key riga-casework.pub.pem
  trm client add --name riga-casework --agency LV/demo-child-protection-riga \\
      --scopes \"cases.read cases.write\" --generate riga-casework.pem";

#[derive(Debug, Subcommand)]
pub(super) enum ClientCommand {
    /// Register a calling system of an agency, with its public key
    #[command(after_help = EXAMPLES)]
    Add(AddArgs),
}

#[derive(Args, Debug)]
pub(super) struct AddArgs {
    /// Its name in tokens and assertions: 2 to 63 small letters, digits and hyphens
    #[arg(long, value_parser = name)]
    name: String,
    /// Its agency, as country and code
    #[arg(long, value_name = "EE/CODE", value_parser = agency)]
    agency: (Country, String),
    /// What it may do at most, separated by spaces
    #[arg(long, value_parser = scopes)]
    scopes: Scopes,
    /// File with its public key, in PEM; the private key never leaves the client
    #[arg(long, value_name = "FILE", required_unless_present = "generate", conflicts_with = "generate")]
    public_key: Option<PathBuf>,
    /// What kind of key it has to be
    #[arg(long, value_enum)]
    algorithm: Option<Algorithm>,
    /// New file to write a private key to, where a system cannot make one itself
    #[arg(long, value_name = "FILE", conflicts_with = "algorithm")]
    generate: Option<PathBuf>,
    #[command(flatten)]
    database: DatabaseSettings,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Algorithm {
    #[value(name = "EdDSA")]
    EdDsa,
    #[value(name = "ES256")]
    Es256,
}

/// Registers a client and prints its name and the id of its key.
pub(super) fn add(args: &AddArgs) -> Result<(), Failed> {
    let store = store_without_keys(args.database.url().map_err(Failed::unusable)?)?;
    let (country, code) = &args.agency;
    let agency_type = store.agency_type(*country, code)?;
    let agency_type =
        agency_type.ok_or_else(|| Failed::new(format!("there is no agency {country}/{code}")))?;
    within_ceiling(args.scopes, agency_type).map_err(Failed::new)?;
    let public_pem = match (&args.public_key, &args.generate) {
        (Some(path), _) => {
            let text = folder::read(path)?;
            text.ok_or_else(|| Failed::new(format!("there is no file {}", path.display())))?.to_string()
        }
        (None, Some(path)) => {
            let (private, public) = new_key_pair().map_err(|error| Failed::new(error.to_string()))?;
            folder::write_new(path, &private)?;
            public
        }
        (None, None) => return Err(Failed::unusable("--public-key or --generate is missing")),
    };
    let key = client_key(&public_pem).map_err(Failed::new)?;
    if let Some(wanted) = args.algorithm.and_then(|it| it.to_possible_value())
        && wanted.get_name() != key.algorithm
    {
        return Err(Failed::new(format!(
            "this is a key for {}, not for {}",
            key.algorithm,
            wanted.get_name()
        )));
    }
    let kid = key.kid.clone();
    let new = NewClient {
        client_id: args.name.clone(),
        agency: args.agency.clone(),
        name: args.name.clone(),
        scopes: args.scopes,
        key,
    };
    store.add_client(&new).map_err(|error| {
        if let Some(path) = &args.generate {
            // A key that no client has is of no use; where it cannot be removed, it does no harm either.
            std::fs::remove_file(path).ok();
        }
        match error {
            StoreError::Constraint(name) if name == "clients_client_id" => {
                Failed::new(format!("there is a client {} already", args.name))
            }
            other => other.into(),
        }
    })?;
    say(&format!("client {}\nkid    {kid}", args.name));
    Ok(())
}

fn within_ceiling(scopes: Scopes, agency_type: AgencyType) -> Result<(), String> {
    let ceiling = scope_ceiling(agency_type);
    let beyond: Vec<_> = scopes.iter().filter(|it| !ceiling.has(*it)).map(|it| it.to_string()).collect();
    if beyond.is_empty() {
        Ok(())
    } else {
        Err(format!(
            "beyond what an agency of the type {agency_type} may hold: {}; it may hold: {ceiling}",
            beyond.join(" ")
        ))
    }
}

/// A public key in PEM as a client's key, named by its digest.
pub(super) fn client_key(public_pem: &str) -> Result<ClientKey, String> {
    const ED25519: [u8; 12] = *b"\x30\x2a\x30\x05\x06\x03\x2b\x65\x70\x03\x21\x00";
    const P256: [u8; 27] = *b"\x30\x59\x30\x13\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07\x03\x42\x00\x04";
    let block = pem::parse(public_pem).map_err(|_| "this is not a public key in PEM".to_owned())?;
    if block.tag().contains("PRIVATE") {
        return Err("this is a private key, which stays with its client: give the public half, made by \
                    `openssl pkey -in FILE -pubout`"
            .to_owned());
    }
    let der = block.contents();
    let algorithm = match der.len() {
        44 if block.tag() == "PUBLIC KEY" && der.starts_with(&ED25519) => "EdDSA",
        91 if block.tag() == "PUBLIC KEY" && der.starts_with(&P256) => "ES256",
        _ => {
            return Err(
                "this is neither an Ed25519 key nor an EC key on P-256, as a PUBLIC KEY in PEM".to_owned()
            );
        }
    };
    let digest = HEXLOWER.encode(&persistence::sha256(der));
    Ok(ClientKey {
        kid: digest.get(..16).unwrap_or_default().to_owned(),
        algorithm: algorithm.to_owned(),
        public_key_pem: pem::encode(&block),
    })
}

/// The client's key that belongs to an Ed25519 private key in PEM.
pub(super) fn public_key(private_pem: &str) -> Result<ClientKey, String> {
    let not_one = |_| "this is not an Ed25519 private key in PEM".to_owned();
    let block = pem::parse(private_pem).map_err(|_| "this is not a private key in PEM".to_owned())?;
    let pair = Ed25519KeyPair::from_pkcs8(block.contents()).map_err(not_one)?;
    let public = pair.public_key().as_der().map_err(|_| "this key has no public half".to_owned())?;
    client_key(&pem::encode(&pem::Pem::new("PUBLIC KEY", public.as_ref())))
}

/// Reads a client's name: `^[a-z0-9][a-z0-9-]{1,62}$`.
pub(super) fn name(text: &str) -> Result<String, String> {
    let letter = |it: u8| it.is_ascii_lowercase() || it.is_ascii_digit();
    let fits = (2..=63).contains(&text.len())
        && text.bytes().all(|it| letter(it) || it == b'-')
        && text.bytes().next().is_some_and(letter);
    if fits {
        Ok(text.to_owned())
    } else {
        Err("2 to 63 small letters, digits and hyphens, no hyphen first".to_owned())
    }
}

/// Reads an agency: its country and its code.
pub(super) fn agency(text: &str) -> Result<(Country, String), String> {
    let (country, code) = text.split_once('/').ok_or("a country and a code, such as EE/demo-police-north")?;
    let country = Country::parse(country).ok_or("the country is two capital letters, such as EE")?;
    Ok((country, code.to_owned()))
}

fn scopes(text: &str) -> Result<Scopes, String> {
    use domain::{CodeList as _, access::Scope};
    let known = || Scope::ALL.iter().map(|it| it.code()).collect::<Vec<_>>().join(" ");
    let read = Scopes::parse(text).filter(|it| *it != Scopes::default());
    read.ok_or_else(|| format!("not a list of scopes; the scopes are: {}", known()))
}

#[cfg(test)]
mod tests {
    use super::*;

    // Made by openssl for this test; the private halves were thrown away.
    const P256_PUBLIC: &str = "-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEc9WNTuu9KagbnBUTCP/nEJlMziEP\n4tTvDVZGe/kjcc1yOihgUDlLcN8Sl3W5n8emO+skio8rQjbX6pL1ABxTZQ==\n-----END PUBLIC KEY-----\n";
    const P384_PUBLIC: &str = "-----BEGIN PUBLIC KEY-----\nMHYwEAYHKoZIzj0CAQYFK4EEACIDYgAEL000CtAlCIA6ALg/lp/mrQYvhOfMXNtk\nwzPoi/QNeipJJnc8wrNTzcCe9jRH9ZicDOKOPWbmAeM7SITcq7NxzWtnqLJkN0b8\nBwjDmKsPURSRBdpm9ozwRRW07jf7u2+6\n-----END PUBLIC KEY-----\n";

    #[test]
    fn scopes_beyond_the_function_of_the_agency_are_listed() {
        let asked = scopes("concerns.write cases.read cases.write").expect("scopes");
        let refusal = within_ceiling(asked, AgencyType::Helpline).expect_err("beyond");
        assert!(refusal.contains("may hold: cases.read cases.write;"), "{refusal}");
        assert!(within_ceiling(asked, AgencyType::Police).is_ok());
        assert!(scopes("cases.read cases.everything").is_err() && scopes("").is_err());
    }

    #[test]
    fn a_key_is_known_by_what_it_is() {
        let (private, public) = new_key_pair().expect("a key pair");
        let key = client_key(&public).expect("Ed25519");
        assert_eq!((key.algorithm.as_str(), key.kid.len()), ("EdDSA", 16));
        assert_eq!(public_key(&private).expect("the same").kid, key.kid);
        assert!(client_key(&private).expect_err("private").contains("stays with its client"));
        assert_eq!(client_key(P256_PUBLIC).expect("P-256").algorithm, "ES256");
        for bad in [P384_PUBLIC, "", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n"] {
            assert!(client_key(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_name_is_as_the_database_has_it() {
        for good in ["ab", "tallinn-police", "0a"] {
            assert!(name(good).is_ok(), "{good}");
        }
        for bad in ["", "a", "-a", "A1", "a b", "../etc", "ä1", &"a".repeat(64)] {
            assert!(name(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn an_agency_is_a_country_and_a_code() {
        assert_eq!(agency("EE/demo").map(|it| it.1).as_deref(), Ok("demo"));
        for bad in ["EE", "ee/demo", "EST/demo"] {
            assert!(agency(bad).is_err(), "{bad}");
        }
    }
}
