import type { Type } from '@nestjs/common';

import { DashboardModule } from '../../../dashboard/src/dashboard.module.js';
import { ShopModule } from '../../../shop/src/shop.module.js';

/** An application of the site: what it is called, and the one class it is entered through. */
export interface Application {
  /** Of its folder in `apps`, its page, its styles and its place in the menu. */
  readonly name: string;
  readonly title: string;
  readonly summary: string;
  readonly module: Type;
}

export const APPLICATIONS: readonly Application[] = [
  {
    name: 'shop',
    title: 'Shop',
    summary: 'A basket that does not wait for the server, and gives back what somebody else was quicker to take.',
    module: ShopModule,
  },
  {
    name: 'dashboard',
    title: 'Dashboard',
    summary: 'Numbers and charts that move once a second, drawn from what the server renders. Stop them, and look.',
    module: DashboardModule,
  },
];
