import { LiveSetupError } from '../errors/setup-error.js';
import type { Backend } from './backend.js';

/** What an application says of where it runs. */
export interface Deployment {
  /** How many processes serve it. */
  readonly nodes: number;
  /** Name of the backend that the environment asks for. */
  readonly backend?: string;
}

/** Compares what the application says with the backend it has. @throws LiveSetupError */
export const verifyDeployment = ({ nodes, backend }: Deployment, { name, isShared }: Backend): void => {
  if (backend && backend !== name) {
    throw new LiveSetupError(
      'OPTION_INVALID',
      `NEST_LIVE_BACKEND is "${backend}", but the application has "${name}": import the module of "${backend}", such as RedisModule.forRoot() of nest-live/redis, or correct the variable.`,
    );
  }
  if (nodes > 1 && !isShared) {
    throw new LiveSetupError(
      'BACKEND_NOT_SHARED',
      `${nodes} nodes are announced, but each would have a ${name} of its own: import RedisModule.forRoot() of nest-live/redis, or set NEST_LIVE_NODES=1.`,
    );
  }
};
