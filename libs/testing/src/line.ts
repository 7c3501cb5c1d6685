import type { Type } from '@nestjs/common';
import type { ErrorReply, LiveCaller, Reply } from 'nest-live';
import type { Arrival, Effects, InstanceAccess, Position, RequestEnvelope } from 'nest-live/extend';

/** A new render that the server has sent without being asked. */
export interface Pushed {
  /** Empty: effects alone. */
  readonly html: string;
  readonly effects: Effects;
  readonly at: Position;
  /** Where the push brought one. */
  readonly token?: string;
}

/** Who hears of what the server says by itself. */
export interface Listener {
  update(push: Pushed): void;
  refuse(reply: ErrorReply): void;
}

/** What a mounted component asks of the server. */
export type Ask = 'join' | 'subscribe' | 'event' | 'leave';

/** What is shown of an event while it runs, and how to stop it. */
export type Watching = Pick<Arrival, 'preview' | 'cancellation'>;

/** What carries the messages of one page, and the server's pushes back. */
export abstract class Line {
  /** @param watching taken where no wire is between: elsewhere an event shows its answer alone */
  abstract ask(ask: Ask, envelope: RequestEnvelope, watching?: Watching): Promise<Reply>;

  /** Asks for pushes, where nobody sends them. */
  look?(envelope: RequestEnvelope): Promise<void>;

  /** The page is gone without a word. */
  abstract close(): void;
}

/** What is mounted: as a page would, with any props, or as a client may. */
export interface Mounting {
  readonly component: string;
  readonly props: Readonly<Record<string, unknown>>;
}

/** The inside of the application, where it runs in this process. */
export interface Inside {
  readonly access: InstanceAccess;
  readonly caller: LiveCaller;
}

/** Where the tests of one caller take place. */
export abstract class Site {
  /** For messages: `the application`, `http://127.0.0.1:3000`. */
  abstract readonly place: string;
  abstract readonly inside?: Inside;

  abstract mount(mounting: Mounting): Promise<Reply>;

  /** Brings the bytes of an announced file. @returns the refusal, if there is one */
  abstract bring(token: string, bytes: Uint8Array): Promise<ErrorReply | undefined>;

  /** A page of its own. */
  abstract open(listener: Listener): Promise<Line>;
}

/** What the components of one test share. */
export interface Surroundings {
  /** Every page that is open. */
  readonly pages: Set<{ close(): void }>;
  /** @throws TypeError for a class that is no component of the application */
  nameOf(component: Type<object> | string): string;
}
