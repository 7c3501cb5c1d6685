/**
 * Parts of the browser client that a page loads only when a template of the application names one of their attributes,
 * when a feature asks for them, or when the option `clientModules` does. Each is a script of its own beside the core,
 * from `libs/client/src/modules/<name>.ts`.
 */
export const CLIENT_MODULES = {
  // It sees what other scripts do before the core begins. Not deferred, and for pages that have such scripts.
  early: { attributes: ['<script'], budgetBytes: 500 },
  // Every template has it: whatever a page shows, a refusal of it has to be said.
  notices: { attributes: ['<'], budgetBytes: 1_600 },
  activation: { attributes: ['live-click'], budgetBytes: 950 },
  optimistic: { attributes: ['live-optimistic'], budgetBytes: 1_700 },
  queue: { attributes: ['live-concurrency', 'live-queued'], budgetBytes: 1_000 },
  retry: { attributes: ['live-retry'], budgetBytes: 1_100 },
  streaming: { attributes: ['live-cancel'], budgetBytes: 550 },
  uploads: { attributes: ['live-upload', 'live-drop'], budgetBytes: 3_850 },
  typing: { attributes: ['live-model', 'live-submit'], budgetBytes: 2_300 },
  mistakes: { attributes: ['live-submit'], budgetBytes: 1_200 },
  words: { attributes: ['live-submit', 'live-model'], budgetBytes: 900 },
  focus: {
    attributes: ['live-click', 'live-submit', 'live-key', 'live-change', 'live-input', 'live-loading', ' name='],
    budgetBytes: 1_000,
  },
  editing: { attributes: [' name=', 'live-model', 'contenteditable'], budgetBytes: 1_100 },
  rows: {
    attributes: ['{{#each', 'live-key', 'live-value', ' id=', ' name=', '<option', '<details', 'data-key'],
    budgetBytes: 1_620,
  },
  foreign: { attributes: ['<svg', '<math', '<template', '<selectedcontent'], budgetBytes: 700 },
  dialogs: { attributes: ['<dialog', '<details'], budgetBytes: 800 },
  url: { attributes: [], budgetBytes: 500 },
  zone: { attributes: [], budgetBytes: 600 },
};
