import type { LiveContext } from 'nest-live';
import { LiveError } from 'nest-live';
import type { DataSource, EntityManager } from 'typeorm';
import { LessThan } from 'typeorm';

import type { ResolvedInbox } from './inbox.options.js';
import { ProcessedEvent } from './processed-event.entity.js';
import { inTurn } from './turns.js';

/** The event a work belongs to: its context, or a key made from `LiveContext.eventKey`. */
export type EventOfWork = Pick<LiveContext, 'eventKey' | 'signal'> | string | undefined;

const MAX_KEY_CHARS = 255;

/** Does the database work of an event exactly once, however often its handler runs. */
export class Inbox {
  constructor(
    private readonly source: DataSource,
    private readonly options: ResolvedInbox,
  ) {}

  /**
   * Runs `work` in a transaction that also notes the event. A later call for the same event, on any node, does not run
   * it and answers what it returned then; a call at the same moment waits for the first one. When the work throws,
   * nothing is noted.
   *
   * @param event the handler's `LiveContext`; or a key, for a second work of one event: `` `${live.eventKey}:mail` ``
   * @param work must do all it does by the manager it is given, and return JSON or nothing
   * @returns a JSON copy of what the work returned
   * @throws LiveError `HANDLER_ERROR` without an event (at mount, at a push), `HANDLER_TIMEOUT` when the event was over
   * its time, `STATE_TOO_LARGE` for a result above `maxResultBytes`: then nothing was changed
   */
  async once<T>(event: EventOfWork, work: (manager: EntityManager) => Promise<T>): Promise<T> {
    const eventKey = keyOf(event);
    const signal = typeof event === 'object' ? event.signal : undefined;
    const text = await inTurn(this.source, () => this.first(eventKey, signal, work));
    return (text === null ? undefined : JSON.parse(text)) as T;
  }

  /** Whether the events are noted in this database: work in another one is not done exactly once by it. */
  isIn(source: DataSource): boolean {
    return this.source === source;
  }

  /** Forgets events older than `keepMs`. @returns how many */
  async purge(): Promise<number> {
    const until = String(Date.now() - this.options.keepMs);
    const { affected } = await inTurn(this.source, () =>
      this.source.manager.delete(ProcessedEvent, { createdAt: LessThan(until) }),
    );
    return affected ?? 0;
  }

  private async first(
    eventKey: string,
    signal: AbortSignal | undefined,
    work: (manager: EntityManager) => Promise<unknown>,
  ): Promise<string | null> {
    const known = await this.find(eventKey);
    if (known) {
      return known.result;
    }
    let isNoted = false;
    try {
      return await this.source.transaction(async (manager) => {
        // First of all: a second caller waits here until this transaction has ended.
        await manager.insert(ProcessedEvent, { eventKey, createdAt: String(Date.now()), result: null });
        isNoted = true;
        const result = this.write(await work(manager));
        await manager.update(ProcessedEvent, { eventKey }, { result });
        // The client has been told that nothing was changed: keep it true.
        if (signal?.aborted) {
          throw new LiveError('HANDLER_TIMEOUT', 'the event was over its time before its work was done', {
            cause: signal.reason,
          });
        }
        return result;
      });
    } catch (error) {
      // Refused as a duplicate, in the words of whatever database this is: then the row is there.
      const row = isNoted ? null : await this.find(eventKey);
      if (!row) {
        throw error;
      }
      return row.result;
    }
  }

  private find(eventKey: string): Promise<ProcessedEvent | null> {
    return this.source.manager.findOneBy(ProcessedEvent, { eventKey });
  }

  private write(result: unknown): string | null {
    const { maxResultBytes } = this.options;
    const text = JSON.stringify(result) as string | undefined;
    if (text !== undefined && Buffer.byteLength(text) > maxResultBytes) {
      throw new LiveError('STATE_TOO_LARGE', `an inbox keeps results of at most ${maxResultBytes} bytes: return an id`);
    }
    return text ?? null;
  }
}

const keyOf = (event: EventOfWork): string => {
  const key = typeof event === 'object' ? event.eventKey : event;
  if (!key) {
    throw new LiveError(
      'HANDLER_ERROR',
      'Inbox.once() needs the key of an event, and there is none here: only an @OnEvent() handler has live.eventKey, a mount or a push has not.',
    );
  }
  if (key.length > MAX_KEY_CHARS) {
    throw new LiveError('HANDLER_ERROR', `Inbox.once() takes keys of at most ${MAX_KEY_CHARS} characters: "${key}"`);
  }
  return key;
};
