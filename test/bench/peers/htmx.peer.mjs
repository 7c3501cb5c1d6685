import { RawHttp } from '../load/http.mjs';
import { judge, pathOf, Peer, Visit } from './peer.mjs';

/** What htmx sends, without what only a browser adds. */
const HEADERS = 'HX-Request: true\r\nAccept: */*\r\n';
const FORM = 'application/x-www-form-urlencoded';

class HtmxVisit extends Visit {
  #client;
  #page;

  constructor(client, page) {
    super();
    this.#client = client;
    this.#page = page;
  }

  get bytes() {
    return this.#client.bytes;
  }

  do(operation, { shown, index }, done, fail) {
    const query = index === undefined ? '' : `?index=${index}`;
    const answered = judge({ shown, done, fail });
    this.#client.post(
      `/page/${this.#page}/${operation}${query}`,
      { body: '', type: FORM, headers: HEADERS },
      ({ status, body }) => (status < 300 ? answered(body) : fail(new Error(`${status} ${body.slice(0, 400)}`))),
      fail,
    );
  }

  close() {
    this.#client.close();
  }
}

/** A controller that renders the component again, and htmx that shows it. */
export class HtmxPeer extends Peer {
  what = 'a controller renders the component again, htmx puts it in place';
  canPush = false;
  ready = 'button';
  // It looks at what it has put in place only when that has settled, 20 ms later.
  busy = '.htmx-request, .htmx-swapping, .htmx-settling, .htmx-added';

  /** @param answers `whole` components, or `rows`: fragments that are written and addressed by hand */
  constructor(platform, answers = 'whole') {
    super();
    const isByHand = answers === 'rows';
    this.name = `htmx, ${isByHand ? 'by hand' : platform === 'express' ? 'Express' : 'Fastify'}`;
    if (isByHand) this.what = 'each change has its own route answer, target and swap, written by hand; on Fastify';
    this.server = ['htmx.server.js', platform, answers];
    this.packages = [
      `@nestjs/platform-${platform}`,
      ...(platform === 'express' ? ['hbs'] : ['@fastify/view']),
      'htmx2',
    ];
  }

  async open(port, page) {
    const client = await RawHttp.open(port);
    const { body } = await client.page(pathOf(page));
    const [, id] = /hx-post="\/page\/([^/"]+)\//.exec(body) ?? [];
    if (id === undefined) throw new Error(`no button in ${body.slice(0, 400)}`);
    return new HtmxVisit(client, id);
  }
}
