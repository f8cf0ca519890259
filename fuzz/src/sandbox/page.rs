//! What stands in the HTML of a page, as far as it matters here.

/// The tags of a page, without their brackets.
pub(super) fn tags(html: &str) -> impl Iterator<Item = &str> {
    html.split('<')
        .skip(1)
        .filter_map(|rest| rest.split('>').next())
}

/// The value of an attribute, with or without quotes.
pub(super) fn attribute(tag: &str, name: &str) -> Option<String> {
    let (_, rest) = tag.split_once(&format!(" {name}="))?;
    let quote = rest
        .chars()
        .next()
        .filter(|first| ['"', '\''].contains(first));
    let value = match quote {
        Some(quote) => rest[1..].split(quote).next(),
        None => rest.split_ascii_whitespace().next(),
    };
    Some(value?.replace("&amp;", "&"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_are_found_in_any_quotes() {
        let html = "<p>x</p><input name=mode value=\"a &amp; b\"><a class=x href='/y?z=1'>";
        let tags: Vec<_> = tags(html).collect();
        assert_eq!(attribute(tags[2], "name").as_deref(), Some("mode"));
        assert_eq!(attribute(tags[2], "value").as_deref(), Some("a & b"));
        assert_eq!(attribute(tags[3], "href").as_deref(), Some("/y?z=1"));
        assert_eq!(attribute(tags[0], "href"), None);
    }
}
