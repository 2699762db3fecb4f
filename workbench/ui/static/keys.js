// The keyboard. Letters and digits by their place (event.code): with a Russian or Chinese layout
// event.key is another character.

export function bindKeys(workspace) {
  const {root, grid, panel, dialogs, store} = workspace;
  const acts = {
    'Ctrl+Enter': () => grid.confirm(),
    'Alt+ArrowDown': () => grid.step(1),
    'Alt+ArrowUp': () => grid.step(-1),
    'Alt+KeyT': () => dialogs.addTerm(),
    'Alt+KeyK': () => dialogs.concordance(),
    'Alt+KeyG': () => dialogs.goTo(),
    'Alt+KeyL': () => workspace.toggleLock(),
    'Alt+KeyA': () => panel.names.acceptSelected(),
    'Alt+KeyN': () => panel.names.focus(),
    'Alt+KeyO': () => workspace.ledger.open(),
    'Alt+KeyR': () => !workspace.repeats.root.hidden && workspace.repeats.toggle(),
    'Alt+Slash': () => dialogs.help(),
    // Enter belongs to the input method; a sentence has no second line.
    Enter: (event) => event.target === grid.area,
    Escape: (event) => event.target === grid.area && grid.root.focus(),
  };
  for (let n = 1; n <= 5; n += 1) acts[`Alt+Digit${n}`] = () => panel.insertMatch(n - 1);
  for (let n = 1; n <= 9; n += 1) acts[`Ctrl+Alt+Digit${n}`] = () => panel.dismiss(n - 1);

  document.addEventListener('keydown', (event) => {
    if (event.isComposing || grid.composing || event.keyCode === 229) return;
    if (!store.article || !root.offsetParent || document.querySelector('dialog[open]')) return;
    if (!root.contains(event.target) && event.target.matches('input, textarea, select')) return;
    const act = acts[chord(event)];
    if (!act || (event.target !== grid.area && event.code.endsWith('Enter') && !event.ctrlKey && !event.metaKey)) return;
    if (act(event) === false) return;
    event.preventDefault();
    event.stopPropagation();
  }, true);
}

function chord(event) {
  const code = event.code === 'NumpadEnter' ? 'Enter' : event.code || event.key;
  const held = [(event.ctrlKey || event.metaKey) && 'Ctrl', event.altKey && 'Alt', event.shiftKey && 'Shift'];
  return [...held.filter(Boolean), code].join('+');
}
