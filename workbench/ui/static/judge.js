// The judges' page: campaigns on the left, a sheet of texts in the middle, help on the right.
// Nothing here knows which system made a text: the server does not say.

import {request, trouble} from './api.js';
import {el, dialog} from './dom.js';
import {ActiveClock} from './clock.js';
import {Desk} from './judge_desk.js';
import {JudgeManager} from './judge_manage.js';
import {JudgeRow} from './judge_row.js';
import {Verdicts} from './judge_store.js';
import {loadWords, t} from './words.js';

const KEYS = {
  da: [['0–9', 'type'], ['← / →', 'one'], ['PgUp / PgDn', 'ten'], ['Enter', 'next'], ['↑ / ↓', 'move'], ['Alt+/', 'help']],
  mqm: [['← / →', 'cursor'], ['Shift+← / →', 'select'], ['A–Z', 'category'], ['1 / 2 / 3', 'severity'], [', / .', 'which'],
    ['Backspace', 'remove'], ['Enter', 'next'], ['↑ / ↓', 'move'], ['Alt+/', 'help']],
};

export async function mount(root) {
  const answer = await request('GET', '/session');
  if (answer.status === 401) {
    location.assign('/login');
    return;
  }
  await loadWords(answer.data.language);
  document.title = t('judge.title');
  await new JudgePage(root, answer.data).start();
}

class JudgePage {
  constructor(root, session) {
    Object.assign(this, {root, session, rows: [], current: null, task: null, waiting: []});
    this.clock = new ActiveClock(root);
    this.verdicts = new Verdicts(session.name, (detail) => this.toast(detail));
    this.list = el('ul.wb-articles', {testid: 'judge-tasks', 'aria-label': t('judge.tasks')});
    this.manager = session.permissions.includes('evaluate') ? new JudgeManager(this) : null;
    this.shelf = el('nav.wb-shelf', {'aria-label': t('judge.tasks')}, el('div.wb-shelf-head', {}, this.manager?.opener), this.list);
    this.desk = new Desk(this);
    this.help = el('aside.wb-panel', {tabindex: '0', 'aria-label': t('judge.how'), testid: 'judge-help'});
    this.toasts = el('div.wb-toasts', {role: 'status', 'aria-live': 'polite'});
    root.replaceChildren(this.shelf, this.desk.root, this.help, this.toasts);
    document.addEventListener('keydown', (event) => this.key(event), true);
    document.addEventListener('visibilitychange', () => this.turned());
  }

  async start() {
    await this.refresh();
    const wanted = Number(/[#&]campaign=(\d+)/.exec(location.hash)?.[1]);
    const open = this.tasks.find((task) => task.id === wanted) ?? this.tasks.find((task) => !task.closed && task.done < task.total);
    if (open) await this.open(open.id);
    else this.desk.empty(t(this.tasks.length ? 'judge.choose' : 'judge.none'));
  }

  /** The open campaign is no more. */
  async gone() {
    this.current = null;
    this.task = null;
    history.replaceState(null, '', location.pathname);
    this.desk.head.hidden = true;
    this.desk.empty(t('judge.choose'));
    await this.start();
  }

  async refresh() {
    const answer = await request('GET', '/judgements/tasks');
    if (!answer.ok) this.toast({message: trouble(answer, t).join(' '), kind: 'error'});
    this.tasks = answer.ok ? answer.data : [];
    this.paintTasks();
  }

  paintTasks() {
    this.list.replaceChildren(...this.tasks.map((task) => el('li', {}, el('button.wb-article', {type: 'button', testid: 'judge-task', 'data-id': task.id,
      'aria-current': this.task?.id === task.id ? 'true' : null, onclick: () => this.open(task.id)},
    el('span.wb-article-title', {}, task.name),
    el('span.wb-who', {}, t(`judge.kind_${task.kind}`), task.closed ? ` · ${t('judge.closed')}` : ''),
    el('span.wb-line', {}, el('progress', {max: task.total || 1, value: task.done, 'aria-label': t('judge.progress')}), el('span.wb-who', {}, `${task.done}/${task.total}`))),
    )));
    if (!this.tasks.length) this.list.append(el('li.wb-none', {}, t('judge.none')));
  }

  // -- sheets ---------------------------------------------------------------------------

  /** Open a campaign at a sheet, or at the first text without a judgement. */
  async open(id, number = null) {
    this.leave();
    this.loading = true; // keys typed meanwhile wait for the rows
    const answer = await request('GET', `/judgements/${id}/sheet${number === null ? '' : `?number=${number}`}`);
    this.loading = false;
    if (!answer.ok) {
      this.waiting = [];
      this.toast({message: trouble(answer, t).join(' '), kind: 'error'});
      return;
    }
    this.show(answer.data, number !== null);
    history.replaceState(null, '', `#campaign=${id}`);
    for (const event of this.waiting.splice(0)) this.act(event);
  }

  show(sheet, asked) {
    this.sheet = sheet;
    this.took(sheet.task);
    this.rows = sheet.items.map((item) => new JudgeRow(this, this.verdicts.recover(item), sheet.task));
    this.desk.show(sheet, this.rows);
    this.explain(sheet.task.kind);
    const first = this.rows.find((row) => !row.item.said) ?? (asked ? this.rows[0] : null);
    if (first && !sheet.task.closed) this.activate(first);
    else if (!asked) this.finished();
  }

  /** The server has said how far this judge is. */
  took(task) {
    this.task = task;
    const known = this.tasks.findIndex((each) => each.id === task.id);
    if (known >= 0) this.tasks[known] = task;
    this.paintTasks();
    this.desk.count(task);
  }

  explain(kind) {
    this.help.replaceChildren(
      el('section', {}, el('h3', {}, t('judge.how')), el('p', {}, t(`judge.how_${kind}`)), el('p.wb-note', {}, t('judge.blind'))),
      el('section', {}, el('h3', {}, t('dialog.help')), el('dl.wb-keys', {}, ...KEYS[kind].flatMap(([keys, name]) =>
        [el('dt', {}, el('kbd', {}, keys)), el('dd', {}, t(`judge.key_${name}`))]))));
  }

  // -- moving ---------------------------------------------------------------------------

  activate(row) {
    if (this.current === row || !row) return;
    this.leave();
    this.current = row;
    row.enter();
    if (!document.hidden) this.clock.start();
  }

  /** Leave the current row; what was changed in it is kept. */
  leave() {
    const row = this.current;
    if (!row) return;
    this.current = null;
    if (this.clock.running) row.time += this.clock.stop().active;
    row.exit();
    if (row.changed) this.keep(row);
  }

  step(direction) {
    const at = this.rows.indexOf(this.current);
    this.activate(this.rows[at + direction]);
  }

  /** Enter: keep the current row and go to the next one that is not judged. */
  next() {
    const row = this.current;
    if (!row) return;
    const reason = row.incomplete();
    if (reason) {
      this.toast({message: reason, kind: 'error'});
      return;
    }
    row.changed = true;
    this.leave();
    const at = this.rows.indexOf(row);
    const left = [...this.rows.slice(at + 1), ...this.rows.slice(0, at)].find((each) => !each.item.said);
    if (left) this.activate(left);
    else this.turn();
  }

  /** The sheet is done: what is on its way arrives first, so that the next one is the next one. */
  async turn() {
    this.loading = true;
    await this.verdicts.settled();
    await this.open(this.task.id);
  }

  finished() {
    this.desk.done(t(this.task.closed ? 'judge.closed_now' : 'judge.finished'));
    this.help.focus({preventScroll: true});
  }

  async keep(row) {
    row.changed = false;
    const verdict = row.verdict();
    row.item.said = verdict;
    row.paint();
    const task = await this.verdicts.send(row.item, verdict, row);
    if (task && task.id === this.task?.id && task.done >= this.task.done) this.took(task);
  }

  turned() {
    if (document.hidden && this.clock.running) this.current.time += this.clock.stop().active;
    else if (!document.hidden && this.current && !this.clock.running) this.clock.start();
  }

  // -- keyboard -------------------------------------------------------------------------

  key(event) {
    if (document.querySelector('dialog[open]') || event.isComposing) return;
    if (event.target.matches?.('input, select, textarea')) return;
    if (event.code === 'Slash' && event.altKey) {
      event.preventDefault();
      this.showKeys();
      return;
    }
    if (this.loading) {
      this.waiting.push(event);
      event.preventDefault();
      return;
    }
    const button = event.target.closest?.('button, a');
    if (button && (event.code === 'Enter' || event.code === 'Space')) return; // that presses it
    if (this.act(event)) event.preventDefault();
  }

  /** Do what a key asks for; false when it asks for nothing here. */
  act(event) {
    if (!this.current || event.metaKey || (event.ctrlKey && event.code !== 'KeyA')) return false;
    const moves = {Enter: () => this.next(), NumpadEnter: () => this.next(), ArrowDown: () => this.step(1), ArrowUp: () => this.step(-1)};
    const move = moves[event.code || event.key];
    if (move) {
      move();
      return true;
    }
    return this.current.key(event);
  }

  showKeys() {
    dialog({text: t('dialog.help'), close: t('dialog.close'), host: this.root}, 'judge-keys', el('dl.wb-keys', {}, ...KEYS[this.task?.kind ?? 'da'].flatMap(([keys, name]) =>
      [el('dt', {}, el('kbd', {}, keys)), el('dd', {}, t(`judge.key_${name}`))])));
  }

  toast({message, kind = 'info'}) {
    [...this.toasts.children].find((each) => each.textContent === message)?.remove();
    const box = el(`div.wb-toast.${kind}`, {testid: 'toast'}, el('p', {}, message));
    this.toasts.append(box);
    setTimeout(() => box.remove(), kind === 'error' ? 9000 : 5000);
  }
}
