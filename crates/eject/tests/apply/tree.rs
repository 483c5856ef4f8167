//! Trees to edit: copies in git, in temporary folders.

use std::{
    fs,
    io::Write as _,
    path::Path,
    process::{Command, Stdio},
};

use pgstead_eject::{
    Finding, Life, Report, Store,
    apply::{self, Edits, WriteOptions, Written},
    scan,
};
use tempfile::TempDir;

/// A tree in git, all of it committed.
pub(crate) struct Tree(TempDir);

impl Tree {
    pub(crate) fn copy(from: &Path) -> Self {
        let folder = TempDir::with_prefix("pgstead-apply-").unwrap();
        copy(from, folder.path());
        let tree = Self(folder);
        tree.git(&["init", "--quiet"]);
        tree.git(&["config", "core.autocrlf", "false"]);
        tree.commit();
        tree
    }

    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }

    pub(crate) fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path().join(path)).unwrap()
    }

    pub(crate) fn git(&self, arguments: &[&str]) -> String {
        let mut git = Command::new("git");
        git.args(["-c", "user.name=t", "-c", "user.email=t@example.org"]).args(arguments);
        let output = git.current_dir(self.path()).output().unwrap();
        let told = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "git {arguments:?}: {told}");
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    /// Commits all there is, what git would ignore too.
    pub(crate) fn commit(&self) {
        self.git(&["add", "--all", "--force"]);
        self.git(&["commit", "--quiet", "--allow-empty", "--message", "x"]);
    }

    /// Writes all files anew, but for scripts, whose first line is read by the kernel, and commits them.
    pub(crate) fn rewrite(&self, convert: &dyn Fn(&str) -> String) {
        for path in self.git(&["ls-files", "-z"]).split('\0').filter(|path| !path.is_empty()) {
            let whole = self.path().join(path);
            let text = fs::read_to_string(&whole).unwrap();
            if !text.starts_with("#!") {
                fs::write(whole, convert(&text)).unwrap();
            }
        }
        self.commit();
    }

    pub(crate) fn scan(&self) -> Report {
        scan(self.path(), &pgstead_eject::Options::default(), &|_| {}).unwrap()
    }

    pub(crate) fn preview(&self, report: &Report) -> Edits {
        let mut options = apply::Options::default();
        options.models = Some(MODELS.to_owned());
        apply::preview(self.path(), report, &options).unwrap()
    }

    /// Writes without running the commands of package managers.
    pub(crate) fn write(&self, edits: &Edits) -> Written {
        let mut edits = edits.clone();
        edits.commands.clear();
        apply::write(self.path(), &edits, &WriteOptions::default()).unwrap()
    }

    /// Whether `git apply --check` takes the diff, and what it says if not.
    pub(crate) fn takes(&self, diff: &str) -> Result<(), String> {
        if diff.is_empty() {
            return Ok(());
        }
        let mut git = Command::new("git");
        git.args(["apply", "--check", "-"]).current_dir(self.path());
        let mut git = git.stdin(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        git.stdin.take().unwrap().write_all(diff.as_bytes()).unwrap();
        let output = git.wait_with_output().unwrap();
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        if output.status.success() { Ok(()) } else { Err(told) }
    }
}

/// Models to add to a schema of Prisma.
pub(crate) const MODELS: &str =
    "model PgsteadJob {\n  id Int @id\n\n  @@map(\"jobs\")\n  @@schema(\"pgstead\")\n}\n";

/// The live findings of Redis.
pub(crate) fn live(report: &Report) -> Vec<&Finding> {
    let is_live = |it: &&Finding| it.store == Store::Redis && it.life == Life::Live;
    report.findings.iter().filter(is_live).collect()
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        if entry.file_name() == ".git" {
            continue;
        }
        let to = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &to);
        } else {
            fs::copy(entry.path(), to).unwrap();
        }
    }
}
