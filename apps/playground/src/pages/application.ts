import type { Type } from '@nestjs/common';
import type { RoleMap } from 'nest-live';

import { ContactModule } from '../../../contact/src/contact.module.js';
import { DashboardModule } from '../../../dashboard/src/dashboard.module.js';
import { OrdersModule } from '../../../orders/src/orders.module.js';
import { ShopModule } from '../../../shop/src/shop.module.js';
import { SupportModule } from '../../../support/src/support.module.js';
import { WizardModule } from '../../../wizard/src/wizard.module.js';

/** An application of the site: what it is called, and the one class it is entered through. */
export interface Application {
  /** Of its folder in `apps`, its page, its styles and its place in the menu. */
  readonly name: string;
  readonly title: string;
  readonly summary: string;
  readonly module: Type;
  /** What its roles may do, beside those of the others. */
  readonly roles?: RoleMap;
}

export const APPLICATIONS: readonly Application[] = [
  {
    name: 'shop',
    title: 'Shop',
    summary: 'A basket that does not wait for the server, and gives back what somebody else was quicker to take.',
    module: ShopModule,
  },
  {
    name: 'contact',
    title: 'Contact',
    summary: 'A form with rules beside each field, a number when it is sent, and no need of scripts.',
    module: ContactModule,
  },
  {
    name: 'orders',
    title: 'Orders',
    summary: 'An editor on a database: lines, totals, rules, and what happens when two people save the same order.',
    module: OrdersModule,
  },
  {
    name: 'support',
    title: 'Support desk',
    summary:
      'Customers ask, agents take and answer, a lead hands out: a queue that is live for everybody, each by their rights.',
    module: SupportModule,
    roles: SupportModule.roles,
  },
  {
    name: 'dashboard',
    title: 'Dashboard',
    summary: 'Numbers and charts that move once a second, drawn from what the server renders. Stop them, and look.',
    module: DashboardModule,
  },
  {
    name: 'wizard',
    title: 'Wizard',
    summary: 'A booking in three steps and a review: back and forward, a reload and a slow hand lose nothing.',
    module: WizardModule,
  },
];

/** Of all applications together. */
export const APPLICATION_ROLES: RoleMap = Object.fromEntries(
  APPLICATIONS.flatMap(({ roles = {} }) => Object.entries(roles)),
);
