//! Modules that nothing reaches. When in doubt, something does.

use std::collections::{HashMap, HashSet};

use super::{
    judge::Judged,
    language::Language,
    resolve::{Tree, module_path},
    source::last,
    words::joined,
};
use crate::{
    file::{folder_of, is_below},
    finding::{Kind, Life, RelativePath, Sighting},
    life,
};

/// Names of files that are run, or that a framework looks for.
const ENTRIES: &[&str] = &[
    "__init__",
    "__main__",
    "main",
    "manage",
    "wsgi",
    "asgi",
    "settings",
    "conf",
    "config",
    "conftest",
    "setup",
    "celery",
    "celeryapp",
    "celeryconfig",
    "celery_app",
    "tasks",
    "models",
    "admin",
    "apps",
    "urls",
    "views",
    "signals",
    "receivers",
    "middleware",
    "routing",
    "consumers",
    "gunicorn",
    "locustfile",
    "fabfile",
    "noxfile",
    "app",
    "server",
    "worker",
    "cli",
    "run",
    "application",
    "lib",
    "mod",
    "build",
    "index",
    "bootstrap",
    "Program",
    "Startup",
    "AppHost",
    "env",
    "api",
    "handler",
    "lambda_function",
    "function_app",
    "streamlit_app",
    "sitecustomize",
];

/// Folders whose files are run, or that a framework looks through.
const FOLDERS: &[&str] = &[
    "management",
    "commands",
    "bin",
    "scripts",
    "script",
    "tools",
    "dags",
    "plugins",
    "hooks",
    "alembic",
    "versions",
    "settings",
    "config",
    "initializers",
    "controllers",
    "Controllers",
    "jobs",
    "workers",
    "channels",
    "mailers",
    "tasks",
    "cmd",
    "templatetags",
    "functions",
    "lambdas",
    "Console",
    "Providers",
    "Jobs",
    "Listeners",
    "Middleware",
    "routes",
    "database",
    "Migrations",
    "blueprints",
    "extensions",
    "handlers",
    "providers",
    "public",
];

/// Endings of names of classes that frameworks find.
const FOUND: &[&str] = &[
    "Controller",
    "Application",
    "Configuration",
    "Config",
    "Command",
    "Job",
    "Listener",
    "Middleware",
    "Provider",
    "Migration",
    "Seeder",
    "Handler",
    "Test",
    "Module",
    "Startup",
    "Program",
    "Hub",
    "Filter",
    "AutoConfiguration",
    "Function",
    "Worker",
    "Consumer",
    "Subscriber",
    "Policy",
    "Observer",
    "Extension",
    "Extensions",
    "Initializer",
    "Fixture",
];

/// Words of code that loads whatever lies in a folder.
const SCANS: &[&str] =
    &["pkgutil", "iter_modules", "import_module", "listdir", "glob", "walk_packages", "scandir"];

/// Tells which modules nothing uses, and which tests alone use; what stands in them lives no more than they do.
pub(super) fn mark_unused(tree: &mut Tree) {
    let users: HashSet<&RelativePath> = tree.found.iter().map(|(path, _)| path).collect();
    let leading: Vec<usize> = (0..tree.modules.len())
        .filter(|&index| {
            let judged = tree.modules[index].judged.as_deref();
            let is_python = tree.modules[index].language == Some(Language::Python);
            judged.is_some_and(leads) || is_python && users.contains(&tree.paths[index])
        })
        .filter(|&index| life::of(&tree.paths[index]).0 == Life::Live)
        .collect();
    let importers = Importers::new(tree, &leading);
    let of_each = |&index: &usize| Some((index, life_of(tree, index, &importers)?));
    let unreached: Vec<(usize, (Life, String))> = leading.iter().filter_map(of_each).collect();
    let mut lives: HashMap<RelativePath, (Life, String)> = HashMap::new();
    for (index, life) in unreached {
        let path = tree.paths[index].clone();
        if life.0 == Life::Dormant {
            tree.found.extend(unused(tree, index).map(|sighting| (path.clone(), sighting)));
        }
        lives.insert(path, life);
    }
    let own = tree.paths.iter().zip(&mut tree.modules).flat_map(|(path, module)| {
        let sightings = module.judged.iter_mut().flat_map(|judged| &mut judged.sightings);
        sightings.map(move |sighting| (path, sighting))
    });
    let found = tree.found.iter_mut().map(|(path, sighting)| (&*path, sighting));
    for (path, sighting) in own.chain(found) {
        if let Some(life) = lives.get(path) {
            sighting.life.get_or_insert_with(|| life.clone());
        }
    }
}

/// Whether a file leads to a package itself.
fn leads(judged: &Judged) -> bool {
    let kinds = [Kind::Import, Kind::Client, Kind::Command];
    judged
        .sightings
        .iter()
        .any(|sighting| kinds.contains(&sighting.kind) && sighting.life.is_none())
}

fn unused(tree: &Tree, index: usize) -> Option<Sighting> {
    let judged = tree.modules[index].judged.as_ref()?;
    let first = judged.sightings.iter().find(|sighting| sighting.kind == Kind::Import);
    let path = &tree.paths[index];
    let found = || tree.found.iter().find(|(of, _)| of == path).map(|(_, sighting)| sighting);
    let first = first.or(judged.sightings.first()).or_else(found)?;
    let name = module_path(path);
    let mut sighting = Sighting::new(Kind::UnusedModule, first.store, 0..0, &name);
    sighting.package = first.package;
    sighting.purpose.clone_from(&first.purpose);
    Some(sighting)
}

/// Who imports each of the files that lead to a package, and from which folders something is imported.
struct Importers<'a> {
    of: HashMap<usize, HashSet<usize>>,
    folders: HashSet<&'a str>,
}

impl<'a> Importers<'a> {
    fn new(tree: &'a Tree, leading: &[usize]) -> Self {
        let wanted: HashSet<usize> = leading.iter().copied().collect();
        let mut importers = Self { of: HashMap::new(), folders: HashSet::new() };
        for (index, module) in tree.modules.iter().enumerate() {
            let imports = module.judged.as_ref().map_or(&module.imports, |judged| &judged.imports);
            for import in imports {
                for (target, _) in tree.targets(index, import) {
                    importers.folders.insert(folder_of(&tree.paths[target]));
                    if target != index && wanted.contains(&target) {
                        importers.of.entry(target).or_default().insert(index);
                    }
                }
            }
        }
        importers
    }
}

/// The life of a module that nothing uses, or that tests alone use.
fn life_of(tree: &Tree, index: usize, importers: &Importers<'_>) -> Option<(Life, String)> {
    let judged = tree.modules[index].judged.as_deref()?;
    if is_entry(tree, index, judged) {
        return None;
    }
    let users = match tree.modules[index].language? {
        Language::Python => python(tree, index, importers)?,
        Language::Go => go(tree, index, importers)?,
        Language::Rust => rust(tree, index)?,
        _ => by_names(tree, index, judged)?,
    };
    let is_test = |&user: &usize| life::of(&tree.paths[user]).0 == Life::Test;
    if users.is_empty() {
        Some((Life::Dormant, "nothing in the tree uses this module".to_owned()))
    } else if users.iter().all(is_test) {
        Some((Life::Test, "tests alone use this module".to_owned()))
    } else {
        None
    }
}

fn is_entry(tree: &Tree, index: usize, judged: &Judged) -> bool {
    let path = &tree.paths[index];
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    let stem = name.split('.').next().unwrap_or(name);
    // Handlers of PHP are told to their framework, which finds none by its name.
    let is_told = tree.modules[index].language == Some(Language::Php);
    let by_class = |definition: &str| {
        let mut ends = FOUND.iter().filter(|end| !(is_told && **end == "Handler"));
        ends.any(|end| definition.ends_with(end))
    };
    judged.acts
        || ENTRIES.contains(&stem)
        || folder.split('/').any(|part| FOLDERS.contains(&part))
        || judged.definitions.is_empty()
        || judged.definitions.iter().any(|definition| definition.name == "main")
        || judged.definitions.iter().any(|definition| by_class(&definition.name))
}

/// Who uses a module of Python; nothing where that cannot be told.
fn python(tree: &Tree, index: usize, importers: &Importers<'_>) -> Option<Vec<usize>> {
    let is_test = |other: usize| life::of(&tree.paths[other]).0 == Life::Test;
    let imported: Vec<usize> = importers.of.get(&index).into_iter().flatten().copied().collect();
    if !imported.iter().all(|other| is_test(*other)) {
        return Some(imported);
    }
    let path = &tree.paths[index];
    let module = module_path(path);
    let (folder, stem) = module.rsplit_once('/').unwrap_or(("", &module));
    let parent = folder.rsplit('/').next().unwrap_or_default();
    let file = joined(stem, "py");
    let with_parent = joined(parent, stem);
    // Where no file is imported, files are scripts that are run by hand; where nothing is run, all is for others.
    let is_program =
        importers.folders.contains(folder) && tree.paths.iter().any(|path| is_run(path));
    if imported.is_empty() && !is_program {
        return None;
    }
    // What only tests import may still be loaded by a name: an entry point, a setting.
    let mut tests = imported;
    for (other, of) in tree.modules.iter().enumerate().filter(|(other, _)| *other != index) {
        let is_named = match of.language {
            None => {
                of.words.has(&file)
                    || of.words.has(&with_parent)
                    || parent.is_empty() && of.words.has(stem)
            }
            // A text in code may name it.
            Some(_) => of.words.has(stem),
        };
        let beside = folder_of(&tree.paths[other]);
        let scans = (folder == beside || is_below(folder, beside))
            && of.language == Some(Language::Python)
            && SCANS.iter().any(|word| of.words.has(word))
            && of.words.has("import_module");
        match life::of(&tree.paths[other]).0 {
            Life::Test if is_named => tests.push(other),
            Life::Live if is_named || scans => return None,
            _ => {}
        }
    }
    Some(tests)
}

/// Whether a file says that the tree is run, and not only a library for others.
fn is_run(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let run = [
        "main.py",
        "manage.py",
        "wsgi.py",
        "asgi.py",
        "app.py",
        "server.py",
        "__main__.py",
        "Procfile",
    ];
    run.contains(&name) || name.starts_with("Dockerfile") || name.starts_with("docker-compose")
}

/// Who uses a package of Go, in a tree that makes programs: a library is for others.
fn go(tree: &Tree, index: usize, importers: &Importers<'_>) -> Option<Vec<usize>> {
    let folder = |index: usize| folder_of(&tree.paths[index]);
    let judged = tree.modules[index].judged.as_ref()?;
    let is_program = |path: &RelativePath| {
        (path.ends_with("main.go") || path.contains("cmd/")) && life::of(path).0 == Life::Live
    };
    if judged.namespace == "main" || folder(index).is_empty() || !tree.paths.iter().any(is_program)
    {
        return None;
    }
    let all = importers.of.get(&index).into_iter().flatten().copied();
    Some(all.filter(|&user| folder(user) != folder(index)).collect())
}

/// Who declares a module of Rust.
fn rust(tree: &Tree, index: usize) -> Option<Vec<usize>> {
    let module = module_path(&tree.paths[index]);
    let (parent, stem) = module.rsplit_once('/')?;
    if stem == "src" || parent.ends_with("/bin") || parent == "bin" {
        return None;
    }
    let declared = (0..tree.modules.len()).filter(|&other| other != index).filter(|&other| {
        let is_parent = tree.modules[other].language == Some(Language::Rust)
            && module_path(&tree.paths[other]) == parent;
        let is_path = tree.paths[other].ends_with("Cargo.toml");
        (is_parent || is_path) && tree.modules[other].words.has(stem)
    });
    Some(declared.collect())
}

/// Who names one of the definitions of a file.
fn by_names(tree: &Tree, index: usize, judged: &Judged) -> Option<Vec<usize>> {
    let language = tree.modules[index].language?;
    let path = &tree.paths[index];
    // Rails loads what is in `app`, and whoever requires a file names it.
    if language == Language::Ruby && (path.starts_with("app/") || path.contains("/app/")) {
        return None;
    }
    // A gem is for others.
    let is_gem = || tree.paths.iter().any(|path| path.ends_with(".gemspec"));
    if language == Language::Ruby && is_gem() {
        return None;
    }
    let stem = path.rsplit('/').next()?.split('.').next()?;
    let users = tree.modules.iter().enumerate().filter(|(other, of)| {
        *other != index
            && (judged.definitions.iter().any(|definition| {
                of.words.has(last(&definition.name))
                    || definition.extensions().any(|method| of.words.has(method))
            }) || language == Language::Ruby && of.words.has(stem))
    });
    Some(users.map(|(other, _)| other).collect())
}
