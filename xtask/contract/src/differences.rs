//! What differs, and the one file that says why.

use std::collections::BTreeSet;

use anyhow::{Context as _, bail};
use serde::{Deserialize, Serialize};

/// The file of explained differences, beside the contract.
pub(crate) const FILE: &str = "differences.yaml";

/// One difference between a declaration and the contract.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Difference {
    /// Name of the operation in the contract.
    pub(crate) operation: String,
    /// What differs, in words.
    pub(crate) text: String,
    /// The kind of difference that it is, where one explanation holds for all of a kind.
    pub(crate) class: Option<Class>,
    /// Where to look: file, schema and type.
    pub(crate) at: String,
}

/// Kinds of differences that are explained once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Class {
    /// A field of an answer or notification that the contract requires and we don't.
    LenientAnswers,
}

impl Difference {
    pub(crate) fn line(&self) -> String {
        line(&self.operation, &self.text)
    }
}

/// The file of explained differences.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Explained {
    /// Why a field of an answer may be optional with us though the contract requires it.
    lenient_answers: Option<String>,
    #[serde(default)]
    explained: Vec<Explanation>,
}

/// Differences with one reason: every one of these texts, for every one of these operations.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Explanation {
    reason: String,
    operations: Vec<String>,
    differences: Vec<String>,
}

impl Explanation {
    fn lines(&self) -> impl Iterator<Item = String> {
        self.operations.iter().flat_map(|operation| {
            self.differences
                .iter()
                .map(move |text| line(operation, text))
        })
    }
}

/// A difference in one line.
fn line(operation: &str, text: &str) -> String {
    format!("{operation} {text}")
}

/// What is left when explanations and differences are laid side by side.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Judgement {
    pub(crate) unexplained: Vec<Difference>,
    /// Listed, and no longer so.
    pub(crate) outdated: Vec<String>,
    /// How many are explained one by one.
    pub(crate) explained: usize,
    /// How many fields of answers are optional by design.
    pub(crate) lenient: usize,
}

impl Explained {
    pub(crate) fn parse(text: &str) -> anyhow::Result<Self> {
        let explained: Self = yaml_serde::from_str(text).context(FILE)?;
        let mut seen = BTreeSet::new();
        for explanation in &explained.explained {
            for line in explanation.lines() {
                if explanation.reason.trim().is_empty() {
                    bail!("{FILE}: no reason is given for: {line}");
                }
                if let Some(line) = seen.replace(line) {
                    bail!("{FILE}: listed twice: {line}");
                }
            }
        }
        Ok(explained)
    }

    pub(crate) fn judge(&self, found: Vec<Difference>) -> Judgement {
        let listed: BTreeSet<String> = self.explained.iter().flat_map(Explanation::lines).collect();
        let lines: BTreeSet<String> = found.iter().map(Difference::line).collect();
        let mut judgement = Judgement {
            unexplained: Vec::new(),
            outdated: listed.difference(&lines).cloned().collect(),
            explained: 0,
            lenient: 0,
        };
        for difference in found {
            if listed.contains(&difference.line()) {
                judgement.explained += 1;
            } else if difference.class == Some(Class::LenientAnswers)
                && self.lenient_answers.is_some()
            {
                judgement.lenient += 1;
            } else {
                judgement.unexplained.push(difference);
            }
        }
        if self.lenient_answers.is_some() && judgement.lenient == 0 {
            judgement.outdated.push("lenient_answers".to_owned());
        }
        judgement
    }
}

impl Judgement {
    pub(crate) fn is_clean(&self) -> bool {
        self.unexplained.is_empty() && self.outdated.is_empty()
    }

    /// What a person has to look at.
    pub(crate) fn report(&self) -> anyhow::Result<String> {
        let mut report = String::new();
        for difference in &self.unexplained {
            report.push_str(&format!("  {}\n", difference.line()));
            if !difference.at.is_empty() {
                report.push_str(&format!("      {}\n", difference.at));
            }
        }
        for line in &self.outdated {
            report.push_str(&format!("  listed in {FILE} and no longer so: {line}\n"));
        }
        if !self.unexplained.is_empty() {
            report.push_str(&format!(
                "Where the type is right, list it with its reason in docs/contract/{FILE}:\n\n{}",
                yaml_serde::to_string(&self.to_be_explained())?
            ));
        }
        Ok(report)
    }

    /// What is unexplained, by operation, as it would be listed.
    fn to_be_explained(&self) -> Vec<Explanation> {
        let mut listing: Vec<Explanation> = Vec::new();
        for difference in &self.unexplained {
            let text = difference.text.clone();
            match listing.last_mut() {
                Some(last) if last.operations == [difference.operation.as_str()] => {
                    last.differences.push(text);
                }
                _ => listing.push(Explanation {
                    reason: String::new(),
                    operations: vec![difference.operation.clone()],
                    differences: vec![text],
                }),
            }
        }
        listing
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn difference(text: &str, class: Option<Class>) -> Difference {
        Difference {
            operation: "make_thing".to_owned(),
            text: text.to_owned(),
            class,
            at: "made-up.yaml, schema Thing, type Thing".to_owned(),
        }
    }

    const LISTED: &str = "
lenient_answers: Answers are read leniently.
explained:
  - reason: It is so.
    operations: [make_thing]
    differences: [method is POST in the contract]
";

    #[test]
    fn what_is_listed_is_explained_and_what_is_not_is_left() {
        let judgement = Explained::parse(LISTED).unwrap().judge(vec![
            difference("method is POST in the contract", None),
            difference("answer.a is required", Some(Class::LenientAnswers)),
            difference("request.b is required", None),
        ]);
        assert_eq!((judgement.explained, judgement.lenient), (1, 1));
        assert_eq!(
            judgement.unexplained,
            [difference("request.b is required", None)]
        );
        assert!(judgement.outdated.is_empty());
        assert!(!judgement.is_clean());
        assert_eq!(
            judgement.report().unwrap(),
            "  make_thing request.b is required
      made-up.yaml, schema Thing, type Thing
Where the type is right, list it with its reason in docs/contract/differences.yaml:

- reason: ''
  operations:
  - make_thing
  differences:
  - request.b is required
"
        );
    }

    #[test]
    fn what_is_listed_and_no_longer_so_is_an_error() {
        let judgement = Explained::parse(LISTED).unwrap().judge(Vec::new());
        assert_eq!(
            judgement.outdated,
            [
                "make_thing method is POST in the contract",
                "lenient_answers"
            ]
        );
        assert!(!judgement.is_clean());
    }

    #[test]
    fn a_kind_that_is_not_explained_is_an_error() {
        let found = difference("answer.a is required", Some(Class::LenientAnswers));
        let judgement = Explained::default().judge(vec![found.clone()]);
        assert_eq!(judgement.unexplained, [found]);
    }

    #[test]
    fn an_explanation_needs_a_reason_and_stands_once() {
        for wrong in [
            "explained: [{reason: ' ', operations: [a], differences: [b]}]",
            "explained: [{reason: x, operations: [a], differences: [b, b]}]",
            "explained: [{operations: [a], differences: [b]}]",
            "differences: []",
        ] {
            assert!(Explained::parse(wrong).is_err(), "{wrong}");
        }
    }
}
