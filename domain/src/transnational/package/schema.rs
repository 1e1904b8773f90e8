//! The JSON Schema of a package, made from the code lists; published as `package.schema.json` beside it.

use serde_json::{Value, json};

use super::{FORMAT, LONGEST_TEXT, MOST_ITEMS};
use crate::{
    codes::CodeList,
    referrals::HandlingCaveat,
    transnational::{MOST_HOPS, RequestPart, TransferGround},
    vocabulary::{
        AgeCertainty, AgeGroup, DataClass, ExploitationType, IdentificationStatus, LawfulBasis, RiskLevel,
        ServiceCode, Sex, SpecialNeed, TransnationalRequestType, Urgency, ViewMethod, ViewStatus,
    },
};

/// The schema (JSON Schema 2020-12): closed, with a limit on everything.
pub fn schema() -> Value {
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": FORMAT,
        "title": "What crosses a border with a request for a child",
        "description": "A closed document: a member that is not listed here is refused, and so is one that the kind of \
                        request does not allow. Its canonical form has no spaces, its members in this order, and none \
                        without a value.",
        "type": "object",
        "additionalProperties": false,
        "required": [
            "format", "requestId", "kind", "urgency", "from", "to", "reference", "createdAt", "disclosures",
            "chain", "content"
        ],
        "properties": {
            "format": { "const": FORMAT },
            "requestId": id(),
            "kind": codes::<TransnationalRequestType>(),
            "urgency": codes::<Urgency>(),
            "from": office(),
            "to": office(),
            "reference": { "type": "string", "pattern": "^[0-9A-Z-]+$", "maxLength": 20 },
            "createdAt": instant(),
            "disclosures": list(&object(&["dataClass", "lawfulBases"], &json!({
                "dataClass": codes::<DataClass>(), "lawfulBases": list(&codes::<LawfulBasis>())
            }))),
            "transferGround": codes::<TransferGround>(),
            "handling": list(&codes::<HandlingCaveat>()),
            "chain": chain(),
            "identity": hex("The digest of the identity block that goes beside it."),
            "content": content(),
        }
    })
}

fn content() -> Value {
    let written = object(&["part", "text"], &json!({ "part": codes::<RequestPart>(), "text": text() }));
    let attachment = object(
        &["part", "mediaType", "bytes", "sha256"],
        &json!({
            "part": codes::<RequestPart>(),
            "mediaType": { "type": "string", "maxLength": 100 },
            "bytes": { "type": "integer", "minimum": 0, "maximum": 1_000_000_000 },
            "sha256": hex("The digest of the document."),
        }),
    );
    object(
        &[],
        &json!({
            "child": hex("The child's pseudonym between these two nodes."),
            "age": codes::<AgeGroup>(),
            "ageCertainty": codes::<AgeCertainty>(),
            "sex": codes::<Sex>(),
            "nationalities": list(&country()),
            "languages": list(&json!({ "type": "string", "maxLength": 35 })),
            "specialNeeds": list(&codes::<SpecialNeed>()),
            "guardian": contact(),
            "legalRepresentation": contact(),
            "exploitation": list(&codes::<ExploitationType>()),
            "immediateRisk": codes::<RiskLevel>(),
            "identification": codes::<IdentificationStatus>(),
            "indicators": list(&json!({ "type": "string", "pattern": "^[a-z0-9_]+$", "maxLength": 60 })),
            "childView": object(&["status"], &json!({
                "status": codes::<ViewStatus>(),
                "method": codes::<ViewMethod>(),
                "summary": text(),
                "recordedOn": { "type": "string", "format": "date", "maxLength": 10 },
                "weightGiven": text(),
            })),
            "serviceNeeds": list(&codes::<ServiceCode>()),
            "attachments": list(&attachment),
            "written": list(&written),
        }),
    )
}

fn chain() -> Value {
    let hop = object(
        &["request", "from", "to", "at"],
        &json!({ "request": id(), "from": office(), "to": office(), "at": instant() }),
    );
    object(
        &["passOn"],
        &json!({
            "hops": { "type": "array", "items": hop, "maxItems": MOST_HOPS },
            "passOn": object(&[], &json!({
                "classes": list(&codes::<DataClass>()), "countries": list(&country())
            })),
            "bound": list(&codes::<DataClass>()),
        }),
    )
}

fn object(required: &[&str], properties: &Value) -> Value {
    json!({ "type": "object", "additionalProperties": false, "required": required, "properties": properties })
}

fn list(items: &Value) -> Value {
    json!({ "type": "array", "items": items, "maxItems": MOST_ITEMS })
}

fn codes<C: CodeList>() -> Value {
    let values: Vec<_> = C::ALL.iter().map(|it| it.code()).collect();
    json!({ "enum": values })
}

fn text() -> Value {
    json!({ "type": "string", "maxLength": LONGEST_TEXT })
}

fn country() -> Value {
    json!({ "type": "string", "pattern": "^[A-Z]{2}$" })
}

fn id() -> Value {
    json!({ "type": "string", "format": "uuid", "maxLength": 36 })
}

fn instant() -> Value {
    json!({ "type": "string", "format": "date-time", "maxLength": 32 })
}

fn hex(about: &str) -> Value {
    json!({ "type": "string", "pattern": "^[0-9a-f]{64}$", "description": about })
}

fn office() -> Value {
    let code = json!({ "type": "string", "maxLength": 60 });
    object(&["country", "code"], &json!({ "country": country(), "code": code }))
}

fn contact() -> Value {
    let phone = json!({ "type": "string", "pattern": "^\\+[0-9]{4,15}$" });
    object(&["name"], &json!({ "name": text(), "phone": phone }))
}
