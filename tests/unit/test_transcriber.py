"""The ladder of sources for a name: glossary, bulletin, lists, table, engine."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.domain.term import Term
from workbench.errors import DataError
from workbench.languages.transcription import ELSEWHERE
from workbench.services.name_lists import GivenName, Surname, given_names, surnames
from workbench.services.name_parts import spellings
from workbench.services.transcriber import LONGEST, Transcriber

ROOT = Path(__file__).parents[2]
ENTRIES = (
    Term("Токаев", "托卡耶夫", "person"),
    Term("Кравин", "克拉温", "person", variants=("克拉文",), forbidden=("克拉维恩",)),
    Term("Дорохин", "多洛辛", "person", "proposed"),
    Term("Гулин", "古林", "person", "forbidden"),
    Term("Пётр Лугин", "彼得·卢京", "person"),
    Term("Озёрск", "奥焦尔斯克", "place"),
)
GIVEN = {
    "петр": GivenName("Пётр", "彼得", "m", "ru", (), "established"),
    "айгуль": GivenName("Айгуль", "艾古丽", "f", "kg", ("阿依古丽",), "established"),
    "саша": GivenName("Саша", "萨沙", "u", "ru", (), "list"),
}
SURNAMES = {"жуков": Surname("Жуков", "朱可夫", ("茹科夫",), "established")}


def entries(name: str) -> tuple[Term, ...]:
    return tuple(term for term in ENTRIES if term.source in spellings(name))


TRANSCRIBER = Transcriber(GIVEN, entries, SURNAMES)


def found(name: str, gender: str = "") -> list[tuple[str, str]]:
    return [(p.zh, p.tier) for p in TRANSCRIBER.propose(name, gender=gender)]


def test_an_entry_for_the_whole_name_comes_first() -> None:
    assert found("Пётр Лугин")[0] == ("彼得·卢京", "glossary")
    assert found("Петр Лугин")[0] == ("彼得·卢京", "glossary")  # ё printed as е


def test_an_entry_for_the_surname_serves_a_full_name() -> None:
    assert found("Пётр Токаев")[0] == ("彼得·托卡耶夫", "list")
    assert found("Токаев")[0] == ("托卡耶夫", "glossary")


def test_the_trace_of_a_sure_form_shows_its_syllables() -> None:
    proposal = TRANSCRIBER.propose("Пётр Токаев")[0]
    assert proposal.trace == "Пётр-彼得 · То-托 ка-卡 ев-耶夫"


def test_a_womans_form_is_made_from_the_mans() -> None:
    assert found("Токаева")[0] == ("托卡耶娃", "glossary")
    assert found("Айгуль Жукова")[0] == ("艾古丽·朱可娃", "list")
    assert found("Кравина")[0] == ("克拉温娜", "glossary")


def test_a_proposed_entry_is_an_earlier_bulletins() -> None:
    assert found("Дорохин")[0] == ("多洛辛", "bulletin")


def test_accepted_variants_follow_and_forbidden_forms_never_come() -> None:
    forms = [zh for zh, _ in found("Кравин")]
    assert forms[:2] == ["克拉温", "克拉文"]
    assert "克拉维恩" not in forms
    assert "克拉维恩" in [p.zh for p in Transcriber({}, lambda _: ()).propose("Кравин")]
    assert "古林" not in [zh for zh, _ in found("Гулин")]


def test_the_list_has_established_surnames_and_the_table_the_rest() -> None:
    assert found("Жуков")[:2] == [("朱可夫", "list"), ("茹科夫", "list")]
    assert found("Пётр Бадаев")[0] == ("彼得·巴达耶夫", "table")
    assert found("Айгуль")[0] == ("艾古丽", "list")


@pytest.mark.parametrize(
    ("name", "zh"),
    [
        ("Бадаев Пётр Лукич", "彼得·卢基奇·巴达耶夫"),
        ("Бадаев Пётр", "彼得·巴达耶夫"),
        ("Пётр Петрович Бадаев", "彼得·彼得罗维奇·巴达耶夫"),
        ("Пётр Петрович Абрамич", "彼得·彼得罗维奇·阿布拉米奇"),
        ("Бадаев Гурбан Алим оглы", "古尔班·阿利姆·奥格雷·巴达耶夫"),
        ("К.-Ж. Токаев", "托卡耶夫"),
        ("П. С. Бадаев", "巴达耶夫"),
        ("Бадаев П.С.", "巴达耶夫"),
    ],
)
def test_the_order_is_given_name_patronymic_surname(name: str, zh: str) -> None:
    assert found(name)[0][0] == zh


def test_the_gender_comes_from_patronymic_given_name_or_the_caller() -> None:
    assert found("Айгуль Новак")[0][0] == "艾古丽·诺瓦克"
    assert found("Алуа Бадалина")[0][0] == "阿卢阿·巴达琳娜"  # the surname tells
    assert found("Саша Бадина", "f")[0][0] == "萨沙·巴金娜"
    assert found("Лейла Петровна Бадина")[0][0].endswith("彼得罗夫娜·巴金娜")


def test_places_come_from_the_glossary_only() -> None:
    assert [p.zh for p in TRANSCRIBER.propose("Озерск", "place")] == ["奥焦尔斯克"]
    assert TRANSCRIBER.propose("Бадаевск", "place") == ()
    assert TRANSCRIBER.propose("Токаев", "place") == ()


def test_names_of_other_languages_are_marked_and_doubted() -> None:
    proposal = TRANSCRIBER.propose("Лешек Бадовский")[0]
    assert proposal.trace.endswith(f"({ELSEWHERE})")
    assert proposal.confidence < TRANSCRIBER.propose("Олжек Бадовский")[0].confidence


def test_confidence_falls_with_the_rank_and_the_rung() -> None:
    glossary, table = TRANSCRIBER.propose("Токаев"), TRANSCRIBER.propose("Бекетаев")
    assert glossary[0].confidence == 1.0 > table[0].confidence > 0.5 > table[1].confidence


def test_an_engine_is_asked_last() -> None:
    asked: list[str] = []

    def engine(name: str) -> str:
        asked.append(name)
        return "史密斯"

    transcriber = Transcriber(GIVEN, entries, engine=engine)
    assert transcriber.propose("Бадаев")[0].tier == "table"
    assert asked == []
    assert [(p.zh, p.tier) for p in transcriber.propose("Smith")] == [("史密斯", "engine")]


@pytest.mark.parametrize(
    "name", ["", "  ", "John Smith", "Иванов Smith", "1984", "·", "а" * (LONGEST + 1), "а б " * 9]
)
def test_what_is_no_russian_name_has_no_proposals(name: str) -> None:
    assert TRANSCRIBER.propose(name) == ()


def test_latin_look_alikes_are_read_as_the_letters_they_look_like() -> None:
    assert found("Тoкaев") == found("Токаев")


def test_the_shipped_lists_can_be_read() -> None:
    folder = ROOT / "glossary" / "ru-zh" / "names"
    listed = given_names(folder)
    assert listed["сергей"].zh == "谢尔盖"
    assert len({name.ru for name in listed.values()}) >= 300
    assert surnames(folder)["жуков"].zh == "朱可夫"


def test_a_name_of_both_genders_keeps_both_forms(tmp_path: Path) -> None:
    rows = ["ru\tzh\tgender\torigin\talternatives\tsource", "Саша\t萨沙\tm\tru\t\tlist"]
    rows += ["Саша\t萨莎\tf\tru\t萨夏| \tlist"]
    (tmp_path / "given-names.tsv").write_text("\n".join(rows), encoding="utf-8")
    transcriber = Transcriber(given_names(tmp_path), lambda _: ())
    assert transcriber.propose("Саша Бадина", gender="f")[0].zh == "萨莎·巴金娜"
    assert transcriber.propose("Саша Бадин", gender="m")[0].zh == "萨沙·巴金"


def test_a_folder_without_lists_has_no_names(tmp_path: Path) -> None:
    assert given_names(tmp_path) == {}
    assert surnames(tmp_path) == {}


@pytest.mark.parametrize("text", ["", "ru\tzh\n", "ru\tzh\talternatives\tsource\nЖуков\t朱可夫\n"])
def test_a_broken_list_is_named_with_its_line(tmp_path: Path, text: str) -> None:
    (tmp_path / "surnames.tsv").write_text(text, encoding="utf-8")
    with pytest.raises(DataError, match=r"surnames\.tsv"):
        surnames(tmp_path)


NAMES = st.text(st.sampled_from("абвгдеёжзийклмнопрстуфхцчшщъыьэюяАВСэ qA.-'’1 "), max_size=40)


@given(NAMES, st.sampled_from(("", "m", "f", "x")))
def test_any_text_is_answered_in_chinese_or_not_at_all(name: str, gender: str) -> None:
    proposals = TRANSCRIBER.propose(name, gender=gender)
    assert len({p.zh for p in proposals}) == len(proposals) <= 5
    for proposal in proposals:
        assert re.fullmatch("[\u4e00-\u9fff]+(?:[-·][\u4e00-\u9fff]+)*", proposal.zh)
        assert 0 <= proposal.confidence <= 1
