//! The table of what of the contract is declared.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use crate::declaration::Declaration;
use crate::document::{Document, Entry};

/// The table, as Markdown.
pub(crate) fn table(documents: &[Document], declarations: &[Declaration]) -> String {
    let declared: BTreeSet<&str> = declarations.iter().flat_map(Declaration::names).collect();
    let is_declared = |entry: &Entry<'_>| declared.contains(entry.name());
    let mut text = String::from(
        "# Coverage

Every call and webhook of EnKash that has a route in [the contract](contract/README.md), and
whether this SDK declares it. From a declaration follow the types with their rules, the client
call, the sandbox's answer and the place in `enkash api`. `cargo xtask contract` writes this page.

*Contract* says how much of EnKash's documentation was read: `documented`, the page with its
schema; `partial`, only some of it; `listed`, only name, method and path. *By name only* counts
calls and guides that the documentation names without a route: there is nothing to build yet.

| product | calls | webhooks | documented | partial | listed | declared | by name only |
|---|---:|---:|---:|---:|---:|---:|---:|
",
    );
    let mut total = [0; 7];
    for document in documents {
        let count = |wanted: &dyn Fn(&Entry<'_>) -> bool| document.entries().filter(wanted).count();
        let counts = [
            count(&|entry| !entry.is_webhook),
            count(&|entry| entry.is_webhook),
            count(&|entry| entry.text("x-status") == Some("documented")),
            count(&|entry| entry.text("x-status") == Some("partial")),
            count(&|entry| entry.text("x-status") == Some("listed")),
            count(&is_declared),
            document.listed(),
        ];
        for (sum, count) in total.iter_mut().zip(counts) {
            *sum += count;
        }
        row(
            &mut text,
            &format!("[{0}](#{0})", product(document)),
            counts,
        );
    }
    row(&mut text, "**all**", total);

    for document in documents {
        let _ = write!(
            text,
            "\n## {}\n\n{}: [{file}](contract/{file})\n\n\
             | operation | method | path | contract | declared |\n|---|---|---|---|---|\n",
            product(document),
            document.title(),
            file = document.file,
        );
        for entry in document.entries() {
            let path = match entry.is_webhook {
                true => "webhook".to_owned(),
                false => format!("`{}`", entry.path),
            };
            let _ = writeln!(
                text,
                "| `{}` | {} | {path} | {} | {} |",
                entry.name(),
                entry.method,
                entry.text("x-status").unwrap_or("?"),
                if is_declared(&entry) { "yes" } else { "" },
            );
        }
    }
    text
}

fn row(text: &mut String, name: &str, counts: [usize; 7]) {
    let counts = counts.map(|count| count.to_string()).join(" | ");
    let _ = writeln!(text, "| {name} | {counts} |");
}

/// Name of the product: that of its file.
fn product(document: &Document) -> &str {
    document.file.trim_end_matches(".yaml")
}
