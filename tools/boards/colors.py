"""Grafana's colours on its dark ground."""

from __future__ import annotations

from collections.abc import Mapping

_SHADES = ("dark-", "semi-dark-", "", "light-", "super-light-")
_HUES: Mapping[str, tuple[str, ...]] = {
    "red": ("#C4162A", "#E02F44", "#F2495C", "#FF7383", "#FFA6B0"),
    "orange": ("#FA6400", "#FF780A", "#FF9830", "#FFB357", "#FFCB7D"),
    "yellow": ("#E0B400", "#F2CC0C", "#FADE2A", "#FFEE52", "#FFF899"),
    "green": ("#37872D", "#56A64B", "#73BF69", "#96D98D", "#C8F2C2"),
    "blue": ("#1F60C4", "#3274D9", "#5794F2", "#8AB8FF", "#C0D8FF"),
    "purple": ("#8F3BB8", "#A352CC", "#B877D9", "#CA95E5", "#DEB6F2"),
}
NAMED = {f"{shade}{hue}": code for hue, codes in _HUES.items() for shade, code in zip(_SHADES, codes, strict=True)}
CLASSIC = (
    "#73BF69", "#F2CC0C", "#8AB8FF", "#FF780A", "#F2495C", "#5794F2", "#B877D9", "#705DA0", "#37872D", "#FADE2A",
    "#447EBC", "#C15C17", "#B7DBAB", "#F4D598", "#70DBED", "#F9BA8F", "#F29191", "#82B5D8", "#E5A8E2", "#AEA2E0",
)  # fmt: skip
"""Of series, one after another."""
TEXT = "#CCCCDC"
_ORANGES = ((44, 24, 16), (127, 39, 4), (217, 72, 1), (253, 141, 60), (253, 208, 162))
"""From few to many, on a dark ground."""


def code(name: str) -> str:
    """A colour as CSS has it, whatever Grafana calls it."""
    return {"text": TEXT, "transparent": "transparent"}.get(name) or NAMED.get(name, name)


def heat(share: float) -> str:
    """From few (0) to many (1)."""
    place = min(max(share, 0.0), 1.0) * (len(_ORANGES) - 1)
    low = min(int(place), len(_ORANGES) - 2)
    return "#" + "".join(
        f"{round(a + (b - a) * (place - low)):02x}" for a, b in zip(_ORANGES[low], _ORANGES[low + 1], strict=True)
    )


def is_bright(color: str) -> bool:
    """Whether dark letters read better on it."""
    if not color.startswith("#"):
        return False
    red, green, blue = (int(color[at : at + 2], 16) for at in (1, 3, 5))
    return 0.299 * red + 0.587 * green + 0.114 * blue > 128
