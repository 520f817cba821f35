"""The quota as a bar: enrolled, nominated, paid for in the budget, the rest. Every part is told in words beside it."""

from markupsafe import Markup

from caseflow.registry.overview import QuotaLine

_WIDTH = 600
_HEIGHT = 28


def meter(line: QuotaLine) -> Markup:
    """Return the drawing; the words below it say the same, so it is hidden from readers."""
    scale = _WIDTH / line.slots
    enrolled, proposed = line.enrolled * scale, line.proposed * scale
    held, budget = enrolled + proposed, line.budgeted * scale
    parts = [
        _part("meter-rest", 0, _WIDTH),
        _part("meter-budget", 0, budget),
        _part("meter-enrolled", 0, enrolled),
        _part("meter-proposed", enrolled, proposed),
    ]
    edge = Markup('<path class="meter-edge" d="M{x} 0V{height}"/>').format(x=_number(budget), height=_HEIGHT)
    over = _part("meter-over", budget, held - budget) if held > budget else Markup("")
    return Markup(
        '<svg class="meter" viewBox="0 0 {width} {height}" preserveAspectRatio="none" aria-hidden="true" '
        'focusable="false">{parts}{over}{edge}</svg>'
    ).format(width=_WIDTH, height=_HEIGHT, parts=Markup("").join(parts), over=over, edge=edge)


def _part(name: str, x: float, width: float) -> Markup:
    return Markup('<rect class="{name}" x="{x}" y="0" width="{width}" height="{height}"/>').format(
        name=name, x=_number(x), width=_number(max(width, 0)), height=_HEIGHT
    )


def _number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
