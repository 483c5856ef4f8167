//! The edits as a unified diff that `git apply` takes.

use std::fmt::Write as _;

use similar::TextDiff;

use super::edits::Edits;
use crate::secret;

impl Edits {
    /// All changes as one diff, with paths below `a/` and `b/`. `git apply` makes of it what [`super::write()`] does without its commands.
    /// It holds lines as they are, secrets of `.env` files too: it is for a file or a pipe; [`Edits::masked_diff`] is to be looked at.
    pub fn unified_diff(&self) -> String {
        let changed = self.changed.iter().map(|file| (&file.path, &file.before, Some(&file.after)));
        let deleted = self.deleted.iter().map(|file| (&file.path, &file.before, None));
        let mut files: Vec<_> = changed.chain(deleted).collect();
        files.sort();
        let mut diff = String::new();
        for (path, before, after) in files {
            file(&mut diff, path, before, after.map(String::as_str));
        }
        diff
    }

    /// The same with what may be a secret replaced by `***`, for the eyes of people.
    pub fn masked_diff(&self) -> String {
        let diff = self.unified_diff();
        let lines: Vec<_> = diff.split('\n').map(secret::mask).collect();
        lines.join("\n")
    }
}

fn file(diff: &mut String, path: &str, before: &str, after: Option<&str>) {
    let (old, new) = (name('a', path), name('b', path));
    let _ = writeln!(diff, "diff --git {old} {new}");
    if after.is_none() {
        diff.push_str("deleted file mode 100644\n");
    }
    if before.is_empty() {
        return;
    }
    let new = if after.is_some() { new.as_str() } else { "/dev/null" };
    // A name with a blank ends with a tab, or the rest would be taken for a date.
    let tab = |name: &str| if name.contains(' ') { "\t" } else { "" };
    let _ = writeln!(diff, "--- {old}{}\n+++ {new}{}", tab(&old), tab(new));
    // Lines end with `\n` alone for git; a `\r` is of the line.
    let lines =
        |text: &'_ str| -> Vec<String> { text.split_inclusive('\n').map(str::to_owned).collect() };
    let (before, after) = (lines(before), lines(after.unwrap_or_default()));
    let before: Vec<_> = before.iter().map(String::as_str).collect();
    let after: Vec<_> = after.iter().map(String::as_str).collect();
    let compared = TextDiff::configure().newline_terminated(true).diff_slices(&before, &after);
    for hunk in compared.unified_diff().context_radius(3).iter_hunks() {
        let _ = write!(diff, "{hunk}");
    }
}

/// A path as git writes it: in quotes where it has more than plain characters.
fn name(side: char, path: &str) -> String {
    let path = format!("{side}/{path}");
    if path.bytes().all(|byte| (b' '..0x7f).contains(&byte) && byte != b'"' && byte != b'\\') {
        return path;
    }
    let mut quoted = String::from("\"");
    for byte in path.bytes() {
        match byte {
            b'"' | b'\\' => quoted.extend(['\\', char::from(byte)]),
            b' '..0x7f => quoted.push(char::from(byte)),
            _ => _ = write!(quoted, "\\{byte:03o}"),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use std::{fs, io::Write as _, process};

    use super::{
        super::edits::{Changed, Deleted},
        *,
    };

    /// What `git apply` makes of the diff is what the edits say, for every end of line and every name.
    #[test]
    fn git_applies_it() {
        let folder = tempfile::tempdir().unwrap();
        let git = |arguments: &[&str]| {
            process::Command::new("git")
                .args(arguments)
                .current_dir(folder.path())
                .output()
                .unwrap()
        };
        git(&["init", "-q"]);
        git(&["config", "core.autocrlf", "false"]);
        let files = [
            ("plain.txt", "a\nb\nc\n", Some("a\nc\n")),
            ("no end.txt", "a\r\nb\r\nc", Some("a\r\nc")),
            ("ä\"b.txt", "\u{feff}a\nb", Some("\u{feff}b")),
            ("gone/x.bak", "a\nb", None),
            ("empty.bak", "", None),
            ("carriage.txt", "a\rb\nc\n", Some("a\rb\n")),
            ("emptied.txt", "a\n", Some("")),
        ];
        let mut edits = Edits::default();
        for (path, before, after) in files {
            let whole = folder.path().join(path);
            fs::create_dir_all(whole.parent().unwrap()).unwrap();
            fs::write(whole, before).unwrap();
            let (path, before) = (path.to_owned(), before.to_owned());
            match after {
                Some(after) => {
                    edits.changed.push(Changed { path, before, after: after.to_owned() });
                }
                None => edits.deleted.push(Deleted { path, before, why: String::new() }),
            }
        }
        let mut apply = process::Command::new("git");
        apply.args(["apply", "-"]).current_dir(folder.path());
        apply.stdin(process::Stdio::piped()).stderr(process::Stdio::piped());
        let mut apply = apply.spawn().unwrap();
        apply.stdin.take().unwrap().write_all(edits.unified_diff().as_bytes()).unwrap();
        let output = apply.wait_with_output().unwrap();
        let told = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{told}\n{}", edits.unified_diff());
        for (path, _, after) in files {
            let found = fs::read_to_string(folder.path().join(path)).ok();
            assert_eq!(found.as_deref(), after, "{path}");
        }
    }

    #[test]
    fn secrets_are_masked_for_eyes() {
        let (before, after) =
            ("REDIS_URL=redis://:hunter2@h\nA=1\n".to_owned(), "A=1\n".to_owned());
        let changed = vec![Changed { path: ".env".to_owned(), before, after }];
        let edits = Edits { changed, ..Edits::default() };
        assert!(edits.unified_diff().contains("hunter2"));
        assert!(!edits.masked_diff().contains("hunter2"), "{}", edits.masked_diff());
    }
}
