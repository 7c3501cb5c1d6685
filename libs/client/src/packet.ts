/** A text packet of engine.io 4 with the Socket.IO 5 packet inside: `kind` is one digit, or two starting with 4. */
export interface Packet {
  readonly kind: number;
  readonly id: number;
  readonly data?: unknown;
}

/** @throws SyntaxError for what no server of ours sends */
export const readPacket = (text: string): Packet => {
  const [, kind, id, data] = /^(4?\d)(\d*)(.*)$/s.exec(text) ?? [];
  return { kind: +kind, id: +id, data: data ? JSON.parse(data) : undefined };
};
