import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { ownAddress } from './own-address.js';

describe('the address of the module', () => {
  beforeEach(() => {
    (globalThis as { location?: unknown }).location = new URL('https://own.example/some/page');
  });

  afterEach(() => {
    delete (globalThis as { location?: unknown }).location;
  });

  it.each([
    [undefined, 'https://own.example/components'],
    ['/live', 'https://own.example/live'],
    ['live', 'https://own.example/live'],
    ['', 'https://own.example'],
  ])('is on this site: %j', (prefix, address) => {
    expect(ownAddress(prefix)).toBe(address);
  });

  it.each([
    '//other.example/live',
    '///other.example',
    '/\\other.example',
    '\\\\other.example',
    '.other.example',
    '@other',
  ])('is never on another one: %j', (prefix) => {
    expect(new URL(`${ownAddress(prefix)}/-/socket`).host).toBe('own.example');
  });
});
