// A translated XLIFF file back into the open article: what came in, and what a person must look at.

import {request, trouble} from './api.js';
import {el} from './dom.js';
import {t} from './words.js';

export class Returned {
  constructor(store, dialogs) {
    Object.assign(this, {store, dialogs});
  }

  open() {
    this.file = el('input.wb-input', {type: 'file', testid: 'return-file', accept: '.xliff,.xlf', 'aria-label': t('return.file')});
    this.confirm = el('input', {type: 'checkbox', testid: 'return-confirm'});
    this.start = el('button.wb-button.primary', {testid: 'return-start', disabled: true}, t('return.start'));
    this.result = el('div', {testid: 'return-result', 'aria-live': 'polite'});
    const form = el('form.wb-return', {}, this.file, el('label.wb-line', {}, this.confirm, t('return.confirm')),
      el('p.wb-note', {}, t('return.explained')), this.start, this.result);
    this.dialogs.open('return.title', 'return', form).classList.add('wide');
    this.file.addEventListener('change', () => { this.start.disabled = !this.file.files.length; });
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      this.send();
    });
  }

  async send() {
    this.start.disabled = true;
    await this.store.saved();
    const form = new FormData();
    form.append('file', this.file.files[0]);
    form.append('confirm', String(this.confirm.checked));
    const answer = await request('POST', `/articles/${this.store.article.id}/import-xliff`, form);
    this.start.disabled = false;
    if (!answer.ok) {
      this.result.replaceChildren(el('p.wb-problem', {role: 'alert'}, trouble(answer, t).join(' ')));
      return;
    }
    this.show(answer.data);
    await this.store.poll();
  }

  show({counts, problems, noted}) {
    const counted = Object.entries(counts).map(([name, count]) => el('li', {}, `${t(`return.${name}`)}: ${count.toLocaleString()}`));
    const cell = (lang, text) => el('td', {lang}, text);
    const rows = problems.map((found) => el('tr', {}, el('th', {scope: 'row'}, String(found.n)), cell('', found.message),
      cell('zh-CN', found.present), cell('zh-CN', found.offered)));
    const head = ['number', 'why', 'here', 'in_file'].map((name) => el('th', {scope: 'col'}, t(`return.${name}`)));
    const notes = noted.map((found) => el('li', {}, `${found.n}: ${found.note}`));
    this.result.replaceChildren(el('ul.wb-returned', {}, ...counted),
      ...(rows.length ? [el('table.wb-counted.texts', {}, el('thead', {}, el('tr', {}, ...head)), el('tbody', {}, ...rows))] : []),
      ...(notes.length ? [el('h3', {}, t('return.notes')), el('ul.wb-returned', {}, ...notes)] : []));
  }
}
