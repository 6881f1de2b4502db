"""Run shell lines on the phone: lists, pipes, redirections, variables, exit codes."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from devices.simulated.system.call import Buffer, Call, Empty, Fixed, Pipe, Program, Sink, Source
from devices.simulated.system.instrumented import InstrumentedPhone
from devices.simulated.system.phone import SimulatedPhone
from devices.simulated.system.shell_parser import (
    Pipeline,
    ShellSyntaxError,
    Simple,
    Word,
    parse_line,
)

NOT_FOUND = 127
_GLOB = "*?["


class ExitShell(Exception):
    """The shell was told to exit."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


class Shell:
    """One shell process; variables and the last exit code live in it."""

    def __init__(self, phone: SimulatedPhone, device: InstrumentedPhone, programs: Mapping[str, Program]) -> None:
        self._phone = phone
        self._device = device
        self._programs = programs
        self._env = {"PWD": "/", "HOME": "/", "PATH": "/system/bin", "USER": "shell"}
        self._background: set[asyncio.Task[int]] = set()
        self.last_code = 0

    async def run(self, line: str, source: Source, out: Sink, err: Sink) -> int:
        """Run a line; returns the exit code of its last command."""
        try:
            pipelines = parse_line(line)
        except ShellSyntaxError as error:
            await err.write(f"/system/bin/sh: {error}\n".encode())
            return 1
        try:
            for pipeline in pipelines:
                await self._maybe(pipeline, source, out, err)
        except ExitShell as left:
            self.last_code = left.code
        return self.last_code

    async def _maybe(self, pipeline: Pipeline, source: Source, out: Sink, err: Sink) -> None:
        if pipeline.joint == "&&" and self.last_code:
            return
        if pipeline.joint == "||" and not self.last_code:
            return
        if pipeline.is_background:
            work = self._pipe(pipeline.commands, Empty(), out, err)
            task = asyncio.get_running_loop().create_task(work)
            self._background.add(task)
            task.add_done_callback(self._background.discard)
            self.last_code = 0
            return
        self.last_code = await self._pipe(pipeline.commands, source, out, err)

    async def _pipe(self, commands: list[Simple], source: Source, out: Sink, err: Sink) -> int:
        if len(commands) == 1:
            return await self._simple(commands[0], source, out, err)
        pipes = [Pipe() for _ in commands[1:]]
        sources: list[Source] = [source, *pipes]
        sinks: list[Sink] = [*pipes, out]
        codes: list[int] = []

        async def run(number: int) -> int:
            try:
                return await self._simple(commands[number], sources[number], sinks[number], err)
            finally:
                if number < len(pipes):
                    await pipes[number].end()

        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(run(number)) for number in range(len(commands))]
            codes.append(await tasks[-1])
            for task in tasks[:-1]:
                task.cancel()
        return codes[0]

    async def _simple(self, command: Simple, source: Source, out: Sink, err: Sink) -> int:
        words = [text for word in command.words for text in self._expand(word)]
        pipes = {"source": source, "out": out, "err": err}
        files: list[tuple[str, Buffer, bool]] = []
        for one in command.redirections:
            target = "".join(self._expand(one.target))
            self._redirect(one.operator, target, pipes, files)
        while words and _is_assignment(words[0]):
            name, _, value = words.pop(0).partition("=")
            self._env[name] = value
        code = await self._execute(words, pipes) if words else 0
        for path, kept, is_added in files:
            before = (self._phone.storage.read(path) or b"") if is_added else b""
            trouble = self._phone.storage.write(path, before + bytes(kept.data))
            if trouble:
                await err.write(f"/system/bin/sh: can't create {path}: Permission denied\n".encode())
                code = 1
        return code

    def _redirect(
        self,
        operator: str,
        target: str,
        pipes: dict[str, object],
        files: list[tuple[str, Buffer, bool]],
    ) -> None:
        if operator == "2>&1":
            pipes["err"] = pipes["out"]
        elif operator in (">&2", "1>&2"):
            pipes["out"] = pipes["err"]
        elif operator == "<":
            path = self._phone.storage.resolve(target, self._env["PWD"])
            pipes["source"] = Fixed(self._phone.storage.read(path) or b"")
        else:
            path = self._phone.storage.resolve(target, self._env["PWD"])
            kept: Buffer | Empty = Empty()
            if path != "/dev/null":
                kept = Buffer()
                files.append((path, kept, ">>" in operator))
            if operator.startswith(("2", "&")):
                pipes["err"] = kept
            if not operator.startswith("2"):
                pipes["out"] = kept

    async def _execute(self, words: list[str], pipes: Mapping[str, object]) -> int:
        source, out, err = pipes["source"], pipes["out"], pipes["err"]
        call = Call(self._phone, self._device, words, source, out, err, self._env)  # type: ignore[arg-type]
        if words[0] == "exec":
            call.words = words = words[1:] or ["true"]
        if words[0] == "exit":
            raise ExitShell(int(words[1]) if words[1:] else self.last_code)
        if words[0] == "export":
            self._export(words[1:])
            return 0
        program = self._programs.get(words[0].rpartition("/")[2])
        if program is None:
            await call.complain(f"/system/bin/sh: {words[0]}: inaccessible or not found\n")
            return NOT_FOUND
        return await program(call)

    def _export(self, words: list[str]) -> None:
        for word in words:
            name, mark, value = word.partition("=")
            if mark:
                self._env[name] = value

    def _expand(self, word: Word) -> list[str]:
        text = "".join(self._value(part.text) if part.is_variable else part.text for part in word)
        is_pattern = any(
            mark in part.text for part in word if not part.is_quoted and not part.is_variable for mark in _GLOB
        )
        found = self._phone.storage.glob(text, self._env["PWD"]) if is_pattern else []
        if found:
            return found
        is_kept = bool(text) or any(part.is_quoted for part in word)
        return [text] if is_kept else []

    def _value(self, name: str) -> str:
        specials = {"?": str(self.last_code), "$": "4711", "#": "0", "0": "sh"}
        return specials.get(name, self._env.get(name, ""))


def _is_assignment(word: str) -> bool:
    name, mark, _ = word.partition("=")
    return bool(mark) and name.isidentifier()
