// Searching the memory for words: a box, filters, results with the places marked on both sides.

import {request, trouble} from './api.js';
import {el} from './dom.js';
import {pieces} from './text.js';
import {shortTime, t} from './words.js';

export const ORIGINS = {human: 'memory.human', import: 'memory.import_origin', seed: 'memory.seed_origin', harvested: 'memory.harvested_origin'};
const FILTERS = ['article', 'author', 'origin', 'since', 'until'];
const PAGE = 30;

export class Concordance {
  /** *edit* is called with a unit's number; without it nothing can be edited. */
  constructor({text = '', side = '', edit = null} = {}) {
    this.edit = edit;
    this.input = el('input.wb-input', {type: 'search', value: text, testid: 'concordance-text', placeholder: t('concordance.hint'), 'aria-label': t('dialog.search')});
    this.side = select('concordance.side', [['', t('concordance.both')], ['source', t('editor.source')], ['target', t('editor.target')]], side);
    this.fields = {
      article: el('input.wb-input', {testid: 'concordance-article', placeholder: t('concordance.article'), 'aria-label': t('concordance.article')}),
      author: el('input.wb-input', {testid: 'concordance-author', placeholder: t('concordance.author'), 'aria-label': t('concordance.author')}),
      origin: select('concordance.origin', [['', t('concordance.any_origin')], ...Object.entries(ORIGINS).map(([name, key]) => [name, t(key)])]),
      since: el('input.wb-input', {type: 'date', testid: 'concordance-since'}),
      until: el('input.wb-input', {type: 'date', testid: 'concordance-until'}),
    };
    const day = (name) => el('label', {}, t(`concordance.${name}`), this.fields[name]);
    this.filters = el('details.wb-filters-box', {}, el('summary', {}, t('concordance.filters')),
      el('div.wb-line', {}, this.fields.article, this.fields.author, this.fields.origin, day('since'), day('until')));
    this.found = el('div.wb-found', {testid: 'concordance-found', 'aria-live': 'polite', tabindex: '0', role: 'region', 'aria-label': t('dialog.concordance')});
    this.form = el('form.wb-line', {}, this.input, this.side, el('button.wb-button.primary', {testid: 'concordance-run'}, t('dialog.search')));
    this.form.addEventListener('submit', (event) => {
      event.preventDefault();
      this.search();
    });
    for (const field of Object.values(this.fields)) field.addEventListener('change', () => this.search());
    this.asked = 0;
  }

  get parts() {
    return [this.form, this.filters, this.found];
  }

  query(before = '') {
    const wanted = {text: this.input.value.trim(), side: this.side.value, limit: PAGE, before};
    for (const name of FILTERS) wanted[name] = this.fields[name].value.trim();
    return new URLSearchParams(Object.entries(wanted).filter(([, value]) => value !== ''));
  }

  /** Search anew, or go on below the unit *before*. A late answer never covers a newer one. */
  async search(before = '') {
    const asked = ++this.asked;
    const answer = await request('GET', `/memory/concordance?${this.query(before)}`);
    if (asked !== this.asked) return;
    if (!answer.ok) return this.found.replaceChildren(el('p.wb-problem', {role: 'alert'}, trouble(answer, t).join(' ')));
    const units = answer.data.map((each) => this.unit(each));
    if (before) this.more?.remove();
    else this.found.replaceChildren(...(units.length ? [] : [el('p.wb-none', {}, t('dialog.nothing_found'))]));
    this.found.append(...units);
    const next = answer.next ?? '';
    this.more = next && el('button.wb-button', {type: 'button', testid: 'concordance-more', onclick: () => this.search(next)}, t('concordance.more'));
    if (this.more) this.found.append(this.more);
  }

  unit(each) {
    const other = each.counterpart;
    const spans = {[each.side]: each.spans.map((span) => [span, 'hit'])};
    if (other) spans[other.side] = other.spans.map((span) => [span, other.how]);
    const who = [each.author, shortTime(each.changed), t(ORIGINS[each.origin])].filter(Boolean).join(' · ');
    const place = [each.article || (each.article_id ? `#${each.article_id}` : ''), each.n || ''].filter(Boolean).join(' · ');
    const where = each.article_id
      ? el('a.wb-link', {href: `/#article=${each.article_id}&n=${each.n || 1}`, target: '_blank', testid: 'concordance-open'}, place)
      : place;
    return el('div.wb-unit', {testid: 'concordance-unit', 'data-id': each.id},
      el('p', {lang: 'ru'}, ...marked(each.source, spans.source)), el('p', {lang: 'zh-CN'}, ...marked(each.target, spans.target)),
      el('p.wb-who', {}, who, place ? ' · ' : null, where,
        this.edit && el('button.wb-link', {type: 'button', testid: 'concordance-edit', onclick: () => this.edit(each.id)}, t('concordance.edit'))));
  }
}

function select(key, options, value = '') {
  const box = el('select.wb-input', {'aria-label': t(key), testid: key.replace('.', '-')}, ...options.map(([code, name]) => el('option', {value: code}, name)));
  box.value = value;
  return box;
}

function marked(text, spans = []) {
  return pieces(text, spans.map(([[start, end], how]) => ({start, end, how})))
    .map(([piece, span]) => (span ? el('mark', {'data-how': span.how}, piece) : piece));
}
