import { Injectable } from '@nestjs/common';

import { LiveError } from '../../errors/live-error.js';
import type { OwnAnswer, OwnExchange } from '../../lifecycle/context/own-exchange.js';
import { UploadStore, type UploadRecord } from '../../uploads/upload-store.js';
import { UploadReceiver } from './upload.receiver.js';
import { UploadTickets } from './upload.tickets.js';

const TOKEN = 'live-upload';

/**
 * `P/-/upload`: `POST` brings bytes from `upload-offset` on, `HEAD` says how many are here, `DELETE` cancels, `GET` with a
 * token in the path shows a whole file. Header names are those of the IETF draft for resumable uploads where it has one.
 */
@Injectable()
export class UploadEndpoint {
  constructor(
    private readonly receiver: UploadReceiver,
    private readonly tickets: UploadTickets,
    private readonly store: UploadStore,
  ) {}

  async answer(asked: OwnExchange): Promise<OwnAnswer> {
    const token = asked.method === 'GET' ? asked.rest : asked.headers[TOKEN];
    const exchange = { ...asked, caller: await asked.behind(this.tickets.componentOf(token)) };
    switch (exchange.method) {
      case 'POST':
        return this.receive(exchange);
      case 'HEAD':
        return { status: 200, headers: headersOf(await this.receiver.find(exchange.headers[TOKEN], exchange.caller)) };
      case 'DELETE':
        await this.receiver.cancel(exchange.headers[TOKEN], exchange.caller);
        return { status: 204, headers: NO_STORE };
      case 'GET':
        return this.show(exchange);
    }
  }

  private async receive({ headers, caller, body, signal }: OwnExchange): Promise<OwnAnswer> {
    const offset = Number(headers['upload-offset'] ?? 0);
    if (!Number.isSafeInteger(offset) || offset < 0) {
      throw new LiveError('BAD_FRAME', 'upload-offset is no number of bytes');
    }
    const { 'content-length': said, 'upload-complete': complete } = headers;
    const length = said === undefined ? undefined : Number(said);
    const isPart = complete === '?0';
    const record = await this.receiver.receive(headers[TOKEN], caller, { offset, length, isPart, body, signal });
    const { id, name, size, type, received } = record;
    return {
      status: 200,
      headers: { ...headersOf(record), 'content-type': 'application/json; charset=utf-8' },
      body: JSON.stringify({ ok: true, id, name, size, type, offset: received, complete: record.complete }),
    };
  }

  /** Whatever it is, no browser runs it: it is a download, of the type its bytes have, without an origin. */
  private async show({ rest, caller }: OwnExchange): Promise<OwnAnswer> {
    const { upload } = this.tickets.open(rest, caller, 'read');
    const record = await this.store.find(upload);
    if (!record?.complete) {
      throw new LiveError('UPLOAD_TOKEN_INVALID', 'the file was thrown away, or its time is over');
    }
    const { id, type, size, extension = 'bin' } = record;
    return {
      status: 200,
      headers: {
        'content-type': type,
        'content-length': String(size),
        'content-disposition': `attachment; filename="${id.slice(0, 12)}.${extension}"`,
        'content-security-policy': "sandbox; default-src 'none'",
        'cross-origin-resource-policy': 'same-origin',
        'cache-control': 'private, max-age=300',
      },
      body: await this.store.read(upload),
    };
  }
}

const NO_STORE = { 'cache-control': 'no-store' } as const;

const headersOf = ({ received, size, complete }: UploadRecord): Record<string, string> => ({
  ...NO_STORE,
  'upload-offset': String(received),
  'upload-length': String(size),
  'upload-complete': complete ? '?1' : '?0',
});
