//! Limits and fence of a child, set by itself before it reads anything.
//!
//! | what | how | where |
//! |---|---|---|
//! | address space, open files, written files, core dumps | `setrlimit` | Unix |
//! | processor time of a file | `setrlimit`, soft, raised for each file | Unix |
//! | network, other programs, other processes, writing | seccomp: only listed system calls | Linux, x86-64 and ARM64 |
//! | files, but the folder of the models | Landlock | Linux 5.13 |
//!
//! A system call that is not listed fails with ENOSYS, as on an older kernel. A kernel without
//! seccomp or Landlock leaves the limits.

use std::io;
use std::path::Path;
use std::time::Duration;

use super::Limits;
use super::frames::Probe;

/// Sets the limits and closes the fence for this process and all its threads to come.
pub(super) fn close(limits: &Limits, models: Option<&Path>) -> io::Result<()> {
    #[cfg(unix)]
    rlimits::set(limits)?;
    #[cfg(target_os = "linux")]
    linux::close(models.filter(|dir| dir.is_dir()));
    let _ = (limits, models);
    Ok(())
}

/// Begins the processor time of a file.
pub(super) fn begin(time: Duration) {
    #[cfg(unix)]
    rlimits::begin(time);
    let _ = time;
}

/// Tries what a document must not be able to do.
pub(super) fn probe() -> Vec<Probe> {
    let stopped = |tried: &str, done: bool| Probe { tried: tried.to_owned(), stopped: !done };
    let program = std::env::current_exe().unwrap_or_else(|_| "yuanwen".into());
    let network = std::net::TcpListener::bind("127.0.0.1:0").is_ok()
        || std::net::UdpSocket::bind("127.0.0.1:0").is_ok();
    let file = std::env::temp_dir().join(format!("yuanwen-probe-{}", std::process::id()));
    let made = std::fs::File::create(&file).is_ok();
    if made {
        // An empty file, where there is no fence to keep it from being made.
        let _ = std::fs::remove_file(&file);
    }
    vec![
        stopped("network", network),
        stopped("start a program", std::process::Command::new(program).spawn().is_ok()),
        stopped("write a file", made),
        stopped("read a file", std::fs::read_dir("/").is_ok()),
    ]
}

#[cfg(unix)]
mod rlimits {
    use std::io;
    use std::time::Duration;

    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    use rustix::time::{ClockId, clock_gettime};

    use super::super::Limits;

    pub(super) fn set(limits: &Limits) -> io::Result<()> {
        // Not every Unix can limit the address space (macOS cannot): the rest holds all the same.
        let _ = limit(Resource::As, limits.memory.saturating_add(mapped()));
        limit(Resource::Nofile, limits.open_files)?;
        limit(Resource::Fsize, 0)?;
        limit(Resource::Core, 0)
    }

    /// What the program itself takes of the address space, in bytes: the limit is on what reading a
    /// file adds to it. 0 where the system does not say (Linux does, in `/proc/self/status`).
    fn mapped() -> u64 {
        let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
        let size = status.lines().find_map(|line| line.strip_prefix("VmSize:"));
        let size = size.and_then(|size| size.trim().strip_suffix("kB")?.trim().parse::<u64>().ok());
        size.map_or(0, |kilobytes| kilobytes * 1024)
    }

    fn limit(resource: Resource, most: u64) -> io::Result<()> {
        let most = getrlimit(resource).maximum.map_or(most, |maximum| maximum.min(most));
        Ok(setrlimit(resource, Rlimit { current: Some(most), maximum: Some(most) })?)
    }

    pub(super) fn begin(time: Duration) {
        let used = clock_gettime(ClockId::ProcessCPUTime).tv_sec.max(0) as u64;
        let maximum = getrlimit(Resource::Cpu).maximum;
        // Whole seconds, and never less than was asked for.
        let current = Some(used + time.as_secs() + 2);
        // Where it cannot be set the parent's clock still runs.
        let _ = setrlimit(Resource::Cpu, Rlimit { current, maximum });
    }
}

#[cfg(target_os = "linux")]
mod linux {
    use std::collections::BTreeMap;
    use std::path::Path;

    use landlock::{
        ABI, Access, AccessFs, AccessNet, Ruleset, RulesetAttr, RulesetCreatedAttr,
        path_beneath_rules,
    };
    use libc::{self as sys, c_long};
    use seccompiler::{
        BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter,
        SeccompRule,
    };

    /// Closes what the kernel can close; what it cannot, the limits have to hold.
    pub(super) fn close(models: Option<&Path>) {
        let _ = paths(models);
        let _ = calls();
    }

    fn paths(models: Option<&Path>) -> Result<(), landlock::RulesetError> {
        let abi = ABI::V6;
        Ruleset::default()
            .handle_access(AccessFs::from_all(abi))?
            .handle_access(AccessNet::from_all(abi))?
            .create()?
            .add_rules(path_beneath_rules(models, AccessFs::from_read(abi)))?
            .restrict_self()
            .map(drop)
    }

    fn calls() -> Result<(), Box<dyn std::error::Error>> {
        let refuse = SeccompAction::Errno(sys::ENOSYS as u32);
        let arch = std::env::consts::ARCH.try_into()?;
        let filter: BpfProgram =
            SeccompFilter::new(rules()?, refuse, SeccompAction::Allow, arch)?.try_into()?;
        Ok(seccompiler::apply_filter(&filter)?)
    }

    /// Memory, threads, clocks, the pipes, reading files that are there, and ending.
    const FREE: [c_long; 56] = [
        sys::SYS_brk,
        sys::SYS_mmap,
        sys::SYS_munmap,
        sys::SYS_mremap,
        sys::SYS_mprotect,
        sys::SYS_madvise,
        sys::SYS_membarrier,
        sys::SYS_futex,
        sys::SYS_set_robust_list,
        sys::SYS_get_robust_list,
        sys::SYS_rseq,
        sys::SYS_set_tid_address,
        sys::SYS_gettid,
        sys::SYS_getpid,
        sys::SYS_getppid,
        sys::SYS_sched_yield,
        sys::SYS_sched_getaffinity,
        sys::SYS_sigaltstack,
        sys::SYS_rt_sigaction,
        sys::SYS_rt_sigprocmask,
        sys::SYS_rt_sigreturn,
        sys::SYS_restart_syscall,
        sys::SYS_clock_gettime,
        sys::SYS_clock_getres,
        sys::SYS_clock_nanosleep,
        sys::SYS_nanosleep,
        sys::SYS_gettimeofday,
        sys::SYS_getrandom,
        sys::SYS_getrusage,
        sys::SYS_sysinfo,
        sys::SYS_uname,
        sys::SYS_read,
        sys::SYS_readv,
        sys::SYS_pread64,
        sys::SYS_write,
        sys::SYS_writev,
        sys::SYS_close,
        sys::SYS_lseek,
        sys::SYS_fstat,
        sys::SYS_statx,
        sys::SYS_newfstatat,
        sys::SYS_getdents64,
        sys::SYS_readlinkat,
        sys::SYS_faccessat,
        sys::SYS_fcntl,
        sys::SYS_ppoll,
        sys::SYS_exit,
        sys::SYS_exit_group,
        sys::SYS_getcwd,
        sys::SYS_geteuid,
        sys::SYS_getuid,
        sys::SYS_getegid,
        sys::SYS_getgid,
        sys::SYS_getrlimit,
        sys::SYS_fadvise64,
        sys::SYS_dup,
    ];

    type Rules = BTreeMap<c_long, Vec<SeccompRule>>;

    fn rules() -> Result<Rules, seccompiler::BackendError> {
        let mut rules: Rules = FREE.into_iter().map(|call| (call, Vec::new())).collect();
        let equal = |argument: u8, mask: u64, value: u64| {
            let compare = SeccompCmpOp::MaskedEq(mask);
            let length = SeccompCmpArgLen::Dword;
            let condition = SeccompCondition::new(argument, length, compare, value)?;
            SeccompRule::new(vec![condition]).map(|rule| vec![rule])
        };
        // Threads, but no processes.
        let thread = sys::CLONE_THREAD as u64;
        rules.insert(sys::SYS_clone, equal(0, thread, thread)?);
        // Files are opened for reading only.
        let write = (sys::O_ACCMODE | sys::O_CREAT | sys::O_TRUNC) as u64;
        rules.insert(sys::SYS_openat, equal(2, write, 0)?);
        // Names of threads and of memory, nothing else of a process.
        let mut prctl = equal(0, u64::from(u32::MAX), sys::PR_SET_NAME as u64)?;
        prctl.extend(equal(0, u64::from(u32::MAX), sys::PR_SET_VMA as u64)?);
        rules.insert(sys::SYS_prctl, prctl);
        // A signal to itself, as a crash ends; its own limits.
        let own = u64::from(std::process::id());
        rules.insert(sys::SYS_tgkill, equal(0, u64::from(u32::MAX), own)?);
        rules.insert(sys::SYS_prlimit64, equal(0, u64::from(u32::MAX), 0)?);
        Ok(rules)
    }
}
