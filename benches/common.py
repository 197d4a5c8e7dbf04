"""What the benches share: arguments, the files of a folder, the run of a command with its time and
memory."""
import argparse
import os
import subprocess
import sys
import tempfile
import time

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")


def arguments(description, folder=True):
    """The arguments that every bench takes; more may be added."""
    ap = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    if folder:
        ap.add_argument("folder")
    ap.add_argument("--yuanwen", default=os.path.join(ROOT, "target/release/yuanwen"))
    ap.add_argument("--json", action="store_true")
    return ap


def parse(ap):
    """The arguments as given; ends if the binary is not there."""
    options = ap.parse_args()
    if not os.path.exists(options.yuanwen):
        sys.exit(f"{options.yuanwen}: not there; build it with `cargo build --release`")
    return options


def files(folder, extension):
    """The files of a folder, and of those inside it, that end in an extension."""
    found = sorted(os.path.join(inner, name) for inner, _, names in os.walk(folder)
                   for name in names if name.lower().endswith("." + extension))
    if not found:
        sys.exit(f"{folder}: no {extension.upper()}")
    return found


def run(command):
    """Seconds, MiB, exit code and output of one command."""
    with tempfile.TemporaryFile() as out:
        start = time.perf_counter()
        process = subprocess.Popen(command, stdout=out, stderr=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        return seconds, usage.ru_maxrss / 1024, process.returncode, out.read().decode("utf-8", "replace")


def importable(*modules):
    return subprocess.run([sys.executable, "-c", "import " + ", ".join(modules)],
                          stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0
