// Runs before Gradio: one decision about the language for its labels, our modules and the server.
(() => {
  const NAMES = {zh: 'zh-CN', ru: 'ru', en: 'en'};
  const kept = /(?:^|; )wb_lang=(\w+)/.exec(document.cookie)?.[1];
  const asked = [...(navigator.languages ?? [navigator.language])].map((name) => name.slice(0, 2));
  const language = NAMES[kept] ? kept : asked.find((name) => NAMES[name]) ?? 'zh';
  Object.defineProperty(navigator, 'language', {get: () => NAMES[language], configurable: true});
  Object.defineProperty(navigator, 'languages', {get: () => [NAMES[language]], configurable: true});
  document.documentElement.lang = NAMES[language];
  if (kept !== language) document.cookie = `wb_lang=${language}; path=/; max-age=31536000; samesite=strict`;

  // Gradio has no attribute for test hooks: its elements carry the hook as their id.
  const HOOKS = ['glossary-table', 'glossary-add', 'evaluate-run', 'evaluate-table'];
  const mark = () => HOOKS.forEach((hook) => document.getElementById(hook)?.setAttribute('data-testid', hook));
  new MutationObserver(mark).observe(document.documentElement, {childList: true, subtree: true});
})();
