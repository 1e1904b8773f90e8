//! `trm token`: what a calling system does to get an access token, for demo clients and for trying things out.

use std::{path::Path, time::Duration};

use clap::Args;
use data_encoding::BASE64URL_NOPAD;
use domain::{
    CaseId, CodeList, Timestamp,
    vocabulary::{Purpose, Role},
};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    Failed, client,
    demo::CLIENTS,
    folder::{self, ClientFile},
    say,
    settings::{DEFAULT_URL, StateSettings},
};
use crate::node::{Clock as _, SystemClock};

pub(super) const EXAMPLES: &str = "\
Examples:
  trm token --as tallinn-police
  trm token --as tallinn-police --role supervisor --professional p-tp-02
  trm token --as tallinn-child-protection --case 0192f0c1-2345-7abc-8def-0123456789ab
  curl -H \"Authorization: Bearer $(trm token --as tallinn-barnahus)\" http://127.0.0.1:8080/v1/me";

const LIFE_SECONDS: i64 = 60;
const ANSWER_WITHIN: Duration = Duration::from_secs(10);

#[derive(Args, Debug)]
pub(super) struct TokenArgs {
    /// The client, by the name of its file in the folder `clients` of the state folder
    #[arg(long = "as", value_name = "NAME", value_parser = client::name)]
    client: String,
    /// The role in which the professional acts, instead of the client's own
    #[arg(long, value_parser = code::<Role>)]
    role: Option<Role>,
    /// The one purpose of the token, instead of the client's own
    #[arg(long, value_parser = code::<Purpose>)]
    purpose: Option<Purpose>,
    /// Scopes, separated by spaces; all of the client's when left out
    #[arg(long, value_name = "SCOPES")]
    scope: Option<String>,
    /// The agency's own id of the professional
    #[arg(long, value_name = "ID")]
    professional: Option<String>,
    /// The one case that the token is for; whereabouts are shown to such tokens only
    #[arg(long, value_name = "ID", value_parser = case)]
    case: Option<CaseId>,
    /// The access decision in the agency's own books
    #[arg(long, value_name = "REF", default_value = "trm-token")]
    decision: String,
    /// Print the signed client assertion instead of sending it
    #[arg(long)]
    assertion: bool,
    /// The node
    #[arg(long, env = "TRM_URL", default_value = DEFAULT_URL)]
    url: String,
    #[command(flatten)]
    state: StateSettings,
}

/// What the node says of itself, as far as an assertion needs it.
#[derive(Deserialize)]
struct Metadata {
    issuer: String,
}

/// Gets an access token and prints it.
pub(super) fn token(args: &TokenArgs) -> Result<(), Failed> {
    let client = client_file(&args.state.state, &args.client)?;
    let url = args.url.trim_end_matches('/');
    let http: ureq::Agent = ureq::Agent::config_builder()
        .http_status_as_error(false)
        .proxy(None)
        .timeout_global(Some(ANSWER_WITHIN))
        .build()
        .into();
    let refused = |error: ureq::Error| {
        Failed::new(format!("{url} does not answer: {error}; is the node running, and at this --url?"))
    };
    let metadata = format!("{url}/.well-known/oauth-authorization-server");
    let metadata: Metadata =
        http.get(&metadata).call().and_then(|it| it.into_body().read_json()).map_err(refused)?;
    let form = form(&client, args, &metadata.issuer, SystemClock.now())?;
    if args.assertion {
        if let Some((_, assertion)) = form.iter().find(|(name, _)| *name == "client_assertion") {
            say(assertion);
        }
        return Ok(());
    }
    let answer = http.post(format!("{url}/oauth/token")).send_form(form).map_err(refused)?;
    let status = answer.status();
    let answer: Value = answer.into_body().read_json().map_err(refused)?;
    match answer["access_token"].as_str() {
        Some(token) if status.is_success() => {
            say(token);
            Ok(())
        }
        _ => Err(Failed::new(format!("the node gives no token ({status}): {answer}"))),
    }
}

fn client_file(state: &Path, name: &str) -> Result<ClientFile, Failed> {
    let folder = state.join(CLIENTS);
    let path = folder.join(format!("{name}.json"));
    let Some(text) = folder::read(&path)? else {
        let mut names: Vec<_> = folder.read_dir().into_iter().flatten().flatten().collect();
        names.sort_by_key(std::fs::DirEntry::file_name);
        let names: Vec<_> =
            names.iter().filter_map(|it| Some(it.path().file_stem()?.to_str()?.to_owned())).collect();
        let there = if names.is_empty() {
            format!(
                "there are no clients in {}: start `trm serve --demo`, or name its folder with --state",
                folder.display()
            )
        } else {
            format!("the clients of {} are: {}", folder.display(), names.join(" "))
        };
        return Err(Failed::new(format!("there is no client {name}; {there}")));
    };
    serde_json::from_str(&text).map_err(|error| Failed::new(format!("{}: {error}", path.display())))
}

/// The form of a token request, with its signed assertion.
fn form(
    client: &ClientFile,
    args: &TokenArgs,
    issuer: &str,
    now: Timestamp,
) -> Result<Vec<(&'static str, String)>, Failed> {
    let mut jti = [0; 16];
    aws_lc_rs::rand::fill(&mut jti).map_err(|_| Failed::new("the system gives no randomness"))?;
    let seconds = now.raw().unix_timestamp();
    let mut details = json!({
        "type": "urn:trm:professional:v1",
        "professional": {
            "id": args.professional.as_ref().unwrap_or(&client.professional.id),
            "role": args.role.unwrap_or(client.professional.role),
        },
        "assurance": { "acr": "high", "amr": ["hwk"], "authTime": seconds },
        "purpose": args.purpose.unwrap_or(client.purpose),
        "decisionRef": args.decision,
    });
    if let Some(case) = args.case {
        details["case"] = json!(case);
    }
    let claims = json!({
        "iss": client.client_id,
        "sub": client.client_id,
        "aud": issuer,
        "iat": seconds,
        "exp": seconds + LIFE_SECONDS,
        "jti": BASE64URL_NOPAD.encode(&jti),
        "authorization_details": [details],
    });
    let mut header = Header::new(Algorithm::EdDSA);
    header.typ = Some("client-authentication+jwt".to_owned());
    header.kid = Some(client.kid.clone());
    let assertion = EncodingKey::from_ed_pem(client.private_key_pem.as_bytes())
        .and_then(|key| jsonwebtoken::encode(&header, &claims, &key))
        .map_err(|error| Failed::new(format!("the assertion cannot be signed: {error}")))?;
    let mut form = vec![
        ("grant_type", "client_credentials".to_owned()),
        ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer".to_owned()),
        ("client_assertion", assertion),
    ];
    form.extend(args.scope.clone().map(|it| ("scope", it)));
    Ok(form)
}

fn code<C: CodeList>(text: &str) -> Result<C, String> {
    let known = || C::ALL.iter().map(|it| it.code()).collect::<Vec<_>>().join(" ");
    C::parse(text).ok_or_else(|| format!("one of: {}", known()))
}

fn case(text: &str) -> Result<CaseId, String> {
    CaseId::parse(text).ok_or_else(|| "not the id of a case".to_owned())
}

#[cfg(test)]
mod tests {
    use std::{num::NonZeroU32, path::PathBuf, sync::Arc};

    use actix_web::{test as http, web::Data};
    use clap::Parser;
    use persistence::{NodeKeys, demo::DemoLoad, testing::TestDatabase};

    use super::*;
    use crate::{
        access::{IssuerKeys, new_key_pair},
        command::{demo, open_store},
        node::Node,
    };

    const ISSUER: &str = "http://node.example";

    #[derive(Parser)]
    struct OfArguments {
        #[command(flatten)]
        args: TokenArgs,
    }

    fn args(more: &[&str]) -> TokenArgs {
        OfArguments::try_parse_from(["token"].iter().chain(more)).expect("arguments").args
    }

    /// A state folder that goes when this is dropped.
    struct State(PathBuf);

    impl State {
        fn new(name: &str) -> Self {
            let folder = std::env::temp_dir().join(format!("trm-token-{name}-{}", std::process::id()));
            folder::make(&folder).expect("a folder");
            Self(folder)
        }
    }

    impl Drop for State {
        fn drop(&mut self) {
            // A failing test must report its own failure.
            std::fs::remove_dir_all(&self.0).ok();
        }
    }

    #[actix_web::test]
    async fn every_demo_client_gets_its_token_and_its_key_is_kept() {
        let (state, database) = (State::new("demo"), TestDatabase::new());
        let store = open_store(database.url.clone(), 2, NodeKeys::derive(&[7; 32]).expect("keys"));
        assert_eq!(demo::load(&store, &state.0).expect("loads"), DemoLoad::Loaded);
        assert_eq!(demo::load(&store, &state.0).expect("keys are kept"), DemoLoad::AlreadyThere);
        let issuer = IssuerKeys::read(ISSUER, &new_key_pair().expect("a pair").0).expect("a key");
        let node = Node::new(store.clone(), issuer, Arc::new(SystemClock), NonZeroU32::MAX);
        let app = http::init_service(crate::app(Data::new(node))).await;
        let mut names: Vec<_> = state.0.join(CLIENTS).read_dir().expect("clients").flatten().collect();
        names.sort_by_key(std::fs::DirEntry::file_name);
        assert!(names.len() >= 12, "{names:?}");
        for name in names {
            let name = name.path().file_stem().expect("a name").to_string_lossy().into_owned();
            let client = client_file(&state.0, &name).expect("a client");
            let form = form(&client, &args(&["--as", &name]), ISSUER, SystemClock.now()).expect("signed");
            let request = http::TestRequest::post().uri("/oauth/token").set_form(form).to_request();
            let answer: Value = http::call_and_read_body_json(&app, request).await;
            assert!(answer["access_token"].is_string(), "{name}: {answer}");
            assert_eq!(store.client(&name).expect("reads").expect("is there").keys.len(), 1, "{name}");
        }
    }

    #[test]
    fn an_unknown_client_is_answered_with_the_known_ones() {
        let state = State::new("unknown");
        let failed = client_file(&state.0, "nobody").err().expect("none").to_string();
        assert!(failed.contains("serve --demo"), "{failed}");
        let clients = state.0.join(CLIENTS);
        folder::make(&clients).expect("a folder");
        folder::write_new(&clients.join("somebody.json"), "{}").expect("a file");
        let failed = client_file(&state.0, "nobody").err().expect("none").to_string();
        assert!(failed.contains("are: somebody"), "{failed}");
    }

    #[test]
    fn a_name_is_no_path() {
        for name in ["../signing", "a/b", ""] {
            assert!(OfArguments::try_parse_from(["token", "--as", name]).is_err(), "{name}");
        }
    }
}
