"""Read a shell line: words with quotes and variables, redirections, pipes and lists."""

from __future__ import annotations

from dataclasses import dataclass, field

_OPERATORS = ("&&", "||", ";", "|", "&", "\n")
_REDIRECTIONS = ("2>&1", "1>&2", ">&2", "2>>", "2>", "&>", ">>", ">", "<")
_BLANKS = " \t"


class ShellSyntaxError(Exception):
    """A line no shell would take."""


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a word: text, or a variable's name; quoted parts are not globbed."""

    text: str
    is_quoted: bool = False
    is_variable: bool = False


Word = tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Redirection:
    """`2>file`, `>&2` and their like."""

    operator: str
    target: Word = ()


@dataclass(slots=True)
class Simple:
    """One command with its words and redirections."""

    words: list[Word] = field(default_factory=list)
    redirections: list[Redirection] = field(default_factory=list)


@dataclass(slots=True)
class Pipeline:
    """Commands joined by pipes; `joint` says when it runs: `;`, `&&`, `||`."""

    joint: str
    commands: list[Simple]
    is_background: bool = False


def parse_line(line: str) -> list[Pipeline]:
    """Return the pipelines of a line, in order.

    Raises:
        ShellSyntaxError: A quote is open or an operator has nothing to join.
    """
    return _Parser(line).pipelines()


class _Parser:
    def __init__(self, line: str) -> None:
        self._line = line
        self._at = 0

    def pipelines(self) -> list[Pipeline]:
        found: list[Pipeline] = []
        joint = ";"
        while True:
            commands = self._pipeline()
            operator = self._take(_OPERATORS)
            if commands:
                found.append(Pipeline(joint, commands, operator == "&"))
            elif operator in ("&&", "||", "|"):
                raise ShellSyntaxError(f"syntax error: unexpected '{operator}'")
            if not operator:
                return found
            joint = operator if operator in ("&&", "||") else ";"

    def _pipeline(self) -> list[Simple]:
        commands = []
        while True:
            command = self._simple()
            if command.words or command.redirections:
                commands.append(command)
            if self._peek(_OPERATORS) != "|":
                return commands
            self._take(_OPERATORS)

    def _simple(self) -> Simple:
        command = Simple()
        while True:
            self._skip_blanks()
            if self._at >= len(self._line) or self._peek_operator():
                return command
            operator = self._take(_REDIRECTIONS)
            if operator:
                target = () if operator.endswith(("&1", "&2")) else self._word()
                command.redirections.append(Redirection(operator, target))
            else:
                command.words.append(self._word())

    def _peek_operator(self) -> bool:
        return bool(self._peek(_OPERATORS)) and not self._peek(_REDIRECTIONS)

    def _word(self) -> Word:
        self._skip_blanks()
        parts: list[Part] = []
        while self._at < len(self._line):
            char = self._line[self._at]
            if char in _BLANKS or char in ";|&\n<>":
                break
            if char == "'":
                parts.append(Part(self._until("'"), is_quoted=True))
            elif char == '"':
                parts += self._double_quoted()
            elif char == "$":
                parts.append(self._variable(is_quoted=False))
            elif char == "\\":
                parts.append(Part(self._line[self._at + 1 : self._at + 2], is_quoted=True))
                self._at += 2
            else:
                parts.append(Part(char))
                self._at += 1
        return tuple(parts)

    def _until(self, mark: str) -> str:
        end = self._line.find(mark, self._at + 1)
        if end < 0:
            raise ShellSyntaxError("syntax error: no closing quote")
        text = self._line[self._at + 1 : end]
        self._at = end + 1
        return text

    def _double_quoted(self) -> list[Part]:
        parts = [Part("", is_quoted=True)]
        self._at += 1
        while self._at < len(self._line):
            char = self._line[self._at]
            if char == '"':
                self._at += 1
                return parts
            if char == "\\" and self._line[self._at + 1 : self._at + 2] in tuple('"\\$`\n'):
                parts.append(Part(self._line[self._at + 1], is_quoted=True))
                self._at += 2
            elif char == "$":
                parts.append(self._variable(is_quoted=True))
            else:
                parts.append(Part(char, is_quoted=True))
                self._at += 1
        raise ShellSyntaxError("syntax error: no closing quote")

    def _variable(self, *, is_quoted: bool) -> Part:
        rest = self._line[self._at + 1 :]
        if rest.startswith("{") and "}" in rest:
            name = rest[1 : rest.index("}")]
            self._at += len(name) + 3
            return Part(name, is_quoted, is_variable=True)
        if rest[:1] in ("?", "$", "#", "0"):
            self._at += 2
            return Part(rest[0], is_quoted, is_variable=True)
        length = 0
        while length < len(rest) and (rest[length].isalnum() or rest[length] == "_"):
            length += 1
        self._at += length + 1
        if not length:
            return Part("$", is_quoted)
        return Part(rest[:length], is_quoted, is_variable=True)

    def _skip_blanks(self) -> None:
        while self._at < len(self._line) and self._line[self._at] in _BLANKS:
            self._at += 1

    def _peek(self, options: tuple[str, ...]) -> str:
        self._skip_blanks()
        return next((o for o in options if self._line.startswith(o, self._at)), "")

    def _take(self, options: tuple[str, ...]) -> str:
        found = self._peek(options)
        self._at += len(found)
        return found
