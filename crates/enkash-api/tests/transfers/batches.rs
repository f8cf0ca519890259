//! Batches whose answers are lost.

use enkash_api::payouts::MadeBatch;
use enkash_api::types::payouts::CreateTransferBatch;

use super::Call::{self, Create, Resume};
use super::common::{self, Reply, Script};
use super::{DUPLICATE, LOST, REFUSED, Scripted, failed, transfer};

const NOT_ALLOWED: Reply = Reply::Body(403, "");
/// It speaks of no batch.
const NOTHING: Reply = Reply::Body(200, r#"{"message":"Under maintenance"}"#);
const NOTHING_TAKEN: Reply =
    Reply::Body(200, r#"{"successfulPayoutTransactionCreateResponses":[]}"#);

#[tokio::test]
async fn a_batch_is_asked_for_again_under_its_id() {
    const BATCH: Reply = Reply::Body(
        200,
        r#"{"batchTransactionId":"B1","successfulPayoutTransactionCreateResponses":[{"transactionId":"T1","payoutStatus":"PENDING"}]}"#,
    );
    let batch = || CreateTransferBatch::new("B1", vec![transfer()]);
    let rows: Vec<(Call, Vec<Reply>, &str)> = vec![
        (Create, vec![BATCH], "answered"),
        (Create, vec![DUPLICATE], "failed: Duplicate"),
        (Create, vec![LOST, BATCH], "answered"),
        (Create, vec![LOST, DUPLICATE], "known"),
        (Create, vec![NOT_ALLOWED, DUPLICATE], "known"),
        (Create, vec![NOTHING, DUPLICATE], "known"),
        (Create, vec![NOTHING, BATCH], "answered"),
        (Create, vec![NOTHING_TAKEN, DUPLICATE], "known"),
        (Resume, vec![NOTHING, DUPLICATE], "known"),
        (Create, vec![LOST, REFUSED], "unknown: Rejected"),
        (Create, vec![LOST, LOST, LOST], "unknown: Maybe"),
        (Resume, vec![BATCH], "answered"),
        (Resume, vec![DUPLICATE], "known"),
        (Resume, vec![REFUSED], "unknown: Rejected"),
    ];
    for (index, (call, replies, expected)) in rows.into_iter().enumerate() {
        let count = replies.len();
        let script = Script::new(replies);
        // It is for single transfers; a batch is not looked up.
        let client = script.builder().oauth(common::oauth());
        let client = client.transfer_lookup(Scripted::default()).build().unwrap();
        let transfers = client.payouts().transfers();
        let made = match call {
            Create => transfers.create_batch(batch()).await,
            Resume => transfers.resume_batch(batch()).await,
        };
        let ended = match &made {
            Ok(MadeBatch::Answered(answer)) => {
                assert_eq!(answer.successful.len(), 1);
                "answered".to_owned()
            }
            Ok(MadeBatch::Known) => "known".to_owned(),
            Ok(other) => panic!("{other:?}"),
            Err(error) => failed(error),
        };
        assert_eq!(ended, expected, "row {index}");
        assert_eq!(script.calls(), count, "row {index}");
        for body in script.opened() {
            assert_eq!(body, serde_json::to_value(batch()).unwrap());
        }
    }
}
