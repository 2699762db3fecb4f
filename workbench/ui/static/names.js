// The names of the article that the glossary does not know: proposals, accepting, editing, ignoring.

import {request, trouble} from './api.js';
import {el, quietButton} from './dom.js';
import {t} from './words.js';

const TYPES = ['person', 'place', 'org', 'media']; // what looks like a person may be a town
const SHOWN = 5; // accepted names that can be undone here

export class Names {
  constructor(store, grid) {
    Object.assign(this, {store, grid, names: null, accepted: [], selected: 0, open: false, editing: false, choice: new Map()});
    this.root = el('section.wb-names', {testid: 'panel-names', 'aria-label': t('names.title')});
    this.root.addEventListener('keydown', (event) => this.key(event));
    store.addEventListener('open', () => this.opened());
    store.addEventListener('drafted', () => this.load());
    store.addEventListener('hits', () => this.load());
    this.paint();
  }

  get current() {
    return this.names?.[this.selected];
  }

  get may() {
    return this.store.session.permissions.includes('propose terms');
  }

  get keeps() {
    return this.store.session.permissions.includes('keep terms');
  }

  opened() {
    Object.assign(this, {names: null, accepted: [], selected: 0, open: false, editing: false});
    this.choice.clear();
    this.paint();
    this.load();
  }

  async load() {
    const {article} = this.store;
    if (!article) return;
    const asked = this.asked = (this.asked ?? 0) + 1;
    const answer = await request('GET', `/articles/${article.id}/names`);
    if (asked !== this.asked || article !== this.store.article) return; // a later question is out
    if (answer.ok) {
      const kept = this.current?.name;
      this.names = answer.data.names;
      this.accepted = answer.data.accepted;
      const at = this.names.findIndex((each) => each.name === kept);
      this.selected = at >= 0 ? at : Math.min(this.selected, Math.max(0, this.names.length - 1));
      if (at < 0) this.editing = false;
    }
    if (!this.editing) this.paint();
  }

  // -- painting -----------------------------------------------------------------------

  paint() {
    const held = this.root.contains(document.activeElement);
    const {names} = this;
    const keys = names?.length && this.may ? el('span.wb-keys-hint', {}, el('kbd', {title: t('keys.names')}, 'Alt+N'), el('kbd', {title: t('keys.accept_name')}, 'Alt+A')) : null;
    const head = el('h3', {}, t('names.title'), names?.length ? el('span.wb-count', {}, String(names.length)) : null, keys);
    const list = el('ul', {testid: 'names'}, ...(names ?? []).map((name, k) => this.item(name, k)));
    const nothing = names?.length ? null : el('p.wb-none', {}, names ? t('names.none') : t('panel.loading'));
    this.root.replaceChildren(...[head, nothing ?? list, this.done()].filter(Boolean));
    if (held && !this.editing) this.root.querySelector('li[tabindex="0"]')?.focus({preventScroll: true});
  }

  item(name, k) {
    const on = k === this.selected;
    const proposal = this.proposal(name);
    const edit = on && this.editing;
    const button = (testid, key, sign, act, more = {}) => quietButton('button.wb-link', {testid, title: t(key), 'aria-label': `${t(key)}: ${name.name}`, onclick: act, ...more}, sign);
    const line = el('div.wb-name-head', {},
      el('span', {}, el('b', {lang: 'ru'}, name.name), ' ', quietButton('button.wb-link', {testid: 'name-count', title: t('names.go'), onclick: () => this.go(name)}, `×${name.count}`)),
      el('span.wb-name-tools', {},
        button('name-details', 'names.details', on && this.open ? '▾' : '▸', () => this.toggle(name), {'aria-expanded': String(on && this.open)}),
        this.may ? button('name-edit', 'names.edit', '✎', () => this.edit(name)) : null,
        this.may ? button('name-ignore', 'names.ignore', '✕', () => this.ignore(name)) : null));
    return el('li.wb-name', {testid: 'name', tabindex: on ? '0' : '-1', 'aria-current': on ? 'true' : null, 'data-name': name.name,
      onmousedown: (event) => this.pressed(event, k)},
    line, edit ? this.form(name, proposal) : this.offer(name, proposal), on && this.open && !edit ? this.details(name, proposal) : null);
  }

  offer(name, proposal) {
    if (!proposal) return el('span.wb-none', {}, t('names.no_proposal'));
    return el('span.wb-line', {},
      quietButton('button.wb-form', {lang: 'zh-CN', testid: 'name-accept', title: t('names.accept'), disabled: !this.may, onclick: () => this.accept(name, proposal.zh)}, proposal.zh),
      el('span.wb-who', {title: t('names.confidence')}, `${Math.round(proposal.confidence * 100)}%`),
      el('span.wb-kind.wb-tier', {'data-tier': proposal.tier, title: t(`tier.${proposal.tier}_title`)}, t(`tier.${proposal.tier}`)));
  }

  details(name, proposal) {
    const others = name.proposals.map((each) => quietButton('button.wb-form', {lang: 'zh-CN', testid: 'name-other', title: t(`tier.${each.tier}_title`),
      'aria-pressed': String(each === proposal), onclick: () => this.choose(name, each)}, each.zh, el('small', {}, t(`tier.${each.tier}`))));
    const everywhere = this.keeps ? quietButton('button.wb-link', {testid: 'name-ignore-everywhere', onclick: () => this.ignore(name, true)}, t('names.ignore_everywhere')) : null;
    return el('div.wb-name-more', {},
      proposal?.trace ? el('p.wb-note', {testid: 'name-trace'}, `${t('names.trace')}: ${proposal.trace}`) : null,
      others.length > 1 ? el('span.wb-line', {}, ...others) : null,
      el('p.wb-note', {lang: 'ru'}, name.forms.join(', ')), everywhere);
  }

  form(name, proposal) {
    const field = (testid, value, lang) => el('input.wb-input', {testid, value, lang, required: true, autocomplete: 'off', maxlength: 200});
    const source = field('name-source', name.name, 'ru');
    const zh = field('name-zh', proposal?.zh ?? '', 'zh-CN');
    const type = el('select.wb-input', {testid: 'name-type'}, ...TYPES.map((each) => el('option', {value: each}, t(`type.${each}`))));
    const others = el('input', {type: 'checkbox', testid: 'name-others'});
    const stop = () => {
      this.editing = false;
      this.paint();
      this.focus();
    };
    const form = el('form.wb-form-grid', {}, el('label', {}, t('dialog.russian'), source), el('label', {}, t('dialog.chinese'), zh),
      el('label', {}, t('dialog.type'), type),
      this.keeps ? el('label.wb-check', {}, others, t('names.others')) : null,
      el('span.wb-line', {}, el('button.wb-button.primary', {testid: 'name-save', title: t('names.accept')}, t('names.accept_short')), el('button.wb-button', {type: 'button', onclick: stop}, t('names.cancel'))));
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      this.accept(name, zh.value, {source: source.value, type: type.value, others: others.checked});
    });
    form.addEventListener('keydown', (event) => {
      event.stopPropagation();
      if (event.code === 'Escape' && !event.isComposing) stop();
    });
    this.input = zh;
    this.submit = () => form.requestSubmit();
    return form;
  }

  done() {
    if (!this.accepted.length || !this.may) return null;
    const row = (each) => el('li.wb-line', {testid: 'name-accepted'}, el('span', {lang: 'ru'}, each.entries[0][0]),
      el('span', {lang: 'zh-CN'}, each.entries[0][1]), el('span.wb-space'),
      this.keeps || each.author === this.store.session.name ? quietButton('button.wb-link', {testid: 'name-undo', onclick: () => this.undo(each.number)}, t('shelf.undo')) : null);
    return el('details.wb-accepted', {}, el('summary', {}, t('names.accepted'), el('span.wb-count', {}, ` ${this.accepted.length}`)),
      el('ul', {}, ...this.accepted.slice(0, SHOWN).map(row)));
  }

  // -- choosing -----------------------------------------------------------------------

  proposal(name) {
    return this.choice.get(name.name) ?? name.proposals[0];
  }

  select(k) {
    this.selected = k;
    this.open = false;
    this.editing = false;
    this.paint();
  }

  pressed(event, k) {
    if (event.target.closest('button, input, form')) return;
    event.preventDefault(); // a click never takes the focus from what is being typed
    if (k !== this.selected) this.select(k);
  }

  toggle(name) {
    const k = this.names.indexOf(name);
    this.open = k === this.selected ? !this.open : true;
    this.selected = k;
    this.editing = false;
    this.paint();
  }

  choose(name, proposal) {
    this.choice.set(name.name, proposal);
    this.paint();
  }

  /** The keyboard's way into the list. */
  focus() {
    this.root.scrollIntoView({block: 'nearest'});
    this.root.querySelector('li[tabindex="0"]')?.focus();
  }

  key(event) {
    if (event.ctrlKey || event.altKey || event.metaKey || event.target.closest('button, input, summary')) return;
    const name = this.current;
    const last = (this.names?.length ?? 0) - 1;
    const acts = {
      ArrowDown: () => this.select(Math.min(last, this.selected + 1)),
      ArrowUp: () => this.select(Math.max(0, this.selected - 1)),
      Enter: () => this.acceptSelected(), KeyA: () => this.acceptSelected(),
      KeyE: () => this.may && this.edit(name), KeyX: () => this.may && this.ignore(name),
      Space: () => this.toggle(name), Escape: () => (this.grid.current ? this.grid.area : this.grid.root).focus({preventScroll: true}),
    };
    const act = acts[event.code];
    if (!act || !name) return;
    event.preventDefault();
    act();
  }

  go(name) {
    const here = this.grid.current?.row.n ?? 0;
    const numbers = [...new Set(name.mentions.map((mention) => mention.n))];
    this.grid.go(numbers.find((n) => n > here) ?? numbers[0]);
  }

  edit(name) {
    this.selected = this.names.indexOf(name);
    this.editing = true;
    this.paint();
    this.input.focus();
    this.input.select();
  }

  // -- deciding -----------------------------------------------------------------------

  acceptSelected() {
    const name = this.current;
    if (!name || !this.may) return;
    const proposal = this.proposal(name);
    if (this.editing) this.submit();
    else if (proposal) this.accept(name, proposal.zh);
    else this.edit(name);
  }

  async accept(name, zh, more = {}) {
    if (this.busy) return;
    this.busy = true;
    const {id} = this.store.article; // another may be opened while we wait
    await this.store.saved(); // a person's text is never taken for a draft
    const answer = await request('POST', `/articles/${id}/names/accept`, {name: name.name, zh, ...more});
    this.busy = false;
    if (!answer.ok) {
      this.store.say(...trouble(answer, t), 'error');
      if (answer.status === 409) await this.load(); // somebody else was quicker
      return;
    }
    const {data} = answer;
    const [term] = data.terms;
    this.editing = false;
    this.open = false;
    this.store.take(data.rows);
    const left = [...data.flagged, ...data.locked, ...data.conflicts];
    const key = term.status === 'approved' ? 'names.said_approved' : 'names.said_proposed';
    this.store.tell('say', {message: t(key, {source: term.source, target: term.target, count: data.changed.length}),
      remedy: left.length ? t('names.said_left', {rows: left.join(', ')}) : '', kind: 'info',
      act: t('shelf.undo'), then: () => this.undo(data.undo)});
    await this.store.refreshHits();
  }

  async undo(number) {
    await this.store.saved();
    const answer = await request('POST', `/names/accepted/${number}/undo`);
    if (!answer.ok) this.store.say(...trouble(answer, t), 'error');
    else {
      this.store.take(answer.data.rows);
      this.store.say(t('names.said_undone', {source: answer.data.terms.join(', ')}),
        answer.data.kept.length ? t('names.said_kept', {rows: answer.data.kept.join(', ')}) : '');
    }
    await this.store.refreshHits();
  }

  async ignore(name, everywhere = false) {
    const path = `/articles/${this.store.article.id}/names`;
    const body = {name: name.name, everywhere};
    const answer = await request('POST', `${path}/ignore`, body);
    if (!answer.ok) {
      this.store.say(...trouble(answer, t), 'error');
      return;
    }
    this.store.tell('say', {message: t('names.said_ignored', {name: name.name}), kind: 'info', act: t('shelf.undo'), then: async () => {
      await request('POST', `${path}/heed`, body);
      await this.load();
    }});
    await this.load();
  }
}
