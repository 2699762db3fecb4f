// One unit of the memory: its texts to be changed, its history, versions brought back.

import {request, trouble} from './api.js';
import {ORIGINS} from './concordance.js';
import {dialog, el} from './dom.js';
import {shortTime, t} from './words.js';

// What the memory writes where a person gave no reason (`domain/memory.py`).
const OWN_REASONS = ['confirmed again', 'edited', 'deleted', 'undeleted', 'duplicate', 'one translation', 'glossary'];
const why = (reason) => OWN_REASONS.includes(reason) ? t(`unit.why_${reason.replaceAll(' ', '_')}`) : reason;

/** Open unit *id* over *host*; *done* is called after each change. */
export async function openUnit(host, id, writes, done) {
  const answer = await request('GET', `/memory/units/${id}`);
  const box = dialog({text: t('unit.title', {id}), close: t('dialog.close'), host}, 'unit');
  box.classList.add('wide');
  if (!answer.ok) return box.append(el('div', {}, el('p.wb-problem', {role: 'alert'}, trouble(answer, t).join(' '))));
  new UnitForm(box, answer.data, writes, done).draw();
  return undefined;
}

class UnitForm {
  constructor(box, unit, writes, done) {
    Object.assign(this, {box, unit, writes, done});
    this.root = el('div');
    box.append(this.root);
  }

  draw() {
    const {unit, writes} = this;
    const shut = !writes || unit.deleted;
    const area = (name, lang) => el('textarea.wb-input', {name, lang, rows: 3, value: unit[name], readonly: shut, testid: `unit-${name}`});
    this.fields = {source: area('source', 'ru'), target: area('target', 'zh-CN'), note: area('note')};
    this.fields.note.rows = 1;
    this.reason = el('input.wb-input', {testid: 'unit-reason', autocomplete: 'off'});
    this.problem = el('p.wb-problem', {role: 'alert', testid: 'unit-problem'});
    const label = (key, field) => el('label', {}, t(key), field);
    const button = (key, kind, onclick, hook) => el(`button.wb-button${kind}`, {type: 'button', testid: hook, onclick}, t(key));
    const acts = unit.deleted
      ? [button('unit.undelete', '.primary', () => this.act('POST', '/undelete', {}), 'unit-undelete')]
      : [button('unit.delete', '', () => this.remove(), 'unit-delete'), button('unit.save', '.primary', () => this.save(), 'unit-save')];
    const from = [t(ORIGINS[unit.origin]), unit.article].filter(Boolean).join(' · ');
    this.root.replaceChildren(
      el('div.wb-form-grid', {}, el('p.wb-who', {}, from), unit.deleted ? el('p.wb-problem', {}, t('unit.is_deleted')) : null,
        label('editor.source', this.fields.source), label('editor.target', this.fields.target), label('dialog.note', this.fields.note),
        writes ? label('unit.reason', this.reason) : null, this.problem, writes ? el('div.wb-acts', {}, ...acts) : null),
      el('h3', {}, t('unit.history')), el('ol.wb-versions', {testid: 'unit-history'}, ...unit.versions.map((version) => this.version(version))));
  }

  version(version) {
    const now = version.revision === this.unit.revision;
    const same = version.source === this.unit.source && version.target === this.unit.target;
    const restore = this.writes && !this.unit.deleted && !now && !same
      ? el('button.wb-link', {type: 'button', testid: 'unit-restore', onclick: () => this.act('POST', '/restore', {version: version.revision, revision: this.unit.revision})}, t('unit.restore'))
      : null;
    const who = [version.author, shortTime(version.created), version.deleted ? t('unit.was_deleted') : '', why(version.reason)].filter(Boolean).join(' · ');
    return el('li', {}, el('p.wb-who', {}, `${version.revision} · ${who} `, restore),
      version.deleted ? null : el('p', {lang: 'ru'}, version.source), version.deleted ? null : el('p', {lang: 'zh-CN'}, version.target));
  }

  save() {
    const changed = Object.fromEntries(Object.entries(this.fields).filter(([name, field]) => field.value !== this.unit[name]).map(([name, field]) => [name, field.value]));
    return this.act('PATCH', '', {...changed, revision: this.unit.revision});
  }

  async remove() {
    const query = new URLSearchParams({revision: this.unit.revision, reason: this.reason.value});
    await this.act('DELETE', `?${query}`);
  }

  /** Do something; the form then shows the unit as it is, or the trouble with what was typed kept. */
  async act(method, path, body) {
    const url = `/memory/units/${this.unit.id}`;
    const answer = await request(method, `${url}${path}`, body && {...body, reason: this.reason.value});
    if (!answer.ok) {
      this.problem.textContent = trouble(answer, t).join(' ');
      return;
    }
    this.unit = answer.data ?? (await request('GET', url)).data;
    this.draw();
    this.done();
  }
}
