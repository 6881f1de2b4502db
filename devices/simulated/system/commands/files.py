"""Commands on files and text, as far as scripts use them."""

from __future__ import annotations

import base64
import dataclasses
import hashlib
import itertools
import re
import stat as stat_bits
from collections.abc import Mapping
from datetime import UTC, datetime

from devices.simulated.system.call import Call, Program


async def cat(call: Call) -> int:
    """Print files, or standard input."""
    paths = [word for word in call.args if not word.startswith("-")]
    if not paths:
        while piece := await call.source.read():
            await call.out.write(piece)
        return 0
    code = 0
    for path in paths:
        data = call.phone.storage.read(call.path(path))
        if data is None:
            reason = "Is a directory" if call.phone.storage.is_folder(call.path(path)) else _GONE
            await call.complain(f"cat: {path}: {reason}\n")
            code = 1
        else:
            await call.out.write(data)
    return code


async def ls(call: Call) -> int:
    """List folders: plain, `-l`, `-1`, `-t`, `-r`, `-a`, `-d`, `-R` is not known."""
    flags = "".join(word[1:] for word in call.args if word.startswith("-"))
    paths = [word for word in call.args if not word.startswith("-")] or [call.folder]
    code = 0
    for path in paths:
        if call.phone.storage.stat(call.path(path)) is None:
            await call.complain(f"ls: {path}: {_GONE}\n")
            code = 1
            continue
        if len(paths) > 1:
            await call.say(f"{path}:\n")
        await call.say(_listing(call, path, flags))
    return code


async def mkdir(call: Call) -> int:
    """Make folders."""
    code = 0
    for path in _operands(call):
        if call.phone.storage.stat(call.path(path)) is not None:
            if "-p" not in call.args:
                await call.complain(f"mkdir: '{path}': File exists\n")
                code = 1
            continue
        if call.phone.storage.make_folder(call.path(path)):
            await call.complain(f"mkdir: '{path}': Permission denied\n")
            code = 1
    return code


async def rm(call: Call) -> int:
    """Remove files, and folders with `-r`."""
    flags = "".join(word[1:] for word in call.args if word.startswith("-") and word != "--")
    code = 0
    for path in _operands(call):
        is_deep = "r" in flags or "R" in flags or call.name == "rmdir"
        trouble = call.phone.storage.remove(call.path(path), with_content=is_deep)
        if trouble and "f" not in flags:
            await call.complain(f"{call.name}: {path}: {trouble}\n")
            code = 1
    return code


async def copy(call: Call) -> int:
    """Copy or move a file."""
    *sources, target = _operands(call)
    storage = call.phone.storage
    for path in sources:
        data = storage.read(call.path(path))
        if data is None:
            await call.complain(f"{call.name}: bad '{path}': {_GONE}\n")
            return 1
        whole = call.path(target)
        if storage.is_folder(whole):
            whole += "/" + path.rpartition("/")[2]
        trouble = storage.write(whole, data)
        if trouble:
            await call.complain(f"{call.name}: {target}: {trouble}\n")
            return 1
        if call.name == "mv":
            storage.remove(call.path(path))
    return 0


async def touch(call: Call) -> int:
    """Make empty files where none are."""
    for path in _operands(call):
        whole = call.path(path)
        trouble = call.phone.storage.write(whole, call.phone.storage.read(whole) or b"")
        if trouble:
            await call.complain(f"touch: '{path}': Permission denied\n")
            return 1
    return 0


async def stat(call: Call) -> int:
    """Print facts of files by a `-c` format of %s, %Y, %n and %a."""
    words = call.args
    form = words[words.index("-c") + 1] if "-c" in words else "%n %s %Y"
    code = 0
    for path in [word for word in words if word not in ("-c", form)]:
        facts = call.phone.storage.stat(call.path(path))
        if facts is None:
            await call.complain(f"stat: '{path}': {_GONE}\n")
            code = 1
            continue
        text = form.replace("%s", str(facts.size)).replace("%Y", str(facts.mtime))
        text = text.replace("%n", path).replace("%a", f"{facts.mode & 0o777:o}")
        await call.say(text + "\n")
    return code


async def find(call: Call) -> int:
    """Print the paths below folders, or hand them to `-exec stat ... {} +`; knows `-type f|d`, `-name`, `-mtime`.

    A folder that is not there is told and makes the code 1; the others are still walked, as toybox does.
    """
    words, command = call.args, []
    if "-exec" in words:
        at = words.index("-exec")
        words, command = words[:at], words[at + 1 :]
    paths = list(itertools.takewhile(lambda word: not word.startswith("-"), words))
    options = dict(zip(words[len(paths) :: 2], words[len(paths) + 1 :: 2], strict=False))
    found, code = [], 0
    for path in paths or ["."]:
        whole = call.path(path)
        if call.phone.storage.stat(whole) is None:
            await call.complain(f"find: {path}: {_GONE}\n")
            code = 1
            continue
        wanted = [name for name in _below(call, whole) if _is_wanted(call, name, options)]
        found += [path.rstrip("/") + name[len(whole) :] for name in wanted]
    if not command:
        await call.say("".join(name + "\n" for name in found))
    elif command[0] != "stat" or command[-2:] != ["{}", "+"]:
        await call.complain("find: -exec: only stat ... {} + is known here\n")
        return 1
    elif found:
        await stat(dataclasses.replace(call, words=[*command[:-2], *found]))
    return code


async def echo(call: Call) -> int:
    """Print words."""
    words = call.args
    is_bare = words[:1] == ["-n"]
    is_escaped = words[:1] == ["-e"]
    text = " ".join(words[1:] if is_bare or is_escaped else words)
    if is_escaped:
        text = text.replace("\\n", "\n").replace("\\t", "\t")
    await call.say(text if is_bare else text + "\n")
    return 0


async def printf(call: Call) -> int:
    """Print by a format with %s and %d."""
    form, *values = call.args or [""]
    text = form.replace("\\n", "\n").replace("\\t", "\t").replace("\\0", "\0")
    for value in values:
        text = re.sub(r"%[sd]", lambda _, v=value: v, text, count=1)  # type: ignore[misc]
    await call.say(text)
    return 0


async def test(call: Call) -> int:
    """`test` and `[`: files, strings and numbers."""
    words = call.args
    if call.name == "[":
        if words[-1:] != ["]"]:
            await call.complain("/system/bin/sh: [: missing ]\n")
            return 2
        words = words[:-1]
    is_negated = words[:1] == ["!"]
    is_true = _holds(call, words[1:] if is_negated else words)
    return 1 if is_true == is_negated else 0


async def head(call: Call) -> int:
    """Print the first lines, or the last ones as `tail`."""
    words = list(call.args)
    count = 10
    if "-n" in words:
        place = words.index("-n")
        count = int(words[place + 1])
        del words[place : place + 2]
    elif words and re.fullmatch(r"-\d+", words[0]):
        count = int(words.pop(0)[1:])
    data = await _input(call, words)
    lines = data.splitlines(keepends=True)
    kept = lines[:count] if call.name == "head" else lines[max(0, len(lines) - count) :]
    await call.out.write(b"".join(kept))
    return 0


async def wc(call: Call) -> int:
    """Count bytes, lines or words."""
    words = [word for word in call.args if not word.startswith("-")]
    data = await _input(call, words)
    counts = {"-l": data.count(b"\n"), "-w": len(data.split()), "-c": len(data)}
    shown = [str(counts[word]) for word in call.args if word in counts]
    shown = shown or [str(count) for count in counts.values()]
    await call.say(" ".join([*shown, *words]) + "\n")
    return 0


async def grep(call: Call) -> int:
    """Print the lines that match; knows -i, -v, -c, -o, -q, -E, -F, -m N and -e."""
    flags, words, limit = _grep_words(call.args)
    if not words:
        await call.complain("grep: no pattern\n")
        return 2
    pattern = re.escape(words[0]) if "F" in flags else words[0].replace("\\|", "|")
    wanted = re.compile(pattern, re.IGNORECASE if "i" in flags else 0)
    lines = (await _input(call, words[1:])).decode("utf-8", "surrogateescape").splitlines()
    found = [line for line in lines if (wanted.search(line) is None) == ("v" in flags)]
    found = found[:limit] if limit else found
    if "o" in flags:
        found = [match[0] for line in found for match in wanted.finditer(line)]
    if "c" in flags:
        await call.say(f"{len(found)}\n")
    elif "q" not in flags:
        await call.say("".join(line + "\n" for line in found))
    return 0 if found else 1


async def digest(call: Call) -> int:
    """Print checksums."""
    kind = call.name.removesuffix("sum")
    for path in _operands(call) or ["-"]:
        data = await _input(call, [] if path == "-" else [path])
        await call.say(f"{hashlib.new(kind, data).hexdigest()}  {path}\n")
    return 0


async def base64_(call: Call) -> int:
    """Encode, or decode with `-d`."""
    data = await _input(call, _operands(call))
    if "-d" in call.args:
        await call.out.write(base64.b64decode(data))
    else:
        width = 0 if "-w" in call.args else 76
        text = base64.b64encode(data).decode()
        rows = [text[at : at + width] for at in range(0, len(text), width)] if width else [text]
        await call.say("\n".join(rows) + "\n")
    return 0


async def df(call: Call) -> int:
    """Print the room left; the mount column of /data is not always /data."""
    total, free = 242_680_204, call.phone.storage.free_kb
    used = total - free
    share = round(used * 100 / total)
    await call.say("Filesystem      1K-blocks     Used Available Use% Mounted on\n")
    await call.say(f"/dev/block/dm-49 {total} {used} {free}  {share}% /data/user/0\n")
    return 0


async def cd(call: Call) -> int:
    """Change the working folder."""
    target = call.path(call.args[0]) if call.args else "/"
    if not call.phone.storage.is_folder(target):
        await call.complain(f"/system/bin/sh: cd: {call.args[0]}: {_GONE}\n")
        return 2
    call.env["PWD"] = target
    return 0


async def pwd(call: Call) -> int:
    """Print the working folder."""
    await call.say(call.folder + "\n")
    return 0


_GONE = "No such file or directory"


def _operands(call: Call) -> list[str]:
    return [word for word in call.args if not word.startswith("-")]


def _grep_words(args: list[str]) -> tuple[str, list[str], int]:
    """Return the flags, the pattern with the paths after it, and the most lines wanted."""
    flags, limit = "", 0
    words: list[str] = []
    waiting = list(args)
    while waiting:
        word = waiting.pop(0)
        if word == "-m":
            limit = int(waiting.pop(0))
        elif word == "-e":
            words.insert(0, waiting.pop(0))
        elif word.startswith("-") and len(word) > 1:
            flags += word[1:]
        else:
            words.append(word)
    return flags, words, limit


def _listing(call: Call, path: str, flags: str) -> str:
    whole = call.path(path)
    if not call.phone.storage.is_folder(whole) or "d" in flags:
        return _listed(call, path, whole, flags)
    names = call.phone.storage.listdir(whole)
    if "t" in flags:
        names.sort(key=lambda name: -_mtime(call, f"{whole}/{name}"))
    if "r" in flags:
        names.reverse()
    head = f"total {4 * len(names)}\n" if "l" in flags else ""
    return head + "".join(_listed(call, name, f"{whole}/{name}", flags) for name in names)


def _mtime(call: Call, path: str) -> int:
    facts = call.phone.storage.stat(path)
    return facts.mtime if facts is not None else 0


def _listed(call: Call, name: str, path: str, flags: str) -> str:
    facts = call.phone.storage.stat(path)
    if "l" not in flags or facts is None:
        return name + "\n"
    at = datetime.fromtimestamp(facts.mtime, UTC).astimezone(call.phone.zone)
    mode = stat_bits.filemode(facts.mode)
    return f"{mode} 1 u0_a240 media_rw {facts.size:9d} {at:%Y-%m-%d %H:%M} {name}\n"


def _below(call: Call, path: str) -> list[str]:
    found = [path]
    for name in call.phone.storage.listdir(path):
        found += _below(call, f"{path}/{name}")
    return found


def _is_wanted(call: Call, path: str, options: Mapping[str, str]) -> bool:
    is_folder = call.phone.storage.is_folder(path)
    if options.get("-type") in ("f", "d") and (options["-type"] == "d") is not is_folder:
        return False
    if "-mtime" in options and not _is_of_age(call, path, options["-mtime"]):
        return False
    name = options.get("-name")
    if name is None:
        return True
    pattern = re.escape(name).replace(r"\*", ".*").replace(r"\?", ".")
    return re.fullmatch(pattern, path.rpartition("/")[2]) is not None


def _is_of_age(call: Call, path: str, wanted: str) -> bool:
    """Compare whole days that are over: `-2` is younger than two, `+2` older, `2` two exactly."""
    facts = call.phone.storage.stat(path)
    days = int(call.phone.now().timestamp() - (facts.mtime if facts else 0)) // 86_400
    number = int(wanted.lstrip("+-"))
    return days < number if wanted[0] == "-" else days > number if wanted[0] == "+" else days == number


async def _input(call: Call, paths: list[str]) -> bytes:
    if not paths:
        return await call.read_all()
    return b"".join(call.phone.storage.read(call.path(path)) or b"" for path in paths)


def _holds(call: Call, words: list[str]) -> bool:
    storage = call.phone.storage
    if len(words) == 1:
        return bool(words[0])
    if len(words) == 2:
        facts = storage.stat(call.path(words[1]))
        checks = {
            "-e": facts is not None,
            "-f": facts is not None and not storage.is_folder(call.path(words[1])),
            "-d": storage.is_folder(call.path(words[1])),
            "-s": facts is not None and facts.size > 0,
            "-r": facts is not None,
            "-n": bool(words[1]),
            "-z": not words[1],
        }
        return checks.get(words[0], False)
    if len(words) == 3:
        return _compares(*words)
    return False


def _compares(left: str, operator: str, right: str) -> bool:
    if operator in ("=", "=="):
        return left == right
    if operator == "!=":
        return left != right
    try:
        difference = int(left) - int(right)
    except ValueError:
        return False
    checks = {
        "-eq": difference == 0,
        "-ne": difference != 0,
        "-lt": difference < 0,
        "-le": difference <= 0,
        "-gt": difference > 0,
        "-ge": difference >= 0,
    }
    return checks.get(operator, False)


PROGRAMS: Mapping[str, Program] = {
    "cat": cat,
    "ls": ls,
    "mkdir": mkdir,
    "rm": rm,
    "rmdir": rm,
    "cp": copy,
    "mv": copy,
    "touch": touch,
    "stat": stat,
    "find": find,
    "echo": echo,
    "printf": printf,
    "test": test,
    "[": test,
    "head": head,
    "tail": head,
    "wc": wc,
    "grep": grep,
    "md5sum": digest,
    "sha1sum": digest,
    "sha256sum": digest,
    "base64": base64_,
    "df": df,
    "cd": cd,
    "pwd": pwd,
}
"""Commands of this family by their words."""
