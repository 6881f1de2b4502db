"""Takes pictures of the window with made-up chats, to be looked at: `python -m tests.ui.gallery FOLDER`."""

from __future__ import annotations

import asyncio
import sys
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from PySide6.QtWidgets import QApplication

from app.settings import Settings
from tests.ui.seeding import World, furnish
from ui.application import Stay, run_window
from ui.desk import Desk
from ui.windows.main_window import MainWindow

Do = Callable[[World, dict, MainWindow], None]


def picture(path: Path, size: tuple[int, int], chat: str, do: Do | None = None, **settings: object) -> None:
    """Show a chat in a fresh world and keep a picture."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)

        @asynccontextmanager
        async def open_desk() -> AsyncIterator[Desk]:
            world = await World.make(home, **settings)
            made = await furnish(world) if chat else {}
            later = asyncio.get_running_loop().call_later(0.6, _act, world, made, chat, do)
            yield world.desk
            later.cancel()
            await world.store.close()

        run_window(Settings(home=home, **{"language": "en"} | settings), open_desk, Stay(1.6, path, size))


def _act(world: World, made: dict, chat: str, do: Do | None) -> None:
    window = next(w for w in QApplication.topLevelWidgets() if isinstance(w, MainWindow) and w.isVisible())
    if chat:
        window.open_chat(made[chat])
    if do is not None:
        do(world, made, window)


def main(folder: Path) -> None:
    """Take all pictures."""
    folder.mkdir(parents=True, exist_ok=True)
    small, large = (1280, 800), (1920, 1080)
    picture(folder / "kinds-light.png", large, "kinds", theme="light")
    picture(folder / "kinds-dark.png", small, "kinds", theme="dark", language="nl")
    picture(folder / "failed-light.png", small, "failed", theme="light")
    picture(folder / "failed-dark.png", (1024, 700), "failed", theme="dark", language="nl")
    picture(folder / "search.png", small, "kinds", lambda w, m, win: win.panel.search.setText("ontb"))
    picture(folder / "first.png", small, "", theme="light")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
