"""Where a person's Chinese name begins: nearest to the transcription of the Russian one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Literal, Protocol

from rapidfuzz.distance import Levenshtein

from workbench.services.harvest.brackets import HAN
from workbench.services.harvest.learned import learned

DOTS = "·•・‧∙․⋅．"
DASHES = "\\-‐‑–—"

_WORD = r"[А-ЯЁ][а-яё'’]+(?:[-‐‑][А-ЯЁ]?[а-яё]+)*"
_INITIALS = r"(?:[А-ЯЁ][а-яё]?\.\s?(?:-\s?)?){1,3}"
_PARTICLE = r"(?:оглы|кызы|уулу|оглу|аль|ибн|бин|бен|фон|де|ван|дер|эль)"
_FULL = re.compile(
    rf"(?:{_WORD}|{_INITIALS})(?:\s*(?:{_WORD}|{_INITIALS}|{_PARTICLE}|(?<= )[А-ЯЁ](?= |$)))"
    + r"{0,4}"
)
_TOKEN = re.compile(rf"{_WORD}|[А-ЯЁ][а-яё]?\.|{_PARTICLE}")
_SURNAME = re.compile(
    r"\w+(?:[оеё]ва?|ина?|ына?|ски[йх]|ская|цк(?:ий|ая)|енко|ко|ян|янц|дзе|швили|"
    r"[аи]ани|ших|ых|чук|юк|ич|заде?|зода|улы|уулу)"
)
_DOTTED = re.compile(rf"[{HAN}{DASHES}]+(?: ?[{DOTS}] ?[{HAN}{DASHES}]+)+$")
_SEPARATE = re.compile(f"[{DOTS}{DASHES}]")
_LONGEST_PART = 12
# Points for a beginning that stands after a word such as 总统, where transcriptions tie.
_AFTER_TITLE = 0.08
_LEAST = 0.34

_SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许邓冯韩曹曾彭萧蔡潘田董袁于余叶蒋杜苏魏程"
    "吕丁沈任姚卢傅钟姜崔谭廖范汪陆金石戴贾韦夏邱方侯邹熊孟秦白江阎薛尹段雷黎史龙陶贺毛郝顾龚邵万习"
)

# The characters that transcriptions of names are written with (the table of the house and its
# usual alternatives); 长, 家, 员, 统, 者 and other ends of titles are not among them.
NAME_CHARACTERS = frozenset(
    "布普德特格克夫兹斯日什季奇希茨赫姆恩尔阿巴帕达塔加卡瓦法扎萨沙贾恰夏察哈马纳拉亚比皮佳吉基"
    "维菲齐米尼利里埃贝佩代泰盖凯韦费泽塞热舍杰切谢采海梅内莱雷耶别捷涅列厄济瑟黑伊西奥博波多托"
    "戈科沃福佐索若绍焦乔晓措霍莫诺洛罗约苗廖乌杜图古库武富祖苏茹舒朱丘休楚胡穆努卢鲁尤久秋缪纽"
    "柳留艾拜派宰赛柴迈奈赖包保道陶高考藻饶肖曹豪毛瑙劳圭奎绥瑞崔惠安班潘丹坦甘坎万凡赞桑然尚占"
    "昌先灿汉曼南兰扬江强相让良延边片坚根肯文芬津任申真琴岑亨门年连本彭登滕曾森嫩伦温因宾平金京辛"
    "钦欣明宁林翁邦蓬东通贡孔丰宗松容雄忠琼聪洪蒙农隆龙敦昆尊孙顺准春云叶弗勒雅薇玛娜娅娃莎丽琳莉"
    "彼得瓦安烈果迪蒂哥迦喀姬妮苔蕾莲丝拿突卜伏苇珍妲黛艳捷蓝寿吕门别车赵张柯戴汤杨哲吾依尤穆"
)
_TITLE_END = re.compile(
    r"(?:总统|总理|首相|外长|防长|部长|省长|州长|市长|院长|所长|会长|校长|局长|署长|司长|行长|社长|秘书长"
    r"|议长|团长|村长|主席|主任|书记|司令|将军|上将|中将|少将|上校|中校|大使|领事|代表|专家|作家|学家|画家"
    r"|评论家|企业家|议员|委员|研究员|评论员|观察员|教练员|演员|官员|顾问|教授|博士|院士|学者|记者|作者|编者"
    r"|译者|主编|编辑|发言人|负责人|创始人|领导人|候选人|律师|教师|工程师|诗人|导演|总裁|经理|秘书|夫人|先生"
    r"|女士|上尉|大将|元帅|法官|助理|副手|成员|者|(?<![国大独])家"
    r"|(?<![增成延])长|员|(?<![\d第])师|(?<![无个])人)$"
)
_BEFORE = re.compile(r"(?:为|是|由|和|与|及|对|向|据|的|让|请|在|给|说|了|同)$")

Kind = Literal["given", "surname", "patronymic"]


class Transcription(Protocol):
    """One proposal of the transcriber."""

    @property
    def zh(self) -> str:
        """The Chinese characters."""
        ...


class Transcribe(Protocol):
    """Writes a Russian name in Chinese characters, best proposal first."""

    def __call__(
        self, name: str, kind: Kind, gender: Literal["m", "f", ""] = "", limit: int = 5
    ) -> Sequence[Transcription]:
        """Return proposals; none where the name cannot be read."""
        ...


def is_person(russian: str) -> bool:
    """Tell whether *russian* is written like a person's name, initials included."""
    return _FULL.fullmatch(russian) is not None


def name_words(russian: str) -> list[str]:
    """Return the words and initials of a name."""
    return _TOKEN.findall(russian)


def is_surname(word: str) -> bool:
    """Tell whether a word ends like a surname."""
    return _SURNAME.fullmatch(word.lower()) is not None


def dotted_tail(left: str) -> str:
    """Return the Chinese at the end of *left* that has a name's middle dot, or nothing."""
    found = _DOTTED.search(left[-80:])
    return found.group() if found else ""


def after_title(left: str, least: int = 1) -> bool:
    """Tell whether *left* ends with what a person is: 总统, 专家 or, of one character, 员."""
    found = _TITLE_END.search(left)
    return found is not None and len(found.group()) >= least


def at_border(left: str) -> bool:
    """Tell whether *left* ends with a title, a small word or a mark, or is empty."""
    if not left or left[-1] in "，。、：；！？“”（）()《》」】 ":
        return True
    return after_title(left) or _BEFORE.search(left) is not None


def chinese_person(run: str) -> str:
    """Return the name of a Chinese person that *run* ends with after a title, or nothing."""
    for length in (2, 3, 4):
        name, before = run[-length:], run[:-length]
        if len(name) == length and name[0] in _SURNAMES and at_border(before[-6:]):
            return name
    return ""


def without_title(chinese: str) -> str:
    """Return a name without the title that follows it (普京总统)."""
    found = _TITLE_END.search(chinese)
    if found and found.start() > 1 and len(found.group()) > 1:
        return chinese[: found.start()]
    return chinese


class Names:
    """Compares Chinese names with the transcription of Russian ones."""

    def __init__(self, transcribe: Transcribe) -> None:
        """Ask *transcribe*; its answers are kept."""
        self._ask = transcribe
        self.spelt = lru_cache(maxsize=20_000)(self._spell)

    def likeness(self, chinese: str, russian: str) -> float:
        """Return how near a Chinese part of a name is to a Russian word, 0–1."""
        plain = _SEPARATE.sub("", chinese)
        return max(
            (
                1 - Levenshtein.distance(plain, spelt) / max(len(plain), len(spelt))
                for spelt in self.spelt(russian)
            ),
            default=0.0,
        )

    def beginning(self, run: str, russian: str, before: str = "") -> tuple[int, float]:
        """Return (where the name begins in *run*, likeness); *run* ends with the name.

        Family name and given name may stand in either order on either side.
        """
        first = re.split(f"[{DOTS}]", run, maxsplit=1)[0]
        words = name_words(russian)
        best, start = -1.0, 0
        lowest = max(0, len(first) - _LONGEST_PART)
        for place in range(lowest, len(first)):
            part = first[place:]
            if part[0] in "-‐‑–—":
                continue
            likeness = max((self.likeness(part, word) for word in words), default=0.0)
            if likeness <= 0:
                continue
            if at_border((before + first[:place])[-6:]):
                likeness += _AFTER_TITLE
            if likeness > best + 1e-9:
                best, start = likeness, place
        if best < _LEAST:
            return self._by_characters(first), max(0.0, min(best, 0.3))
        return start, min(1.0, best)

    def _by_characters(self, first: str) -> int:
        """Return where the run of transcription characters begins, cut after a title."""
        for place in range(len(first) - 1, 0, -1):
            if after_title(first[:place][-6:], least=2):
                return place
        start = len(first)
        while start and first[start - 1] in NAME_CHARACTERS | set("-‐‑–—"):
            start -= 1
        for place in range(len(first) - 1, start, -1):
            if _TITLE_END.search(first[max(0, place - 3) : place]):
                return place
        return start if start < len(first) else 0

    def _spell(self, word: str) -> tuple[str, ...]:
        letters = word.strip(".")
        if not letters or not all("\u0400" <= c <= "\u04ff" or c in "-‐‑'’" for c in letters):
            return ()
        kinds: tuple[Kind, ...] = ("given", "surname")
        genders: tuple[Literal["m", "f", ""], ...] = ("m",)
        if letters[-1] in "аяь":
            genders = ("m", "f")
        found: dict[str, None] = dict.fromkeys(learned().given.get(letters.lower(), ()))
        for kind in kinds:
            for gender in genders:
                for proposal in self._ask(letters, kind, gender, 4):
                    found[_SEPARATE.sub("", proposal.zh)] = None
        return tuple(found)
