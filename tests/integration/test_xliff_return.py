"""A translated XLIFF file back into its article: by the command line, the API and the service."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from workbench.assembly import Workbench
from workbench.domain.row import Row
from workbench.errors import InputError
from workbench.web.app import create_app

TEXT = "Музей открыт. Вход свободный. Касса закрыта. Зал один мал. Зал два велик."
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def article(workbench: Workbench) -> int:
    return workbench.articles.add(workbench.intake.paste(TEXT), "anna").id


def rows(workbench: Workbench, article: int) -> list[Row]:
    return workbench.articles.rows(article)


def exported(workbench: Workbench, article: int, form: str = "xliff") -> str:
    stored = workbench.articles.get(article)
    return workbench.export.write(stored, rows(workbench, article), form)[0].decode()


def translated(text: str, targets: dict[int, str], form: str = "xliff") -> bytes:
    """What another program makes of the file; the targets are XML."""
    sources = [row + "." for row in TEXT.rstrip(".").replace(". ", ".\0").split(".\0")]
    for n, target in targets.items():
        source = f"<source>{sources[n - 1]}</source>"
        before, found, after = text.partition(source)
        assert found, (n, text)
        if form == "xliff":
            state = ' state="translated"'
            text = f"{before}{source}<target{state}>{target}</target><note>заметка</note>{after}"
        else:
            before = before[: before.rindex('state="initial"')] + 'state="translated">'
            text = f"{before}{source}<target>{target}</target>{after}"
    return text.encode()


@pytest.mark.parametrize("form", ["xliff", "xliff2"])
def test_targets_come_back_as_edits(workbench: Workbench, article: int, form: str) -> None:
    data = translated(
        exported(workbench, article, form),
        {1: "博物馆<ph id='1'>x</ph>开放。", 3: "售票处关闭。"},
        form,
    )
    done = workbench.xliff_return.take(article, io.BytesIO(data), "a.xliff", "boris")
    assert done.counts == {"edited": 2, "empty": 3}
    assert done.problems == ()
    found = rows(workbench, article)
    assert [row.target for row in found] == ["博物馆开放。", "", "售票处关闭。", "", ""]
    assert (found[0].state, found[0].origin, found[0].author) == ("edited", "human", "boris")
    assert list(workbench.units.all()) == []
    again = workbench.xliff_return.take(article, io.BytesIO(data), "a.xliff", "boris")
    assert again.counts == {"same": 2, "empty": 3}
    assert rows(workbench, article) == found


def test_what_the_file_calls_finished_is_confirmed_when_asked(
    workbench: Workbench, article: int
) -> None:
    data = translated(exported(workbench, article), {1: "博物馆开放。"})
    workbench.xliff_return.take(article, io.BytesIO(data), "a.xliff", "boris")
    done = workbench.xliff_return.take(article, io.BytesIO(data), "a.xliff", "boris", True)
    assert done.counts == {"confirmed": 1, "empty": 4}
    assert rows(workbench, article)[0].state == "confirmed"
    assert [unit.target for unit in workbench.units.all()] == ["博物馆开放。"]
    assert [result.note for result in done.noted] == ["заметка"]


def test_what_changed_meanwhile_is_reported_and_nothing_is_lost(
    workbench: Workbench, article: int
) -> None:
    data = translated(exported(workbench, article), {1: "甲。", 2: "乙。", 3: "丙。", 4: "丁。"})
    first, second, third, *_ = rows(workbench, article)
    workbench.review.save(first.segment.id, "我的译文。", first.revision, "anna")
    workbench.review.lock(second.segment.id, second.revision, "anna")
    saved = workbench.review.save(third.segment.id, "旧。", third.revision, "anna")
    workbench.review.save(third.segment.id, "丙。", saved.revision, "anna")
    done = workbench.xliff_return.take(article, io.BytesIO(data), "a.xliff", "boris")
    assert done.counts == {"changed_meanwhile": 1, "locked": 1, "same": 1, "edited": 1, "empty": 1}
    assert [(p.n, p.outcome, p.offered, p.present, p.author) for p in done.problems] == [
        (1, "changed_meanwhile", "甲。", "我的译文。", "anna"),
        (2, "locked", "乙。", "", "anna"),
    ]
    assert [row.target for row in rows(workbench, article)] == [
        "我的译文。",
        "",
        "丙。",
        "丁。",
        "",
    ]


def test_without_our_revisions_only_rows_that_nobody_wrote_are_taken(
    workbench: Workbench, article: int
) -> None:
    first, *_ = rows(workbench, article)
    workbench.review.save(first.segment.id, "我的译文。", first.revision, "anna")
    bare = exported(workbench, article).replace("wb:revision", "x").replace("我的译文。", "另外。")
    data = translated(bare, {2: "乙。"})
    done = workbench.xliff_return.take(article, io.BytesIO(data), "a.xliff", "boris")
    assert done.counts == {"changed_meanwhile": 1, "edited": 1, "empty": 3}
    assert rows(workbench, article)[0].target == "我的译文。"


def test_a_unit_that_was_cut_counts_when_all_of_it_is_there(
    workbench: Workbench, article: int
) -> None:
    text = exported(workbench, article)

    def cut(n: int, source: str, *targets: str) -> str:
        head, tail = source.split(" ", 1)
        marks = "".join(
            f'<mrk mtype="seg" mid="{k}">{part}</mrk>' for k, part in enumerate(targets)
        )
        return text.replace(
            f"<source>{source}</source>",
            f'<source>{source}</source><seg-source><mrk mtype="seg" mid="0">{head}</mrk> '
            f'<mrk mtype="seg" mid="1">{tail}</mrk></seg-source><target>{marks}</target>',
        )

    text = cut(1, "Музей открыт.", "博物馆", "开放。")
    text = cut(2, "Вход свободный.", "入场")
    done = workbench.xliff_return.take(article, io.BytesIO(text.encode()), "a.xliff", "boris")
    assert done.counts == {"edited": 1, "empty": 4}
    assert rows(workbench, article)[0].target == "博物馆开放。"


def test_a_target_that_no_row_can_hold_is_reported(workbench: Workbench, article: int) -> None:
    data = translated(
        exported(workbench, article), {1: "\x80", 2: "乙" * 50_001, 3: "丙。", 4: "\x85"}
    )
    done = workbench.xliff_return.take(article, io.BytesIO(data), "a.xliff", "boris", True)
    assert done.counts == {"refused": 2, "confirmed": 1, "empty": 2}
    assert [row.target for row in rows(workbench, article)] == ["", "", "丙。", "", ""]


def test_a_segment_with_another_source_is_reported(workbench: Workbench, article: int) -> None:
    data = translated(exported(workbench, article), {1: "甲。", 2: "乙。"})
    data = data.replace("Вход свободный.".encode(), "Вход платный.".encode())
    done = workbench.xliff_return.take(article, io.BytesIO(data), "a.xliff", "boris")
    assert done.counts == {"edited": 1, "other_source": 1, "empty": 3}
    assert [(p.n, p.offered) for p in done.problems] == [(2, "乙。")]


@pytest.mark.parametrize("damage", ["cut", "other"])
def test_nothing_of_a_bad_file_is_taken(workbench: Workbench, article: int, damage: str) -> None:
    data = translated(exported(workbench, article), {1: "甲。"})
    others = re.sub(rb"<source>.*?</source>", b"<source>x</source>", data)
    data = data[:-40] if damage == "cut" else others
    with pytest.raises(InputError) as caught:
        workbench.xliff_return.take(article, io.BytesIO(data), "a.xliff", "boris")
    assert caught.value.key == {"cut": "xml.malformed", "other": "review.other_article"}[damage]
    assert all(row.target == "" for row in rows(workbench, article))


@pytest.mark.parametrize("form", ["xliff", "xliff2"])
def test_a_file_of_an_article_with_the_same_text_is_refused(
    workbench: Workbench, article: int, form: str
) -> None:
    twin = workbench.articles.add(workbench.intake.paste(TEXT), "anna").id
    data = translated(exported(workbench, article, form), {1: "甲。"}, form)
    with pytest.raises(InputError) as caught:
        workbench.xliff_return.take(twin, io.BytesIO(data), "a.xliff", "boris")
    assert caught.value.key == "review.twin_article"
    assert caught.value.values["other"] == article
    assert all(row.target == "" for row in rows(workbench, twin))
    foreign = re.sub(rb' wb:article="\d+"', b"", data)
    done = workbench.xliff_return.take(twin, io.BytesIO(foreign), "a.xliff", "boris")
    assert done.counts == {"edited": 1, "empty": 4}


def test_api(workbench: Workbench, article: int) -> None:
    data = translated(exported(workbench, article), {1: "甲。", 2: "乙。"})
    first, *_ = rows(workbench, article)
    workbench.review.save(first.segment.id, "我的译文。", first.revision, "anna")
    client = TestClient(create_app(workbench), base_url="http://127.0.0.1")
    url = f"/api/v1/articles/{article}/import-xliff"
    answer = client.post(url, files={"file": ("a.xliff", data)}, headers={"accept-language": "ru"})
    assert answer.status_code == 200, answer.text
    done = answer.json()
    assert done["counts"] == {"changed_meanwhile": 1, "edited": 1, "empty": 3}
    assert done["problems"][0]["message"].startswith("Сегмент 1 после выгрузки изменён")
    bad = client.post(url, files={"file": ("a.xliff", b"<tmx/>")})
    assert bad.status_code in (400, 422)


def test_command(run: Run, tmp_path: Path) -> None:
    source, file = tmp_path / "a.txt", tmp_path / "a.xliff"
    source.write_text(TEXT)
    number = run("article", "add", source)[1].strip()
    assert run("export", number, "--to", "xliff", "-o", file)[0] == 0
    file.write_bytes(translated(file.read_text(), {1: "甲。", 2: "乙。"}))
    status, out, _ = run("article", "import-xliff", number, file, "--confirm", "--json")
    assert status == 0
    assert json.loads(out)["counts"] == {"confirmed": 2, "empty": 3}
    file.write_bytes(file.read_bytes().replace("甲。".encode(), "其他。".encode()))
    status, out, err = run("--language", "en", "article", "import-xliff", number, file)
    assert (status, out) == (0, "1 changed meanwhile, 3 empty, 1 same\n")
    assert "Segment 1 was changed here since the export and is left as it is.\t甲。\t其他。" in err
    status, _, err = run("article", "import-xliff", number, tmp_path / "none.xliff")
    assert status != 0
    assert len(err.strip().splitlines()) <= 2
