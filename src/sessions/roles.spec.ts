import { describe, expect, it } from '@jest/globals';

import { covers, Roles } from './roles.js';

describe('a permission', () => {
  it.each([
    ['orders:write', 'orders:write', true],
    ['orders:write', 'orders:read', false],
    ['orders', 'orders:write', false],
    ['orders:write', 'orders', false],
    ['*', 'anything', true],
    ['*', 'orders:items:write', true],
    ['orders:*', 'orders:write', true],
    ['orders:*', 'orders:items:write', true],
    ['orders:*', 'orders', false],
    ['orders:*', 'ordersX:write', false],
    ['*:read', 'orders:read', true],
    ['*:read', 'orders:write', false],
    ['*:read', 'orders:items:read', false],
    ['*:read', 'read', false],
    ['orders:*:read', 'orders:items:read', true],
    ['ord*', 'orders', false],
    ['orders:write', '*', false],
  ])('%s includes %s: %s', (held, needed, expected) => {
    expect(covers([held], needed)).toBe(expected);
  });
});

describe('roles', () => {
  it('have the same meaning before anything is configured', () => {
    const roles = new Roles();
    const may = (role: string, needed: string): boolean => covers(roles.permissionsOf([role]), needed);
    const needed = ['orders:read', 'orders:write', 'orders:delete', 'manage_users'];
    expect(needed.map((one) => may('admin', one))).toEqual([true, true, true, true]);
    expect(needed.map((one) => may('editor', one))).toEqual([true, true, false, false]);
    expect(needed.map((one) => may('viewer', one))).toEqual([true, false, false, false]);
    expect(needed.map((one) => may('anonymous', one))).toEqual([false, false, false, false]);
  });

  it('are added to and replaced one by one', () => {
    const roles = new Roles({ clerk: ['orders:*'], editor: [] });
    expect([...roles.permissionsOf(['clerk', 'editor', 'unknown'])]).toEqual(['orders:*']);
    expect([...roles.permissionsOf(['admin'])]).toEqual(['*']);
  });

  it.each(['__proto__', 'constructor', 'toString'])('give nothing to a role called %s', (role) => {
    expect([...new Roles().permissionsOf([role])]).toEqual([]);
  });
});
