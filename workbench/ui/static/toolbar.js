// Above the grid: the article's facts, drafting with progress, export, filters and counts.

import {request, trouble} from './api.js';
import {el, quietButton} from './dom.js';
import {Returned} from './returned.js';
import {t} from './words.js';

const FILTERS = ['all', 'unconfirmed', 'issues', 'forced', 'machine', 'fuzzy', 'others', 'repeats'];
const FORMATS = ['docx', 'bilingual-docx', 'html', 'txt', 'tmx', 'xliff', 'xliff2'];
const DONE = new Set(['confirmed', 'reviewed', 'locked']);
const BUSY = new Set(['queued', 'running']);
const FAST = 700; // ms between questions while a job runs
const SLOW = 8000; // and while none does: others may be working on the same article

export class Toolbar {
  constructor(store, grid, dialogs, ledger, analysis, bulletin) {
    Object.assign(this, {store, grid, dialogs, ledger, bulletin, job: null});
    this.title = el('h1.wb-title');
    this.facts = el('p.wb-facts');
    this.meter = el('progress', {'aria-label': t('editor.progress')});
    this.counts = el('span.wb-counts', {testid: 'counts'});
    this.filters = FILTERS.map((name) => quietButton('button.wb-filter', {testid: `filter-${name}`,
      'aria-pressed': String(name === 'all'), onclick: () => this.filter(name)}, t(`filter.${name}`), el('span.wb-count')));
    this.root = el('header.wb-toolbar', {}, el('div.wb-heading', {}, el('div.wb-titles', {}, this.title, this.facts), this.drafting(), this.exporting(),
      analysis.opener,
      quietButton('button.wb-button', {testid: 'ledger-open', title: `${t('ledger.title')} (Alt+O)`, onclick: () => ledger.open()}, t('ledger.short')),
      quietButton('button.wb-button.icon', {title: t('dialog.help'), 'aria-label': t('dialog.help'), onclick: () => dialogs.help()}, '?')),
    el('div.wb-line.wb-filters', {role: 'group', 'aria-label': t('filter.title')}, ...this.filters, el('span.wb-space'), this.meter, this.counts));
    grid.root.addEventListener('count', () => this.count());
    store.addEventListener('open', () => this.opened());
  }

  /** Put a button beside the others, before the help. */
  add(button) {
    this.root.querySelector('.wb-heading').lastChild.before(button);
  }

  drafting() {
    this.engine = el('select.wb-input', {'aria-label': t('draft.engine'), testid: 'draft-engine'});
    this.start = quietButton('button.wb-button.primary', {testid: 'draft-start', onclick: () => this.draft()}, t('draft.start'));
    this.bar = el('progress', {'aria-label': t('draft.progress')});
    this.said = el('span', {'aria-live': 'polite'});
    this.cancel = quietButton('button.wb-button', {testid: 'draft-cancel', onclick: () => this.stop()}, t('draft.cancel'));
    this.progress = el('div.wb-line.wb-drafting', {testid: 'draft-progress', hidden: true}, this.bar, this.said, this.cancel);
    this.loadEngines();
    return el('div.wb-line', {}, this.progress, this.engine, this.start);
  }

  async loadEngines() {
    const answer = await request('GET', '/engines');
    const names = answer.ok ? answer.data.map((engine) => engine.name) : [];
    this.engine.replaceChildren(...names.map((name) => el('option', {value: name}, name)));
    this.engine.value = this.store.session.engine;
    this.engine.hidden = names.length < 2;
  }

  exporting() {
    this.menu = el('div.wb-menu', {role: 'menu', hidden: true});
    this.opener = quietButton('button.wb-button', {testid: 'export-menu', 'aria-haspopup': 'menu', 'aria-expanded': 'false',
      onclick: () => this.toggleMenu(this.menu.hidden)}, t('export.title'), ' ▾');
    document.addEventListener('pointerdown', (event) => this.menuBox.contains(event.target) || this.toggleMenu(false));
    this.menuBox = el('div.wb-menu-box', {onkeydown: (event) => event.key === 'Escape' && this.toggleMenu(false)}, this.opener, this.menu);
    return this.menuBox;
  }

  returning() {
    const open = (event) => {
      event.preventDefault();
      this.toggleMenu(false);
      new Returned(this.store, this.dialogs).open();
    };
    return el('a.wb-apart', {role: 'menuitem', testid: 'return-open', href: '#return', onclick: open}, t('return.open'));
  }

  publishing() {
    const open = (event) => {
      event.preventDefault();
      this.toggleMenu(false);
      this.bulletin.open();
    };
    return el('a.wb-apart', {role: 'menuitem', testid: 'bulletin-open', href: '#bulletin', onclick: open}, t('bulletin.open'));
  }

  toggleMenu(show) {
    this.menu.hidden = !show;
    this.opener.setAttribute('aria-expanded', String(show));
    if (show) this.store.flush();
  }

  // -- the open article ---------------------------------------------------------------

  opened() {
    const {article} = this.store;
    this.describe();
    this.menu.replaceChildren(...FORMATS.map((format) => el('a', {role: 'menuitem', testid: `export-${format}`, download: '',
      href: `/api/v1/articles/${article.id}/export?to=${format}`, onclick: () => this.toggleMenu(false)}, t(`export.${format}`))),
    ...(this.store.session.permissions.includes('export') ? [this.publishing()] : []),
    ...(this.store.session.writes ? [this.returning()] : []));
    this.filter('all');
    this.job = null;
    this.showJob();
    this.watch(0);
  }

  describe() {
    const {article} = this.store;
    this.title.textContent = article.title || article.name || t('shelf.untitled');
    this.title.title = this.title.textContent;
    this.facts.textContent = [article.outlet, article.author, article.date].filter(Boolean).join(' · ');
  }

  filter(name) {
    this.grid.filter(name);
    this.filters.forEach((button, k) => button.setAttribute('aria-pressed', String(FILTERS[k] === name)));
  }

  count() {
    const {rows} = this.store;
    const nodes = this.grid.nodes;
    const done = rows.filter((row) => DONE.has(row.state)).length;
    const by = {all: rows.length, unconfirmed: rows.length - done};
    for (const name of FILTERS.slice(2)) by[name] = nodes.filter((node) => node.hasAttribute(`data-${name}`)).length;
    FILTERS.forEach((name, k) => { this.filters[k].lastChild.textContent = by[name]; });
    this.grid.root.classList.toggle('empty', by[this.grid.root.dataset.filter] === 0);
    this.meter.max = rows.length || 1;
    this.meter.value = done;
    this.counts.textContent = t('editor.count', {done, total: rows.length});
  }

  // -- drafting -----------------------------------------------------------------------

  async draft() {
    this.store.flush();
    this.start.disabled = true;
    const answer = await request('POST', `/articles/${this.store.article.id}/draft`, {engine: this.engine.value});
    this.start.disabled = false;
    if (!answer.ok) this.store.say(...trouble(answer, t), 'error');
    else this.job = answer.data;
    this.showJob();
    this.watch(FAST);
  }

  async stop() {
    const answer = await request('POST', `/articles/${this.store.article.id}/job/cancel`);
    if (!answer.ok) this.store.say(...trouble(answer, t), 'error');
    this.watch(0);
  }

  watch(delay) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.look(), delay);
  }

  /** Ask how the job is and what rows have changed; go on asking. */
  async look() {
    const {article} = this.store;
    const before = this.job;
    const answer = await request('GET', `/articles/${article.id}/job`);
    if (article !== this.store.article) return;
    if (answer.ok) this.job = answer.data;
    if (!document.hidden || BUSY.has(this.job?.state)) await this.store.poll();
    if (article !== this.store.article) return;
    this.showJob();
    if (before && BUSY.has(before.state) && before.id === this.job?.id) this.ended();
    this.watch(BUSY.has(this.job?.state) ? FAST : SLOW);
  }

  ended() {
    const {job} = this;
    if (BUSY.has(job.state)) return;
    if (job.state === 'failed') this.store.say(job.problem, job.remedy, 'error');
    else this.store.say(t(`draft.${job.state}`, {done: job.done, total: job.total}));
    this.store.tell('drafted');
  }

  showJob() {
    const busy = BUSY.has(this.job?.state);
    this.progress.hidden = !busy;
    this.start.hidden = busy;
    this.engine.hidden = busy || this.engine.options.length < 2;
    this.start.disabled = !this.store.session.writes;
    if (!busy) return;
    const {done, total, state} = this.job;
    if (total) Object.assign(this.bar, {max: total, value: done});
    else this.bar.removeAttribute('value');
    this.said.textContent = state === 'queued' ? t('draft.queued') : t('draft.running', {done, total});
  }
}
