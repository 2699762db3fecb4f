// The memory page's first section: the concordance, and the units that it finds.

import {request} from './api.js';
import {Concordance} from './concordance.js';
import {el} from './dom.js';
import {openUnit} from './unit.js';
import {loadWords, t} from './words.js';

export async function mount(root) {
  const answer = await request('GET', '/session');
  if (!answer.ok) return;
  await loadWords(answer.data.language);
  const writes = answer.data.permissions.includes('keep memory');
  const host = el('div.wb.wb-memory'); // beside the tabs: units are opened from other sections too
  document.body.append(host);
  const edit = (id) => openUnit(host, id, writes, () => concordance.search());
  const concordance = new Concordance({edit});
  window.wbOpenUnit = (id) => id && edit(id);
  const number = el('input.wb-input', {type: 'number', min: 1, testid: 'unit-number', placeholder: t('unit.number'), 'aria-label': t('unit.number')});
  const open = el('form.wb-line', {}, number, el('button.wb-button', {testid: 'unit-open'}, t('unit.open')));
  open.addEventListener('submit', (event) => {
    event.preventDefault();
    if (number.value) edit(Number(number.value));
  });
  concordance.filters.append(open);
  root.replaceChildren(...concordance.parts);
}
