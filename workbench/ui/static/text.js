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
 * Which hits the target satisfies: the set of hits whose Chinese form stands in it. Counted:
 * two mentions need two forms; the longest form at a place wins, so that 集体安全条约组织 is
 * not also 组织.
 */
export function satisfied(hits, target) {
  const forms = [...new Set(hits.flatMap(accepted))].sort((a, b) => b.length - a.length);
  const counts = new Map();
  for (let at = 0; at < target.length; ) {
    const form = forms.find((candidate) => target.startsWith(candidate, at));
    if (form) counts.set(form, (counts.get(form) ?? 0) + 1);
    at += form ? form.length : 1;
  }
  const good = new Set();
  for (const hit of hits) {
    const form = accepted(hit).find((candidate) => counts.get(candidate) > 0);
    if (!form) continue;
    counts.set(form, counts.get(form) - 1);
    good.add(hit);
  }
  return good;
}
