//! Proofs over the sealed tree of both logs: checkpoint, inclusion, consistency.

use actix_web::get;
use data_encoding::BASE64;
use domain::{
    Timestamp,
    access::{LogReach, sees},
    vocabulary::DataClass,
};
use persistence::sealed_log::{LatestCheckpoint, LogName, tree::Hash};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::{
    call::Call,
    failure::Failure,
    http::{Answer, Query, Shown, Tag},
    problems,
};

domain::codes! {
    /// One of the two logs.
    pub enum Log = "log" {
        AccessLog = "access_log": "Reads and refusals",
        Events = "events": "Facts: what was changed",
    }
}

/// What was signed of the tree.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AuditCheckpoint)]
#[serde(rename_all = "camelCase")]
pub struct CheckpointView {
    /// How many rows of both logs are sealed.
    #[schema(minimum = 0, maximum = 2_147_483_647)]
    pub size: u64,
    /// The root of the tree, in base64.
    #[schema(
        max_length = 44,
        pattern = "^[A-Za-z0-9+/]{43}=$",
        example = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
    )]
    pub root_hash: String,
    /// When it was signed.
    pub signed_at: Timestamp,
    /// The checkpoint as a signed note (C2SP tlog-checkpoint, Ed25519).
    #[schema(max_length = 2000)]
    pub note: String,
    /// The key that signed it, as signed notes write keys: `name+id+key`.
    #[schema(max_length = 500)]
    pub verifier_key: String,
}

impl From<LatestCheckpoint> for CheckpointView {
    fn from(it: LatestCheckpoint) -> Self {
        Self {
            size: it.size,
            root_hash: BASE64.encode(&it.root),
            signed_at: it.at,
            note: it.note,
            verifier_key: it.key,
        }
    }
}

/// The latest checkpoint
///
/// How many rows of both logs are sealed, and what was signed of them: keep it, and ask later for a consistency proof. The
/// tree is that of RFC 6962.
#[utoipa::path(
    operation_id = "getAuditCheckpoint", tag = "audit",
    responses((status = 200, description = "The checkpoint.", body = CheckpointView))
)]
#[get("/v1/audit/checkpoint")]
pub async fn get_audit_checkpoint(call: Call) -> Result<Answer, Failure> {
    call.read(None, |tx| {
        let it = tx.latest_checkpoint()?;
        let tag = Tag::of(tx.keys(), &format!("checkpoint/{}/{}", it.size, it.note));
        Ok(Shown::new(CheckpointView::from(it), tag))
    })
    .await
}

/// Which row.
#[derive(Clone, Copy, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase")]
pub struct InclusionQuery {
    /// `leafIndex` of a line of the log.
    #[param(minimum = 0, maximum = 2_147_483_647, example = 0)]
    pub leaf_index: u64,
}

/// That a row is in the sealed tree.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = InclusionProof)]
#[serde(rename_all = "camelCase")]
pub struct InclusionView {
    /// The place of the row among the leaves.
    #[schema(minimum = 0, maximum = 2_147_483_647)]
    pub leaf_index: u64,
    /// The log that it is of.
    pub log: Log,
    /// The row in the bytes that were sealed: JSON by RFC 8785. Its leaf hash is SHA-256 of a zero byte and these.
    #[schema(max_length = 100_000)]
    pub entry: String,
    /// The hash that was sealed, in base64.
    #[schema(max_length = 44, pattern = "^[A-Za-z0-9+/]{43}=$")]
    pub leaf_hash: String,
    /// The hashes that lead from the leaf to the root, lowest first, in base64.
    #[schema(max_items = 64)]
    pub path: Vec<HashText>,
    /// The checkpoint of the tree.
    pub checkpoint: CheckpointView,
    /// Whether the row is the one that was sealed: false where it, or its leaf, was changed behind the seal. What it says is then
    /// not what was logged.
    pub intact: bool,
}

/// A SHA-256 hash, in base64.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TreeHash, max_length = 44, pattern = "^[A-Za-z0-9+/]{43}=$")]
pub struct HashText(String);

impl From<&Hash> for HashText {
    fn from(it: &Hash) -> Self {
        Self(BASE64.encode(it))
    }
}

/// The proof that a row is in the log
///
/// For a line that the caller may see; a row of what was changed for oversight only. What was shown once can be checked
/// with any program that knows RFC 6962: it needs neither this node nor its database.
#[utoipa::path(
    operation_id = "getInclusionProof", tag = "audit", params(InclusionQuery),
    responses((status = 200, description = "The proof.", body = InclusionView))
)]
#[get("/v1/audit/proofs/inclusion")]
pub async fn get_inclusion_proof(call: Call, query: Query<InclusionQuery>) -> Result<Answer, Failure> {
    let index = query.0.leaf_index;
    call.read(None, move |tx| {
        let it = tx.inclusion_proof(index)?;
        let (reach, sees_all) = tx.log_sight(it.of.case)?;
        let facts_of_others = it.log == LogName::Events && reach != LogReach::Country;
        if facts_of_others || !sees(&tx.cx.caller, reach, &it.of) {
            return Err(Failure::new(&problems::NOT_FOUND));
        }
        // The bytes name the agency.
        if !sees_all && it.of.agency != Some(tx.cx.caller.agency) && tx.is_hideaway(it.of.agency)? {
            return Err(Failure::new(&problems::NOT_FOUND));
        }
        if !it.intact {
            log::error!(target: "trm::seals", leaf = index; "a row of the log is not the one that was sealed");
        }
        let tag = Tag::of(tx.keys(), &format!("inclusion/{index}/{}/{}/{}", it.checkpoint.size, it.intact, it.entry));
        let view = InclusionView {
            leaf_index: it.index,
            log: match it.log {
                LogName::AccessLog => Log::AccessLog,
                LogName::Events => Log::Events,
            },
            entry: it.entry,
            leaf_hash: BASE64.encode(&it.leaf),
            path: it.path.iter().map(HashText::from).collect(),
            checkpoint: it.checkpoint.into(),
            intact: it.intact,
        };
        let shown = Shown::new(view, tag);
        Ok(match it.of.case {
            Some(case) => shown.of_case(case, vec![DataClass::D16AccessLog]),
            None => shown,
        })
    })
    .await
}

/// Of which sizes.
#[derive(Clone, Copy, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ConsistencyQuery {
    /// The smaller size: of a checkpoint that was seen before.
    #[param(minimum = 1, maximum = 2_147_483_647, example = 1)]
    pub first: u64,
    /// The larger size: of a checkpoint that was seen later.
    #[param(minimum = 1, maximum = 2_147_483_647, example = 2)]
    pub second: u64,
}

/// That the log has only grown.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ConsistencyProof)]
#[serde(rename_all = "camelCase")]
pub struct ConsistencyView {
    /// The smaller size.
    #[schema(minimum = 1, maximum = 2_147_483_647)]
    pub first: u64,
    /// The larger size.
    #[schema(minimum = 1, maximum = 2_147_483_647)]
    pub second: u64,
    /// The root of the smaller tree, in base64.
    #[schema(max_length = 44, pattern = "^[A-Za-z0-9+/]{43}=$")]
    pub first_root_hash: String,
    /// The root of the larger tree, in base64.
    #[schema(max_length = 44, pattern = "^[A-Za-z0-9+/]{43}=$")]
    pub second_root_hash: String,
    /// The hashes that show that the larger began as the smaller, lowest first, in base64.
    #[schema(max_items = 128)]
    pub path: Vec<HashText>,
}

/// The proof that the log has only grown
///
/// Between two sizes: what was sealed in the smaller tree is sealed in the larger one as well, unchanged and in the same
/// order. Compare the roots with those of the checkpoints that you keep.
#[utoipa::path(
    operation_id = "getConsistencyProof", tag = "audit", params(ConsistencyQuery),
    responses((status = 200, description = "The proof.", body = ConsistencyView))
)]
#[get("/v1/audit/proofs/consistency")]
pub async fn get_consistency_proof(call: Call, query: Query<ConsistencyQuery>) -> Result<Answer, Failure> {
    let ConsistencyQuery { first, second } = query.0;
    if first > second {
        let message = "the second size is the larger one";
        return Err(Failure::invalid(&problems::INCONSISTENT_VALUES, "?second", "sizes", message));
    }
    call.read(None, move |tx| {
        let it = tx.consistency_proof(first, second)?;
        let tag = Tag::of(tx.keys(), &format!("consistency/{first}/{second}/{:?}", it.second_root));
        let view = ConsistencyView {
            first,
            second,
            first_root_hash: BASE64.encode(&it.first_root),
            second_root_hash: BASE64.encode(&it.second_root),
            path: it.path.iter().map(HashText::from).collect(),
        };
        Ok(Shown::new(view, tag))
    })
    .await
}
