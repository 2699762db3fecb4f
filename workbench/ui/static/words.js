// The words of the interface, in the user's language.

let texts = {};

export async function loadWords(language) {
  const answer = await fetch(`/wb/strings/${language}.json`);
  texts = await answer.json();
}

/** t('editor.count', {done: 3, total: 25}) */
export function t(key, values = {}) {
  const text = texts[key] ?? key;
  return text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

/** 2026-11-25T09:30:00.000+00:00 → 11-25 12:30 in the user's time zone. */
export function shortTime(iso) {
  if (!iso) return '';
  const at = new Date(iso);
  const two = (number) => String(number).padStart(2, '0');
  const day = `${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  const year = at.getFullYear() === new Date().getFullYear() ? '' : `${at.getFullYear()}-`;
  return `${year}${day} ${two(at.getHours())}:${two(at.getMinutes())}`;
}
