export interface ServerSentEvent {
  /** Where a reconnecting reader goes on: `Last-Event-ID`. */
  readonly id?: string;
  readonly event: string;
  readonly data: unknown;
}

/** On the wire. JSON escapes every line break and NUL, so no data can end the event or begin a field of its own. */
export const writeEvent = ({ id, event, data }: ServerSentEvent): string =>
  `${id === undefined ? '' : `id: ${id}\n`}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
