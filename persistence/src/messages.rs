//! Messages between the two sides of a referral, each sealed for itself.

use diesel::{
    ExpressionMethods as _, OptionalExtension as _, QueryDsl as _, RunQueryDsl as _, dsl::insert_into,
};
use domain::{
    AgencyId, Decided, MessageId, ProfessionalId, Timestamp,
    referrals::{Message, Referral},
};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::{
    Page, PageRequest, StoreError,
    schema::referral_messages as messages,
    sealing::{DataKey, Sealed},
    store::Tx,
};

type Columns = (Uuid, Uuid, Option<Uuid>, OffsetDateTime, Vec<u8>);

fn read(referral: &Referral, key: &DataKey, row: Columns) -> Result<Message, StoreError> {
    let (id, agency, professional, at, sealed) = row;
    Ok(Message {
        id: MessageId(id),
        referral: referral.id,
        agency: AgencyId(agency),
        professional: professional.map(ProfessionalId),
        at: Timestamp::new(at),
        text: key.read(id, &sealed)?,
    })
}

impl Tx<'_> {
    /// Stores a message with its fact.
    pub fn add_message(&mut self, referral: &Referral, decided: &Decided<Message>) -> Result<(), StoreError> {
        let it = &decided.value;
        let sealed = self.data_key(referral.child.0, Sealed::Referral)?.seal(it.id.0, &it.text)?;
        insert_into(messages::table)
            .values((
                messages::id.eq(it.id.0),
                messages::referral_id.eq(it.referral.0),
                messages::country.eq(referral.country.as_str()),
                messages::agency_id.eq(it.agency.0),
                messages::professional_id.eq(it.professional.map(|it| it.0)),
                messages::at.eq(it.at.raw()),
                messages::sealed.eq(sealed),
            ))
            .execute(self.conn)?;
        self.settle(decided)
    }

    /// A page of the messages of a referral, newest first; those of one agency only where the others are closed.
    pub fn messages(
        &mut self,
        referral: &Referral,
        of: Option<AgencyId>,
        page: PageRequest,
    ) -> Result<Page<Message>, StoreError> {
        let mut query = messages::table
            .filter(messages::referral_id.eq(referral.id.0))
            .filter(messages::id.lt(page.before()))
            .order(messages::id.desc())
            .limit(page.fetch())
            .select((
                messages::id,
                messages::agency_id,
                messages::professional_id,
                messages::at,
                messages::sealed,
            ))
            .into_boxed();
        if let Some(agency) = of {
            query = query.filter(messages::agency_id.eq(agency.0));
        }
        let rows: Vec<Columns> = query.load(self.conn)?;
        let key = self.data_key(referral.child.0, Sealed::Referral)?;
        page.page(rows, |it| it.0, |it| read(referral, &key, it)).transposed()
    }

    /// A message of a referral; under another referral it is not found.
    pub fn message(&mut self, referral: &Referral, id: MessageId) -> Result<Message, StoreError> {
        let row: Option<Columns> = messages::table
            .find(id.0)
            .filter(messages::referral_id.eq(referral.id.0))
            .select((
                messages::id,
                messages::agency_id,
                messages::professional_id,
                messages::at,
                messages::sealed,
            ))
            .first(self.conn)
            .optional()?;
        let row = row.ok_or(StoreError::NotFound)?;
        let key = self.data_key(referral.child.0, Sealed::Referral)?;
        read(referral, &key, row)
    }
}
