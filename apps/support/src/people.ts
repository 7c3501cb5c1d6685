import type { RoleMap } from 'nest-live';

export type Role = 'customer' | 'agent' | 'lead';

/** Somebody who may come to the desk. */
export interface Person {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  /** What they say of themselves where one chooses who to be. */
  readonly about: string;
}

export const PEOPLE: ReadonlyMap<string, Person> = new Map(
  (
    [
      { id: 'mara', name: 'Mara Lind', role: 'customer', about: 'Customer, waits for a parcel' },
      { id: 'jonas', name: 'Jonas Weber', role: 'customer', about: 'Customer, has been billed twice' },
      { id: 'ines', name: 'Ines Moreau', role: 'agent', about: 'Agent, answers tickets' },
      { id: 'tom', name: 'Tom Okafor', role: 'agent', about: 'Agent, answers tickets' },
      { id: 'lena', name: 'Lena Fischer', role: 'lead', about: 'Team lead, hands tickets out' },
    ] as const
  ).map((person) => [person.id, person]),
);

export const nameOf = (id: string): string => PEOPLE.get(id)?.name ?? id;

/** Agents and leads: whoever a ticket can be handed to. */
export const STAFF: readonly Person[] = [...PEOPLE.values()].filter(({ role }) => role !== 'customer');

export const isStaff = (id: string): boolean => STAFF.some((person) => person.id === id);

const AGENT = ['desk:enter', 'tickets:read', 'tickets:answer', 'tickets:claim', 'tickets:close'] as const;

/**
 * What each role may do, for `forRoot({ roles })`: nothing else in this application asks for a role. `tickets:read` is
 * everybody's tickets; a customer's own need no permission.
 */
export const SUPPORT_ROLES: RoleMap = {
  'support-customer': ['desk:enter', 'tickets:open', 'tickets:answer'],
  'support-agent': AGENT,
  'support-lead': [...AGENT, 'tickets:assign'],
};

export const roleNameOf = ({ role }: Person): string => `support-${role}`;
