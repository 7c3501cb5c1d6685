import type { ErrorReply, Reply } from 'nest-live';

/** What a browser says of a file that a person has chosen. */
export interface ChosenFile {
  readonly name: string;
  /** Media type. @default none, so that the name says it */
  readonly type?: string;
}

/** How a file goes from a page to the server. */
interface Way {
  emit(event: string, payload: object): Promise<Reply>;
  /** @returns the refusal, if there is one */
  bring(token: string, bytes: Uint8Array): Promise<ErrorReply | undefined>;
}

/** Announces a file, brings it and puts it into the field, as the browser client does; the first refusal is the answer. */
export const uploadInto = async (
  field: string,
  { bytes, name, type = '' }: ChosenFile & { readonly bytes: Uint8Array | string },
  way: Way,
): Promise<Reply> => {
  const body = Buffer.from(bytes as Uint8Array);
  const announced = await way.emit('$upload', { field, files: [{ name, size: body.length, type }] });
  if (!announced.ok) {
    return announced;
  }
  const { tickets = [], refused = [] } = announced.effects.upload ?? {};
  const [ticket] = tickets;
  if (!ticket) {
    const [{ code, message } = { code: 'INTERNAL', message: 'no answer' } as const] = refused;
    return { ok: false, error: { code, message, retryable: false, consumed: true, ref: 'announced' } };
  }
  return (await way.bring(ticket.token, body)) ?? way.emit('$uploaded', { field, ids: [ticket.id] });
};
