"""The memory over a real database: found again at once, whoever changed it, however it came in."""

from __future__ import annotations

import io
import random
from dataclasses import replace
from pathlib import Path

import pytest

from tests.words import concordance
from workbench.domain.memory import Unit
from workbench.errors import Cancelled, Conflict, DataError, InputError
from workbench.services.memory import Memory
from workbench.services.memory_files import CHUNK
from workbench.storage.database import Database
from workbench.storage.units import Units

SOURCE, TARGET = "Второе заявление: 15 стран согласны.", "第二份声明：15国同意。"


@pytest.fixture
def memory(database: Database) -> Memory:
    return Memory(Units(database))


def unit(source: str = SOURCE, target: str = TARGET, **more: object) -> Unit:
    return replace(Unit(source, target, author="Аня"), **more)  # type: ignore[arg-type]


def scores(memory: Memory, source: str, before: str = "", after: str = "") -> list[tuple[int, str]]:
    return [(match.score, match.how) for match in memory.matches(source, before, after)]


# -- matches --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "after", "wanted"),
    [
        ("До.", "После.", (102, "context")),
        ("До.", "Иное.", (101, "context")),
        ("Иное.", "После.", (101, "context")),
        ("Иное.", "Иное.", (100, "exact")),
        ("", "", (100, "exact")),
    ],
)
def test_context(memory: Memory, before: str, after: str, wanted: tuple[int, str]) -> None:
    memory.add(unit(before="До.", after="После."))
    assert scores(memory, SOURCE, before, after) == [wanted]
    best = memory.best(SOURCE, before, after)
    assert best is not None
    assert (best.score, best.how) == wanted


def test_a_neighbour_missing_on_both_sides_counts(memory: Memory) -> None:
    memory.add(unit(before="", after="После."))
    assert scores(memory, SOURCE, "", "После.") == [(102, "context")]
    assert scores(memory, SOURCE, "До.", "Иное.") == [(100, "exact")]


def test_exact_ignores_white_space_only(memory: Memory) -> None:
    memory.add(unit())
    assert scores(memory, f" {SOURCE.replace(' ', chr(160))}\n") == [(100, "exact")]
    assert scores(memory, SOURCE.lower())[0][0] < 100
    assert memory.best(SOURCE.lower()) is None


def test_other_numbers_are_put_in(memory: Memory) -> None:
    memory.add(unit())
    (match,) = memory.matches("Второе заявление: 17 стран согласны.")
    assert (match.score, match.how, match.target) == (99, "slot", "第二份声明：17国同意。")
    assert match.flags == ("number",)
    assert memory.best("Второе заявление: 17 стран согласны.") is None


def test_numbers_that_cannot_be_put_in_for_sure_are_left(memory: Memory) -> None:
    memory.add(unit("Экспорт вырос на 5 млн тонн.", "出口增加500多万吨。"))
    (match,) = memory.matches("Экспорт вырос на 7 млн тонн.")
    assert (match.score, match.how, match.target) == (95, "fuzzy", "出口增加500多万吨。")
    assert match.flags == ("number",)


def test_fuzzy_matches_are_ranked_and_flagged(memory: Memory) -> None:
    near = memory.add(unit("Министр не подписал новый договор с Казахстаном.", "一"))
    far = memory.add(unit("Министр подписал договор с Узбекистаном вчера.", "二"))
    memory.add(unit("Погода завтра будет солнечной.", "三"))
    found = memory.matches("Министр подписал новый договор с Казахстаном.", minimum=50)
    assert [match.unit.id for match in found] == [near.id, far.id]
    assert "negation" in found[0].flags
    assert found[0].score > found[1].score >= 50
    assert memory.matches("Министр подписал новый договор с Казахстаном.", minimum=99) == []


def test_each_translation_is_offered_once(memory: Memory) -> None:
    for segment in range(1, 4):
        memory.add(unit(segment_id=segment))
    other = memory.add(unit(target="另一种译法。", segment_id=9))
    assert [m.target for m in memory.matches(SOURCE)] == [other.target, TARGET]
    assert len(memory.matches(SOURCE, limit=1)) == 1


@pytest.mark.parametrize("source", ["", "   ", "!?", "\u200b"])
def test_nothing_is_found_for_nothing(memory: Memory, source: str) -> None:
    memory.add(unit())
    assert memory.matches(source) == []


def test_what_one_process_stores_another_finds_at_once(database: Database) -> None:
    one, other = Memory(Units(database)), Memory(Units(Database(str(database.url))))
    stored = one.add(unit())
    near = SOURCE.replace("согласны", "против")
    assert [m.unit.id for m in other.matches(near)] == [stored.id]
    one.units.update(replace(stored, source="Совсем другое предложение."), 1, "Аня")
    assert other.matches(near) == []
    assert concordance(other, "другого предложения") == concordance(one, "другого предложения")
    other.units.delete(stored.id, 2, "Боря")
    assert one.matches("Совсем другое предложение.") == []
    assert concordance(one, "предложение") == []
    other.units.database.close()


def test_recall_beside_a_full_scan(memory: Memory, authored: Path) -> None:
    """Of the best matches that scoring every unit would give, hardly one is missed."""
    from workbench.services.memory_score import score

    lines = (authored / "01-diplomacy.tsv").read_text().splitlines()[:200]
    for line in lines:
        memory.add(unit(*line.split("\t")[:2]))
    units = list(memory.units.all())
    chance = random.Random(3)
    missed, tried = 0, 0
    for chosen in chance.sample(units, 16):
        words = chosen.source.split()
        if len(words) < 5:
            continue
        words[chance.randrange(len(words))] = "иначе"
        query = " ".join(words)
        best = max(score(query, unit.source) for unit in units)
        found = memory.matches(query, limit=1)
        if best >= 60:
            tried += 1
            missed += not found or found[0].score < best
    assert tried > 9
    assert missed == 0


# -- the seed, and imports ------------------------------------------------------------------


@pytest.fixture
def authored() -> Path:
    return Path(__file__).parent.parent.parent / "corpora" / "ru-zh" / "authored"


def test_the_seed_is_marked_and_never_taken_as_exact(memory: Memory, authored: Path) -> None:
    assert memory.stats().units == 0
    done = memory.load_seed(authored, "Аня")
    assert done.added > 10_000
    stats = memory.stats()
    assert stats.origins == {"seed": done.added}
    some = next(memory.units.all())
    assert memory.best(some.source) is None
    assert scores(memory, some.source)[0] == (97, "exact")
    with pytest.raises(Conflict):
        memory.load_seed(authored)
    kept = memory.add(unit(some.source, some.target))
    assert memory.withdraw(done.batch) == done.added
    assert memory.stats().origins == {"human": 1}
    assert [m.unit for m in memory.matches(some.source)] == [kept]


def test_a_missing_seed_says_so(memory: Memory, tmp_path: Path) -> None:
    with pytest.raises(DataError):
        memory.load_seed(tmp_path)


def test_an_import_that_is_stopped_leaves_nothing(memory: Memory) -> None:
    lines = "".join(f"Предложение {n}\t句{n}\n" for n in range(3000))
    seen: list[int] = []
    with pytest.raises(Cancelled):
        memory.import_file(
            io.BytesIO(lines.encode()), "a.tsv", "Аня", seen.append, lambda: len(seen) > 1
        )
    assert seen == [CHUNK, 2 * CHUNK]
    assert memory.stats().units == 0
    assert memory.stats().batches == ()


def test_a_file_that_breaks_off_leaves_nothing(memory: Memory) -> None:
    stream = io.BytesIO()
    memory.import_file(
        io.BytesIO("".join(f"Предложение {n}\t句{n}\n" for n in range(1500)).encode()), "a.tsv"
    )
    memory.export_file(stream, "a.tmx")
    memory.withdraw(memory.stats().batches[0].id)
    with pytest.raises(InputError):
        memory.import_file(io.BytesIO(stream.getvalue()[:-30]), "a.tmx")
    assert memory.stats().units == 0


def test_bad_rows_are_reported_and_the_rest_is_taken(memory: Memory) -> None:
    data = "source\ttarget\nДа\t是\n\t空\nНет\n\nОн\t他\n".encode()
    done = memory.import_file(io.BytesIO(data), "a.tsv", "Аня")
    assert (done.added, done.rejected) == (2, 2)
    assert [(p.line, p.reason) for p in done.problems] == [
        (3, "memory.unit_empty"),
        (4, "memory.unit_empty"),
    ]


FIELDS = ("source", "target", "before", "after", "article", "author", "created", "changed", "note")


@pytest.mark.parametrize("suffix", ["tmx", "tsv", "csv", "xlsx"])
def test_what_is_exported_comes_back(memory: Memory, tmp_path: Path, suffix: str) -> None:
    moment = "2026-11-25T10:00:00.000+00:00"
    given = [
        unit("=1+1; \"он\", 'она'", "=一", created=moment, changed=moment, note="@x"),
        unit(
            "'=5", "-六", before="До", after="После", article="+С", created=moment, changed=moment
        ),
        unit("Тире — «ёлки»", "😀", created=moment, changed=moment),
    ]
    for some in given:
        memory.add(some)
    file = tmp_path / f"memory.{suffix}"
    assert memory.export_file(file) == 3
    again = Memory(Units(Database(f"sqlite:///{tmp_path / 'other.sqlite'}")))
    done = again.import_file(file, author="Боря")
    assert (done.added, done.rejected) == (3, 0)
    for some, back in zip(given, again.units.all(), strict=True):
        expected = {name: getattr(some, name) for name in FIELDS}
        expected["article"] = expected["article"] or file.name
        assert {name: getattr(back, name) for name in FIELDS} == expected
        assert (back.origin, back.batch) == ("import", done.batch)
    again.units.database.close()


@pytest.mark.parametrize("suffix", ["tsv", "csv"])
def test_formulas_are_exported_inert(memory: Memory, suffix: str) -> None:
    memory.add(unit("=HYPERLINK(1)", "@SUM(1)"))
    stream = io.BytesIO()
    memory.export_file(stream, f"a.{suffix}")
    separator = "\t" if suffix == "tsv" else ","
    cells = stream.getvalue().decode("utf-8-sig").splitlines()[1].split(separator)
    assert cells[:2] == ["'=HYPERLINK(1)", "'@SUM(1)"]


def test_formulas_are_text_in_a_workbook(memory: Memory) -> None:
    from openpyxl import load_workbook

    memory.add(unit("=HYPERLINK(1)", "=1"))
    stream = io.BytesIO()
    memory.export_file(stream, "a.xlsx")
    cell = load_workbook(stream)["memory"]["A2"]
    assert (cell.value, cell.data_type) == ("=HYPERLINK(1)", "s")


BROKEN = {
    "bytes.tsv": random.Random(1).randbytes(500) + b"\xff",
    "russian.csv": "Да,??\n".encode("cp1251"),
    "big5.csv": "Yes,繁體中文\n".encode("big5"),
    "not.xlsx": b"PK\x03\x04nonsense",
    "zip.xlsx": b"",
    "long.tsv": b"x" * 500_000,
    "empty.tsv": b"",
    "one-column.csv": "Да\nНет\n".encode(),
    "binary.tmx": random.Random(2).randbytes(500),
    "picture.png": b"x",
}


@pytest.mark.parametrize("name", BROKEN)
def test_an_unusable_file_is_one_sentence_and_changes_nothing(memory: Memory, name: str) -> None:
    with pytest.raises(InputError) as caught:
        memory.import_file(io.BytesIO(BROKEN[name]), name)
    for language in ("en", "zh", "ru"):
        problem, remedy = caught.value.say(language)
        assert name in problem
        assert remedy
    assert memory.stats().units == 0


@pytest.mark.parametrize(
    ("heading", "row"),
    [
        ("译文;原文", "是;Да"),
        ("Chinese,Russian", "是,Да"),
        ("note,source,target", "x,Да,是"),
        ("", "Да,是"),
    ],
)
def test_headings_name_the_columns(memory: Memory, heading: str, row: str) -> None:
    data = f"{heading}\n{row}\n".lstrip("\n").encode("utf-8-sig")
    memory.import_file(io.BytesIO(data), "a.csv")
    (found,) = memory.units.all()
    assert (found.source, found.target) == ("Да", "是")


def test_unicode_text_of_a_spreadsheet(memory: Memory) -> None:
    memory.import_file(io.BytesIO("Да\t是\r\n".encode("utf-16")), "a.tsv")
    assert [u.target for u in memory.units.all()] == ["是"]


# -- concordance ----------------------------------------------------------------------------

FORMS = [
    ("президент Казахстана", "Президенту Казахстана вручили письмо."),
    ("Президентом Казахстаном", "Президенту Казахстана вручили письмо."),
    ("Токаев", "Встреча с Токаевым прошла."),
    ("Токаевым", "Слова Токаева приводит агентство."),
    ("год", "Так было много лет назад."),
    ("люди", "Пять человек пришли."),
    ("ёлка", "Елки у Кремля."),
    ("новый договор", "О новых договорах говорят."),
    ("Шавката Мирзиёева", "Шавкат Мирзиёев прибыл."),
]


@pytest.mark.parametrize(("words", "source"), FORMS)
def test_russian_words_are_found_in_any_form(memory: Memory, words: str, source: str) -> None:
    wanted = memory.add(unit(source))
    memory.add(unit("Совсем иное предложение о погоде."))
    assert concordance(memory, words) == [wanted]


def test_words_stand_in_any_order_but_quoted_ones_as_they_are(memory: Memory) -> None:
    apart = memory.add(unit("Договор новый, а условия старые."))
    together = memory.add(unit("О новом договоре говорят."))
    exact = memory.add(unit("Готов новый договор."))
    assert concordance(memory, "новый договор") == [exact, together, apart]
    assert concordance(memory, '"новый договор"') == [exact]
    assert concordance(memory, "«новом договоре» говорить") == [together]


def test_chinese_words_of_two_characters_are_found(memory: Memory) -> None:
    wanted = memory.add(unit(target="数据库已更新。"))
    memory.add(unit(target="数字已更新。"))
    assert concordance(memory, "数据", "target") == [wanted]
    assert concordance(memory, "", "target") == []
    assert concordance(memory, "%", "target") == []


def test_the_newest_come_first_and_no_more_than_asked(memory: Memory) -> None:
    units = [memory.add(unit(f"Договор номер {n}.")) for n in range(7)]
    assert concordance(memory, "договора", limit=3) == units[:3:-1]
