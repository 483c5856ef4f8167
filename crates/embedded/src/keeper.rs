//! The process that keeps PostgreSQL, and how one becomes its user.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Write as _},
    os::{
        fd::AsFd as _,
        unix::{fs::OpenOptionsExt as _, process::CommandExt as _},
    },
    process::{Child, Command},
};

use nix::{
    errno::Errno,
    fcntl::{FcntlArg, OFlag, fcntl},
    poll::{PollFd, PollFlags, PollTimeout, poll},
    sys::{stat::Mode, statvfs::statvfs},
    unistd::mkfifo,
};

use crate::{
    binaries::Binaries,
    error::{Error, Kind, Result},
    layout::Layout,
    privileges::{Reach, RunAs},
};

/// The shell is where PostgreSQL is, and needs no program of ours to be where the library is used.
const SCRIPT: &str = include_str!("keeper.sh");

/// Below this many bytes PostgreSQL's shared memory goes to files of its own.
const LITTLE_SHM: u64 = 16 * 1024 * 1024;

/// Our use of a running keeper: as long as this is open, PostgreSQL is kept.
#[derive(Debug)]
pub(crate) struct Use {
    users: File,
    /// Reaped at the end, if the keeper is our child.
    child: Option<Child>,
}

impl Use {
    /// Becomes a user of the keeper that is there. `None` when there is none.
    pub(crate) fn join(layout: &Layout) -> Result<Option<Self>> {
        let path = layout.users();
        match open_fifo(OpenOptions::new().write(true), layout) {
            Ok(mut users) => {
                // The watcher reads it and sees that somebody has come: see `is_noticed`.
                match users.write_all(b"\n") {
                    Ok(()) => Ok(Some(Self { users, child: None })),
                    // It has gone in this moment.
                    Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(None),
                    Err(error) => Err(Error::path("write to", path)(error)),
                }
            }
            Err(error) if error.raw_os_error() == Some(Errno::ENXIO as i32) => Ok(None),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(Error::path("open", path)(error)),
        }
    }

    /// Starts a keeper with a postmaster, and becomes its first user.
    pub(crate) fn start(layout: &Layout, user: &RunAs, binaries: &Binaries) -> Result<Self> {
        let path = layout.users();
        match mkfifo(&path, Mode::S_IRUSR | Mode::S_IWUSR) {
            Ok(()) | Err(Errno::EEXIST) => {}
            Err(errno) => return Err(Error::path("create", path)(errno.into())),
        }
        // One end makes the other open without waiting.
        let keepers =
            open_fifo(OpenOptions::new().read(true), layout).map_err(Error::path("open", &path))?;
        let users = open_fifo(OpenOptions::new().write(true), layout)
            .map_err(Error::path("open", &path))?;
        // The keeper is to wait when it reads.
        fcntl(keepers.as_fd(), FcntlArg::F_SETFL(OFlag::empty()))
            .map_err(|errno| Error::path("open", &path)(errno.into()))?;

        let (cluster, socket_dir) =
            (Reach::to(&layout.cluster(), user)?, Reach::to(layout.socket_dir(), user)?);
        let log = layout.open_log()?;
        let mut keeper = Command::new("/bin/sh");
        keeper
            .args(["-c", SCRIPT, "pgstead"])
            .arg(cluster.path().join("postmaster.pid"))
            .args(postmaster(binaries, &cluster, &socket_dir))
            // Whoever ends us with ^C means us: we tell PostgreSQL when we are done.
            .process_group(0)
            .stdin(keepers)
            .stdout(log.try_clone().map_err(Error::path("open", layout.log()))?)
            .stderr(log);
        plain_environment(&mut keeper);
        user.apply(&mut keeper);
        cluster.apply(&mut keeper);
        socket_dir.apply(&mut keeper);
        let child =
            keeper.spawn().map_err(|cause| Kind::Run { program: "/bin/sh".into(), cause })?;
        Ok(Self { users, child: Some(child) })
    }

    /// Whether the watcher has seen us come, so that it will not stop PostgreSQL as long as we stay.
    /// One that has just seen the last user go reads no more.
    pub(crate) fn is_noticed(&self) -> bool {
        // What cannot be asked for counts as read.
        rustix::io::ioctl_fionread(&self.users).unwrap_or(0) == 0
    }

    /// Whether the keeper is there.
    pub(crate) fn is_kept(&mut self) -> bool {
        if let Some(child) = &mut self.child
            && !matches!(child.try_wait(), Ok(None))
        {
            return false;
        }
        // A FIFO that nobody reads is in error for its writers.
        let mut ends = [PollFd::new(self.users.as_fd(), PollFlags::POLLOUT)];
        let polled = poll(&mut ends, PollTimeout::ZERO);
        let broken = PollFlags::POLLERR | PollFlags::POLLHUP;
        polled.is_ok() && !ends[0].revents().is_some_and(|events| events.intersects(broken))
    }

    /// Ceases to use it. What comes back says whether the keeper has gone.
    pub(crate) fn leave(self) -> impl FnMut(&Layout) -> bool {
        let Self { users, mut child } = self;
        drop(users);
        move |layout| {
            let reaped = child.as_mut().is_none_or(|child| !matches!(child.try_wait(), Ok(None)));
            reaped && matches!(Self::join(layout), Ok(None))
        }
    }
}

fn open_fifo(options: &mut OpenOptions, layout: &Layout) -> io::Result<File> {
    options.custom_flags(OFlag::O_NONBLOCK.bits()).open(layout.users())
}

/// The postmaster's command line. What is here holds whatever stands in `postgresql.conf`.
fn postmaster(binaries: &Binaries, cluster: &Reach, socket_dir: &Reach) -> Vec<std::ffi::OsString> {
    let mut sockets = std::ffi::OsString::from("unix_socket_directories=\"");
    sockets.push(socket_dir.path());
    sockets.push("\"");
    let mut line = vec![binaries.postgres().into(), "-D".into(), cluster.path().into()];
    let mut set = |setting: std::ffi::OsString| line.extend(["-c".into(), setting]);
    // Reached through its socket only, in a directory that is its user's alone.
    set("listen_addresses=".into());
    set(sockets);
    set("port=5432".into());
    if statvfs("/dev/shm").map_or(0, |shm| shm.blocks_available() * shm.fragment_size())
        < LITTLE_SHM
    {
        set("dynamic_shared_memory_type=mmap".into());
    }
    line
}

/// A locale that PostgreSQL does not know breaks it, and variables of its clients mislead it.
pub(crate) fn plain_environment(command: &mut Command) {
    command.env("LC_ALL", "C");
    for name in ["PGDATA", "PGPORT", "PGHOST", "PGUSER", "PGDATABASE", "PGOPTIONS", "PGTZ"] {
        command.env_remove(name);
    }
}

/// What PostgreSQL said last, for the message that it is not there.
pub(crate) fn last_words(layout: &Layout, since: u64) -> String {
    let log = fs::read(layout.log()).unwrap_or_default();
    let new = log.get(usize::try_from(since).unwrap_or(0)..).unwrap_or(&log);
    let text = String::from_utf8_lossy(new);
    let severe = |line: &&str| {
        // What it answers us, when we ask whether it is ready, is not why it ended.
        let to_us = line.contains("starting up") || line.contains("shutting down");
        !to_us && ["FATAL:", "PANIC:", "error:"].iter().any(|word| line.contains(word))
    };
    let said = text.lines().rfind(severe).or_else(|| text.lines().last()).unwrap_or_default();
    said.trim().to_owned()
}
