"""Sets everything up and runs Phoneshelf: `python3 run.py` for the demo, `python3 run.py test` for all checks.

Standard library only: it runs before anything is installed. What it installs, the lock file names with hashes.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import tomllib
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = Path(os.environ.get("PHONESHELF_VENV") or ROOT / ".venv")
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
CACHE = ROOT / "installer" / "cache"
NPM_S = 180
USAGE = """\
python3 run.py [--headless] [--for S] [--phones N] [--seed N]   the demo: simulated phones, SQLite, window
python3 run.py test [ARGS]     every check and test; ARGS go to pytest
python3 run.py bench [WHAT]    measure and print tables: phone [--scale 0.5,1,2] [--full], mirror, history, team
python3 run.py storm [--minutes N] [--phones N] [--seed S]   people and faults on simulated phones, then the count
python3 run.py storm --team [--seed S]   three people, one number, one PostgreSQL: an office hour with collisions
python3 run.py fuzz [--seconds N | --each N] [--target NAME] [--seed S]   garbage for all that reads what phones print
python3 run.py appium          install the pinned Appium server for its tests; `test` does so where npm is here
python3 run.py fidelity        compare the simulated phone with captured screens
python3 run.py bundle          build the one-folder program for this system
python3 run.py -- ARGS         phoneshelf ARGS
"""
# What Qt needs on a bare Debian 12: offscreen, then a window, then emoji.
DEBIAN = (  # noqa: SIM905
    "libglib2.0-0 libgl1 libegl1 libfontconfig1 libdbus-1-3 libxkbcommon0 libx11-6 libbrotli1 "
    "libxcb-cursor0 libxcb-icccm4 libxcb-image0 libxcb-keysyms1 libxcb-randr0 libxcb-render-util0 libxcb-shape0 "
    "libxcb-xinerama0 libxcb-xkb1 libxkbcommon-x11-0 fonts-dejavu-core fonts-noto-color-emoji binutils"
).split()

# What the tests of a team's database need: the server's programs, not a server.
DEBIAN_TESTS = ("postgresql",)
OLDEST_POSTGRES = 15
NEW_SERVERS = Path("/etc/postgresql-common/createcluster.conf")


def main(words: list[str]) -> int:
    """Do what the first word says."""
    if words[:1] in (["-h"], ["--help"], ["help"]):
        sys.stdout.write(USAGE)
        return 0
    word = words[0] if words and not words[0].startswith("-") else ""
    actions = {
        "test": run_tests, "storm": run_storm, "fuzz": run_fuzz, "bench": run_bench, "fidelity": run_fidelity,
        "bundle": run_bundle, "appium": run_appium,
    }  # fmt: skip
    if word and word not in actions:
        say(f"unknown word {word!r}\n{USAGE}")
        return 2
    is_command = words[:1] == ["--"]
    if not word and not is_command and "--headless" not in words and not has_display():
        say("There is no display here. Without a window: python3 run.py --headless --for 60")
        return 2
    prepare()
    if word:
        return actions[word](words[1:])
    return python("-m", "app", *(words[1:] if is_command else ["demo", *words]))


def prepare() -> None:
    """Make the virtual environment, see to the system's packages, fetch the automation server; fast the next time."""
    stamp = VENV / ".phoneshelf-ready"
    wanted = fingerprint()
    if not (stamp.is_file() and stamp.read_text() == wanted and PYTHON.exists()):
        make_environment()
        see_to_debian()
        stamp.write_text(wanted)
    fetch_automation_server()


def fingerprint() -> str:
    """Return what the environment was made from: the lock file and the interpreter."""
    lock = hashlib.sha256((ROOT / "requirements.lock").read_bytes()).hexdigest()
    return f"{lock} {sys.version_info[:2]} {' '.join(DEBIAN)}"


def make_environment() -> None:
    """Install the lock file into a fresh virtual environment."""
    if not (3, 11) <= sys.version_info[:2] <= (3, 13):
        leave(f"Python 3.11, 3.12 or 3.13 is needed; this is {sys.version.split()[0]}. Try: python3.12 run.py")
    say(f"Setting up {VENV.name} (once, about a minute)…")
    if VENV.exists():
        shutil.rmtree(VENV)
    # Whoever starts this with the environment's own Python has just lost that one.
    interpreter = getattr(sys, "_base_executable", None) or sys.executable
    try:
        subprocess.run([interpreter, "-m", "venv", str(VENV)], check=True)
    except subprocess.CalledProcessError:
        leave("Python cannot make a virtual environment. On Debian: apt-get install python3-venv")
    done = subprocess.run(
        [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes",
         "-r", str(ROOT / "requirements.lock")],
        stderr=subprocess.PIPE, text=True, check=False,
    )  # fmt: skip
    if done.returncode != 0:
        shutil.rmtree(VENV, ignore_errors=True)
        leave(f"The packages could not be installed; nothing was kept.\n{done.stderr[-2000:]}")


def see_to_debian() -> None:
    """Install the libraries that Qt needs, or print the exact line for somebody who may."""
    if shutil.which("dpkg-query") is None:
        return
    listed = subprocess.run(
        ["dpkg-query", "-W", "-f", "${Package} ${db:Status-Abbrev}\n", *DEBIAN],
        capture_output=True,
        text=True,
        check=False,
    )
    present = {line.split()[0] for line in listed.stdout.splitlines() if line.split()[1:2] == ["ii"]}
    missing = [name for name in DEBIAN if name not in present]
    if not missing:
        return
    command = ["apt-get", "install", "-y", "--no-install-recommends", *missing]
    if os.name != "posix" or os.geteuid() != 0:
        say("The window needs Debian packages that are not here. Install them with:\n  sudo " + " ".join(command))
        return
    say(f"Installing {len(missing)} Debian packages that Qt needs…")
    quiet = {"stdout": subprocess.DEVNULL, "env": os.environ | {"DEBIAN_FRONTEND": "noninteractive"}}
    subprocess.run(["apt-get", "update", "-q"], check=False, **quiet)
    if subprocess.run(command, check=False, **quiet).returncode != 0:
        say("They could not be installed. Try by hand:\n  " + " ".join(command))


def fetch_automation_server() -> None:
    """Fetch the two APKs that are installed on phones from the pinned npm package, and check each."""
    pins = tomllib.loads((ROOT / "installer" / "automation-server.toml").read_text("utf-8"))
    files = [pins["server"], pins["test"]]
    if all(is_pinned(CACHE / one["file"], one["sha256"]) for one in files):
        return
    npm = shutil.which("npm")
    if npm is None:
        say("npm is not here, so the automation server for real phones was not fetched (Debian: apt-get install npm).")
        return
    with tempfile.TemporaryDirectory() as folder:
        package = f"{pins['package']}@{pins['version']}"
        done = subprocess.run(
            [npm, "pack", "--silent", package], cwd=folder, capture_output=True, text=True, check=False
        )
        packed = list(Path(folder).glob("*.tgz"))
        if done.returncode != 0 or not packed:
            say(f"{package} could not be fetched; phones that lack it cannot be driven until it is.")
            return
        CACHE.mkdir(parents=True, exist_ok=True)
        with tarfile.open(packed[0]) as archive:
            for one in files:
                member = archive.extractfile(f"package/apks/{one['file']}")
                if member is not None:
                    (CACHE / one["file"]).write_bytes(member.read())
    for one in files:
        if not is_pinned(CACHE / one["file"], one["sha256"]):
            (CACHE / one["file"]).unlink(missing_ok=True)
            leave(f"{one['file']} is not the pinned file; it was thrown away.")


def fetch_appium() -> bool:
    """Install the pinned Appium with its driver, which only the tests of that way need; tell whether it is there.

    npm checks each package against the hash in the lock file, and runs no package's scripts.
    """
    pins, place = ROOT / "installer" / "appium", CACHE / "appium"
    stamp, wanted = place / ".ready", hashlib.sha256((pins / "package-lock.json").read_bytes()).hexdigest()
    if stamp.is_file() and stamp.read_text() == wanted:
        return True
    npm = shutil.which("npm")
    if npm is None:
        say("npm is not here, so Appium was not installed and its tests are skipped (Debian: apt-get install npm).")
        return False
    say("Installing Appium for the tests (once, about half a minute)…")
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copy(pins / name, place)
    command = [npm, "ci", "--silent", "--ignore-scripts", "--omit=optional", "--no-audit", "--no-fund"]
    try:
        done = subprocess.run(command, cwd=place, stdout=subprocess.DEVNULL, check=False, timeout=NPM_S).returncode == 0
    except subprocess.TimeoutExpired:
        done = False
    if not done:
        shutil.rmtree(place, ignore_errors=True)
        say("Appium could not be installed; nothing was kept, and its tests are skipped.")
        return False
    stamp.write_text(wanted)
    return True


def fetch_postgres() -> bool:
    """Install Debian's PostgreSQL, which only the tests of a team's database need; tell whether one is there."""
    if has_postgres():
        return True
    if shutil.which("dpkg-query") is None or os.geteuid() != 0:
        say(f"PostgreSQL {OLDEST_POSTGRES} or newer is not here, so the tests of a team's database are skipped "
            f"(Debian: apt-get install {' '.join(DEBIAN_TESTS)}).")  # fmt: skip
        return False
    say("Installing PostgreSQL for the tests (once)…")
    install = ["apt-get", "install", "-y", "--no-install-recommends"]
    quiet = {"stdout": subprocess.DEVNULL, "env": os.environ | {"DEBIAN_FRONTEND": "noninteractive"}}
    subprocess.run(["apt-get", "update", "-q"], check=False, **quiet)
    done = subprocess.run([*install, "postgresql-common"], check=False, **quiet).returncode == 0
    if done:
        with no_server_of_debians():
            done = subprocess.run([*install, *DEBIAN_TESTS], check=False, **quiet).returncode == 0
    if not done or not has_postgres():
        say("It could not be installed, or is too old; the tests of a team's database are skipped.")
        return False
    return True


@contextlib.contextmanager
def no_server_of_debians() -> Iterator[None]:
    """Keep Debian's package from starting a server of its own on port 5432; what the file said before is put back."""
    before = NEW_SERVERS.read_text("utf-8") if NEW_SERVERS.is_file() else None
    if before is None:
        yield
        return
    NEW_SERVERS.write_text(f"{before}\ncreate_main_cluster = false\n", "utf-8")
    try:
        yield
    finally:
        NEW_SERVERS.write_text(before, "utf-8")


def has_postgres() -> bool:
    """Tell whether the tests will find PostgreSQL's programs."""
    if os.environ.get("PHONESHELF_POSTGRES_BIN") or shutil.which("initdb"):
        return True
    found = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    return any(int(path.parts[-3]) >= OLDEST_POSTGRES for path in found if path.parts[-3].isdecimal())


def is_pinned(path: Path, sha256: str) -> bool:
    """Tell whether a file is there and is the pinned one. A mark beside it spares hashing 18 MB at each start."""
    mark = path.with_suffix(".checked")
    if not path.is_file():
        return False
    state = f"{sha256} {path.stat().st_size} {path.stat().st_mtime_ns}"
    if mark.is_file() and mark.read_text() == state:
        return True
    if hashlib.sha256(path.read_bytes()).hexdigest() != sha256:
        return False
    mark.write_text(state)
    return True


CHECKS = (
    ("lint", ("-m", "ruff", "check", ".")),
    ("format", ("-m", "ruff", "format", "--check", "--quiet", ".")),
    ("types", ("-m", "mypy")),
    ("layers", ("-c", "from importlinter.cli import lint_imports_command as c; c()")),
    ("house rules", ("tests/meta/house_rules.py", "app", "devices", "ui", "tests")),
)


FUZZ = ["--each", "20"]
SIDE_BY_SIDE = ["-n", "auto", "--maxprocesses", "4", "--dist", "loadfile"]
"""A file's tests share what is costly to start, so they stay together."""
STORM = ["--minutes", "2", "--phones", "2", "--every", "8", "--tell-within", "15"]
OFFICE = ["--team", "--messages", "90", "--replies", "40", "--collisions", "12", "--kills", "1"]


def run_tests(words: list[str]) -> int:
    """Run every check and test; say at the end which failed."""
    failed = []
    if not words:
        for name, command in CHECKS:
            say(f"— {name}")
            if python(*command, cwd=ROOT) != 0:
                failed.append(name)
        fetch_appium()
        fetch_postgres()
        say("— tests")
    if python("-m", "pytest", *(words or SIDE_BY_SIDE), cwd=ROOT) != 0:
        failed.append("tests")
    trials = (("fuzz", run_fuzz, FUZZ), ("storm", run_storm, STORM), ("office hour", run_storm, OFFICE))
    for name, trial, options in trials if not words else ():
        say(f"— {name}")
        if trial(options) != 0:
            failed.append(name)
    if failed:
        say(f"failed: {', '.join(failed)}")
    return 1 if failed else 0


def run_bench(words: list[str]) -> int:
    """Measure."""
    return python("-m", "tests.bench", *words, cwd=ROOT)


def run_storm(words: list[str]) -> int:
    """Let people and faults at the program, and count what they broke."""
    return python("-m", "tests.faults", *words, cwd=ROOT)


def run_fuzz(words: list[str]) -> int:
    """Hand garbage to everything that reads what phones print."""
    return python("-m", "tests.fuzz", *words, cwd=ROOT)


def run_fidelity(words: list[str]) -> int:
    """Compare the simulated phone with the captures."""
    return python("-m", "devices.simulated.fidelity", *words, cwd=ROOT)


def run_appium(words: list[str]) -> int:
    """Install Appium for the tests, unless it is there."""
    return 0 if fetch_appium() else 1


def run_bundle(words: list[str]) -> int:
    """Build the one-folder program and try it."""
    if python(
        "-m", "PyInstaller", "--noconfirm", "--distpath", "dist", "--workpath", "build", "build.spec", *words, cwd=ROOT
    ):
        return 1
    program = ROOT / "dist" / "phoneshelf" / ("phoneshelf.exe" if os.name == "nt" else "phoneshelf")
    return subprocess.run([str(program), "--self-test"], check=False, env=environment()).returncode


def python(*words: str, cwd: Path | None = None) -> int:
    """Run the environment's Python on the checkout; Ctrl+C reaches it, not us."""
    process = subprocess.Popen([str(PYTHON), *words], cwd=cwd, env=environment())
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:
            continue


def environment() -> dict[str, str]:
    """Return the environment of what is run: the checkout first on the path, no display needed for tests."""
    env = dict(os.environ)
    env["PYTHONPATH"] = os.pathsep.join(filter(None, [str(ROOT), env.get("PYTHONPATH", "")]))
    if not has_display():
        env.setdefault("QT_QPA_PLATFORM", "offscreen")
    return env


def has_display() -> bool:
    """Tell whether a window can be shown."""
    if os.name == "nt" or sys.platform == "darwin":
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY") or os.environ.get("QT_QPA_PLATFORM"))


def say(text: str) -> None:
    """Print for people."""
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


def leave(text: str) -> None:
    """Say why it cannot go on, and stop."""
    say(text)
    raise SystemExit(1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
