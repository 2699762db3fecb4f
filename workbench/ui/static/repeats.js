// Repeats of a sentence in the article: what took the confirmed translation, and what may.

import {request, trouble} from './api.js';
import {el, quietButton} from './dom.js';
import {t} from './words.js';

const MODES = ['safe', 'all', 'none'];

export class Repeats {
  constructor(store, grid) {
    Object.assign(this, {store, grid, row: null, steps: [], places: [], choosing: false});
    this.root = el('div.wb-repeats', {role: 'region', testid: 'repeats', 'aria-label': t('repeats.title'), hidden: true});
    store.addEventListener('spread', ({detail}) => this.spread(detail));
    store.addEventListener('open', () => this.hide());
  }

  hide() {
    const held = this.root.contains(document.activeElement);
    this.root.hidden = true;
    this.choosing = false;
    if (held) this.grid.area.focus({preventScroll: true});
  }

  /** A row was confirmed; some of its repeats took its translation, others may. */
  spread({row, taken, steps, proposed}) {
    if (!taken.length && !proposed.length) return;
    Object.assign(this, {row, steps, choosing: false});
    this.places = [
      ...taken.map(({id, n, target}) => ({id, n, target, taken: true})),
      ...proposed.map((each) => ({...each, taken: false})),
    ].sort((one, other) => one.n - other.n);
    this.root.hidden = false;
    this.paint();
  }

  paint() {
    const taken = this.places.filter((place) => place.taken);
    const open = this.places.filter((place) => !place.taken);
    const button = (testid, key, act, kind = '') => quietButton(`button.wb-button${kind}`, {testid, onclick: act}, t(key));
    this.root.replaceChildren(
      el('div.wb-line', {},
        el('span', {testid: 'repeats-said', 'aria-live': 'polite'}, this.said(taken, open)),
        open.length ? button('repeats-all', 'repeats.all', () => this.choose(this.places.map(({id}) => id)), '.primary') : null,
        button('repeats-choose', 'repeats.choose', () => this.toggle()),
        taken.length ? button('repeats-undo', 'repeats.undo', () => this.choose([])) : null,
        open.length ? button('repeats-none', 'repeats.none', () => this.hide()) : null,
        el('span.wb-space'), this.mode(),
        quietButton('button.wb-close', {testid: 'repeats-close', 'aria-label': t('dialog.close'), onclick: () => this.hide()}, '×')),
      this.choosing ? this.list() : '',
    );
  }

  said(taken, open) {
    const parts = [t('repeats.count', {n: this.row.n, count: this.places.length})];
    if (taken.length) parts.push(t('repeats.taken', {count: taken.length}));
    const elsewhere = open.every((place) => place.same_context === false && place.target);
    if (open.length) parts.push(t(elsewhere ? 'repeats.open' : 'repeats.left', {count: open.length}));
    return parts.join(' · ');
  }

  /** What the next confirms do, remembered for this person. */
  mode() {
    const select = el('select.wb-input', {testid: 'repeats-mode', 'aria-label': t('repeats.mode'), title: t('repeats.mode')},
      ...MODES.map((mode) => el('option', {value: mode}, t(`repeats.mode_${mode}`))));
    select.value = this.store.repeatsMode;
    select.addEventListener('change', () => { this.store.repeatsMode = select.value; });
    return select;
  }

  // -- choosing -------------------------------------------------------------------------

  toggle() {
    this.choosing = !this.choosing;
    this.paint();
    if (this.choosing) this.root.querySelector('input[type=checkbox]').focus();
    else this.grid.area.focus({preventScroll: true});
  }

  list() {
    const boxes = this.places.map((place) => {
      const input = el('input', {type: 'checkbox', 'data-id': place.id});
      input.checked = place.taken;
      return el('label.wb-repeat', {}, input, el('b', {}, `#${place.n}`),
        place.taken ? el('span.wb-badge.memory', {}, t('repeats.has_it'))
          : el('span.wb-badge', {}, t(place.same_context ? 'repeats.same' : 'repeats.other')),
        el('span', {lang: 'zh-CN'}, place.taken ? '' : place.target || t('editor.empty')));
    });
    const form = el('form', {testid: 'repeats-list'}, ...boxes, el('span.wb-line', {}, el('button.wb-button.primary', {testid: 'repeats-apply'}, t('repeats.apply'))));
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      this.choose([...form.querySelectorAll('input:checked')].map((input) => Number(input.dataset.id)));
    });
    form.addEventListener('keydown', (event) => event.key === 'Escape' && this.toggle());
    return form;
  }

  /** Let exactly these repeats have the translation. */
  async choose(ids) {
    const wanted = new Set(ids);
    const back = this.steps.filter(([id]) => !wanted.has(id) && this.places.some((place) => place.id === id && place.taken));
    const more = this.places.filter(({id, taken}) => wanted.has(id) && !taken).map(({id}) => id);
    this.choosing = false;
    if (back.length) await this.giveBack(back);
    if (more.length) await this.apply(more);
    this.paint();
    this.grid.area.focus({preventScroll: true});
  }

  async giveBack(steps) {
    const answer = await this.ask('repeats/undo', {steps});
    if (!answer) return;
    this.steps = this.steps.filter((step) => !steps.includes(step));
    for (const row of answer.rows) Object.assign(this.places.find(({id}) => id === row.id), {taken: false, target: row.target});
    if (answer.kept.length) this.store.say(t('repeats.kept', {rows: answer.kept.join(', ')}));
  }

  async apply(ids) {
    const answer = await this.ask('repeats', {ids});
    if (!answer) return;
    this.steps.push(...answer.steps);
    for (const row of answer.taken) this.places.find(({id}) => id === row.id).taken = true;
    const left = ids.filter((id) => !answer.taken.some((row) => row.id === id));
    const rows = this.places.filter(({id}) => left.includes(id)).map(({n}) => n);
    if (rows.length) this.store.say(t('repeats.kept', {rows: rows.join(', ')}));
  }

  async ask(verb, body) {
    const answer = await request('POST', `/segments/${this.row.id}/${verb}`, body);
    if (answer.ok) this.store.take(answer.data.rows ?? answer.data.taken);
    else this.store.say(...trouble(answer, t), 'error');
    return answer.ok ? answer.data : null;
  }
}
