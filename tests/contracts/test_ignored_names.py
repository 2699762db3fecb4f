"""What holds for dismissed names on each database."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from workbench.domain.language import Pair
from workbench.storage.database import Database
from workbench.storage.ignored_names import EVERYWHERE, LONGEST, IgnoredNames


def test_a_name_is_ignored_in_its_article_or_everywhere(store: Database) -> None:
    names = IgnoredNames(store)
    names.add("аскар кротов", 1, "anna")
    names.add("мельник", EVERYWHERE, "boris")
    assert [(each.key, each.article_id, each.author) for each in names.of(1)] == [
        ("аскар кротов", 1, "anna"),
        ("мельник", 0, "boris"),
    ]
    assert [each.key for each in names.of(2)] == ["мельник"]
    assert names.of(2)[0].created > "2020"


def test_ignoring_twice_changes_nothing(store: Database) -> None:
    names = IgnoredNames(store)
    names.add("мельник", 1, "anna")
    names.add("мельник", 1, "boris")
    names.add("мельник", EVERYWHERE, "boris")
    assert [(each.article_id, each.author) for each in names.of(1)] == [(1, "anna"), (0, "boris")]


def test_ten_people_ignore_the_same_name_at_once(store: Database) -> None:
    names = IgnoredNames(store)
    with ThreadPoolExecutor(10) as pool:
        list(pool.map(lambda n: names.add("мельник", 1, f"person {n}"), range(10)))
    assert len(names.of(1)) == 1


def test_a_dismissal_can_be_taken_back(store: Database) -> None:
    names = IgnoredNames(store)
    names.add("мельник", 1, "anna")
    assert names.remove("мельник", 2) is False
    assert names.remove("мельник", 1) is True
    assert names.of(1) == ()


def test_other_language_pairs_keep_their_own(store: Database) -> None:
    IgnoredNames(store, Pair("ru", "en")).add("мельник", 1, "anna")
    assert IgnoredNames(store).of(1) == ()


def test_a_name_too_long_for_the_table_is_cut_alike_everywhere(store: Database) -> None:
    names = IgnoredNames(store)
    names.add("я" * 500, 1, "anna")
    assert names.of(1)[0].key == "я" * LONGEST
    assert names.remove("я" * 500, 1)
