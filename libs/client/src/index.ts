import { live } from './live.js';

// Modules find the client here, whether it came as a script or in a bundle.
(globalThis as { live?: typeof live }).live ??= live;

export { live };
export type { StartOptions } from './live.js';
export type { Component } from './component.js';
export type { Effect } from './effects.js';
export type { ErrorReply, OkReply, Position, Reply, WireError } from './wire.js';
