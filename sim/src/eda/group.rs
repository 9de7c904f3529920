//! A program with everything that it starts: ended together, also where this process is ended first.

use std::io;
use std::process::{Child, Command, ExitStatus};

/// A program that runs, and what it started.
pub(super) struct Group {
    child: Child,
}

impl Group {
    /// Starts `command`. On Linux a small process stands between this one and the program: it waits for either to end, and
    /// then ends whatever the program has left running.
    pub(super) fn start(command: &mut Command) -> io::Result<Group> {
        #[cfg(target_os = "linux")]
        watcher::put_between(command);
        Ok(Group {
            child: command.spawn()?,
        })
    }

    /// How the program ended; nothing while it runs.
    pub(super) fn ended(&mut self) -> io::Result<Option<ExitStatus>> {
        self.child.try_wait()
    }

    /// Ends the program and what it started.
    pub(super) fn end(mut self) {
        // SAFETY: a system call with plain numbers; the child has not been waited for, or the number is nobody's.
        #[cfg(target_os = "linux")]
        unsafe {
            libc::kill(self.child.id() as libc::pid_t, libc::SIGTERM);
        }
        #[cfg(not(target_os = "linux"))]
        // It has ended already, or ends now.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[cfg(target_os = "linux")]
mod watcher {
    use std::io;
    use std::mem::zeroed;
    use std::os::unix::process::{CommandExt, parent_id};
    use std::process::Command;

    /// Descriptors that are closed where the system has no call for all of them.
    const DESCRIPTORS: libc::c_int = 1024;

    /// Makes what `command` starts a watcher whose child becomes the program.
    pub(super) fn put_between(command: &mut Command) {
        let parent = std::process::id();
        // SAFETY: between fork and exec there are system calls alone, and nothing is allocated.
        unsafe {
            command.pre_exec(move || split(parent));
        }
    }

    /// Forks: the child returns and becomes the program, the parent becomes the watcher.
    fn split(parent: u32) -> io::Result<()> {
        // SAFETY: system calls with plain numbers and with signal sets that live here.
        unsafe {
            let (mut all, mut awaited, mut before) = (zeroed(), zeroed(), zeroed());
            // Ctrl-C reaches this process too, which has to outlive the one that asked.
            libc::sigfillset(&mut all);
            libc::sigemptyset(&mut awaited);
            libc::sigaddset(&mut awaited, libc::SIGTERM);
            libc::sigaddset(&mut awaited, libc::SIGCHLD);
            libc::signal(libc::SIGCHLD, libc::SIG_DFL);
            libc::sigprocmask(libc::SIG_SETMASK, &all, &mut before);
            libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGTERM);
            // The parent may have ended before the call.
            if parent_id() != parent {
                return Err(io::Error::from_raw_os_error(libc::ESRCH));
            }
            let watcher = libc::getpid();
            match libc::fork() {
                -1 => Err(io::Error::last_os_error()),
                0 => {
                    libc::setpgid(0, 0);
                    libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGKILL);
                    if libc::getppid() != watcher {
                        libc::_exit(1);
                    }
                    libc::sigprocmask(libc::SIG_SETMASK, &before, std::ptr::null_mut());
                    Ok(())
                }
                program => watch(program, &awaited),
            }
        }
    }

    /// Waits for the end of the program or of the process that asked for it, ends what is left of the program's group, and
    /// ends as the program did.
    ///
    /// # Safety
    /// In a process of its own, whose child is `program`, with the signals blocked.
    unsafe fn watch(program: libc::pid_t, awaited: &libc::sigset_t) -> ! {
        // SAFETY: as above.
        unsafe {
            libc::setpgid(program, program);
            libc::prctl(libc::PR_SET_DUMPABLE, 0);
            // Whoever reads what the program prints waits for the last that could write.
            if libc::syscall(libc::SYS_close_range, 0, libc::c_uint::MAX, 0) != 0 {
                for descriptor in 0..DESCRIPTORS {
                    libc::close(descriptor);
                }
            }
            let mut about: libc::siginfo_t = zeroed();
            let is_over = libc::WEXITED | libc::WNOWAIT | libc::WNOHANG;
            loop {
                let asked = libc::sigwaitinfo(awaited, std::ptr::null_mut()) == libc::SIGTERM;
                libc::waitid(libc::P_PID, program as libc::id_t, &mut about, is_over);
                if asked || about.si_pid() == program {
                    break;
                }
            }
            // The program's number stays its own until it is waited for.
            libc::kill(-program, libc::SIGKILL);
            let mut status = 0;
            while libc::waitpid(program, &mut status, 0) == -1 {}
            if libc::WIFSIGNALED(status) {
                let signal = libc::WTERMSIG(status);
                libc::signal(signal, libc::SIG_DFL);
                let (mut own, before) = (zeroed(), std::ptr::null_mut());
                libc::sigemptyset(&mut own);
                libc::sigaddset(&mut own, signal);
                libc::sigprocmask(libc::SIG_UNBLOCK, &own, before);
                libc::kill(libc::getpid(), signal);
            }
            libc::_exit(libc::WEXITSTATUS(status))
        }
    }
}
