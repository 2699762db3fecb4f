"""Countries in one character: 俄 in 俄外长, 访华, 中俄; a form for people, not for machines.

Such a character counts as its country only where it cannot be anything else. Drafts are not
satisfied by it; a person's text is.
"""

from __future__ import annotations

import re

# Every character that stands for a country in compounds.
_COUNTRIES = "俄美中华英法德意西荷比奥芬匈日印韩朝蒙越加墨哈吉塔土乌白波立拉爱阿亚格摩巴伊以叙塞欧"
# Those that are seldom anything but a country.
_PLAIN = frozenset("俄美乌哈吉塔波欧")
_TOWARDS = "对驻访赴援亲反抗入抵离返"
_OF = "方军总外防官媒企民边驻议杜财副首"
_OF_PLAIN = re.compile(f"[{_OF}]|境内|政府|国内")
_ALONE = re.compile("方")


def stands_for_country(text: str, place: int) -> bool:
    """Tell whether the character at *place* stands for a country."""
    letter = text[place]
    before, after = text[max(0, place - 1) : place], text[place + 1 : place + 3]
    towards = _TOWARDS + ("在来" if letter == "华" else "")
    if before and before in _COUNTRIES + towards:
        return True
    if after[:1] and after[0] in _COUNTRIES:
        return True
    return bool((_OF_PLAIN if letter in _PLAIN else _ALONE).match(after))
