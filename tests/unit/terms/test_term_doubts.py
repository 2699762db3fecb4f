"""What puts a name in doubt: context words of an entry, and things and people of the same name."""

from __future__ import annotations

import pytest

from workbench.domain.term import Term
from workbench.errors import InputError
from workbench.formats.term_tables import flags_of, flags_text
from workbench.services.term_entries import validated, with_forms
from workbench.services.term_matching import Matcher

ENTRIES = tuple(
    with_forms(term)
    for term in (
        Term("ВПП", "世界粮食计划署", "org", context=("голод", "оон", "-полос")),
        Term("ГЭС", "水电站", context=("-выстав",)),
        Term("Зюйд", "祖伊德", "place", context=("?",)),
        Term("Вена", "维也纳", "place", context=("-укол",)),
        Term("Плюхинск", "普柳欣斯克", "place"),
        Term("Европа", "欧洲", "place"),
        Term("Голландия", "荷兰", "place"),
        Term("Лондон", "伦敦", "place"),
        Term("Астана", "阿斯塔纳", "place"),
        Term("Киев", "基辅", "place"),
        Term("Пётр Великий", "彼得大帝", "person"),
        Term("Алексей Миллер", "阿列克谢·米勒", "person"),
        Term("Миллер", "米勒", "person"),
        Term("Новак", "诺瓦克", "person"),
        Term("Александр Новак", "亚历山大·诺瓦克", "person"),
        Term("Эмманюэль Макрон", "马克龙", "person"),
        Term("Макрон", "马克龙", "person"),
        Term("Дружба", "友谊", needs_quotes=True),
        Term("Взгляд", "观点报", "media", needs_quotes=True),
        Term("Северсталь", "北方钢铁", "org"),
        Term("Токаев", "托卡耶夫", "person"),
        Term("Матвиенко", "马特维延科", "person"),
        Term("РАН", "俄罗斯科学院", "org"),
    )
)


def states(text: str) -> str:
    marks = {"found": "", "ambiguous": "?", "suggested": "~"}
    return " ".join(hit.form + marks[hit.state] for hit in Matcher(ENTRIES).find(text))


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("ВПП спасла область от голода", "ВПП"),
        ("ВПП закрыта", "ВПП?"),
        ("ВПП: полоса длиной в версту, доклад ООН", "ВПП?"),
        ("ГЭС пустили в мае", "ГЭС"),
        ("В ГЭС открыли выставку", "ГЭС?"),
        ("О ГЭС: на ГЭС открыли выставку", "ГЭС ГЭС?"),
        ("Едем в Зюйд", "Зюйд?"),
        ("Вена распухла после укола", "Вена?"),
        ("Нужны уколы, и Вена закупит их", "Вена"),
    ],
)
def test_context_words_decide(text: str, wanted: str) -> None:
    assert states(text) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Клуб «Плюхинск» и сухогруз «Плюхинск-Норд»", "Плюхинск? Плюхинск?"),
        ("Крейсер «Пётр Великий» вышел в море", "Пётр Великий?"),
        ("Лагерь «Дружба» и завод «Дружба»", "Дружба? Дружба?"),
        ("Нефтепровод «Дружба» цел", "Дружба"),
        ("Кафе «Взгляд», но в среду «Взгляд» написал", "Взгляд? Взгляд"),
        ("Хоккеисты обыграли «Северсталь»", "Северсталь?"),
        ("Акции «Северстали» растут", "Северстали"),
        ("Спутник Европа покрыт льдом", "Европа?"),
        ("Музей Новой Голландии и штаты Голландии", "Голландии? Голландии"),
        ("Спектакль по Джеку Лондону в Лондоне", "Лондону? Лондоне"),
        ("Авиакомпания «Эйр Астана», опера Астаны", "Астана? Астаны"),
        ("Матч с «Динамо» Киев, матч в Киеве", "Киев Киеве"),
        ("Матч «Динамо Киев» начался", "Киев?"),
        ("Пишите на info@Киев.рф, Киев_live и #Киев", "Киев?"),
    ],
)
def test_things_that_are_named_like_places(text: str, wanted: str) -> None:
    assert states(text) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Хирург Миллер оперирует", "Миллер?"),
        ("Водитель Миллера ждал, водителя Миллера ждали", "Миллера Миллера?"),
        ("Учитель физики Миллер, врачи Миллера", "Миллер? Миллера"),
        ("Слесарь Алексей Миллер починил кран", "Алексей Миллер?"),
        ("Гонщик Кими Миллер сошёл", "Миллер?"),
        ("Сошёл Новак Джокович, хвалили Новака Джоковича", "Новак~ Новака~"),
        ("Жених по фамилии Миллер", "Миллер?"),
        ("Миллер Рекарте уехал", "Миллер?"),
        ("С Эммануэлем Макроном", "Макроном"),
        ("Глава «Газпрома» Миллер и вице-премьер Новак", "Миллер Новак"),
    ],
)
def test_other_people_of_that_name(text: str, wanted: str) -> None:
    assert states(text) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Спорит Матвиенко Пётр, пасечник", "Матвиенко?"),
        ("Приехала дочь Матвиенко Анна", "Матвиенко"),
        ("Токаев Антон опоздал", "Токаев?"),
        ("Слесарь Фируз Токаев запел", "Токаев?"),
        ("Прохожий Токаев запел, с анестезиологом Токаевым спели", "Токаев? Токаевым?"),
        ("Президент Токаев, вдова Токаева, сторонник Матвиенко", "Токаев Токаева Матвиенко"),
        ("Таксисты Токаев и Дуров уснули", "Токаев?"),
        ("Полковник Токаев из тульского гарнизона", "Токаев?"),
        ("Токаев из российского посольства уехал", "Токаев"),
        ("Экзамен приняли Токаева, Лукина и Ветрова", "Токаева?"),
        ("Акт подписали Токаева и Громова", "Токаева?"),
        ("Приняли Токаева, Миллера и Ветрова", "Токаева Миллера"),
        ("Девочку назвали Веной. Столицу назвали Астаной", "Веной? Астаной"),
        ("Фото: Токаев. Подпись: Токаев", "Токаев? Токаев"),
        ("14-летний Токаев и 71-летний Токаев", "Токаев? Токаев"),
    ],
)
def test_strangers_are_told_by_the_words_around(text: str, wanted: str) -> None:
    assert states(text) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("ВРАЧИ УЧАТСЯ ЛЕЧИТЬ ОТ РАН", "РАН?"),
        ("РАН ОТКРЫЛА НОВЫЙ ИНСТИТУТ", "РАН"),
        ("Глава РАН выступил", "РАН"),
        ("«Дружба» – так называется и роман", "Дружба?"),
        ("«Дружба» – это нефтепровод", "Дружба"),
    ],
)
def test_capitals_and_explained_titles(text: str, wanted: str) -> None:
    assert states(text) == wanted


def test_context_words_survive_a_file_and_are_checked() -> None:
    term = validated(Term("ВПП", "世粮署", context=("Голод", "-Единая  Россия", "?", "голод")))
    assert term.context == ("голод", "-единая россия", "?")
    assert flags_of(flags_text(term))["context"] == term.context
    for word in ("-", "a|b", "=1", "голод, мор"):
        with pytest.raises(InputError):
            validated(Term("ВПП", "世粮署", context=(word,)))
