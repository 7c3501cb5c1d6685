/** Whether the sequence number of a refused event is used up. `unknown`: ask the server for its state. */
export type Consumption = boolean | 'unknown';

export interface CatalogueEntry {
  /** HTTP status of the answer. */
  readonly status: number;
  /** The client sends the same number again after a pause. */
  readonly retryable: boolean;
  readonly consumed: Consumption;
  /** What the person in front of the page reads. Never holds internals. */
  readonly message: string;
}

const entry = (status: number, retryable: boolean, consumed: Consumption, message: string): CatalogueEntry =>
  Object.freeze({ status, retryable, consumed, message });

/** Every code that crosses the wire. Codes are stable: never reused, never renamed. */
export const CATALOGUE = Object.freeze({
  BAD_FRAME: entry(400, false, false, 'The request could not be read.'),
  TOO_LARGE: entry(413, false, false, 'This is too much at once. Nothing was changed.'),
  UNSUPPORTED_PROTOCOL: entry(426, false, false, 'This page is older than the server. Reload it.'),
  ORIGIN_REJECTED: entry(403, false, false, 'Requests from this site are not accepted.'),
  UNAUTHENTICATED: entry(401, false, true, 'Sign in to continue.'),
  SESSION_REVOKED: entry(401, false, false, 'Your session has ended. Sign in again.'),
  FORBIDDEN: entry(403, false, true, 'You are not allowed to do this.'),
  UNKNOWN_COMPONENT: entry(404, false, false, 'This part of the page does not exist.'),
  UNKNOWN_EVENT: entry(404, false, false, 'This action does not exist.'),
  STATE_INVALID: entry(400, false, false, 'This part of the page is no longer valid.'),
  STATE_EXPIRED: entry(410, false, false, 'This part of the page has expired.'),
  STATE_OUTDATED: entry(409, false, false, 'This part of the page is from an older release.'),
  STATE_STALE: entry(409, false, false, 'This part of the page was out of date.'),
  STATE_ROLLED_BACK: entry(409, false, false, 'Recent changes were lost. This is the last saved state.'),
  INSTANCE_NOT_FOUND: entry(410, false, false, 'This part of the page is no longer held by the server.'),
  MOUNT_TAKEN: entry(409, false, false, 'This part of the page is already in use in another tab.'),
  CLIENT_SESSION_EXPIRED: entry(410, false, false, 'This page was idle for too long.'),
  SEQ_GAP: entry(409, true, false, 'An earlier action has not arrived yet.'),
  SEQ_TOO_OLD: entry(409, false, true, 'This action was applied earlier.'),
  VALIDATION_FAILED: entry(422, false, true, 'Some values are not valid.'),
  PROP_LOCKED: entry(403, false, true, 'This value cannot be changed from the page.'),
  RATE_LIMITED: entry(429, false, true, 'Too many tries. Wait a moment.'),
  TOO_MANY_EVENTS: entry(429, true, false, 'Too many actions at once. Wait a moment.'),
  TOO_MANY_IN_FLIGHT: entry(429, true, false, 'Too many unanswered actions. Wait a moment.'),
  TOO_MANY_INSTANCES: entry(429, false, false, 'Too many live parts on this connection.'),
  TOO_MANY_SUBSCRIPTIONS: entry(429, false, false, 'Too many subscriptions on this connection.'),
  TOO_MANY_CONNECTIONS: entry(429, false, false, 'Too many connections.'),
  HANDLER_ERROR: entry(500, false, true, 'Something went wrong. Nothing was changed.'),
  HANDLER_TIMEOUT: entry(504, false, true, 'This took too long. Nothing was changed.'),
  CANCELLED: entry(409, false, true, 'This was stopped. Nothing was changed.'),
  STATE_TOO_LARGE: entry(413, false, true, 'This holds too much data. Nothing was changed.'),
  RECORD_CHANGED: entry(409, false, true, 'Somebody else changed this record.'),
  RECORD_NOT_FOUND: entry(404, false, true, 'This record does not exist.'),
  UPLOAD_TOKEN_INVALID: entry(403, false, true, 'This file is no longer here. Choose it again.'),
  UPLOAD_TOO_LARGE: entry(413, false, true, 'This file is too large.'),
  UPLOAD_TYPE_REJECTED: entry(415, false, true, 'Files of this kind are not accepted here.'),
  UPLOAD_INCOMPLETE: entry(400, true, false, 'The file has not arrived completely.'),
  UPLOAD_QUOTA: entry(429, false, true, 'Too many files at once. Remove some first.'),
  STORE_UNAVAILABLE: entry(503, true, false, 'The server cannot save right now. Trying again.'),
  CONTENTION: entry(503, true, false, 'Many people change this at once. Trying again.'),
  OVERLOADED: entry(503, true, false, 'The server is busy. Trying again.'),
  DRAINING: entry(503, true, false, 'The server is restarting. Trying again.'),
  INTERNAL: entry(500, false, 'unknown', 'Something went wrong.'),
});

export type LiveErrorCode = keyof typeof CATALOGUE;
