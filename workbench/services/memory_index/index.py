"""The index of the memory: it follows the units, in the background where there is much to do.

It is derived: whatever is wrong with its files, it is built again from the units. It follows the
change sequence, so that a unit that any process confirmed is found by the next search. A search
takes in a few changes itself; everything longer – reading the files, building, merging,
writing – is done beside it, by one process at a time, while searches read what there is.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from threading import Event, RLock, Thread
from time import monotonic
from typing import Protocol

from workbench.domain.ports import Stop, never
from workbench.errors import Cancelled, WorkbenchError
from workbench.services.memory_index.files import Damaged, Folder, Saved, Stored
from workbench.services.memory_index.merging import merged, of_a_size
from workbench.services.memory_index.segment import Pieces, Segment
from workbench.services.memory_index.state import Change, Part, Position, State

NEWEST = 2_000  # units kept beside the segments; they are compared one by one
MOST = 10_000  # … while they are made a segment, or another process is at the files
BULK = 50_000  # units made into a segment at once when the index is built
RATIO = 4  # a segment is merged with smaller ones unless it is so many times larger than they
LARGEST = 2_000_000  # units in a segment
LIGHT = 1 << 26  # bytes of files that a search reads itself
TRIES = 3  # at proving an index while people go on confirming
PATIENCE = 0.5  # seconds that the first searches wait for what is done beside them
LOOK = 0.2  # seconds between looks at another process's work

log = logging.getLogger(__name__)

Told = Callable[[int, int], None]
Check = Callable[[], None]


class Changes(Protocol):
    """Where the changes come from."""

    def sequence(self) -> int:
        """Return the number of the last change."""
        ...

    def changes(self, after: Position, limit: int) -> Sequence[Change]:
        """Return the changes after *after* in their order, at most *limit*."""
        ...

    def standing(self) -> tuple[int, int]:
        """Return the number of the last change, and of the units that are not deleted then."""
        ...


class Index:
    """Units by what their sources and targets hold. Safe for threads."""

    def __init__(self, changes: Changes, folder: Folder | None = None) -> None:
        """Follow *changes*; keep the segments in *folder*, or in this process only."""
        self.changes = changes
        self.folder = folder
        self._state = State()
        self._lock = RLock()  # around each new state: moments
        self._working = RLock()  # around what is done beside searches: minutes
        self._loaded = self._proved = False
        self._behind = False  # the changes are many, and left to who works
        self._held = False  # the folder is ours until all is done
        self._writable = True
        self._progress: tuple[int, int] | None = None
        self._thread: Thread | None = None
        self._started = 0.0
        self._over = Event()

    def __len__(self) -> int:
        return len(self._state)

    # -- for a search ---------------------------------------------------------------------

    def now(self) -> State:
        """Return the state with every change so far, or what is there while much is missing."""
        if self._behind or not (self._loaded or self._load_light()):
            self._begin()
        elif self.changes.sequence() > self._state.position[0]:
            self._take_few()
        thread = self._thread
        if thread and (self._behind or not self._loaded):
            thread.join(max(0.0, self._started + PATIENCE - monotonic()))
        return self._state

    def building(self) -> tuple[int, int] | None:
        """Return (units that are in, units there are) while many are missing, else None."""
        return self._progress

    def examine(self) -> int:
        """Return how many changes the files lack; nothing is healed here. Raises Damaged."""
        last = self.changes.sequence()
        saved = self.folder.load() if self.folder else None
        if saved and saved.position[0] > last:
            raise Damaged("the memory is older than its index")
        return last - saved.position[0] if saved else last

    def _load_light(self) -> bool:
        """Read small files at once; return whether that was done."""
        if (self.folder and self.folder.size() > LIGHT) or not self._working.acquire(False):
            return False
        try:
            self._load()
            last, living = self.changes.standing()
            self._reject(last)
            if self._take_few() and not self._prove(last, living):
                self._take_few()
        finally:
            self._working.release()
        return True

    def _take_few(self) -> bool:
        """Take in the changes, unless they are many: those are left to who works."""
        with self._lock:
            last, state = self.changes.sequence(), self._state
            found = self.changes.changes(state.position, NEWEST + 1)
            few = len(found) <= NEWEST and len(state.newest) + len(found) <= MOST
            if few:
                self._state = _passed(state.after(found) if found else state, last)
            self._behind = not few
        if not few or len(self._state.newest) > NEWEST:
            self._begin()
        return few

    def _begin(self) -> None:
        with self._lock:
            if self._over.is_set() or (self._thread and self._thread.is_alive()):
                return
            self._thread = Thread(target=self._run, name="memory index", daemon=True)
            self._started = monotonic()
            self._thread.start()

    def _run(self) -> None:
        try:
            self.follow()
        except Cancelled:
            pass
        except WorkbenchError as error:  # the database is gone: the next search says so
            log.warning("The memory's index cannot follow: %s", error)

    def close(self) -> None:
        """End the work in the background; what is saved is gone on with at the next start."""
        self._over.set()
        if self._thread:
            self._thread.join()
        self._over.clear()

    # -- beside searches ------------------------------------------------------------------

    def follow(self, told: Told | None = None, stop: Stop = never) -> None:
        """Bring the index up to date with the units, merged and saved; return when it is.

        *told* hears how many units are in and how many there will be. Raises Cancelled when
        *stop* turns true; what was saved until then is kept.
        """

        def check() -> None:
            if stop() or self._over.is_set():
                raise Cancelled("memory.index_stopped")
            if self._progress and told:
                told(*self._progress)

        with self._working:
            try:
                self._load()
                self._catch_up(check)
                self._tidy(check)
            finally:
                self._progress = None

    def rebuild(self, told: Told | None = None, stop: Stop = never) -> None:
        """Discard what there is and build the index anew. Raises Cancelled as ``follow`` does."""
        with self._working:
            while True:
                with self._mine() as mine:
                    if mine:
                        self._held = self._loaded = True
                        try:
                            self._forget()
                            return self.follow(told, stop)
                        finally:
                            self._held = False
                if stop() or self._over.wait(LOOK):
                    raise Cancelled("memory.index_stopped")

    def _catch_up(self, check: Check) -> None:
        for _ in range(TRIES):
            last, living = (self.changes.sequence(), 0) if self._proved else self.changes.standing()
            self._reject(last)
            self._take_all(check)
            if self._prove(last, living):
                return
        self._take_all(check)

    def _take_all(self, check: Check) -> None:
        total = 0
        while True:
            base, last = self._state, self.changes.sequence()
            found = self.changes.changes(base.position, max(BULK, NEWEST + 1))
            if len(found) > NEWEST:
                self._behind = True
                total = total or self.changes.standing()[1]
                self._progress = (len(base), max(total, len(base)))
                check()
                if not self._take_many(base, found):
                    self._over.wait(LOOK)  # another process is at it: we take over what it writes
                continue
            with self._lock:
                if self._state is base:  # no search was quicker
                    self._state = _passed(base.after(found) if found else base, last)
                    self._behind = False
                    return

    def _take_many(self, base: State, changes: Sequence[Change]) -> bool:
        """Make changes a segment, together with the newest units; return whether we may."""
        with self._mine() as mine:
            if mine and self._state is base:
                after = base.after(changes)
                part = self._settled(after)
                with self._lock:
                    if self._state is base:
                        self._state = after.settling(part, after)
                self._save()
        return mine

    def _reject(self, last: int) -> None:
        """Forget an index that knows of changes which the memory does not have."""
        if last < self._state.position[0]:
            self._forget("the memory is older than its index")

    def _prove(self, last: int, living: int) -> bool:
        """Whether the index holds the units, as far as it can be said while others confirm."""
        if not self._proved and self.changes.sequence() == last:
            if len(self) != living:
                self._forget("it does not hold the units of the memory")
                return False
            self._proved = True
        return self._proved

    def _tidy(self, check: Check) -> None:
        """Settle and merge what there is to be."""
        with self._mine() as mine:
            if not mine:
                return
            changed = False
            if len((state := self._state).newest) > NEWEST:
                part = self._settled(state)
                with self._lock:
                    self._state = self._state.settling(part, state)
                changed = True
            while self._merge(check):
                self._save()
                changed = False
            if changed:
                self._save()

    def _forget(self, why: str = "") -> None:
        if why:
            log.warning("The memory's index is built again: %s.", why)
        with self._lock:
            self._state = State()
            self._proved = True  # what is built from nothing needs no proof
        if self.folder:
            self.folder.discard()

    # -- segments -------------------------------------------------------------------------

    def _settled(self, state: State) -> Part | None:
        """Return the newest units of a state as a part; None when there are none."""
        if not state.newest:
            return None
        units = state.newest.values()
        segment = Segment.build(
            list(state.newest), [u.source for u in units], [u.target for u in units]
        )
        return self._kept(segment.pieces)

    def _merge(self, check: Check) -> bool:
        """Make one of the smallest segments that are of a size, and of those that are mostly gone.

        Full ones stay as they are; they come first.
        """
        with self._lock:
            living = [part for part in self._state.parts if part.living]
            living.sort(key=lambda part: (_wasteful(part), -part.living))
            state = self._state = replace(self._state, parts=tuple(living))
        sizes = [(part.living, _wasteful(part)) for part in state.parts]
        first, last = of_a_size(sizes, RATIO, LARGEST)
        if first == last:
            return False
        parts = [(part.segment, part.alive) for part in state.parts[first:last]]
        part = self._kept(lambda: merged(parts, check))
        with self._lock:
            self._state = self._state.merging(part, state, first, last)
        return True

    # -- files ----------------------------------------------------------------------------

    def _load(self) -> None:
        if self._loaded:
            return
        saved = None
        try:
            saved = self.folder.load() if self.folder else None
        except Damaged as error:
            self._forget(str(error))
        with self._lock:
            if saved:
                self._state = State.of(saved)
            else:
                self._proved = True
            self._loaded = True

    @contextmanager
    def _mine(self) -> Iterator[bool]:
        """Yield whether this process may write the files now, after taking over newer ones."""
        with ExitStack() as stack:
            mine = True
            if self.folder and not self._held:
                try:
                    mine = stack.enter_context(self.folder.writing())
                    self._writable = mine
                    self._adopt(self.folder)
                except OSError as error:  # a full or read-only disk: the index goes on in memory
                    self._writable = False
                    log.warning("The memory's index cannot be written: %s", error)
            yield mine

    def _adopt(self, folder: Folder) -> None:
        """Take over what another process wrote, when it is further than we are."""
        with suppress(Damaged):
            if folder.position() > self._state.settled and (saved := folder.load()):
                state = self._reached(State.of(saved))
                with self._lock:
                    self._state = self._reached(state)

    def _reached(self, state: State) -> State:
        """Return *state* with the changes that are in ours already."""
        while state.position < self._state.position:
            found = self.changes.changes(state.position, BULK)
            if not found:
                return replace(state, position=self._state.position)
            state = state.after(found)
        return state

    def _kept(self, make: Callable[[], Pieces]) -> Part:
        """Return a segment as a part: in a file, or in memory where that cannot be."""
        if self.folder and self._writable:
            try:
                stored = self.folder.write(make())
                return Part.of(stored.segment, stored)
            except OSError as error:
                self._writable = False
                log.warning("The memory's index cannot be written: %s", error)
        return Part.of(Segment.collected(make()))

    def _save(self) -> None:
        if not (self.folder and self._writable):
            return
        try:
            stored = [self._on_disk(self.folder, part) for part in self._state.parts]
            with self._lock:  # a search may have marked units as removed meanwhile
                parts = [
                    replace(part, segment=its.segment, stored=its)
                    for its, part in zip(stored, self._state.parts, strict=True)
                ]
                state = self._state = replace(self._state, parts=tuple(parts))
            dead = (part.dead() for part in parts)
            self.folder.save(Saved(tuple(zip(stored, dead, strict=True)), state.settled))
        except OSError as error:
            log.warning("The memory's index cannot be written: %s", error)

    def _on_disk(self, folder: Folder, part: Part) -> Stored:
        """Return a part's file, written anew when another process removed it."""
        if part.stored and folder.holds(part.stored):
            return part.stored
        return folder.write(part.segment.pieces())


def _wasteful(part: Part) -> bool:
    """Tell whether most places of a part are gone: those of a withdrawn import, say."""
    return 2 * part.living < len(part.segment)


def _passed(state: State, last: int) -> State:
    """Return the state with the changes up to *last* seen, those of other languages included."""
    return replace(state, position=(last, 0)) if last > state.position[0] else state
