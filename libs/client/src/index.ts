export { live, type StartOptions } from './live.js';
export type { Component } from './component.js';
export type { Effect } from './effects.js';
export type { ErrorReply, OkReply, Position, Reply, WireError } from './wire.js';
