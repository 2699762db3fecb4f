// The small windows: help, go to, concordance, a new term.

import {request, trouble} from './api.js';
import {Concordance} from './concordance.js';
import {dialog, el} from './dom.js';
import {t} from './words.js';

const TYPES = ['person', 'place', 'org', 'media', 'event', 'document', 'term'];
const HELP = [
  ['Ctrl+Enter', 'confirm'], ['Alt+↑ / Alt+↓', 'move'], ['Alt+1…5', 'insert_match'], ['Alt+T', 'add_term'],
  ['Alt+K', 'concordance'], ['Alt+G', 'go_to'], ['Alt+L', 'lock'], ['Ctrl+Alt+1…9', 'dismiss'],
  ['Alt+A', 'accept_name'], ['Alt+N', 'names'], ['Enter · E · X', 'in_names'], ['Alt+O', 'ledger'], ['Alt+R', 'repeats'],
  ['Alt+/', 'help'], ['Enter', 'enter'],
];

export class Dialogs {
  constructor(store, grid) {
    Object.assign(this, {store, grid});
  }

  open(key, testid, ...children) {
    const back = document.activeElement;
    const box = dialog({text: t(key), close: t('dialog.close')}, testid, ...children);
    box.addEventListener('close', () => back?.isConnected && back.focus({preventScroll: true}));
    return box;
  }

  help() {
    this.open('dialog.help', 'help', el('dl.wb-keys', {}, ...HELP.flatMap(([keys, name]) =>
      [el('dt', {}, el('kbd', {}, keys)), el('dd', {}, t(`keys.${name}`))])));
  }

  goTo() {
    const input = el('input.wb-input', {type: 'number', min: 1, max: this.store.rows.length, 'aria-label': t('editor.number')});
    const form = el('form', {method: 'dialog'}, input, el('button.wb-button.primary', {}, t('dialog.go')));
    const box = this.open('dialog.go_to', 'go-to', form);
    input.focus();
    form.addEventListener('submit', () => {
      const n = Number(input.value);
      box.addEventListener('close', () => n && this.grid.go(n));
    });
  }

  concordance() {
    const {text, side} = selection();
    const concordance = new Concordance({text, side: text ? side : ''});
    this.open('dialog.concordance', 'concordance', ...concordance.parts).classList.add('wide');
    concordance.input.focus();
    if (text) concordance.search();
  }

  addTerm() {
    const {text, side} = selection();
    const field = (name, value, more = {}) => el('input.wb-input', {name, value, required: true, autocomplete: 'off', ...more});
    const source = field('source', side === 'source' ? text : '', {lang: 'ru'});
    const target = field('target', side === 'target' ? text : '', {lang: 'zh-CN'});
    const type = el('select.wb-input', {name: 'type'}, ...TYPES.map((name) => el('option', {value: name}, t(`type.${name}`))));
    const note = field('note', '', {required: false});
    const problem = el('p.wb-problem', {role: 'alert'});
    const label = (key, input) => el('label', {}, t(key), input);
    const form = el('form.wb-form-grid', {}, label('dialog.russian', source), label('dialog.chinese', target),
      label('dialog.type', type), label('dialog.note', note), problem,
      el('button.wb-button.primary', {testid: 'term-save'}, t('dialog.add')));
    const box = this.open('dialog.add_term', 'add-term', form);
    (source.value ? target : source).focus();
    form.addEventListener('submit', async (event) => {
      event.preventDefault();
      const answer = await request('POST', '/glossary',
        {source: source.value, target: target.value, type: type.value, note: note.value});
      if (!answer.ok) {
        problem.textContent = trouble(answer, t).join(' ');
        return;
      }
      this.store.say(t(`dialog.term_${answer.data.status === 'approved' ? 'added' : 'proposed'}`, answer.data));
      box.close();
      await this.store.refreshHits();
    });
  }
}

/** What is selected, in the textarea or in a source. */
function selection() {
  const {activeElement: area} = document;
  if (area instanceof HTMLTextAreaElement && area.selectionStart !== area.selectionEnd) {
    return {text: area.value.slice(area.selectionStart, area.selectionEnd).trim(), side: 'target'};
  }
  const chosen = getSelection();
  const cell = chosen.anchorNode?.parentElement?.closest('.wb-src, .wb-tgt');
  const side = cell?.classList.contains('wb-tgt') ? 'target' : 'source';
  return {text: cell ? chosen.toString().trim() : '', side};
}
