/** Somebody who may sign in to the playground. */
export interface Account {
  readonly id: string;
  readonly name: string;
  readonly permissions: readonly string[];
  readonly isStaff?: boolean;
  readonly isSuperuser?: boolean;
}

export const ACCOUNTS: ReadonlyMap<string, Account> = new Map([
  ['user', { id: 'user', name: 'Uma User', permissions: ['notices:read'] }],
  ['staff', { id: 'staff', name: 'Stefan Staff', permissions: ['notices:read', 'notices:delete'], isStaff: true }],
  ['owner', { id: 'owner', name: 'Olga Owner', permissions: [], isSuperuser: true }],
]);
