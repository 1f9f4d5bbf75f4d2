"""A chart as Slack draws it. Its limits are Slack's reference, probed against its validator."""

from __future__ import annotations

from collections.abc import Iterable

from bot.blocks.limits import Block
from bot.blocks.text import literal
from bot.report.chart import Chart

_TITLE_CHARS = 50
_LABEL_CHARS = 20


def chart_block(chart: Chart) -> Block:
    """Make the block of a chart, labels cut to what Slack takes and told apart."""
    categories = _labels(chart.categories)
    names = _labels(name for name, _values in chart.series)
    axes: Block = {"categories": categories, "x_label": literal(chart.x_label, _TITLE_CHARS)}
    if chart.y_label:
        axes["y_label"] = literal(chart.y_label, _TITLE_CHARS)
    return {
        "type": "data_visualization",
        "title": literal(chart.title, _TITLE_CHARS),
        "chart": {
            "type": chart.kind,
            "series": [
                {
                    "name": name,
                    "data": [
                        {"label": label, "value": value}
                        for label, value in zip(categories, values, strict=True)
                    ],
                }
                for name, (_name, values) in zip(names, chart.series, strict=True)
            ],
            "axis_config": axes,
        },
    }


def _labels(words: Iterable[str]) -> list[str]:
    """Cut labels; one that stands there already gets a number, as Slack wants each once."""
    found: list[str] = []
    for each in words:
        label, number = literal(each, _LABEL_CHARS), 2
        while label in found:
            label = literal(each, _LABEL_CHARS - 4).rstrip("…") + f" ({number})"
            number += 1
        found.append(label)
    return found
