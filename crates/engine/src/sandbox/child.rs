//! The parent's side of a child process.

use std::io::{self, BufReader, Read};
use std::process::{self, ChildStderr, ChildStdin, ChildStdout, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::alarm::{Alarm, Deadline};
use super::frames::{self, ALIVE, BYTES, MESSAGE, Reply, Request};
use super::{Failure, Limits, Sandbox};

/// So much of what a dead child has said is looked at, in bytes.
const LAST_WORDS: u64 = 16 * 1024;
/// A child whose pipe has closed has this long to end by itself, which tells how.
const PATIENCE: Duration = Duration::from_millis(500);
/// The wall clock gives the processor clock this much before it rings: a machine may be busy.
const GRACE: Duration = Duration::from_secs(2);

/// A running child.
pub(super) struct Child {
    process: Arc<Mutex<process::Child>>,
    alarm: Alarm,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    errors: ChildStderr,
}

impl Child {
    pub(super) fn start(sandbox: &Sandbox) -> io::Result<Self> {
        let mut process = Command::new(&sandbox.program)
            .args(&sandbox.arguments)
            .args(super::serve::arguments(sandbox))
            .env_clear()
            // One arena: others reserve address space that is never used.
            .env("MALLOC_ARENA_MAX", "1")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()?;
        let pipes = (process.stdin.take(), process.stdout.take(), process.stderr.take());
        let (Some(input), Some(output), Some(errors)) = pipes else {
            return Err(io::ErrorKind::BrokenPipe.into());
        };
        let process = Arc::new(Mutex::new(process));
        let alarm = Alarm::of(process.clone())?;
        Ok(Self { process, alarm, input, output: BufReader::new(output), errors })
    }

    /// Stops the child if it is not asked within this time. If it is asked just then the call fails
    /// as one does whose child has crashed.
    pub(super) fn wait_for(&self, time: Duration) {
        self.alarm.set(Some(Deadline { at: Instant::now() + time, rings: false }));
    }

    /// Asks the child; `Ok(Err)` is a refusal, after which it can be asked again.
    pub(super) fn call(
        &mut self,
        request: &Request,
        bytes: &[u8],
        limits: &Limits,
    ) -> Result<Result<Reply, String>, Failure> {
        self.alarm.set(Some(by(limits)));
        let answer = self.exchange(request, bytes, limits);
        self.alarm.set(None);
        answer.map_err(|error| self.autopsy(&error, limits))
    }

    fn exchange(
        &mut self,
        request: &Request,
        bytes: &[u8],
        limits: &Limits,
    ) -> io::Result<Result<Reply, String>> {
        frames::write(&mut self.input, MESSAGE, &frames::encode(request))?;
        frames::write(&mut self.input, BYTES, bytes)?;
        let mut left = limits.output;
        let mut next = |wanted: u8| loop {
            let (kind, bytes) = frames::read(&mut self.output, left)?;
            left -= bytes.len() as u64;
            match kind {
                ALIVE => self.alarm.set(Some(by(limits))),
                _ if kind == wanted => return Ok(bytes),
                _ => return Err(io::Error::from(io::ErrorKind::InvalidInput)),
            }
        };
        let mut reply: Result<Reply, String> = frames::decode(&next(MESSAGE)?)?;
        if let Ok(Reply::Document(document)) = &mut reply {
            for member in &mut document.members {
                member.bytes = next(BYTES)?;
            }
        }
        Ok(reply)
    }

    /// Why the child is of no more use. It is stopped.
    fn autopsy(&mut self, error: &io::Error, limits: &Limits) -> Failure {
        let babbles =
            matches!(error.kind(), io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput);
        let status = self.end(if babbles { Duration::ZERO } else { PATIENCE });
        if error.kind() == io::ErrorKind::InvalidData {
            return Failure::Output(limits.output);
        }
        let mut words = Vec::new();
        let _ = (&mut self.errors).take(LAST_WORDS).read_to_end(&mut words);
        let words = String::from_utf8_lossy(&words);
        match status {
            _ if self.alarm.rang() => Failure::Time(limits.time),
            Ok(status) if ran_out_of_time(status) => Failure::Time(limits.time),
            _ if words.contains("memory allocation of") || words.contains("out of memory") => {
                Failure::Memory(limits.memory)
            }
            _ if words.contains("overflowed its stack") => {
                Failure::Crashed("it is nested too deeply".to_owned())
            }
            Ok(status) => Failure::Crashed(status.to_string()),
            Err(error) => Failure::Crashed(error.to_string()),
        }
    }

    /// How it ended; if it has not by itself within this time, it is stopped.
    fn end(&self, patience: Duration) -> io::Result<ExitStatus> {
        let until = Instant::now() + patience;
        loop {
            let mut process = self.process.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(status) = process.try_wait()? {
                return Ok(status);
            }
            if Instant::now() >= until {
                process.kill()?;
                return process.wait();
            }
            drop(process);
            std::thread::sleep(Duration::from_millis(2));
        }
    }
}

/// When a file that is begun now must be read.
fn by(limits: &Limits) -> Deadline {
    Deadline { at: Instant::now() + limits.time + GRACE, rings: true }
}

#[cfg(unix)]
fn ran_out_of_time(status: ExitStatus) -> bool {
    use std::os::unix::process::ExitStatusExt;
    status.signal() == Some(rustix::process::Signal::XCPU.as_raw())
}

#[cfg(not(unix))]
fn ran_out_of_time(_: ExitStatus) -> bool {
    false
}

impl Drop for Child {
    fn drop(&mut self) {
        let mut process = self.process.lock().unwrap_or_else(PoisonError::into_inner);
        // Nothing to save in it; a child that has ended already is no error.
        let _ = process.kill();
        let _ = process.wait();
    }
}
