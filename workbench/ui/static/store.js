// The open article: its rows, what was typed, and saving it without ever losing a character.
//
// A row has the server's fields, and beside them:
//   text     what was typed and is not acknowledged yet (undefined when nothing is)
//   sync     '' | 'saving' | 'error' | 'conflict'
//   wanted   the act still to be sent: '' | 'save' | 'confirm'
//   theirs   the row as somebody else saved it, while in conflict
//   fresh    a newer row that arrived while this one was being edited

import {request, trouble} from './api.js';
import {t} from './words.js';

const SAFE = 'wb:text:'; // localStorage: segment id → {text, revision}
const SERVER_FIELDS = ['target', 'state', 'origin', 'engine', 'score', 'revision', 'author',
  'changed', 'hits', 'issues'];

export class Store extends EventTarget {
  constructor(session) {
    super();
    this.session = session;
    this.article = null;
    this.rows = [];
    this.byId = new Map();
    this.modeKey = `wb:repeats:${session.name}`;
    this.isHeld = () => false; // set by the grid: is this row in the textarea with the focus?
    window.addEventListener('online', () => this.retry());
    document.addEventListener('visibilitychange', () => document.hidden && this.flush());
    window.addEventListener('beforeunload', (event) => this.unsaved().length && event.preventDefault());
  }

  tell(type, detail = {}) {
    this.dispatchEvent(new CustomEvent(type, {detail}));
  }

  say(message, remedy = '', kind = 'info') {
    this.tell('say', {message, remedy, kind});
  }

  async open(id) {
    this.flush();
    const answer = await request('GET', `/articles/${id}`);
    if (!answer.ok) {
      this.say(...trouble(answer, t), 'error');
      return false;
    }
    const {rows, ...article} = answer.data;
    this.article = article;
    const repeats = new Map(article.repeats.flatMap((ids) => ids.map((id) => [id, ids.length])));
    this.rows = rows.map((row) => ({...row, sync: '', wanted: '', repeats: repeats.get(row.id) ?? 0}));
    this.byId = new Map(this.rows.map((row) => [row.id, row]));
    this.recover();
    this.tell('open');
    return true;
  }

  /** Give back what an earlier page typed and could not save. */
  recover() {
    const back = [];
    for (const row of this.rows) {
      const kept = readSafe(row.id);
      if (!kept) continue;
      if (kept.text === row.target) {
        clearSafe(row.id);
        continue;
      }
      row.text = kept.text;
      back.push(row);
      if (kept.revision !== row.revision) {
        row.sync = 'conflict';
        row.theirs = row;
      }
    }
    if (!back.length) return;
    this.say(t('editor.recovered', {count: back.length, rows: back.map((row) => row.n).join(', ')}));
    setTimeout(() => back.filter((row) => !row.theirs).forEach((row) => this.save(row, 'save')));
  }

  unsaved() {
    return this.rows.filter((row) => row.text !== undefined && row.text !== row.target);
  }

  shown(row) {
    return row.text ?? row.target;
  }

  /** Take what is in the textarea; at once into localStorage, later to the server. */
  edit(row, text) {
    row.text = text;
    if (text === row.target && !row.busy) {
      row.text = undefined;
      clearSafe(row.id);
    } else writeSafe(row.id, {text, revision: row.revision});
  }

  flush() {
    for (const row of this.unsaved()) if (row.sync !== 'conflict') this.save(row, 'save');
  }

  /** Save a row; saves of one row follow one another, different rows go in parallel. */
  save(row, action) {
    if (row.sync === 'conflict') return Promise.resolve();
    if (row.wanted !== 'confirm') row.wanted = action;
    row.busy ??= this.drain(row).finally(() => {
      row.busy = null;
    });
    return row.busy;
  }

  async drain(row) {
    while (row.wanted) {
      const action = row.wanted;
      const text = this.shown(row);
      row.wanted = '';
      if (action === 'save' && text === row.target) continue;
      this.mark(row, 'saving');
      const answer = await request('PUT', `/segments/${row.id}`,
        {target: text, revision: row.revision, action, repeats: this.repeatsMode}, {keepalive: text.length < 10000});
      if (answer.ok) {
        this.accept(row, answer.data, text);
        this.spread(row, answer.data.repeats);
      }
      else {
        this.refused(row, action, answer);
        return;
      }
    }
  }

  /** Repeats of a confirmed row took its translation with it. */
  spread(row, repeats) {
    if (!repeats || !this.byId.has(row.id)) return;
    this.take(repeats.taken);
    this.tell('spread', {row, ...repeats});
  }

  /** What repeats do when their sentence is confirmed; remembered for the person. */
  get repeatsMode() {
    try {
      return localStorage.getItem(this.modeKey) ?? 'safe';
    } catch {
      return 'safe';
    }
  }

  set repeatsMode(mode) {
    try {
      localStorage.setItem(this.modeKey, mode);
    } catch {
      // Storage is forbidden: the choice is for once.
    }
  }

  /** Take the server's row. What was typed since it was sent stays. */
  accept(row, fresh, sent) {
    if (fresh.revision < row.revision) return;
    for (const field of SERVER_FIELDS) row[field] = fresh[field];
    if (row.text === undefined || row.text === sent || row.text === fresh.target) {
      row.text = undefined;
      clearSafe(row.id);
    } else writeSafe(row.id, {text: row.text, revision: row.revision});
    row.theirs = undefined;
    if (row.fresh && row.fresh.revision <= row.revision) row.fresh = undefined;
    this.mark(row, '');
    this.failures = 0;
  }

  refused(row, action, answer) {
    if (answer.status === 409 && answer.data?.row) {
      row.theirs = answer.data.row;
      row.intended = action;
      this.mark(row, 'conflict');
      this.say(t('editor.conflict_toast', {n: row.n, author: answer.data.row.author || '—'}), '', 'error');
      return;
    }
    this.mark(row, 'error');
    const passing = answer.status === 0 || answer.status === 401 || answer.status >= 500;
    const [problem, remedy] = trouble(answer, t);
    this.say(t('editor.not_saved', {n: row.n, problem}), passing ? t('editor.kept_retrying') : remedy, 'error');
    if (passing) {
      row.wanted = action;
      this.retryLater();
    }
  }

  retryLater() {
    this.failures = (this.failures ?? 0) + 1;
    clearTimeout(this.retryTimer);
    this.retryTimer = setTimeout(() => this.retry(), Math.min(30000, 1000 * 2 ** this.failures));
  }

  retry() {
    for (const row of this.rows) if (row.sync === 'error' && row.wanted) this.save(row, row.wanted);
  }

  keepMine(row) {
    const theirs = row.theirs;
    const mine = this.shown(row);
    for (const field of SERVER_FIELDS) row[field] = theirs[field];
    row.text = mine;
    row.theirs = undefined;
    row.sync = '';
    this.save(row, row.intended ?? 'save');
  }

  takeTheirs(row) {
    const theirs = row.theirs;
    row.text = undefined;
    row.sync = '';
    clearSafe(row.id);
    this.accept(row, theirs, theirs.target);
    this.tell('replaced', {row});
  }

  mark(row, sync) {
    row.sync = sync;
    this.tell('row', {row});
  }

  /** Take rows that others, or the machine, saved; never the one being edited. */
  merge(rows) {
    for (const fresh of rows) {
      const row = this.byId.get(fresh.id);
      if (row && fresh.revision === row.revision && fresh.changed > row.changed && !row.busy) this.annotate(row, fresh);
      if (!row || fresh.revision <= row.revision) continue;
      if (row.text !== undefined || row.busy || this.isHeld(row)) row.fresh = fresh;
      else this.accept(row, fresh, row.target);
    }
  }

  /** Take rows that this page's own request changed, the active one too. What was typed stays. */
  take(rows) {
    for (const fresh of rows) {
      const row = this.byId.get(fresh.id);
      if (!row) continue;
      if (fresh.revision === row.revision) this.annotate(row, fresh);
      else {
        this.accept(row, fresh, null);
        if (row.text === undefined) this.tell('replaced', {row});
      }
    }
  }

  /** The text is the same; what is known about it is newer. */
  annotate(row, fresh) {
    Object.assign(row, {hits: fresh.hits, issues: fresh.issues, changed: fresh.changed});
    this.tell('row', {row});
  }

  /** Send what is typed, and wait until it is saved. */
  async saved() {
    this.flush();
    await Promise.all(this.rows.map((row) => row.busy).filter(Boolean));
  }

  /** The row is left: what arrived meanwhile may show now. */
  release(row) {
    if (row.fresh && row.text === undefined && !row.busy) this.accept(row, row.fresh, row.target);
  }

  async poll() {
    if (!this.article) return;
    const {id, cursor} = this.article;
    const answer = await request('GET', `/articles/${id}/rows?since=${encodeURIComponent(cursor)}`);
    if (!answer.ok || this.article.id !== id) return;
    this.article.cursor = answer.data.cursor;
    this.merge(answer.data.rows);
  }

  /** After a change of the glossary: ask the article again for its names. */
  async refreshHits() {
    const {id} = this.article;
    const answer = await request('GET', `/articles/${id}`);
    if (!answer.ok || this.article.id !== id) return;
    for (const fresh of answer.data.rows) {
      const row = this.byId.get(fresh.id);
      if (!row) continue;
      row.hits = fresh.hits;
      this.tell('row', {row});
    }
    this.tell('hits');
  }

  /** A writing request about one row other than its text (lock, restore, dismiss). */
  async act(row, verb, body) {
    await row.busy;
    const answer = await request('POST', `/segments/${row.id}/${verb}`, {...body, revision: row.revision});
    if (answer.ok) {
      if (answer.data.revision === row.revision) row.issues = answer.data.issues;
      this.accept(row, answer.data, row.target);
    } else if (answer.status === 409 && answer.data?.row) this.refused(row, 'save', answer);
    else this.say(...trouble(answer, t), 'error');
    return answer.ok;
  }
}

function readSafe(id) {
  try {
    return JSON.parse(localStorage.getItem(SAFE + id));
  } catch {
    return null;
  }
}

function writeSafe(id, kept) {
  try {
    localStorage.setItem(SAFE + id, JSON.stringify(kept));
  } catch {
    // Storage is full or forbidden: the server save is still to come, and leaving still asks.
  }
}

function clearSafe(id) {
  try {
    localStorage.removeItem(SAFE + id);
  } catch {
    // as above
  }
}
