from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from workbench.languages.fold import fold, key

LETTERS = st.text(
    st.one_of(
        st.sampled_from("ЁёЙй\u0301\u0306\u0308\u00ad\u200b \t\u00a0\n«»„“–—\u2011İẞ'’"),
        st.characters(codec="utf-8"),
    )
)


@given(LETTERS)
def test_folded_ranges_lead_back_into_the_original(text: str) -> None:
    folded = fold(text)
    end = 0
    for place in range(len(folded.text)):
        span = folded.original(place, place + 1)
        assert end <= span.start < span.end <= len(text)
        end = span.end
    whole = folded.original(0, len(folded.text))
    assert 0 <= whole.start <= whole.end <= len(text)


@given(LETTERS)
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text).text).text == fold(text).text


def test_what_counts_as_the_same() -> None:
    assert key("Пётр  I\u00a0") == key("Пе\u0301тр I") == "петр i"
    assert key("«Один пояс – один путь»") == '"один пояс — один путь"'
    assert key("И\u0306од") == "йод"
