"""How fast the grid is with 2,000 segments. Prints figures; asserts none (``make bench``)."""

from __future__ import annotations

import json
import statistics
import sys

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Desk, Server

pytestmark = [pytest.mark.browser, pytest.mark.bench]
SEGMENTS = 2000

# From the key's event to the painted frame after it.
KEY_TO_SCREEN = """() => {
  window.times = [];
  document.addEventListener('keydown', (event) => {
    const begun = event.timeStamp;
    requestAnimationFrame(() => setTimeout(() => window.times.push(performance.now() - begun)));
  }, true);
}"""

# From the request of a save to its answer painted in the row.
CONFIRM = """() => {
  window.confirms = [];
  const ask = window.fetch;
  window.fetch = async (...given) => {
    const begun = performance.now();
    const answer = await ask(...given);
    if (given[1]?.method === 'PUT') {
      const painted = () => window.confirms.push(performance.now() - begun);
      requestAnimationFrame(() => setTimeout(painted));
    }
    return answer;
  };
}"""


def test_the_grid_with_two_thousand_segments(desk: Desk, server: Server) -> None:
    text = "\n\n".join(
        f"Президент Казахстана Токаев провёл встречу номер {n} с послами пяти стран региона."
        for n in range(SEGMENTS)
    )
    article = server.article(text)
    desk.page.goto(f"{server.url}/#article={article}")
    expect(desk.row(1)).to_be_attached()
    figures: dict[str, object] = {
        "segments": desk.page.get_by_test_id("row").count(),
        "first row ms": round(desk.page.evaluate("performance.now()")),
    }
    desk.target(1000).scroll_into_view_if_needed()
    desk.target(1000).click()
    desk.page.evaluate(KEY_TO_SCREEN)
    for letter in "译文打字速度测量用" * 5:
        desk.press("a")
        desk.type(letter)
    figures["key to screen ms"] = spread(desk.page.evaluate("window.times"))
    desk.page.evaluate(CONFIRM)
    for n in range(1000, 1030):
        desk.type("确认")
        desk.press("Control+Enter")
        desk.expect_state(n, "confirmed")
    figures["confirm ms"] = spread(desk.page.evaluate("window.confirms"))
    desk.page.get_by_test_id("filter-unconfirmed").click()
    figures["heap MB"] = round(desk.page.evaluate("performance.memory.usedJSHeapSize / 1e6"), 1)
    figures["nodes"] = desk.page.evaluate("document.querySelectorAll('*').length")
    sys.stdout.write(json.dumps(figures, ensure_ascii=False) + "\n")


def spread(times: list[float]) -> dict[str, float]:
    """Median and 95th percentile."""
    ordered = sorted(times)
    return {
        "median": round(statistics.median(ordered), 1),
        "p95": round(ordered[int(len(ordered) * 0.95)], 1),
    }
