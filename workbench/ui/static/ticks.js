// Names for the tick boxes in a table of Gradio's, which has none: a box is called as its row is.

import {t} from './words.js';

const NAMED = 3; // the column, counted from one, whose text names the row

export function mount(id) {
  const part = document.getElementById(id);
  if (!part) return;
  const name = () => {
    for (const all of part.querySelectorAll('.select-all-checkbox')) label(all, t('queue.every'));
    for (const box of part.querySelectorAll('[role=gridcell] .bool-cell')) {
      const row = box.closest('[role=row]');
      label(box, row?.querySelector(`[aria-colindex="${NAMED}"]`)?.textContent.trim() ?? '');
    }
  };
  name();
  new MutationObserver(name).observe(part, {childList: true, subtree: true, characterData: true});
}

function label(place, text) {
  if (place.hasAttribute('role')) {  // a button around a box: the box alone is what one presses
    place.removeAttribute('role');
    place.removeAttribute('tabindex');
  }
  for (const box of place.querySelectorAll('input')) {
    if (box.getAttribute('aria-label') !== text) box.setAttribute('aria-label', text);
  }
}
