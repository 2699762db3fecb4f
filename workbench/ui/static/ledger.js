// One person, one form: which Chinese forms stand for each name, and mending the odd ones.

import {request, trouble} from './api.js';
import {el} from './dom.js';
import {t} from './words.js';

const MOST = 50; // articles looked through at once
const PLACES = 12; // places named before «and so on»

export class Ledger {
  constructor(store, dialogs, shelf) {
    Object.assign(this, {store, dialogs, shelf, names: []});
  }

  async open() {
    const {article} = this.store;
    if (!article) return;
    this.where = el('select.wb-input', {'aria-label': t('ledger.where'), testid: 'ledger-where', onchange: () => this.load()},
      el('option', {value: 'this'}, t('ledger.this')), el('option', {value: 'all'}, t('ledger.all')));
    this.odd = el('input', {type: 'checkbox', testid: 'ledger-odd', onchange: () => this.paint()});
    this.found = el('div.wb-ledger', {testid: 'ledger-list', 'aria-live': 'polite'});
    this.box = this.dialogs.open('ledger.title', 'ledger', el('div', {}, el('div.wb-line', {}, this.where, el('label.wb-check', {}, this.odd, t('ledger.odd_only'))), this.found));
    this.box.classList.add('wide');
    await this.load();
  }

  get articles() {
    if (this.where.value === 'this') return [this.store.article.id];
    return this.shelf.articles.slice(0, MOST).map((each) => each.id);
  }

  async load() {
    const {found} = this;
    const asked = this.where.value;
    this.names = [];
    found.replaceChildren(el('p.wb-none', {}, t('panel.loading')));
    await this.store.saved();
    const query = this.articles.map((id) => `article=${id}`).join('&');
    const answer = await request('GET', `/names/ledger?${query}`);
    if (found !== this.found || asked !== this.where.value) return; // a later question is out
    if (!answer.ok) {
      this.found.replaceChildren(el('p.wb-problem', {}, trouble(answer, t).join(' ')));
      return;
    }
    this.names = answer.data;
    this.paint();
  }

  paint() {
    const shown = this.names.filter((name) => !this.odd.checked || !name.consistent);
    const empty = t(this.names.length ? 'ledger.all_consistent' : 'ledger.empty');
    this.found.replaceChildren(...(shown.length ? shown.map((name) => this.name(name)) : [el('p.wb-none', {}, empty)]));
  }

  name(name) {
    return el('section', {testid: 'ledger-name', 'data-consistent': name.consistent ? 'yes' : 'no', 'data-name': name.name},
      el('h3', {}, el('span.wb-mark', {'aria-hidden': 'true'}, name.consistent ? '✓' : '!'), el('span', {lang: 'ru'}, name.name),
        el('span.wb-kind', {}, t(`type.${name.type}`)),
        name.approved ? el('span.wb-who', {}, t('ledger.approved', {form: name.approved})) : el('span.wb-who', {}, t('ledger.unknown'))),
      ...name.forms.map((form) => this.form(form)));
  }

  form(form) {
    const fix = form.right || !this.store.session.writes ? null : el('button.wb-button', {type: 'button', testid: 'ledger-fix', onclick: () => this.fix(form)},
      t('ledger.fix', {wanted: form.wanted}));
    const places = form.places.slice(0, PLACES).map((place) => el('button.wb-link', {type: 'button', title: this.title(place), onclick: () => this.go(place)},
      place.article === this.store.article.id ? `#${place.n}` : `${this.title(place).slice(0, 16)} #${place.n}`));
    return el('div.wb-line.wb-ledger-form', {testid: 'ledger-form', 'data-right': form.right ? 'yes' : 'no'},
      el('b', {lang: 'zh-CN'}, form.zh), el('span.wb-count', {}, `×${form.count}`), ...places,
      form.places.length > PLACES ? el('span.wb-count', {}, '…') : null, el('span.wb-space'), fix);
  }

  title(place) {
    const article = this.shelf.articles.find((each) => each.id === place.article);
    return article ? article.metadata.title || article.name : String(place.article);
  }

  async go(place) {
    this.box.close();
    if (place.article !== this.store.article.id) await this.shelf.open(place.article);
    this.dialogs.grid.go(place.n);
  }

  async fix(form) {
    await this.store.saved();
    const answer = await request('POST', '/names/ledger/fix', {form: form.zh, wanted: form.wanted, places: form.places});
    if (!answer.ok) this.store.say(...trouble(answer, t), 'error');
    else {
      const {rows, locked, conflicts} = answer.data;
      this.store.take(rows);
      const left = [...locked, ...conflicts];
      this.store.say(t('ledger.fixed', {count: rows.length, wanted: form.wanted}), left.length ? t('ledger.left', {rows: left.join(', ')}) : '');
    }
    await this.load();
  }
}
