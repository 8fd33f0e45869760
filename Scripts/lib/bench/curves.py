"""Draws growth as SVG: one line a measurement, medians with their extremes, sizes by tens."""

from html import escape

from tools import median

WIDTH, HEIGHT, LEFT, TOP, BOTTOM = 700, 320, 70, 46, 58


def svg(title, unit, points, subtitle):
    """points: [(size as text, values)]."""
    top = max(max(values) for _, values in points) * 1.1
    across = (WIDTH - LEFT - 60) / max(1, len(points) - 1)
    down = HEIGHT - TOP - BOTTOM

    def x(place):
        return LEFT + 10 + across * place

    def y(value):
        return TOP + down * (1 - value / top)

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
        'font-family="sans-serif" font-size="12" role="img">',
        f"<title>{escape(title)}</title>",
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>',
        f'<text x="{LEFT}" y="20" font-size="15" font-weight="bold">{escape(title)}</text>',
        f'<text x="{LEFT}" y="36" fill="#555">{escape(unit)}; medians and extremes</text>',
    ]
    for step in range(5):
        value = top * step / 4
        parts.append(f'<line x1="{LEFT}" x2="{WIDTH - 20}" y1="{y(value):.1f}" y2="{y(value):.1f}" '
                     'stroke="#ddd"/>')
        parts.append(f'<text x="{LEFT - 8}" y="{y(value) + 4:.1f}" text-anchor="end">'
                     f"{value:,.0f}</text>")
    line = " ".join(f"{x(place):.1f},{y(median(values)):.1f}"
                    for place, (_, values) in enumerate(points))
    parts.append(f'<polyline points="{line}" fill="none" stroke="#0b6e4f" stroke-width="2"/>')
    for place, (size, values) in enumerate(points):
        parts.append(f'<line x1="{x(place):.1f}" x2="{x(place):.1f}" y1="{y(min(values)):.1f}" '
                     f'y2="{y(max(values)):.1f}" stroke="#0b6e4f"/>')
        parts.append(f'<circle cx="{x(place):.1f}" cy="{y(median(values)):.1f}" r="4" '
                     'fill="#0b6e4f"/>')
        parts.append(f'<text x="{x(place):.1f}" y="{HEIGHT - BOTTOM + 18}" text-anchor="middle">'
                     f"{escape(size)}</text>")
    parts.append(f'<text x="10" y="{HEIGHT - 12}" fill="#555" font-size="10">'
                 f"{escape(subtitle)}</text></svg>")
    return "\n".join(parts) + "\n"
