//! The contract, as far as these tests need it.

/// A fact about a field in the contract of the payment gateway: `pattern`, `minLength` …
#[track_caller]
pub(crate) fn documented(schema: &str, field: &str, fact: &str) -> String {
    documented_in("payment-gateway.yaml", schema, field, fact)
}

/// The same in this file of the contract.
#[track_caller]
pub(crate) fn documented_in(file: &str, schema: &str, field: &str, fact: &str) -> String {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/contract/");
    let contract = std::fs::read_to_string(format!("{folder}{file}")).unwrap();
    let depth = |line: &str| line.len() - line.trim_start().len();
    let mut lines = contract
        .lines()
        .skip_while(|line| line.trim() != format!("{schema}:"))
        .skip_while(|line| !line.trim().starts_with(&format!("{field}:")));
    let first = lines.next().unwrap_or_default();
    let inside = lines.take_while(|line| depth(line) > depth(first));
    std::iter::once(first)
        .chain(inside)
        .find_map(|line| line.split_once(&format!("{fact}: ")))
        .and_then(|(_, fact)| match fact.strip_prefix('\'') {
            Some(quoted) => quoted.split('\'').next(),
            None => fact.split([',', '}']).next(),
        })
        .unwrap_or_else(|| panic!("the contract does not say {fact} of {schema}.{field}"))
        .to_owned()
}
