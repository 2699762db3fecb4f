"""Hits, receipts and issues survive being stored."""

from __future__ import annotations

import json
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from workbench.domain.language import Span
from workbench.domain.row import Issue
from workbench.domain.term import TERM_STATUSES, TERM_TYPES, Form, Hit, Receipt, Term
from workbench.storage.codec import (
    decode_hit,
    decode_issue,
    decode_receipt,
    encode_hit,
    encode_issue,
    encode_receipt,
)

text = st.text(max_size=8)
texts = st.lists(text, max_size=3).map(tuple)
span = st.builds(Span, st.integers(0, 99), st.integers(0, 99))
term = st.builds(
    Term,
    source=text,
    target=text,
    type=st.sampled_from(TERM_TYPES),
    status=st.sampled_from(TERM_STATUSES),
    variants=texts,
    forbidden=texts,
    needs_quotes=st.booleans(),
    context=texts,
    valid_from=text,
    valid_to=text,
    note=text,
    provenance=text,
    forms=st.lists(st.builds(Form, text), max_size=2).map(tuple),
    id=st.integers(0, 9),
    revision=st.integers(0, 9),
)
hit = st.builds(Hit, term, span, text, st.sampled_from(["exact", "lemma"]), st.just("found"))
receipt = st.builds(
    Receipt, hit, st.just("honoured"), st.sampled_from(["model", ""]), st.none() | span, text
)
issue = st.builds(
    Issue,
    check=text,
    severity=st.just("error"),
    key=text,
    values=st.lists(st.tuples(text, text), max_size=2).map(tuple),
    source=st.none() | span,
    target=st.none() | span,
    fix=st.none() | text,
    id=text,
)


def bare(kept: Hit) -> Hit:
    return replace(kept, term=replace(kept.term, forms=()))


@given(hit, receipt, issue)
def test_round_trips(one: Hit, two: Receipt, three: Issue) -> None:
    stored = json.loads(json.dumps([encode_hit(one), encode_receipt(two), encode_issue(three)]))
    assert decode_hit(stored[0]) == bare(one)
    assert decode_receipt(stored[1]) == replace(two, hit=bare(two.hit))
    assert decode_issue(stored[2]) == three
    put_aside = decode_issue(stored[2], frozenset({three.id}))
    assert put_aside == replace(three, dismissed=bool(three.id))
