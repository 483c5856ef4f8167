//! For which tool a tree of configuration is, and for which store.

use super::variable;
use crate::{
    document::{Node, Pair},
    file::File,
    finding::Store,
    word,
};

/// The tool that a file is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tool {
    Compose,
    Workflow,
    Kubernetes,
    Chart,
    Values,
    Render,
    Platform,
    Package,
    Python,
    Drupal,
    Other,
}

/// The store for which a file is named, or its folder among those of settings.
pub(super) fn store_of_file(file: &File) -> Option<Store> {
    let folders: Vec<_> = file.folder().split('/').collect();
    let is_setting = |folder: &&str| matches!(*folder, "config" | "conf" | "configs" | "settings");
    let stem = file.name().split('.').next().unwrap_or_default();
    let is_plain = |name: &str| word::words(name).count() == 1;
    let named = |name: &str| variable::store_of(name).filter(|_| is_plain(name));
    let in_folder = match folders.as_slice() {
        [.., setting, folder] if is_setting(setting) => named(folder),
        _ => None,
    };
    let is_below = folders.last().is_some_and(is_setting) || folders == [""];
    in_folder.or_else(|| {
        named(stem.strip_prefix('k').unwrap_or(stem)).or_else(|| named(stem)).filter(|_| is_below)
    })
}

/// The tool that a file is for, by its name and by its form.
pub(super) fn tool(file: &File, root: Node<'_>) -> Tool {
    let (name, path) = (file.name(), &*file.path);
    let stem = name.split('.').find(|part| !part.is_empty()).unwrap_or_default();
    let is_workflow = path.contains(".github/workflows/")
        || path.contains(".circleci/")
        || path.contains(".buildkite/")
        || path.contains(".woodpecker/")
        || stem.starts_with("azure-pipelines")
        || matches!(stem, "bitbucket-pipelines" | "cloudbuild" | "buildspec")
        || [".gitlab-ci", ".travis", ".drone", ".woodpecker", ".semaphore", ".cirrus"]
            .iter()
            .any(|start| name.starts_with(start));
    let is_service =
        |pair: Pair<'_>| pair.value.get("image").is_some() || pair.value.get("build").is_some();
    if is_workflow {
        Tool::Workflow
    } else if name == "package.json" {
        Tool::Package
    } else if name == "pyproject.toml" {
        Tool::Python
    } else if name == "core.extension.yml" || name.ends_with(".info.yml") {
        Tool::Drupal
    } else if name.starts_with("Chart.") || matches!(stem, "requirements") {
        Tool::Chart
    } else if stem.starts_with("values") || stem.ends_with("values") {
        Tool::Values
    } else if stem == "render" {
        Tool::Render
    } else if path.contains(".platform/")
        || path.contains(".upsun/")
        || name.starts_with(".platform")
        || name.starts_with(".lando")
    {
        Tool::Platform
    } else if stem.contains("compose")
        || root.get("services").is_some_and(|services| services.pairs().any(is_service))
    {
        Tool::Compose
    } else if root.get("apiVersion").is_some() && root.get("kind").is_some()
        || stem == "kustomization"
    {
        Tool::Kubernetes
    } else {
        Tool::Other
    }
}
