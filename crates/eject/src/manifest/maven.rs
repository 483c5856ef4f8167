//! `pom.xml`.

use std::{collections::HashMap, ops::Range};

use super::{
    asked::{Asker, Use},
    xml::{self, Element},
};
use crate::{catalogue::Ecosystem, file::File, finding::Sighting};

/// What is known of a dependency while its element is open.
#[derive(Default)]
struct Dependency {
    group: String,
    artifact: String,
    /// Where the artifact is named: that is the line by which people know it.
    span: Range<usize>,
    scope: String,
}

/// Reads `pom.xml`: dependencies, managed ones and those of plugins.
pub(super) fn pom(file: &File) -> Result<Vec<Sighting>, String> {
    let asker = Asker::manifest(Ecosystem::Maven);
    let elements = xml::elements(&file.text)?;
    let properties = properties(&elements);
    let value = |element: &Element| resolve(&element.text, &properties);
    let mut current = Dependency::default();
    let mut found = Vec::new();
    for element in &elements {
        if element.is_in("exclusion") || !is_within(element) {
            continue;
        }
        match element.name() {
            "groupId" => current.group = value(element),
            "artifactId" => {
                current.artifact = value(element);
                current.span = element.said.clone();
            }
            "scope" => current.scope = value(element),
            "dependency" => {
                let Dependency { group, artifact, span, scope } = std::mem::take(&mut current);
                let usage =
                    if scope == "test" { Use::Development("its scope is test") } else { Use::Live };
                found.extend(asker.package(&format!("{group}:{artifact}"), span, &usage));
            }
            _ => {}
        }
    }
    Ok(found)
}

/// A dependency, or what it directly holds.
fn is_within(element: &Element) -> bool {
    let mut way = element.way.iter().rev();
    element.name() == "dependency" || way.nth(1).is_some_and(|parent| parent == "dependency")
}

fn properties(elements: &[Element]) -> HashMap<&str, &str> {
    let properties = elements.iter().filter(|element| {
        element.way.len() >= 2 && element.way[element.way.len() - 2] == "properties"
    });
    properties.map(|element| (element.name(), element.text.as_str())).collect()
}

/// `${redis.group}`, where the file itself says what that is.
fn resolve(text: &str, properties: &HashMap<&str, &str>) -> String {
    let name = text.strip_prefix("${").and_then(|text| text.strip_suffix('}'));
    let value = name.and_then(|name| properties.get(name));
    value.map_or_else(|| text.to_owned(), |value| (*value).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::Life;

    #[test]
    fn dependencies_are_named_by_group_and_artifact() {
        let text = "<project>
  <artifactId>redis-app</artifactId>
  <properties><lettuce.group>io.lettuce</lettuce.group></properties>
  <dependencies>
    <dependency>
      <groupId>org.springframework.boot</groupId>
      <artifactId>spring-boot-starter-data-redis</artifactId>
      <exclusions><exclusion><groupId>io.lettuce</groupId><artifactId>lettuce-core</artifactId></exclusion></exclusions>
    </dependency>
    <!-- <dependency><groupId>redis.clients</groupId><artifactId>jedis</artifactId></dependency> -->
    <dependency><groupId>${lettuce.group}</groupId><artifactId>lettuce-core</artifactId></dependency>
    <dependency><groupId>org.acme</groupId><artifactId>redistribute</artifactId></dependency>
    <dependency>
      <groupId>com.github.fppt</groupId>
      <artifactId>jedis-mock</artifactId>
      <scope>test</scope>
    </dependency>
  </dependencies>
</project>";
        let file = File::new("pom.xml".into(), text.into());
        let found = pom(&file).unwrap();
        let told: Vec<_> = found
            .iter()
            .map(|found| {
                let is_test = matches!(found.life, Some((Life::Test, _)));
                (file.line_of(found.span.start) + 1, found.name.as_str(), is_test)
            })
            .collect();
        assert_eq!(
            told,
            [
                (7, "org.springframework.boot:spring-boot-starter-data-redis", false),
                (11, "io.lettuce:lettuce-core", false),
                (15, "com.github.fppt:jedis-mock", true),
            ]
        );
    }
}
