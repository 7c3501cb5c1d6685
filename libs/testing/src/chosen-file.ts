import type { ErrorReply, Reply } from 'nest-live';

/** What a browser says of a file that a person has chosen. */
export interface ChosenFile {
  readonly name: string;
  /** Media type. @default none, so that the name says it */
  readonly type?: string;
}

/** The field a file is for, and how it gets there. */
interface Destination {
  readonly field: string;
  readonly page: { emit(event: string, payload: object): Promise<Reply> };
  /** `bring` gives the refusal, if there is one. */
  readonly site: { bring(token: string, bytes: Uint8Array): Promise<ErrorReply | undefined> };
}

/** Announces a file, brings it and puts it into the field, as the browser client does; the first refusal is the answer. */
export const uploadInto = async (
  { field, page, site }: Destination,
  { bytes, name, type = '' }: ChosenFile & { readonly bytes: Uint8Array | string },
): Promise<Reply> => {
  const body = Buffer.from(bytes as Uint8Array);
  const announced = await page.emit('$upload', { field, files: [{ name, size: body.length, type }] });
  if (!announced.ok) {
    return announced;
  }
  const { tickets = [], refused = [] } = announced.effects.upload ?? {};
  const [ticket] = tickets;
  if (!ticket) {
    const [{ code, message } = { code: 'INTERNAL', message: 'no answer' } as const] = refused;
    return { ok: false, error: { code, message, retryable: false, consumed: true, ref: 'announced' } };
  }
  return (await site.bring(ticket.token, body)) ?? page.emit('$uploaded', { field, ids: [ticket.id] });
};
