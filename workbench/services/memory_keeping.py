"""Keeping the memory clean: units edited and deleted with history, acts that can be undone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from workbench.domain.memory import Unit
from workbench.errors import InputError, NotFound
from workbench.storage.patches import Patches, StoredPatch
from workbench.storage.unit_history import StoredUnit, UnitHistory
from workbench.storage.unit_rewrite import NewTarget, rewrite
from workbench.storage.units import Units

KIND = "memory"
LONGEST = 20_000  # characters of a side: longer ones are no sentence

What = Literal["article", "delete", "rewrite"]


@dataclass(frozen=True, slots=True)
class Act:
    """Something done to several units at once: what, how many, by whom, when, why.

    ``name`` is the article's title or the text that was given; ``undone`` is empty or when.
    """

    id: int
    what: What
    name: str
    units: int
    author: str
    created: str
    reason: str
    undone: str = ""
    undone_by: str = ""


@dataclass(frozen=True, slots=True)
class ActUndone:
    """What undoing did: *units* are as before, *left* changed since; ``already``: undone before."""

    id: int
    units: int
    left: int
    already: bool = False


class MemoryKeeping:
    """Changes units by hand. Every change keeps who, when and why; nothing is ever lost."""

    def __init__(self, units: Units) -> None:
        """Keep *units*."""
        self.units = units
        self.database = units.database
        self.history = UnitHistory(units.database)
        self.record = Patches(units.database, KIND)

    # -- one unit -------------------------------------------------------------------------

    def get(self, unit_id: int) -> StoredUnit:
        """Return a unit, deleted or not, with its versions, newest first. Raises NotFound."""
        return self.history.get(unit_id)

    def update(
        self,
        unit_id: int,
        revision: int,
        author: str,
        reason: str = "",
        source: str | None = None,
        target: str | None = None,
        note: str | None = None,
    ) -> Unit:
        """Change what is given of a unit, which was at *revision* when it was read.

        Raises NotFound, InputError, Conflict when somebody changed it since.
        """
        unit = self.units.get(unit_id)
        changed = replace(
            unit,
            source=_text(source, unit.source),
            target=_text(target, unit.target),
            note=unit.note if note is None else note.strip(),
        )
        if changed == unit and unit.revision == revision:
            return unit
        return self.units.update(changed, revision, author, reason.strip())

    def delete(self, unit_id: int, revision: int, author: str, reason: str = "") -> None:
        """Delete a unit; it can be brought back. Raises NotFound, Conflict."""
        self.units.delete(unit_id, revision, author, reason.strip())

    def undelete(self, unit_id: int, author: str, reason: str = "") -> Unit:
        """Bring a deleted unit back as it was. Raises NotFound, Conflict."""
        self.history.undelete(unit_id, author, reason.strip())
        return self.units.get(unit_id)

    def restore(
        self, unit_id: int, version: int, revision: int, author: str, reason: str = ""
    ) -> Unit:
        """Make an earlier version of a living unit the newest. Raises NotFound, Conflict."""
        unit = self.units.get(unit_id)
        versions = {old.revision: old for old in self.history.get(unit_id).versions}
        if version not in versions:
            raise NotFound("storage.no_unit_version", id=unit_id, revision=version)
        old = versions[version]
        changed = replace(unit, source=old.source, target=old.target)
        return self.units.update(changed, revision, author, reason.strip() or f"restore {version}")

    # -- many units -----------------------------------------------------------------------

    def withdraw_article(
        self, article_id: int = 0, title: str = "", author: str = "", reason: str = ""
    ) -> Act:
        """Delete all units of an article in one act. Raises NotFound when there is none.

        It is an article of the house by its number, or what an imported file calls *title*.
        """
        title = title.strip()
        if not (article_id or title):
            raise NotFound("memory.no_article", article="")
        with self.database.begin() as connection:
            gone, number = self.history.delete_article(
                connection, article_id, title, author, reason.strip() or "article withdrawn"
            )
            if not gone:
                raise NotFound("memory.no_article", article=title or article_id)
            content = {"what": "article", "name": title, "units": gone, "number": number}
            content["article_id"] = article_id
            act = self.record.add(connection, 0, author, reason.strip(), content)
        return self._act(self.record.get(act))

    def delete_all(
        self, units: Sequence[Unit], author: str, reason: str = "", name: str = ""
    ) -> Act:
        """Delete units in one act, but for those that changed since they were read."""
        which = [(unit.id, unit.revision) for unit in units]
        with self.database.begin() as connection:
            gone, number = self.history.delete_all(
                connection, which, author, reason.strip() or "deleted"
            )
            content = {"what": "delete", "name": name, "units": gone, "number": number}
            act = self.record.add(connection, 0, author, reason.strip(), content)
        return self._act(self.record.get(act))

    def rewrite(
        self,
        changes: Sequence[tuple[Unit, str]],
        author: str,
        reason: str = "",
        name: str = "",
    ) -> Act:
        """Give units new translations in one act, but for those that changed since."""
        wanted = [(unit, text) for unit, text in changes if text.strip() != unit.target]
        new = [NewTarget(unit.id, unit.revision, _text(text, "")) for unit, text in wanted]
        with self.database.begin() as connection:
            done = rewrite(connection, new, author, reason.strip() or "replaced")
            old = [
                {"id": unit.id, "revision": unit.revision + 1, "target": unit.target}
                for unit, _ in wanted
                if unit.id in done
            ]
            content = {"what": "rewrite", "name": name, "units": len(old), "old": old}
            act = self.record.add(connection, 0, author, reason.strip(), content)
        return self._act(self.record.get(act))

    def acts(self, limit: int = 50) -> tuple[Act, ...]:
        """Return what was done to several units at once, newest first."""
        return tuple(self._act(stored) for stored in self.record.list(limit=limit))

    def undo(self, act_id: int, author: str) -> ActUndone:
        """Take an act back where nobody changed anything since. A second time nothing happens.

        Raises NotFound.
        """
        with self.database.begin() as connection:
            stored = self.record.get(act_id, connection)
            if stored.undone:
                return ActUndone(act_id, 0, 0, already=True)
            content = stored.content
            if content["what"] == "rewrite":
                back = [NewTarget(o["id"], o["revision"], o["target"]) for o in content["old"]]
                done = len(rewrite(connection, back, author, f"undo {act_id}"))
            else:
                twins = content["what"] == "delete"  # doubles were meant
                number = content["number"]
                done = self.history.bring_back_change(connection, number, author, twins)
            self.record.close(connection, act_id, author)
        return ActUndone(act_id, done, content["units"] - done)

    @staticmethod
    def _act(stored: StoredPatch) -> Act:
        content: Any = stored.content
        name = content["name"] or (f"#{content['article_id']}" if "article_id" in content else "")
        return Act(
            stored.id,
            content["what"],
            name,
            content["units"],
            stored.author,
            stored.created,
            stored.reason,
            stored.undone,
            stored.undone_by,
        )


def _text(given: str | None, known: str) -> str:
    if given is None:
        return known
    text = given.strip()
    if not text:
        raise InputError("memory.side_empty")
    if len(text) > LONGEST:
        raise InputError("memory.side_too_long", limit=LONGEST)
    return text
