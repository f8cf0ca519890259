//! `enkash api list`.

use serde::Serialize;

use crate::failure::Failure;
use crate::output::Output;

#[derive(Serialize)]
struct Row {
    operation: &'static str,
    method: &'static str,
    path: &'static str,
    product: &'static str,
    auth: &'static str,
    sealed: bool,
    webhook: bool,
}

pub(super) fn run(output: &Output) -> Result<(), Failure> {
    let rows: Vec<Row> = enkash_types::operations()
        .map(|declared| Row {
            operation: declared.operation.name,
            method: declared.operation.method.as_str(),
            path: declared.operation.path,
            product: declared.operation.product.name(),
            auth: declared.operation.auth.name(),
            sealed: declared.operation.sealed,
            webhook: declared.is_webhook,
        })
        .collect();
    if output.is_json() {
        return output.value(&rows);
    }
    let rows: Vec<[String; 6]> = rows
        .iter()
        .map(|row| {
            let path = if row.webhook {
                "(sent by EnKash)"
            } else {
                row.path
            };
            let sealed = if row.sealed { "sealed" } else { "" };
            [
                row.operation,
                row.method,
                path,
                row.product,
                row.auth,
                sealed,
            ]
            .map(str::to_owned)
        })
        .collect();
    output.table(
        &["OPERATION", "METHOD", "PATH", "PRODUCT", "TOKEN", "BODY"],
        &rows,
    )
}
