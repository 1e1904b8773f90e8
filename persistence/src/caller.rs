//! Clients, their keys and professionals: what the token endpoint needs. The live state behind every call is in `reach`.

use diesel::{
    BoolExpressionMethods as _, ExpressionMethods as _, JoinOnDsl as _, OptionalExtension as _,
    QueryDsl as _, RunQueryDsl as _, dsl::insert_into, upsert::excluded,
};
use domain::{
    AgencyId, ClientId, CodeList as _, ProfessionalId, Timestamp,
    access::Scopes,
    text::Country,
    vocabulary::{AgencyType, Role},
};
use uuid::Uuid;

use crate::{
    Store, StoreError, rows,
    schema::{agencies, client_keys, clients, professionals, used_assertions},
    store::fresh_id,
};

/// A registered calling system, as the token endpoint needs it.
#[derive(Clone, Debug)]
pub struct ClientRecord {
    /// Its id.
    pub id: ClientId,
    /// Its agency.
    pub agency: AgencyId,
    /// What kind of agency that is.
    pub agency_type: AgencyType,
    /// The agency's country.
    pub country: Country,
    /// What it was registered for.
    pub scopes: Scopes,
    /// The roles that its agency has registered.
    pub roles: Vec<Role>,
    /// Its epoch; tokens of earlier ones are void.
    pub epoch: i32,
    /// Whether client and agency are active.
    pub active: bool,
    /// Its public keys.
    pub keys: Vec<ClientKey>,
}

/// A public key of a client.
#[derive(Clone, Debug)]
pub struct ClientKey {
    /// Its id.
    pub kid: String,
    /// `EdDSA` or `ES256`.
    pub algorithm: String,
    /// The key in PEM.
    pub public_key_pem: String,
}

/// A professional as a signed assertion names one.
#[derive(Clone, Debug)]
pub struct AssertedProfessional {
    /// The agency's own pseudonymous id.
    pub subject: String,
    /// The role.
    pub role: Role,
    /// The unit inside the agency.
    pub unit: Option<String>,
}

/// What came of an assertion that was good by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Issued {
    /// A token may be issued, for this professional if one was named.
    Token(Option<ProfessionalId>),
    /// The assertion was used before.
    Replayed,
    /// The professional is suspended.
    Suspended,
}

/// A client to register.
#[derive(Clone, Debug)]
pub struct NewClient {
    /// Its name in tokens and assertions.
    pub client_id: String,
    /// Country and code of its agency.
    pub agency: (Country, String),
    /// What it is for.
    pub name: String,
    /// What it may do.
    pub scopes: Scopes,
    /// Its first key.
    pub key: ClientKey,
}

type ClientColumns = (Uuid, Uuid, String, String, String, Vec<String>, i32, bool, bool);

impl Store {
    /// A client by its name, with its keys.
    pub fn client(&self, client_id: &str) -> Result<Option<ClientRecord>, StoreError> {
        self.unattended(|session| {
            let row: Option<ClientColumns> = clients::table
                .inner_join(agencies::table.on(agencies::id.eq(clients::agency_id)))
                .filter(clients::client_id.eq(client_id))
                .select((
                    clients::id,
                    agencies::id,
                    agencies::agency_type,
                    agencies::country,
                    clients::scopes,
                    agencies::roles,
                    clients::epoch,
                    clients::active,
                    agencies::active,
                ))
                .first(&mut session.conn)
                .optional()?;
            let Some((id, agency, agency_type, country, scopes, roles, epoch, active, agency_active)) = row
            else {
                return Ok(None);
            };
            let keys: Vec<(String, String, String)> = client_keys::table
                .filter(client_keys::client.eq(id).and(client_keys::active))
                .select((client_keys::kid, client_keys::algorithm, client_keys::public_key_pem))
                .load(&mut session.conn)?;
            Ok(Some(ClientRecord {
                id: ClientId(id),
                agency: AgencyId(agency),
                agency_type: rows::code("agencies", &agency_type)?,
                country: rows::country("agencies", &country)?,
                scopes: Scopes::parse(&scopes).ok_or(StoreError::corrupt("clients", "an unknown scope"))?,
                roles: rows::codes("agencies", &roles)?,
                epoch,
                active: active && agency_active,
                keys: keys
                    .into_iter()
                    .map(|(kid, algorithm, public_key_pem)| ClientKey { kid, algorithm, public_key_pem })
                    .collect(),
            }))
        })
    }

    /// Uses an assertion up and learns of the professional that it names, in one transaction.
    pub fn use_assertion(
        &self,
        client: &ClientRecord,
        jti: &str,
        expires_at: Timestamp,
        professional: Option<&AssertedProfessional>,
        now: Timestamp,
    ) -> Result<Issued, StoreError> {
        use diesel::Connection as _;
        self.unattended(|session| {
            session.conn.transaction(|conn| {
                diesel::delete(used_assertions::table.filter(used_assertions::expires_at.lt(now.raw())))
                    .execute(conn)?;
                let fresh = insert_into(used_assertions::table)
                    .values((
                        used_assertions::client.eq(client.id.0),
                        used_assertions::jti.eq(jti),
                        used_assertions::expires_at.eq(expires_at.raw()),
                    ))
                    .on_conflict_do_nothing()
                    .execute(conn)?;
                if fresh == 0 {
                    return Ok(Issued::Replayed);
                }
                let Some(it) = professional else { return Ok(Issued::Token(None)) };
                let (id, suspended): (Uuid, bool) = insert_into(professionals::table)
                    .values((
                        professionals::id.eq(fresh_id()),
                        professionals::agency_id.eq(client.agency.0),
                        professionals::country.eq(client.country.as_str()),
                        professionals::subject.eq(&it.subject),
                        professionals::role.eq(it.role.code()),
                        professionals::unit.eq(&it.unit),
                    ))
                    .on_conflict((professionals::agency_id, professionals::subject))
                    .do_update()
                    .set((
                        professionals::role.eq(excluded(professionals::role)),
                        professionals::unit.eq(excluded(professionals::unit)),
                    ))
                    .returning((professionals::id, professionals::suspended))
                    .get_result(conn)?;
                Ok(if suspended { Issued::Suspended } else { Issued::Token(Some(ProfessionalId(id))) })
            })
        })
    }

    /// Registers a client of an agency; scopes beyond the ceiling of the agency's type are refused by the caller.
    pub fn add_client(&self, new: &NewClient) -> Result<ClientId, StoreError> {
        use diesel::Connection as _;
        self.as_owner(|session| {
            session.conn.transaction(|conn| {
                let (country, code) = &new.agency;
                let agency: Uuid = agencies::table
                    .filter(agencies::country.eq(country.as_str()).and(agencies::code.eq(code)))
                    .select(agencies::id)
                    .first(conn)?;
                let id = fresh_id();
                insert_into(clients::table)
                    .values((
                        clients::id.eq(id),
                        clients::client_id.eq(&new.client_id),
                        clients::agency_id.eq(agency),
                        clients::name.eq(&new.name),
                        clients::scopes.eq(new.scopes.to_string()),
                    ))
                    .execute(conn)?;
                insert_into(client_keys::table)
                    .values((
                        client_keys::client.eq(id),
                        client_keys::kid.eq(&new.key.kid),
                        client_keys::algorithm.eq(&new.key.algorithm),
                        client_keys::public_key_pem.eq(&new.key.public_key_pem),
                    ))
                    .execute(conn)?;
                Ok(ClientId(id))
            })
        })
    }

    /// The type of an agency, by country and code.
    pub fn agency_type(&self, country: Country, code: &str) -> Result<Option<AgencyType>, StoreError> {
        self.as_owner(|session| {
            let found: Option<String> = agencies::table
                .filter(agencies::country.eq(country.as_str()).and(agencies::code.eq(code)))
                .select(agencies::agency_type)
                .first(&mut session.conn)
                .optional()?;
            found.map(|it| rows::code("agencies", &it)).transpose()
        })
    }
}
