"""``workbench doctor``: names each part that is broken and the cure."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

import typer

from workbench.cli.context import language_of, workbench_from, write_json
from workbench.errors import DataError, SettingsError

if TYPE_CHECKING:
    from workbench.assembly import Workbench

# A sentence of our own, translated to see that the shipped model answers in Chinese.
PROBE = "Президент Казахстана Токаев прибыл в Астану."


def register(app: typer.Typer) -> None:
    """Add the verb."""
    app.command("doctor")(doctor)


def doctor(
    context: typer.Context,
    deep: Annotated[
        bool, typer.Option("--deep", help="Also verify checksums and every page of the database.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Try each part; exit status 5 when one is broken."""
    from workbench.services.doctor import examine

    workbench = workbench_from(context)
    findings = list(examine(_parts(workbench, deep), language_of(context)))
    if as_json:
        write_json(findings)
    else:
        for finding in findings:
            mark = "ok    " if finding.sound else "BROKEN"
            typer.echo(f"{mark} {finding.part}: {finding.note or finding.problem}")
            if not finding.sound:
                typer.echo(f"       → {finding.remedy}")
    if not all(finding.sound for finding in findings):
        raise typer.Exit(DataError.exit_status)


def _parts(workbench: Workbench, deep: bool) -> dict[str, Callable[[], str]]:
    from workbench.services.doctor import packages

    return {
        "packages": packages,
        "settings": _settings,
        "state": lambda: str(workbench.settings.state),
        "data": lambda: str(workbench.data),
        "database": lambda: _database(workbench, deep),
        "model files": lambda: _model_files(workbench, deep),
        "shipped engine": lambda: _engine(workbench),
        "glossary": lambda: _glossary(workbench),
        "memory": lambda: _memory(workbench),
        "memory index": lambda: _memory_index(workbench),
        "engines": lambda: ", ".join(info.name for info in workbench.engines()),
    }


def _settings() -> str:
    from workbench.settings import unknown_variables

    unknown = unknown_variables()
    if unknown:
        raise SettingsError("doctor.unknown_variables", names=", ".join(unknown))
    return "no unknown WORKBENCH_ variables"


def _database(workbench: Workbench, deep: bool) -> str:
    database = workbench.database
    if database.is_sqlite:
        pragma = "integrity_check" if deep else "quick_check"
        with database.read() as connection:
            answer = str(connection.exec_driver_sql(f"PRAGMA {pragma}").scalar())
        if answer != "ok":
            raise DataError("doctor.database", reason=answer)
    return f"{database.engine.dialect.name}, {len(workbench.articles.list())} articles"


def _model_files(workbench: Workbench, deep: bool) -> str:
    from workbench.engines.manifest import load_manifest, verify

    folder = workbench.data / "models" / "ru-zh"
    problems = verify(folder, deep=deep)
    if problems:
        raise DataError("doctor.model", reason="; ".join(problems))
    manifest = load_manifest(folder)
    return f"{manifest.name} {manifest.version}" + (", checksums right" if deep else "")


def _engine(workbench: Workbench) -> str:
    from workbench.domain.language import RU_ZH
    from workbench.domain.ports import Request

    _, candidates = next(workbench.engine("shipped").translate(RU_ZH, [Request(PROBE)]))
    return f"{PROBE} → {candidates[0].text}"


def _glossary(workbench: Workbench) -> str:
    hits = workbench.terminology.find(PROBE)
    return f"version {workbench.terminology.version}, {len(hits)} hits in the trial sentence"


def _memory(workbench: Workbench) -> str:
    stats = workbench.memory.stats()
    return f"{stats.units} units"


def _memory_index(workbench: Workbench) -> str:
    behind = workbench.memory.examine()
    return f"sound, {behind} changes to follow" if behind else "sound"
