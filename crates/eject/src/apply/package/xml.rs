//! `pom.xml`, and the projects of .NET: whole elements.

use std::ops::Range;

use quick_xml::{
    Reader,
    events::{BytesStart, Event},
};

use crate::apply::{
    comment,
    cut::{self, Cut},
};

/// An element, where it stands, and what stands in it.
struct Element {
    name: String,
    range: Range<usize>,
    attributes: Vec<(String, String)>,
    text: String,
    children: Vec<Element>,
}

impl Element {
    fn child(&self, name: &str) -> Option<&str> {
        self.children.iter().find(|child| child.name == name).map(|child| child.text.trim())
    }

    fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    fn walk<'e>(&'e self, visit: &mut dyn FnMut(&'e Element)) {
        visit(self);
        self.children.iter().for_each(|child| child.walk(visit));
    }
}

fn read(text: &str) -> Result<Element, String> {
    let mut reader = Reader::from_str(text);
    let mut stack = vec![Element {
        name: String::new(),
        range: 0..text.len(),
        attributes: Vec::new(),
        text: String::new(),
        children: Vec::new(),
    }];
    loop {
        let start = position(&reader);
        let event = reader.read_event().map_err(|_| "it is no valid XML".to_owned())?;
        let end = position(&reader);
        match event {
            Event::Start(tag) => stack.push(element(&tag, start..end)),
            Event::Empty(tag) => {
                let element = element(&tag, start..end);
                stack.last_mut().ok_or("it is no valid XML")?.children.push(element);
            }
            Event::End(_) => {
                let mut element = stack.pop().ok_or("it is no valid XML")?;
                element.range.end = end;
                stack.last_mut().ok_or("it is no valid XML")?.children.push(element);
            }
            Event::Text(said) => {
                if let Some(element) = stack.last_mut() {
                    element.text.push_str(&said);
                }
            }
            Event::Eof => {
                return stack
                    .pop()
                    .filter(|_| stack.is_empty())
                    .ok_or_else(|| "it is no valid XML".to_owned());
            }
            _ => {}
        }
    }
}

fn position(reader: &Reader<&[u8]>) -> usize {
    usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX)
}

fn element(tag: &BytesStart<'_>, range: Range<usize>) -> Element {
    let attributes = tag.attributes().flatten().map(|attribute| {
        let name = attribute.key.as_ref().to_owned();
        (name, attribute.value.into_owned())
    });
    Element {
        name: tag.name().as_ref().to_owned(),
        range,
        attributes: attributes.collect(),
        text: String::new(),
        children: Vec::new(),
    }
}

fn without(text: &str, is_gone: &dyn Fn(&Element) -> bool) -> Result<Vec<Cut>, String> {
    let mark = text.len() - text.trim_start_matches('\u{feff}').len();
    let root = read(&text[mark..])?;
    let mut cuts = Vec::new();
    root.walk(&mut |element| {
        if is_gone(element) {
            let range = mark + element.range.start..mark + element.range.end;
            let lines = cut::whole_lines(text, &range);
            let lines = lines.map(|lines| comment::with_comment(text, lines, "<!--", &[]));
            cuts.push(Cut::out(lines.unwrap_or(range)));
        }
    });
    Ok(cuts)
}

/// `<dependency>` elements by `group:artifact`.
pub(in crate::apply) fn maven(text: &str, names: &[&str]) -> Result<Vec<Cut>, String> {
    without(text, &|element| {
        let (group, artifact) = (element.child("groupId"), element.child("artifactId"));
        let (Some(group), Some(artifact)) = (group, artifact) else { return false };
        element.name == "dependency" && names.contains(&format!("{group}:{artifact}").as_str())
    })
}

/// `<PackageReference>` and `<PackageVersion>` elements.
pub(in crate::apply) fn nuget(text: &str, names: &[&str]) -> Result<Vec<Cut>, String> {
    without(text, &|element| {
        let name = element.attribute("Include").or(element.attribute("Update"));
        let is_reference = ["PackageReference", "PackageVersion", "GlobalPackageReference"]
            .contains(&&*element.name);
        is_reference
            && name.is_some_and(|name| names.iter().any(|gone| gone.eq_ignore_ascii_case(name)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_elements_go() {
        let text = "\u{feff}<project>\r\n  <dependencies>\r\n    <!-- Redis client -->\r\n    <dependency>\r\n      <groupId>redis.clients</groupId>\r\n      <artifactId>jedis</artifactId>\r\n      <exclusions><exclusion><groupId>a</groupId><artifactId>b</artifactId></exclusion></exclusions>\r\n    </dependency>\r\n    <dependency>\r\n      <groupId>a</groupId>\r\n      <artifactId>b</artifactId>\r\n    </dependency>\r\n  </dependencies>\r\n</project>\r\n";
        let after = "\u{feff}<project>\r\n  <dependencies>\r\n    <dependency>\r\n      <groupId>a</groupId>\r\n      <artifactId>b</artifactId>\r\n    </dependency>\r\n  </dependencies>\r\n</project>\r\n";
        let cuts = maven(text, &["redis.clients:jedis"]).unwrap();
        assert_eq!(cut::made(text, cuts), after);
        let text = "<Project>\n  <ItemGroup>\n    <PackageReference Include=\"StackExchange.Redis\" Version=\"2\" />\n    <PackageReference Include=\"A\">\n      <Version>1</Version>\n    </PackageReference>\n  </ItemGroup>\n</Project>\n";
        let cuts = nuget(text, &["stackexchange.redis"]).unwrap();
        let after = cut::made(text, cuts);
        assert!(
            !after.contains("Stack") && after.contains("<PackageReference Include=\"A\">"),
            "{after}"
        );
    }
}
