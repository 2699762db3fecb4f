// Text by code points, as the server counts, and which names a target holds.

const ASTRAL = /[\ud800-\udbff]/;

/** The part of text from code point start to end. */
export function slice(text, start, end) {
  if (!ASTRAL.test(text)) return text.slice(start, end);
  return Array.from(text).slice(start, end).join('');
}

/** Split text at hits: [[piece, hit or null], …]; overlapping hits are passed over. */
export function pieces(text, hits) {
  const parts = [];
  let at = 0;
  for (const hit of [...hits].sort((a, b) => a.start - b.start || b.end - a.end)) {
    if (hit.start < at) continue;
    if (hit.start > at) parts.push([slice(text, at, hit.start), null]);
    parts.push([slice(text, hit.start, hit.end), hit]);
    at = hit.end;
  }
  const rest = slice(text, at, Infinity);
  if (rest) parts.push([rest, null]);
  return parts;
}

const accepted = (hit) => [hit.target, ...hit.variants].filter(Boolean);

/**
 * The hits of a row whose Chinese form stands in text. For saved text the server has said so;
 * while typing it is the same rule: the longest form claims its place (联合国安理会 is no 联合国),
 * one mention serves a name that the source repeats, and a full name also mentions its surname.
 */
export function satisfied(row, text) {
  const saved = text === row.target && row.hits.some((hit) => hit.state);
  if (saved) return new Set(row.hits.filter((hit) => hit.place));
  const forms = [...new Set(row.hits.flatMap(accepted))].sort((a, b) => b.length - a.length);
  const present = new Set();
  for (let at = 0; at < text.length; ) {
    const form = forms.find((candidate) => text.startsWith(candidate, at));
    if (form) present.add(form);
    at += form ? form.length : 1;
  }
  const serves = (hit) => accepted(hit).some((form) => present.has(form)
    || [...present].some((longer) => longer.endsWith(`·${form}`)));
  return new Set(row.hits.filter(serves));
}
