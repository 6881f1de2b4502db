"""The list of targets, and one attempt at one of them: spoil a sample by its seed, hand it in, see what comes."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tests.fuzz import media, planners, readers, samples
from tests.fuzz.mutators import blow_up, spoil

_LARGE_EVERY = 200
"""One in so many inputs is some megabytes."""


@dataclass(frozen=True, slots=True)
class Target:
    """Something that takes any bytes. `run` raises only where the program is wrong."""

    run: Callable[[bytes], None]
    load: Callable[[], Sequence[bytes]]
    takes_large: bool = True


TARGETS: dict[str, Target] = {
    "screen": Target(readers.read_screen, samples.sources),
    "scan": Target(readers.compare_scan, samples.sources),
    "notifications": Target(readers.read_notifications, samples.notifications),
    "events": Target(readers.read_events, samples.events),
    "health": Target(readers.read_health, samples.health),
    "outputs": Target(readers.read_outputs, samples.outputs),
    "times": Target(readers.read_times, lambda: (samples.LINES,)),
    "wire": Target(readers.read_wire, samples.wire),
    "settings": Target(readers.read_settings, lambda: (samples.SETTINGS,)),
    "search": Target(readers.search, lambda: (samples.LINES, samples.OUTPUTS, b'"a" OR b NEAR(c) x:y -z *^')),
    "reconcile": Target(planners.reconcile, lambda: (samples.LINES,), takes_large=False),
    "notified": Target(planners.take_notifications, lambda: (samples.LINES,), takes_large=False),
    "listing": Target(media.read_listing, lambda: (media.LISTING, samples.OUTPUTS)),
    "names": Target(media.read_names, lambda: (media.NAMES, *media.pictures())),
    "pictures": Target(media.open_picture, media.pictures),
    "windows": Target(planners.join_windows, lambda: (samples.LINES,), takes_large=False),
}


def make_input(name: str, seed: int, number: int) -> bytes:
    """Return the input of a target that a seed and a number stand for; the first ones are the samples themselves."""
    target = TARGETS[name]
    found = target.load()
    if number < len(found):
        return found[number]
    chance = random.Random(f"{name} {seed} {number}")
    sample = chance.choice(found)
    if target.takes_large and number % _LARGE_EVERY == 0:
        return blow_up(chance, sample, found)
    return spoil(chance, sample, found)
