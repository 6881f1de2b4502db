"""The simulated app's chat list and conversation are the captured ones, in both generations."""

from __future__ import annotations

import pytest

from devices.simulated.fidelity import DEFAULT_DATA, measure
from devices.simulated.fidelity_compare import differences, parsed, shape_of
from devices.simulated.fidelity_scenes import SCENES, Scene

FOLDER = DEFAULT_DATA / "screens"
needs_data = pytest.mark.skipif(not FOLDER.is_dir(), reason=f"no captured screens in {FOLDER}")


@pytest.mark.shared
@needs_data
@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.capture)
def test_nothing_differs_from_the_capture(scene: Scene) -> None:
    finding = measure(scene, FOLDER)
    assert finding.lines == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ('<node class="a.B" text=""/>', '<node class="a.C" text=""/>'),
        ('<node class="a.B" text=""/>', '<node class="a.B" text="x"/>'),
        ('<node class="a.B" clickable="true"/>', '<node class="a.B" clickable="false"/>'),
        ('<node class="a.B" resource-id="p:id/x"/>', '<node class="a.B" resource-id="p:id/y"/>'),
        ('<node class="a.B" NAF="true"/>', '<node class="a.B"/>'),
        ('<node class="a.B"><node class="a.C"/></node>', '<node class="a.B"/>'),
    ],
)
def test_the_comparison_sees_what_a_parser_could_use(one: str, other: str) -> None:
    assert differences(shape_of(parsed(one), "p"), shape_of(parsed(other), "p"))
    assert not differences(shape_of(parsed(one), "p"), shape_of(parsed(one), "p"))
