"""The shipped glossary and the list of given names: enough of them, typed, sourced, clean."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from pathlib import Path

import opencc
import pytest
from annotated_terms import GLOSSARY

from workbench.domain.term import TERM_TYPES, Form, Term
from workbench.errors import DataError
from workbench.services.glossary_base import COLUMNS, read_base
from workbench.services.name_lists import given_names
from workbench.services.term_matching import Matcher

NAMES = GLOSSARY / "names"
ORIGINS = {"ru", "ua", "by", "kz", "kg", "tj", "uz", "tm", "az", "am", "ge"}
SOURCES = {"bulletin", "established", "cldr"}
# Latin letters that look like Cyrillic ones, alone in a word with Cyrillic: «Cевер».
_LOOK_ALIKES = re.compile("[aceopxyABCEHKMOPTXY]")


@cache
def shipped() -> tuple[Term, ...]:
    return tuple(row.term for row in read_base(GLOSSARY).rows())


def chinese() -> list[tuple[str, str]]:
    """Every Chinese form with the Russian it stands for."""
    forms = [(term.source, text) for term in shipped() for text in term.accepted]
    forms += [(term.source, text) for term in shipped() for text in term.forbidden]
    names = given_names(NAMES).values()
    return forms + [(name.ru, text) for name in names for text in (name.zh, *name.alternatives)]


def mixed(word: str) -> bool:
    """Tell whether all the Latin letters of a Cyrillic word look like Cyrillic ones."""
    latin = re.findall("[A-Za-z]", word)
    cyrillic = re.search("[А-Яа-яЁё]", word)
    return bool(latin and cyrillic and all(map(_LOOK_ALIKES.match, latin)))


def test_there_are_enough_entries_of_every_type() -> None:
    counts = Counter(term.type for term in shipped())
    assert len(shipped()) >= 1500
    assert set(counts) == set(TERM_TYPES)
    assert min(counts.values()) >= 50


def test_every_entry_says_where_it_comes_from() -> None:
    assert {term.provenance for term in shipped()} <= SOURCES


def test_no_two_entries_are_of_one_source_type_and_time() -> None:
    keys = Counter(
        (term.source.lower().replace("ё", "е"), term.type, term.valid_from, term.valid_to)
        for term in shipped()
    )
    assert [key for key, times in keys.items() if times > 1] == []


def test_every_form_holds_a_name() -> None:
    """A stray stroke or slash of the files would be a variant that every text honours."""
    assert [pair for pair in chinese() if not re.search("[一-鿿A-Za-z0-9]", pair[1])] == []


def test_the_readme_names_every_file() -> None:
    readme = (GLOSSARY.parent / "README.md").read_text(encoding="utf-8")
    files = [*GLOSSARY.glob("*.tsv"), *NAMES.glob("*.tsv")]
    assert [path.name for path in files if f"`{path.name}`" not in readme] == []


def test_there_is_no_traditional_chinese() -> None:
    simplify = opencc.OpenCC("t2s").convert
    assert [pair for pair in chinese() if simplify(pair[1]) != pair[1]] == []


def test_no_chinese_form_holds_cyrillic() -> None:
    assert [pair for pair in chinese() if re.search("[А-Яа-яЁё]", pair[1])] == []


def test_no_russian_word_hides_latin_letters() -> None:
    texts = [form.text for term in shipped() for form in term.forms]
    texts += [name.ru for name in given_names(NAMES).values()]
    words = {word for text in texts for word in re.findall(r"\w+", text)}
    assert [word for word in words if mixed(word)] == []
    assert mixed("C" + "евер")  # the first letter is Latin


def test_every_form_of_every_entry_is_found() -> None:
    lost = []
    for term in shipped():
        if term.needs_quotes or term.status != "approved" or term.source.endswith("ъ"):
            continue
        matcher = Matcher([term])
        for form in term.forms:
            hits = matcher.find(f"Вчера обсуждали {form.text} без спешки.")
            if form.how != "struck" and [hit.form for hit in hits] != [form.text]:
                lost.append((term.source, form.text))
    assert lost == []


def test_there_are_enough_given_names() -> None:
    names = given_names(NAMES).values()
    assert len(names) >= 330
    assert {name.source for name in names} == {"established", "list"}
    regional = Counter(name.origin for name in names)
    assert all(regional[origin] >= 5 for origin in ORIGINS)


# -- forms that the files give --------------------------------------------------------------


def written(folder: Path, forms: str, source: str = "Милли Меджлис") -> Path:
    row = (source, "国民议会", "org", "", "", "", "", "established", forms)
    (folder / "terms.tsv").write_text(
        "\n".join(("\t".join((*COLUMNS, "forms")), "\t".join(row))), encoding="utf-8"
    )
    return folder


def test_a_file_may_add_and_strike_forms(tmp_path: Path) -> None:
    folder = written(tmp_path, "+Милли Меджлиса|-Миллей Меджлис")
    (row,) = read_base(folder).rows()
    assert Form("Милли Меджлиса", how="added") in row.term.forms
    matcher = Matcher([row.term])
    assert [hit.form for hit in matcher.find("в здании Милли Меджлиса")] == ["Милли Меджлиса"]
    assert matcher.find("в здании Миллей Меджлис") == ()


def test_a_file_may_say_that_a_word_does_not_decline(tmp_path: Path) -> None:
    (row,) = read_base(written(tmp_path, "=", "Карши")).rows()
    assert [form.text for form in row.term.forms] == ["Карши"]


def test_a_form_without_a_sign_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="line 2"):
        read_base(written(tmp_path, "Милли Меджлиса")).rows()
