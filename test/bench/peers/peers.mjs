import { GatewayPeer } from './gateway.peer.mjs';
import { HtmxPeer } from './htmx.peer.mjs';
import { LiveViewJsPeer } from './liveviewjs.peer.mjs';
import { NestLivePeer } from './nest-live.peer.mjs';
import { WsPeer } from './ws.peer.mjs';

/** Ours first: the others are told in ratios to it. */
export const PEERS = [
  new NestLivePeer(),
  new HtmxPeer('express'),
  new HtmxPeer('fastify'),
  new HtmxPeer('fastify', 'rows'),
  new LiveViewJsPeer(),
  new GatewayPeer(),
  new WsPeer(),
];

export const OURS = PEERS[0].name;

export const peerNamed = (name) => PEERS.find((peer) => peer.name === name);
