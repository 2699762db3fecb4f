// One row of the grid: its cells, and painting what changed.

import {el, quietButton} from './dom.js';
import {pieces, satisfied} from './text.js';
import {shortTime, t} from './words.js';

const SYMBOLS = {new: '○', drafted: '◐', edited: '✎', confirmed: '✓', reviewed: '✔', locked: '⚿'};
const SETTLED = new Set(['confirmed', 'reviewed']);
const MEMORY = ['context', 'exact', 'slot', 'fuzzy'];

export function buildRow(row, kind) {
  const source = el('div.wb-src', {role: 'gridcell', lang: 'ru', testid: 'source'});
  const target = el('div.wb-tgt', {role: 'gridcell', lang: 'zh-CN', testid: 'target'});
  const status = el('div.wb-st', {role: 'gridcell'});
  const node = el(
    'div.wb-row',
    {role: 'row', testid: 'row', 'data-n': row.n, 'data-id': row.id, 'data-kind': kind},
    el('div.wb-num', {role: 'gridcell'}, String(row.n)), source, target, status,
  );
  node.row = row;
  Object.assign(node, {source, target, status, marks: []});
  paintSource(node);
  target.textContent = row.text ?? row.target;
  return node;
}

/** Build the source anew; needed only when the hits themselves change. */
export function paintSource(node) {
  const {row} = node;
  node.hitsShown = row.hits;
  node.marks = [];
  const parts = pieces(row.source, row.hits).map(([text, hit]) => {
    if (!hit) return document.createTextNode(text);
    const mark = el('mark', {'data-found': shownAs(hit), title: hitTitle(hit)}, text);
    mark.hit = hit;
    node.marks.push(mark);
    return mark;
  });
  node.source.replaceChildren(...parts);
}

/** A term that a person let go, or a reading that a person refused, asks for nothing. */
function shownAs(hit) {
  if (hit.choice === 'rejected') return 'rejected';
  return hit.state === 'overridden' ? 'waived' : hit.found;
}

function hitTitle(hit) {
  const lines = [`${hit.source} → ${[hit.target, ...hit.variants].join(' / ')}`];
  if (hit.note) lines.push(hit.note);
  if (hit.state === 'overridden') lines.push(t('panel.overridden', {reason: hit.reason}));
  if (hit.choice) lines.push(t(`panel.${hit.choice}`, {form: hit.form}));
  else if (hit.found === 'ambiguous') lines.push(t('panel.ambiguous'));
  if (hit.found === 'suggested') lines.push(t('panel.suggested'));
  return lines.join('\n');
}

/** Orange to green while typing: one pass over the target, classes only. */
export function paintHits(node, text) {
  if (!node.marks.length) return;
  const good = satisfied(node.row, text);
  for (const mark of node.marks) mark.classList.toggle('ok', good.has(mark.hit));
}

const set = (node, name, on) => on ? node.setAttribute(`data-${name}`, '') : node.removeAttribute(`data-${name}`);

/** State, badges and the marks that the filters use. */
export function paintRow(node, me) {
  const {row} = node;
  if (node.hitsShown !== row.hits) paintSource(node);
  paintHits(node, row.text ?? row.target);
  const issues = row.issues.filter((issue) => !issue.dismissed);
  // Whoever confirms a row has looked at its words.
  const forced = !SETTLED.has(row.state) && row.hits.some((hit) => hit.method === 'forced');
  node.dataset.st = row.state;
  node.dataset.sync = row.sync;
  set(node, 'issues', issues.length);
  set(node, 'forced', forced);
  set(node, 'machine', row.origin === 'machine');
  set(node, 'fuzzy', MEMORY.includes(row.origin) && row.score < 100);
  set(node, 'others', row.author && row.author !== me);
  set(node, 'repeats', row.repeats);
  node.status.replaceChildren(
    el('span.wb-state', {}, el('span.wb-symbol', {'aria-hidden': 'true'}, SYMBOLS[row.state]),
      el('span', {}, row.sync ? t(`sync.${row.sync}`) : t(`state.${row.state}`))),
    badges(row, issues, forced),
  );
  paintConflict(node);
}

function badges(row, issues, forced) {
  const box = el('span.wb-badges');
  if (row.origin === 'machine') box.append(el('span.wb-badge', {title: row.engine}, t('badge.machine')));
  if (MEMORY.includes(row.origin)) {
    box.append(el('span.wb-badge.memory', {title: t(`how.${row.origin}`)}, `${row.score}%`));
  }
  if (row.repeats) box.append(el('span.wb-badge', {testid: 'badge-repeats', title: t('badge.repeats', {count: row.repeats})}, `↻ ${row.repeats}`));
  if (forced) box.append(el('span.wb-badge.forced', {title: t('badge.forced_title')}, t('badge.forced')));
  if (issues.length) {
    const worst = issues.some((issue) => issue.severity === 'error') ? 'error' : 'warning';
    box.append(el(`span.wb-badge.${worst}`, {title: issues.map((issue) => issue.message).join('\n')},
      `⚠ ${issues.length}`));
  }
  return box;
}

/** Both texts stand in the row until a person chooses; the focus stays where it is. */
function paintConflict(node) {
  node.querySelector('.wb-conflict')?.remove();
  const {theirs} = node.row;
  if (node.row.sync !== 'conflict' || !theirs) return;
  const fire = (choice) => node.dispatchEvent(new CustomEvent('choose', {bubbles: true, detail: {row: node.row, choice}}));
  node.append(
    el('div.wb-conflict', {role: 'gridcell', testid: 'conflict'},
      el('p', {}, t('editor.conflict', {author: theirs.author || '—', time: shortTime(theirs.changed)})),
      el('blockquote', {lang: 'zh-CN'}, theirs.target || t('editor.empty')),
      el('div', {},
        quietButton('button.wb-button', {testid: 'conflict-mine', onclick: () => fire('mine')}, t('editor.keep_mine')),
        quietButton('button.wb-button', {testid: 'conflict-theirs', onclick: () => fire('theirs')}, t('editor.take_theirs')))),
  );
}
