/* global document, MutationObserver */

/* Runs in a page: what an operation changes there, read from the DOM, the same for every peer. */

/**
 * Clicks the button of this text, and waits until what it changes is another.
 * @returns the milliseconds from the click to the patched DOM, layout included
 */
export const clickAndWatch = ({ button, reads, index }) =>
  new Promise((resolve, reject) => {
    const rows = () => document.querySelectorAll('tbody tr');
    const READ = {
      count: () => document.querySelectorAll('output')[index].textContent,
      cell: () => rows()[Math.floor(rows().length / 2)].cells[2].textContent,
      first: () => rows()[0].id,
      last: () => rows()[rows().length - 1].id,
    };
    const read = READ[reads];
    const was = read();
    const target = [...document.querySelectorAll('button')].filter(({ textContent }) => textContent === button)[index];
    const late = setTimeout(() => reject(new Error(`${button}: still ${was}`)), 30_000);
    const observer = new MutationObserver(() => {
      if (read() === was) return;
      observer.disconnect();
      clearTimeout(late);
      void document.body.offsetHeight;
      resolve({ dom: performance.now() - began, is: read() });
    });
    observer.observe(document, { subtree: true, childList: true, characterData: true, attributes: true });
    const began = performance.now();
    target.click();
  });

/** The text of a button, what it changes, and what is there after so many of them in a table that had so many rows. */
export const SHOWN = {
  click: { button: '+1', reads: 'count', index: 0, is: (times) => String(100 + times) },
  cell: { button: 'One cell', reads: 'cell', index: 0, is: (times) => String(1_000_000 + times) },
  append: { button: 'Append', reads: 'last', index: 0, is: (times) => `row-${1_000_000 + times}` },
  removeFirst: { button: 'Remove', reads: 'first', index: 0, is: (times) => `row-${1 + times}` },
  prepend: { button: 'Prepend', reads: 'first', index: 0, is: (times) => `row-${1_000_000 + times}` },
  reverse: { button: 'Turn', reads: 'first', index: 0, is: (times, rows) => `row-${times % 2 === 1 ? rows : 1}` },
};
