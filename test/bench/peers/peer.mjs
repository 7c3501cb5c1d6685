/** Somebody whom the benchmark runs beside others: a server, and a client that speaks to it on bare sockets. */
export class Peer {
  /** As the tables name it. */
  name;
  /** What it is, in half a sentence. */
  what;
  /** `[file, …arguments]` of its server. */
  server;
  /** The published packages it is made of. */
  packages;
  /** Whether its server can tell everybody something. */
  canPush = true;
  /** Whether it is made of packages that the repository has not: see `peer-packages.mjs`. */
  isGuest = false;
  /** What is in its page when the page can be used. */
  ready = 'html.ready';
  /** What is in its page while a click might still find nothing that listens, if that shows. */
  busy;

  /**
   * Opens a page, as one viewer of it does.
   * @param page `{ kind: 'counters' | 'table' | 'shared', size }`; `shared`: one counter for all, where a peer has such a thing
   * @returns {Promise<Visit>}
   */
  open() {
    throw new Error(`${this.name} opens nothing`);
  }
}

/** One viewer's open page. */
export class Visit {
  /** Called when the server tells it something by itself. */
  onPush = () => undefined;

  /** So far, whole frames and whole HTTP messages: `{ up, down }`. */
  get bytes() {
    throw new Error('a visit counts its bytes');
  }

  /**
   * One operation of its page: click, cell, append, removeFirst, prepend, reverse, reset.
   * @param shown a text that the answer must have
   * @param index which counter is meant
   */
  do() {
    throw new Error('a visit does something');
  }

  close() {
    throw new Error('a visit ends');
  }
}

export const pathOf = ({ kind, size }) => `/page?kind=${kind}&size=${size}`;

/** Calls back once the answer is right. */
export const judge =
  ({ shown, done, fail }) =>
  (text) =>
    text.includes(shown) ? done() : fail(new Error(`no ${shown} in ${text.slice(0, 400)}`));
