//! Many files: the time and the memory that a scan takes, and that nothing is lost among them.

use std::{collections::BTreeSet, fmt::Write as _, fs, path::Path};

use pgstead_eject::{Kind, Life};

use crate::{process::scan_apart, tree::Projects};

/// Files in a folder, of which the first is its barrel.
const FOLDER: usize = 50;
/// Folders in a package.
const PACKAGE: usize = 20;
/// One folder in so many has a client of its own.
const USES: usize = 2;

#[test]
fn many_files_are_scanned_and_nothing_is_lost() {
    let files = if std::env::var_os("PGSTEAD_TEST_LONG").is_some() { 100_000 } else { 10_000 };
    let project = Projects::empty();
    let root = project.path().join("tree");
    let made = generate(&root, files);
    let outcome = scan_apart(&root);
    let megabytes = outcome.peak >> 20;
    println!(
        "{} files: {:.2} s, at most {megabytes} MB resident, {} findings",
        outcome.report.files,
        outcome.seconds,
        outcome.report.findings.len()
    );
    assert_eq!(outcome.report.files, made.files as u64);
    let found = |kind| {
        let findings = outcome.report.findings.iter();
        let findings =
            findings.filter(|finding| finding.kind == kind && finding.life == Life::Live);
        findings.map(|finding| finding.place.path.clone()).collect::<BTreeSet<_>>()
    };
    assert_eq!(found(Kind::Client), made.clients);
    assert_eq!(found(Kind::Import), made.clients);
    assert_eq!(found(Kind::Wrapper), made.wrappers);
    assert!(outcome.peak < 500 << 20, "{megabytes} MB");
}

/// What was generated.
#[derive(Default)]
struct Made {
    files: usize,
    /// Who makes a client.
    clients: BTreeSet<String>,
    /// Who uses one through a module of the tree.
    wrappers: BTreeSet<String>,
}

/// Packages of folders of modules, as a large product has them: most import their neighbours, some are of other kinds.
fn generate(root: &Path, files: usize) -> Made {
    let mut made = Made::default();
    let mut write = |path: String, text: &str| {
        let full = root.join(&path);
        fs::create_dir_all(full.parent().unwrap()).unwrap();
        fs::write(full, text).unwrap();
        made.files += 1;
        path
    };
    let (mut clients, mut wrappers) = (BTreeSet::new(), BTreeSet::new());
    let folders = files / FOLDER;
    // As a logger or a store of flags is: one module of which the whole product makes use.
    clients.insert(write("packages/p0/src/hub.ts".to_owned(), HUB));
    for package in 0..folders.div_ceil(PACKAGE) {
        let manifest = format!(
            r#"{{ "name": "p{package}", "main": "src/index.ts", "dependencies": {{ "ioredis": "^5.4.1" }} }}"#
        );
        write(format!("packages/p{package}/package.json"), &manifest);
        let mut index = String::new();
        for folder in package * PACKAGE..folders.min((package + 1) * PACKAGE) {
            let _ = writeln!(index, "export * as f{folder} from \"./f{folder}\";");
            let base = format!("packages/p{package}/src/f{folder}");
            let has_client = folder % USES == 0;
            wrappers.extend(["m2", "m3", "index"].map(|name| format!("{base}/{name}.ts")));
            wrappers.insert(format!("packages/p{package}/src/index.ts"));
            if has_client {
                let client = write(format!("{base}/client.ts"), CLIENT);
                let user = format!("{base}/m7.ts");
                clients.insert(client);
                wrappers.insert(user);
            }
            let mut barrel = String::new();
            for module in 0..FOLDER - 4 {
                let _ = writeln!(barrel, "export * from \"./m{module}\";");
                let text = text_of(folder, module, has_client && module == 7);
                write(format!("{base}/m{module}.ts"), &text);
            }
            write(format!("{base}/index.ts"), &barrel);
            write(format!("{base}/data.json"), r#"{ "redisplay": [1, 2, 3], "title": "Redis" }"#);
            write(format!("{base}/style.css"), ".redis { color: red }\n");
            write(
                format!("{base}/m1.test.ts"),
                "import { value1 } from \"./m1\";\ntest(\"x\", () => value1);\n",
            );
        }
        write(format!("packages/p{package}/src/index.ts"), &index);
    }
    made.clients = clients;
    made.wrappers = wrappers;
    made
}

const CLIENT: &str =
    "import Redis from \"ioredis\";\n\nexport const client = new Redis(process.env.REDIS_URL!);\n";

const HUB: &str = "import Redis from \"ioredis\";\n\nconst redis = new Redis();\nexport const hub = (key: string) => redis.incr(key);\n";

/// A module of some forty lines that imports two of its neighbours.
fn text_of(folder: usize, module: usize, uses_redis: bool) -> String {
    let mut text = String::new();
    let mut near = String::new();
    for neighbour in [module + 1, module + 5].map(|next| next % (FOLDER - 4)) {
        // Nobody imports who uses Redis but the barrel, so that who leads to it can be counted.
        if neighbour != 7 && neighbour > module {
            let _ = write!(near, " + near{neighbour}");
            let _ = writeln!(
                text,
                "import {{ value{neighbour} as near{neighbour} }} from \"./m{neighbour}\";"
            );
        }
    }
    if uses_redis {
        text.push_str("import { client } from \"./client\";\n");
        text.push_str("export const read = (key: string) => client.get(`cache:${key}`);\n");
    }
    let _ = writeln!(text, "\n/** Module {module} of folder {folder}; it redistributes. */");
    if module == 3 {
        text.push_str("import { hub } from \"../../../p0/src/hub\";\n");
        text.push_str("export const flag3 = () => hub(\"three\");\n");
    }
    if module == 2 {
        text.push_str("import { flag3 } from \"./m3\";\n");
        text.push_str("export const on2 = async () => (await flag3()) > 0;\n");
    }
    let _ = writeln!(text, "export const value{module} = {folder} * {module};\n");
    for function in 0..6 {
        let _ = write!(
            text,
            "export function compute{folder}x{module}x{function}(input: number[]): number {{\n  \
             let sum = {function};\n  \
             for (const value of input) {{\n    \
             sum += value * value{module}{near};\n  \
             }}\n  \
             return sum;\n\
             }}\n"
        );
    }
    text
}
