"""Which heads tell where a target piece comes from."""

from __future__ import annotations

import pytest

from workbench.engines.families import FAMILIES


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.name)
@pytest.mark.parametrize("layers", [1, 2, 3, 4, 6, 12, 24])
def test_the_chosen_layer_exists(family: object, layers: int) -> None:
    layer, heads = family.alignment(layers)  # type: ignore[attr-defined]
    assert 0 <= layer < layers
    assert (layer, heads) == ((layers - 1, 1) if family.name == "marian" else (layer, 0))  # type: ignore[attr-defined]
    if heads == 0:
        assert layer == (layers - 2 if layers >= 4 else layers - 1)
