//! Whom PostgreSQL runs as, and how that user gets to directories that are not his.

use std::{
    fs::{self, File},
    io,
    os::{
        fd::{AsRawFd as _, OwnedFd},
        unix::{
            fs::{MetadataExt as _, PermissionsExt as _, chown},
            process::CommandExt as _,
        },
    },
    path::{Path, PathBuf},
    process::Command,
};

use nix::{
    fcntl::{FcntlArg, FdFlag, fcntl},
    unistd::{User, geteuid},
};

use crate::error::{Error, Kind, Result};

/// The user that PostgreSQL runs as.
#[derive(Clone, Debug)]
pub(crate) enum RunAs {
    /// Whoever we are.
    Ourselves,
    /// We are root, and PostgreSQL refuses to be.
    Other(User),
}

impl RunAs {
    /// `postgres` or else `nobody`, for root; everybody else runs it himself.
    pub(crate) fn choose() -> Result<Self> {
        let uid = geteuid();
        let named = |name| User::from_name(name).ok().flatten();
        if uid.is_root() {
            let other = named("postgres").or_else(|| named("nobody")).ok_or(Kind::NoUser)?;
            return Ok(Self::Other(other));
        }
        match User::from_uid(uid) {
            Ok(None) => Err(Kind::NamelessUser { uid: uid.as_raw() }.into()),
            _ => Ok(Self::Ourselves),
        }
    }

    /// Makes a directory that is this user's alone.
    pub(crate) fn own(&self, directory: &Path) -> Result<()> {
        fs::create_dir_all(directory).map_err(Error::path("create", directory))?;
        fs::set_permissions(directory, fs::Permissions::from_mode(0o700))
            .map_err(Error::path("change the mode of", directory))?;
        self.give(directory)
    }

    /// Gives a file or directory to this user.
    pub(crate) fn give(&self, path: &Path) -> Result<()> {
        match self {
            Self::Ourselves => Ok(()),
            Self::Other(user) => chown(path, Some(user.uid.as_raw()), Some(user.gid.as_raw()))
                .map_err(Error::path("change the owner of", path)),
        }
    }

    /// Has the command run as this user.
    pub(crate) fn apply(&self, command: &mut Command) {
        // Where we are may be where he may not.
        command.current_dir("/");
        if let Self::Other(user) = self {
            command.uid(user.uid.as_raw()).gid(user.gid.as_raw());
        }
    }

    /// The error that he may not enter it.
    pub(crate) fn unreachable(&self, directory: &Path) -> Error {
        let user = match self {
            Self::Ourselves => "this user".to_owned(),
            Self::Other(user) => user.name.clone(),
        };
        Kind::Unreachable { path: directory.to_owned(), user }.into()
    }

    /// Whether he may follow the directory's name.
    pub(crate) fn may_enter(&self, directory: &Path) -> bool {
        let Self::Other(user) = self else { return true };
        directory.ancestors().all(|ancestor| {
            fs::metadata(ancestor).is_ok_and(|found| {
                let execute = if found.uid() == user.uid.as_raw() {
                    0o100
                } else if found.gid() == user.gid.as_raw() {
                    0o010
                } else {
                    0o001
                };
                found.mode() & execute != 0
            })
        })
    }
}

/// A directory under a name that the user of a command can follow.
///
/// Root's directories are closed to whom PostgreSQL runs as, and a data directory may be inside of
/// one. On Linux an open directory can be entered all the same by whoever inherits it, under the
/// name of its descriptor: following that link asks nothing of the directories above.
#[derive(Debug)]
pub(crate) struct Reach {
    path: PathBuf,
    inherited: Option<OwnedFd>,
}

impl Reach {
    pub(crate) fn to(directory: &Path, user: &RunAs) -> Result<Self> {
        if user.may_enter(directory) {
            return Ok(Self { path: directory.to_owned(), inherited: None });
        }
        if !cfg!(target_os = "linux") {
            return Err(user.unreachable(directory));
        }
        let opened = File::open(directory).map_err(Error::path("open", directory))?;
        let path = PathBuf::from(format!("/proc/self/fd/{}", opened.as_raw_fd()));
        Ok(Self { path, inherited: Some(opened.into()) })
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Has the command inherit what it needs to follow the name. The command must not outlive us.
    pub(crate) fn apply(&self, command: &mut Command) {
        let Some(descriptor) = &self.inherited else { return };
        let number = descriptor.as_raw_fd();
        let keep_open = move || {
            // SAFETY: `Reach` outlives the spawning, so that the number is still its descriptor's.
            #[expect(unsafe_code, reason = "a closure that runs after fork borrows nothing")]
            let descriptor = unsafe { std::os::fd::BorrowedFd::borrow_raw(number) };
            fcntl(descriptor, FcntlArg::F_SETFD(FdFlag::empty()))?;
            io::Result::Ok(())
        };
        // SAFETY: between fork and exec it makes one system call and allocates nothing.
        #[expect(unsafe_code, reason = "there is no safe way to let a child inherit a descriptor")]
        unsafe {
            command.pre_exec(keep_open);
        }
    }
}
