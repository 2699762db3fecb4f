// A bulletin: several articles of the list in the house layout. What is typed is kept in this browser.

import {request, trouble} from './api.js';
import {el} from './dom.js';
import {progress} from './shelf.js';
import {t} from './words.js';

const FORMATS = ['docx', 'html', 'txt'];
const MARKS = {error: '✕', warning: '!'};

export class BulletinDesk {
  constructor(store, dialogs, shelf) {
    Object.assign(this, {store, dialogs, shelf, chosen: new Set(), earlier: [], busy: false});
    this.key = `wb-bulletin-${store.session.name}`;
  }

  open() {
    this.store.flush();
    this.spec = el('textarea.wb-input.wb-spec', {spellcheck: 'false', wrap: 'off', 'aria-label': t('bulletin.spec'), testid: 'bulletin-spec', placeholder: t('bulletin.placeholder'),
      oninput: () => this.keep(), value: this.kept()});
    this.result = el('div.wb-remarks', {testid: 'bulletin-remarks', role: 'status', 'aria-live': 'polite'});
    this.undo = this.button('undo', () => this.back());
    this.undo.hidden = !this.earlier.length;
    const there = new Set(this.shelf.articles.map((article) => article.id));
    this.chosen = new Set([...this.chosen].filter((id) => there.has(id)));
    this.builders = FORMATS.map((format) => el('button.wb-button', {type: 'button', testid: `bulletin-${format}`, onclick: () => this.build(format)}, `.${format}`));
    const articles = el('ul.wb-chosen', {testid: 'bulletin-articles', 'aria-label': t('bulletin.articles')}, ...this.shelf.articles.map((article) => this.choice(article)));
    const left = el('div.wb-bulletin-side', {}, el('p.wb-note', {}, t('bulletin.hint')), articles, this.button('make', () => this.make()));
    const acts = el('div.wb-line', {}, this.button('check', () => this.check()), this.button('save', () => this.download(this.spec.value, 'bulletin.toml')), this.undo,
      el('span.wb-space'), el('span', {}, t('bulletin.build')), ...this.builders);
    const right = el('div.wb-bulletin-main', {}, this.spec, acts, this.result);
    this.box = this.dialogs.open('bulletin.title', 'bulletin', el('div.wb-bulletin', {}, left, right));
    this.box.classList.add('wide');
  }

  button(name, onclick) {
    return el('button.wb-button', {type: 'button', testid: `bulletin-${name}`, onclick}, t(`bulletin.${name}`));
  }

  choice(article) {
    const {metadata} = article;
    const {done, total} = progress(article);
    const toggle = (event) => (event.target.checked ? this.chosen.add(article.id) : this.chosen.delete(article.id));
    return el('li', {}, el('label.wb-check', {}, el('input', {type: 'checkbox', checked: this.chosen.has(article.id), onchange: toggle, value: String(article.id)}),
      el('span', {lang: 'ru'}, metadata.title || article.name || t('shelf.untitled')), el('small', {}, `${done}/${total}`)));
  }

  kept() {
    try {
      return localStorage.getItem(this.key) ?? '';
    } catch {
      return this.spec?.value ?? ''; // a browser that keeps nothing
    }
  }

  keep() {
    try {
      localStorage.setItem(this.key, this.spec.value);
    } catch { /* full, or forbidden: what is typed lasts as long as the page */ }
  }

  put(text) {
    this.spec.value = text;
    this.keep();
  }

  /** Make a specification of the chosen articles; what stood there can be brought back. */
  async make() {
    if (!this.chosen.size) return this.say([], t('bulletin.choose'));
    if (this.busy) return null;
    this.busy = true;
    const answer = await request('POST', '/bulletins/new', {articles: [...this.chosen]});
    this.busy = false;
    if (!answer.ok) return this.fail(answer);
    if (this.spec.value.trim()) this.earlier.push(this.spec.value);
    this.undo.hidden = !this.earlier.length;
    this.put(answer.data.spec);
    return this.say([], t('bulletin.made'));
  }

  back() {
    this.put(this.earlier.pop());
    this.undo.hidden = !this.earlier.length;
    this.spec.focus();
  }

  async check() {
    const answer = await request('POST', '/bulletins/check', {spec: this.spec.value});
    if (!answer.ok) return this.fail(answer);
    return this.say(answer.data, answer.data.length ? '' : t('bulletin.ready'));
  }

  /** Build a file; when something is missing, say what and offer a draft. */
  async build(format, draft = false) {
    const found = await request('POST', '/bulletins/check', {spec: this.spec.value});
    if (!found.ok) return this.fail(found);
    const errors = found.data.filter((remark) => remark.severity === 'error');
    this.say(found.data, found.data.length ? '' : t('bulletin.ready'));
    if (errors.length && !draft) {
      this.result.prepend(el('p.wb-problem', {role: 'alert'}, t('bulletin.not_ready', {count: errors.length}), ' ',
        el('button.wb-button', {type: 'button', testid: 'bulletin-draft', onclick: () => this.build(format, true)}, t('bulletin.draft'))));
      return null;
    }
    const answer = await this.file(format, draft);
    return answer ? this.fail(answer) : null;
  }

  /** Fetch and save the file; return the answer when it is none. */
  async file(format, draft) {
    let answer;
    try {
      answer = await fetch(`/api/v1/bulletins/build?to=${format}&draft=${draft}`, {method: 'POST', headers: {'content-type': 'application/json'},
        body: JSON.stringify({spec: this.spec.value})});
    } catch {
      return {ok: false, status: 0, data: null};
    }
    if (!answer.ok) return {ok: false, status: answer.status, data: await answer.json().catch(() => null)};
    const name = /filename="([^"]+)"/.exec(answer.headers.get('content-disposition'))?.[1];
    this.download(await answer.blob(), name ?? `bulletin.${format}`);
    return null;
  }

  download(content, name) {
    const address = URL.createObjectURL(new Blob([content]));
    el('a', {href: address, download: name}).click();
    setTimeout(() => URL.revokeObjectURL(address), 10000);
  }

  fail(answer) {
    this.result.replaceChildren(el('p.wb-problem', {role: 'alert'}, trouble(answer, t).filter(Boolean).join(' ')));
  }

  say(remarks, text) {
    const lines = remarks.map((remark) => el('li', {'data-severity': remark.severity, 'data-key': remark.key}, el('span.wb-mark', {'aria-label': t(`bulletin.${remark.severity}`)}, MARKS[remark.severity]),
      el('b', {}, remark.item ? t('bulletin.item', {n: remark.item}) : t('bulletin.whole')), ' ', remark.problem, ' ', el('span.wb-soft', {}, remark.remedy)));
    this.result.replaceChildren(...(text ? [el('p.wb-note', {}, text)] : []), ...(lines.length ? [el('ul', {}, ...lines)] : []));
  }
}
