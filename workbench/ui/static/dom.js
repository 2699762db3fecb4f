// Making elements. All text goes in as text nodes: nothing here ever parses HTML.

/** el('button.primary', {type: 'button', onclick}, 'text', child…) */
export function el(spec, attributes = {}, ...children) {
  const [tag, ...classes] = spec.split('.');
  const node = document.createElement(tag);
  if (classes.length) node.className = classes.join(' ');
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith('on')) node.addEventListener(name.slice(2), value);
    else if (name === 'testid') node.dataset.testid = value;
    else if (name === 'value') node.value = value;
    else node.setAttribute(name, value === true ? '' : value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

/** A button that keeps the focus where it is, so that a click never interrupts typing. */
export function quietButton(spec, attributes, ...children) {
  const button = el(spec, {type: 'button', ...attributes}, ...children);
  button.addEventListener('mousedown', (event) => event.preventDefault());
  return button;
}

/** Give a section its heading, with a count, and its children; or say that there is nothing. */
export function fillSection(section, title, children, nothing) {
  const count = children.length ? el('span.wb-count', {}, String(children.length)) : null;
  const content = children.length ? children : [el('p.wb-none', {}, nothing)];
  section.replaceChildren(el('h3', {}, title, count), ...content);
}

/** A modal dialog with a title, over title.host or the workspace; removes itself when closed. */
export function dialog(title, testid, ...children) {
  const close = el('button.wb-close', {type: 'button', 'aria-label': title.close}, '×');
  const box = el(
    'dialog.wb-dialog',
    {testid, 'aria-label': title.text},
    el('header', {}, el('h2', {}, title.text), close),
    ...children,
  );
  close.addEventListener('click', () => box.close());
  box.addEventListener('close', () => box.remove());
  (title.host ?? document.querySelector('.wb')).append(box);
  box.showModal();
  return box;
}
