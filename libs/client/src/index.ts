import './modules/notices.js';
import { live } from './live.js';
import { publishClient } from './published-client.js';

// Modules find the client here, whether it came as a script or in a bundle.
publishClient(live);

export { live };
export type { StartOptions } from './live.js';
export type { Component } from './component-port.js';
export type { Effect } from './effects.js';
export type { ErrorReply, OkReply, Position, Reply, WireError } from './wire.js';
