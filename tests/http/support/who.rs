//! Who asks: a client of the demo, acting for a professional in a role, for a purpose, with scopes.

use std::sync::OnceLock;

use domain::CodeList as _;
use persistence::demo::{Demo, DemoAgency};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    Signed, TestNode,
    jwt::details,
    node::{ISSUER, KID},
};

/// The demo directory.
pub fn demo() -> &'static Demo {
    static DEMO: OnceLock<Demo> = OnceLock::new();
    DEMO.get_or_init(|| Demo::read().expect("the demo directory"))
}

/// A caller.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Who {
    /// The client.
    pub client: String,
    /// The professional, by the agency's own id; nobody for an unattended call.
    pub professional: Option<String>,
    role: String,
    purpose: String,
    scopes: Option<String>,
    case: Option<String>,
    unit: Option<String>,
}

/// A client of the demo with its usual professional.
pub fn client(id: &str) -> Who {
    let it = agency_of(id);
    Who {
        client: id.to_owned(),
        professional: Some(it.client.professional.id.clone()),
        role: it.client.professional.role.code().to_owned(),
        purpose: it.client.purpose.code().to_owned(),
        scopes: None,
        case: None,
        unit: None,
    }
}

fn agency_of(client: &str) -> &'static DemoAgency {
    demo().agencies.iter().find(|it| it.client.id == client).expect("a client of the demo")
}

/// The police of Tallinn, an investigator.
pub fn police() -> Who {
    client("tallinn-police")
}

/// The police of Tallinn, a case manager: sees identity, whereabouts and narrative.
pub fn police_manager() -> Who {
    police().in_role("case_manager")
}

/// The police of Tallinn, an identification officer: Estonia lets the police decide formally.
pub fn police_officer() -> Who {
    police().in_role("identification_officer")
}

/// Child protection in Tallinn, an identification officer: confirms negative decisions.
pub fn second_decider() -> Who {
    child_protection().in_role("identification_officer")
}

/// Child protection in Tallinn, which leads every case of Estonia.
pub fn child_protection() -> Who {
    client("tallinn-child-protection")
}

/// Child protection in Tallinn, a supervisor of case managers.
pub fn supervisor() -> Who {
    child_protection().in_role("supervisor")
}

/// The focal point of Estonia.
pub fn focal_point() -> Who {
    client("ee-focal-point")
}

/// The Barnahus of Tallinn.
pub fn barnahus() -> Who {
    client("tallinn-barnahus")
}

/// The shelter of Tallinn.
pub fn shelter() -> Who {
    client("tallinn-shelter")
}

/// The data protection authority of Estonia, on its own round.
pub fn data_protection() -> Who {
    client("ee-data-protection")
}

/// The police of Riga.
pub fn riga_police() -> Who {
    client("riga-police")
}

impl Who {
    /// In another role, as another person of the agency.
    #[must_use]
    pub fn in_role(mut self, role: &str) -> Self {
        role.clone_into(&mut self.role);
        self.professional = self.professional.map(|it| format!("{it}-{role}"));
        self
    }

    /// As another person of the agency in the same role.
    #[must_use]
    pub fn named(mut self, id: &str) -> Self {
        self.professional = Some(id.to_owned());
        self
    }

    /// For another purpose.
    #[must_use]
    pub fn for_purpose(mut self, purpose: &str) -> Self {
        purpose.clone_into(&mut self.purpose);
        self
    }

    /// With these scopes only.
    #[must_use]
    pub fn with_scopes(mut self, scopes: &str) -> Self {
        self.scopes = Some(scopes.to_owned());
        self
    }

    /// With a token that is good for one case only.
    #[must_use]
    pub fn bound_to(mut self, case: &str) -> Self {
        self.case = Some(case.to_owned());
        self
    }

    /// Of a unit of the agency.
    #[must_use]
    pub fn in_unit(mut self, unit: &str) -> Self {
        self.unit = Some(unit.to_owned());
        self
    }

    /// Whether its tokens are good for one case only.
    pub fn is_bound(&self) -> bool {
        self.case.is_some() || self.professional.is_none()
    }

    /// With nobody behind the call.
    #[must_use]
    pub fn unattended(mut self) -> Self {
        self.professional = None;
        self
    }

    /// The agency.
    pub fn agency(&self) -> &'static DemoAgency {
        agency_of(&self.client)
    }
}

impl TestNode {
    /// A good assertion of a caller, to be changed and signed.
    pub fn assertion(&self, who: &Who) -> Signed {
        let now = self.clock.seconds();
        let mut claims = json!({
            "iss": who.client, "sub": who.client, "aud": ISSUER, "iat": now, "exp": now + 60,
            "jti": Uuid::from_u128(fresh()).to_string(),
        });
        if let Some(id) = &who.professional {
            let mut it = details(id, &who.role, &who.purpose, now);
            if let Some(case) = &who.case {
                it["case"] = json!(case);
            }
            if let Some(unit) = &who.unit {
                it["professional"]["unit"] = json!(unit);
            }
            claims["authorization_details"] = json!([it]);
        }
        Signed { header: json!({ "alg": "EdDSA", "typ": "client-authentication+jwt", "kid": KID }), claims }
    }

    /// The form of a token request with an assertion.
    pub fn token_form(assertion: &str, scope: Option<&str>) -> Vec<(&'static str, String)> {
        let mut form = vec![
            ("grant_type", "client_credentials".to_owned()),
            ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer".to_owned()),
            ("client_assertion", assertion.to_owned()),
        ];
        form.extend(scope.map(|it| ("scope", it.to_owned())));
        form
    }

    /// An access token from the token endpoint, kept while it is good.
    pub async fn token(&self, who: &Who) -> String {
        let now = self.clock.seconds();
        let known = self.tokens.borrow().get(who).filter(|(_, until)| *until > now).map(|it| it.0.clone());
        if let Some(token) = known {
            return token;
        }
        let token = self.fresh_token(who).await;
        self.tokens.borrow_mut().insert(who.clone(), (token.clone(), now + 240));
        token
    }

    /// A new access token, which is not kept.
    pub async fn fresh_token(&self, who: &Who) -> String {
        let assertion = self.assertion(who).by(&self.client_key);
        let form = Self::token_form(&assertion, who.scopes.as_deref());
        let seen = self.ask("POST", "/oauth/token").form(&form).send().await.expect(200);
        let token = &seen.json()["access_token"];
        Value::as_str(token).expect("a token").to_owned()
    }
}

/// A number that no other call gets, in no process: a world remembers those of its maker.
pub fn fresh() -> u128 {
    use std::sync::atomic::{AtomicU64, Ordering};
    static NEXT: AtomicU64 = AtomicU64::new(1);
    let process = u128::from(std::process::id()) << 80;
    process | u128::from(NEXT.fetch_add(1, Ordering::SeqCst)) | 0x7000_8000_0000_0000_0000
}
