import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';

/** Which process this is. A new one after each start, so that what a dead process left behind is never taken for ours. */
export class NodeIdentity {
  /** Unique for the life of this process: the given name and eight random characters. */
  readonly id: string;

  constructor(readonly name: string = process.env.NEST_LIVE_NODE ?? hostname()) {
    this.id = `${name}-${randomBytes(6).toString('base64url')}`;
  }
}
