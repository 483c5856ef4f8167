//! Trees that are made to break a scan: what no repository can hold, and what few do.

use std::{fs, os::unix::fs::symlink, path::Path, process::Command};

use pgstead_eject::{Life, Report};

use crate::{
    process::scan_apart,
    tree::{Projects, Variant},
};

fn write(root: &Path, path: &str, bytes: impl AsRef<[u8]>) {
    let path = root.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, bytes).unwrap();
}

fn live(report: &Report) -> Vec<(String, u32)> {
    let live = report.findings.iter().filter(|finding| finding.life == Life::Live);
    live.map(|finding| (finding.place.path.clone(), finding.place.line)).collect()
}

const USE: &str =
    "import Redis from 'ioredis';\nexport const redis = new Redis('redis://:hunter2@h:1');\n";

#[test]
fn what_others_wrote_and_links_change_nothing() {
    let project = Projects::copy("injected-plain", Variant::Plain);
    let root = project.path();
    let before = live(&scan_apart(&root.join("src")).report);
    assert!(before.len() > 5, "{before:?}");
    let src = root.join("src");
    for foreign in [
        "node_modules/ioredis",
        "src-is-not-this/node_modules/x",
        ".git",
        "vendor/github.com/redis",
        ".venv/lib",
        "coverage",
        ".next/server",
        "target-of-nobody/.terraform/modules",
    ] {
        write(&src, &format!("{foreign}/index.js"), USE);
        write(&src, &format!("{foreign}/main.py"), "import redis\nredis.Redis()\n");
    }
    symlink("..", src.join("up")).unwrap();
    symlink("loop-b", src.join("loop-a")).unwrap();
    symlink("loop-a", src.join("loop-b")).unwrap();
    symlink("/nowhere/at/all", src.join("dangling.ts")).unwrap();
    symlink("presence.js", src.join("linked.js")).unwrap();
    assert!(Command::new("mkfifo").arg(src.join("pipe.ts")).status().unwrap().success());
    let after = scan_apart(&src).report;
    assert_eq!(live(&after), before);
}

#[test]
fn what_a_build_made_is_known_by_the_manifest_beside_it() {
    let project = Projects::empty();
    let root = project.path().join("tree");
    write(&root, "package.json", r#"{ "name": "x", "bin": "bin/x.js" }"#);
    write(&root, "bin/x.js", USE);
    write(&root, "dist/x.js", USE);
    write(&root, "net/Net.csproj", "<Project/>");
    write(&root, "net/bin/x.js", USE);
    write(&root, "java/pom.xml", "<project/>");
    write(&root, "java/target/x.js", USE);
    write(&root, "src/target/main.js", USE);
    let report = scan_apart(&root).report;
    let mut paths: Vec<_> = report.findings.iter().map(|f| f.place.path.as_str()).collect();
    paths.dedup();
    assert_eq!(paths, ["bin/x.js", "src/target/main.js"]);
}

#[test]
fn what_git_ignores_is_not_read_except_for_secrets_and_backups() {
    let project = Projects::empty();
    let root = project.path().join("tree");
    write(&root, ".gitignore", ".env\n*.bak\n/generated\n*.local.ts\n");
    write(
        &root,
        "package.json",
        r#"{ "name": "x", "main": "index.ts", "dependencies": { "ioredis": "5" } }"#,
    );
    write(&root, "index.ts", USE);
    write(&root, "generated/client.ts", USE);
    write(&root, "mine.local.ts", USE);
    write(&root, ".env", "REDIS_URL=redis://:hunter2@h:1\n");
    write(&root, "index.ts.bak", USE);
    let report = scan_apart(&root).report;
    let mut paths: Vec<_> = report.findings.iter().map(|f| f.place.path.as_str()).collect();
    paths.dedup();
    assert_eq!(paths, [".env", "index.ts", "index.ts.bak", "package.json"]);
}

#[test]
fn a_line_of_ten_megabytes_is_shown_short_or_named() {
    let project = Projects::empty();
    let root = project.path().join("tree");
    let filler =
        "function f(a){return[a,{b:a+1}].map(function(c){return c})};var redisplay='redis';";
    let filler = filler.repeat((5 << 20) / filler.len());
    let used = "var Redis=require('ioredis'),r=new Redis('redis://:hunter2longhunter2@h');";
    write(&root, "package.json", r#"{ "name": "x", "main": "app.js" }"#);
    write(&root, "app.js", format!("{filler}{used}{filler}"));
    let outcome = scan_apart(&root);
    println!("10 MB in a line: {:.2} s, {} MB", outcome.seconds, outcome.peak >> 20);
    let Report { findings, troubles, .. } = outcome.report;
    let is_named = troubles.iter().any(|trouble| trouble.path == "app.js");
    assert!(!findings.is_empty() || is_named);
    for finding in findings {
        assert_eq!((finding.place.line, finding.place.path.as_str()), (1, "app.js"));
        assert!(finding.text.chars().count() <= 200 && !finding.text.contains("hunter2"));
    }
}

#[test]
fn a_file_that_is_too_large_is_named() {
    let project = Projects::empty();
    let root = project.path().join("tree");
    write(&root, "dump.sql", vec![b'x'; 21 << 20]);
    let report = scan_apart(&root).report;
    assert_eq!(report.troubles.len(), 1);
    assert_eq!(report.troubles[0].path, "dump.sql");
}

/// Deeper than any stack that is gone down by recursion.
const DEPTH: usize = 50_000;

#[test]
fn nesting_without_end_ends() {
    // Each alone, so that the one that breaks is told.
    for (name, open, close) in [
        ("deep.ts", "[", "]"),
        ("blocks.ts", "{", "}"),
        ("calls.js", "f(", ")"),
        ("types.ts", "type A = (", ")"),
        ("element.tsx", "<a>", "</a>"),
        ("sum.js", "1+", "1"),
        ("members.js", "a.", "b"),
        ("template.js", "`${", "}`"),
        ("not.js", "!", "x"),
        ("deep.py", "(", ")"),
        ("deep.go", "(", ")"),
        ("deep.rs", "{", "}"),
        ("deep.rb", "[", "]"),
        ("deep.java", "{", "}"),
        ("deep.kt", "{", "}"),
        ("deep.php", "<?php [", "]"),
        ("deep.cs", "{", "}"),
        ("package.json", "[", "]"),
        ("tsconfig.json", "{\"a\":", "}"),
        ("deep.json", "{\"Resources\":", "}"),
        ("docker-compose.yml", "[", "]"),
        ("values.yaml", "- ", ""),
        ("Cargo.toml", "[", "]"),
        ("pyproject.toml", "a=[", "]"),
        ("main.tf", "a {", "}"),
        ("locals.tf", "a = [", "]"),
        ("pom.xml", "<a>", "</a>"),
        ("page.vue", "<script>{", "}</script>"),
    ] {
        let project = Projects::empty();
        let root = project.path().join("tree");
        write(&root, name, format!("{}redis{}", open.repeat(DEPTH), close.repeat(DEPTH)));
        write(&root, "alive/index.ts", USE);
        println!("{name} is nested");
        let outcome = scan_apart(&root);
        println!("{name} took {:.1} s, {} MB", outcome.seconds, outcome.peak >> 20);
        let report = outcome.report;
        let is_found = report.findings.iter().any(|f| f.place.path == "alive/index.ts");
        assert!(is_found, "{name}: what is beside it");
    }
}

#[test]
fn bytes_that_are_no_text_lose_nothing() {
    let project = Projects::empty();
    let root = project.path().join("tree");
    write(&root, "package.json", r#"{ "name": "x", "main": "latin.js" }"#);
    write(
        &root,
        "latin.js",
        b"// caf\xe9\nconst Redis = require('ioredis'); // \xff\xfe\nexports.r = new Redis();\n",
    );
    write(&root, "latin.py", b"# -*- coding: latin-1 -*-\n# \xe9\nimport redis\n");
    write(&root, "empty.ts", b"");
    write(&root, "mark.ts", b"\xef\xbb\xbf");
    write(&root, "zero.ts", b"\0\0redis");
    write(&root, "empty.json", b"");
    write(&root, "docker-compose.yml", b"");
    write(&root, "Cargo.toml", b"\n");
    write(&root, "with space/déjà.ts", USE);
    let report = scan_apart(&root).report;
    let is_found = |path: &str, line| {
        report.findings.iter().any(|f| f.place.path == path && f.place.line == line)
    };
    assert!(is_found("latin.js", 2) && is_found("latin.js", 3));
    assert!(is_found("latin.py", 3));
    assert!(is_found("with space/déjà.ts", 1));
}

#[test]
fn text_in_utf_16_is_read() {
    let project = Projects::empty();
    let root = project.path().join("tree");
    let wide: Vec<u8> =
        "\u{feff}REDIS_URL=redis://h:1\r\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    write(&root, ".env", wide);
    let report = scan_apart(&root).report;
    let told = report.troubles.iter().any(|trouble| trouble.path == ".env");
    assert!(told || !report.findings.is_empty(), "a file that PowerShell wrote is read, or named");
}

#[test]
fn a_tree_that_is_none_is_an_error_and_an_empty_one_is_not() {
    let project = Projects::empty();
    assert!(
        scan_apart(&{
            let empty = project.path().join("empty");
            fs::create_dir(&empty).unwrap();
            empty
        })
        .report
        .findings
        .is_empty()
    );
    let options = pgstead_eject::Options::default();
    assert!(pgstead_eject::scan(&project.path().join("none"), &options, &|_| {}).is_err());
}
