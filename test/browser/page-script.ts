/**
 * What a page runs before our client: a record of its troubles, and what a test adds. The record is in the storage of
 * the tab, which outlives the page and needs nothing of the tool that drives it.
 */
export class PageScript {
  added = '';

  get source(): string {
    return `${RECORD}\n${this.added}`;
  }
}

const RECORD = `(() => {
  const record = (trouble) => {
    const known = JSON.parse(sessionStorage.getItem('troubles') ?? '[]');
    sessionStorage.setItem('troubles', JSON.stringify([...known, trouble]));
  };
  addEventListener('error', ({ error, message }) => record(error?.stack ?? message));
  addEventListener('unhandledrejection', ({ reason }) => record('rejected: ' + reason));
  document.addEventListener('securitypolicyviolation', ({ violatedDirective, sourceFile, lineNumber }) =>
    record(violatedDirective + ' at ' + sourceFile + ':' + lineNumber),
  );
})();`;
