import { describe, expect, it } from '@jest/globals';

import { ClientAddress } from './client-address.js';

const from = (remoteAddress: string, headers = {}) => ({ headers, socket: { remoteAddress } });

describe('the address of a client', () => {
  it('is that of the connection', () => {
    expect(new ClientAddress(false).of(from('203.0.113.9'))).toBe('203.0.113.9');
  });

  it.each(['x-forwarded-for', 'forwarded', 'via', 'x-real-ip'])(
    'is that of the connection where no proxy is declared, whatever %s says',
    (name) => {
      expect(new ClientAddress(false).of(from('203.0.113.9', { [name]: '198.51.100.1' }))).toBe('203.0.113.9');
    },
  );

  it.each(['127.0.0.1', '::1', '::ffff:127.0.0.1'])('is not known when the peer is this machine: %s', (peer) => {
    expect(new ClientAddress(false).of(from(peer))).toBeUndefined();
  });

  it('behind a trusted proxy is what that proxy has seen itself, not what the client says before it', () => {
    const request = from('127.0.0.1', { 'x-forwarded-for': '6.6.6.6, 198.51.100.1' });
    expect(new ClientAddress(true).of(request)).toBe('198.51.100.1');
  });
});
