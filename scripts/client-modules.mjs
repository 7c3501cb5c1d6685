/**
 * Parts of the browser client that a page loads only when a template of the application names one of their attributes,
 * when a feature asks for them, or when the option `clientModules` does. Each is a script of its own beside the core,
 * from `libs/client/src/modules/<name>.ts`.
 */
export const CLIENT_MODULES = {
  optimistic: { attributes: ['live-optimistic'], budgetBytes: 1_550 },
  queue: { attributes: ['live-concurrency', 'live-queued'], budgetBytes: 850 },
  retry: { attributes: ['live-retry'], budgetBytes: 900 },
  streaming: { attributes: ['live-cancel'], budgetBytes: 450 },
  uploads: { attributes: ['live-upload', 'live-drop'], budgetBytes: 3_600 },
  typing: { attributes: ['live-model', 'live-submit'], budgetBytes: 800 },
  url: { attributes: [], budgetBytes: 400 },
};
