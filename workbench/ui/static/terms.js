// The terms of the active segment: what stands, what is missing, which name is meant.

import {request, trouble} from './api.js';
import {el, fillSection, quietButton} from './dom.js';
import {satisfied} from './text.js';
import {t} from './words.js';

const MARKS = {yes: '✓', no: '!', waived: '○', rejected: '–'};

export class Terms {
  constructor(store, grid) {
    Object.assign(this, {store, grid, row: null, readings: [], asking: null});
    this.root = el('section', {testid: 'panel-terms', 'aria-label': t('panel.terms')});
  }

  get writes() {
    return this.store.session.writes && this.row?.state !== 'locked';
  }

  /** Show a row's terms; readings are those of its uncertain names, as far as they are known. */
  show(row, readings) {
    if (row !== this.row) this.asking = null;
    Object.assign(this, {row, readings});
    // A reason that is being written is not taken from under the hand. (While the focus moves
    // from one field to the other it is in neither.)
    if (this.asking && document.activeElement !== this.grid.area) return;
    this.asking = null;
    this.paint();
  }

  paint() {
    const {row} = this;
    const nothing = t(row ? 'panel.no_terms' : 'panel.no_row');
    if (!row) return fillSection(this.root, t('panel.terms'), [], nothing);
    const good = satisfied(row, this.grid.area.value);
    const byTerm = new Map();
    for (const hit of row.hits) {
      const key = `${hit.id}|${hit.source}|${hit.choice === 'rejected'}`;
      byTerm.set(key, [...(byTerm.get(key) ?? []), hit]);
    }
    const items = [...byTerm.values()].map((hits) => this.term(hits, state(hits, good)));
    return fillSection(this.root, t('panel.terms'), items, nothing);
  }

  term(hits, how) {
    const [hit] = hits;
    const form = (text) => quietButton('button.wb-form', {lang: 'zh-CN', title: t('panel.insert'),
      onclick: () => this.grid.insert(text)}, text);
    return el('div.wb-term', {'data-ok': how, 'data-found': hit.found, testid: 'term'},
      el('span.wb-line', {},
        el('span.wb-mark', {'aria-hidden': 'true'}, how === 'no' && hit.found !== 'found' ? '?' : MARKS[how]),
        el('span', {lang: 'ru'}, hit.source),
        hits.length > 1 ? el('span.wb-count', {}, `×${hits.length}`) : null,
        el('span.wb-kind', {}, t(`type.${hit.type}`)),
        hit.method ? el('span.wb-kind', {title: t('panel.method'), 'data-method': hit.method}, t(`method.${hit.method}`)) : null),
      el('span.wb-line', {}, form(hit.target), ...hit.variants.map(form),
        ...hit.forbidden.map((text) => el('s', {lang: 'zh-CN', title: t('panel.forbidden')}, text))),
      how === 'waived' ? el('span.wb-note', {testid: 'term-reason'}, t('panel.overridden', {reason: hits.find((each) => each.reason)?.reason ?? ''})) : null,
      this.lacks(hit, how) ? this.missing(hit, how) : null,
      hit.found === 'suggested' ? el('span.wb-note', {}, t('panel.suggested')) : null,
      ...hits.map((each) => this.uncertain(each)),
      hit.note ? el('span.wb-note', {}, hit.note) : null);
  }

  // -- a missing term -------------------------------------------------------------------

  lacks(hit, how) {
    const open = how === 'waived' || (how === 'no' && hit.found === 'found');
    return open && this.writes && this.grid.area.value.trim();
  }

  missing(hit, how) {
    if (this.asking === key(hit)) return this.question(hit);
    return el('span.wb-line.wb-acts', {},
      quietButton('button.wb-button', {testid: 'term-put', title: t('panel.put_in_title'), onclick: () => this.putIn(hit)}, t('panel.put_in')),
      how === 'waived' ? null : quietButton('button.wb-link', {testid: 'term-override', onclick: () => this.ask(hit)}, t('panel.override')));
  }

  question(hit) {
    const input = el('input.wb-input', {testid: 'term-why', maxlength: '1000', autocomplete: 'off', required: true,
      'aria-label': t('panel.reason'), placeholder: t('panel.reason')});
    const back = () => this.ask(null);
    const form = el('form.wb-acts', {}, input, el('span.wb-line', {},
      el('button.wb-button.primary', {testid: 'term-waive'}, t('panel.override_save')),
      el('button.wb-link', {type: 'button', onclick: back}, t('panel.cancel'))));
    form.addEventListener('keydown', (event) => {
      event.stopPropagation(); // the grid's keys are not meant here
      if (event.key === 'Escape') back();
    });
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      this.waive(hit, input.value);
    });
    return form;
  }

  ask(hit) {
    this.asking = hit && key(hit);
    this.paint();
    const input = this.root.querySelector('[data-testid=term-why]');
    if (input) input.focus();
    else this.grid.area.focus({preventScroll: true});
  }

  async waive(hit, reason) {
    await this.act('override', {start: hit.start, reason});
  }

  /** Put the term where a wrong rendering stands, or where it most likely belongs. */
  async putIn(hit) {
    const {row} = this;
    const text = this.grid.area.value;
    const answer = await request('POST', `/segments/${row.id}/put-in`, {start: hit.start, target: text});
    if (!answer.ok) this.store.say(...trouble(answer, t), 'error');
    else if (this.row === row && this.grid.area.value === text) this.grid.insert(answer.data.target, true);
  }

  // -- an uncertain name ----------------------------------------------------------------

  uncertain(hit) {
    if (hit.choice) {
      return el('span.wb-note', {testid: 'term-decided'}, t(`panel.${hit.choice}`, {form: hit.form}), ' ',
        this.writes ? quietButton('button.wb-link', {testid: 'term-reopen', onclick: () => this.choose(hit, '', 0)}, t('panel.reopen')) : null);
    }
    if (hit.found !== 'ambiguous') return null;
    const reading = this.readings.find((each) => each.start === hit.start && each.form === hit.form);
    if (!reading || !this.writes) return el('span.wb-note', {}, t('panel.ambiguous'));
    const which = (term) => quietButton('button.wb-button', {testid: 'term-accept', lang: 'zh-CN', title: term.note || term.source,
      onclick: () => this.choose(hit, 'accepted', term.id)}, `${term.target} · ${t(`type.${term.type}`)}`);
    return el('span.wb-acts', {testid: 'term-choice'}, el('span.wb-note', {}, t(reading.terms.length > 1 ? 'panel.which' : 'panel.whether', {form: hit.form})),
      el('span.wb-line', {}, ...reading.terms.map(which),
        quietButton('button.wb-link', {testid: 'term-reject', onclick: () => this.choose(hit, 'rejected', 0)}, t('panel.none_of_these'))));
  }

  async choose(hit, choice, term) {
    await this.act('choose', {start: hit.start, choice, term_id: term});
  }

  /** What was typed is saved first: the decision is about the text on the screen. */
  async act(verb, body) {
    const {row} = this;
    if (row.text !== undefined) await this.store.save(row, 'save');
    if (!await this.store.act(row, verb, body)) return;
    this.asking = null;
    if (this.row === row) this.paint();
    this.grid.area.focus({preventScroll: true});
  }
}

const key = (hit) => `${hit.id}|${hit.start}`;

function state(hits, good) {
  if (hits[0].choice === 'rejected') return 'rejected';
  if (hits.every((hit) => good.has(hit))) return 'yes';
  return hits.some((hit) => hit.state === 'overridden') ? 'waived' : 'no';
}
