/** A page of the playground: what it shows, and the files that make it. */
export interface Demo {
  readonly name: string;
  readonly title: string;
  readonly summary: string;
  /** Below `apps/playground`. */
  readonly files: readonly string[];
}

export const DEMOS: readonly Demo[] = [
  {
    name: 'counter',
    title: 'Counter',
    summary: 'One class, three counters on a page, each with its own props and its own state on the server.',
    files: [
      'src/counter/counter.component.ts',
      'templates/counter.hbs',
      'views/counter.hbs',
      'src/counter/counter.props.ts',
      'src/counter/addition.ts',
    ],
  },
  {
    name: 'todo',
    title: 'To-do list',
    summary: 'Checked input, keyed rows, a bound filter, and something to say when the list is empty.',
    files: ['src/todo/todo-list.component.ts', 'templates/todo-list.hbs'],
  },
  {
    name: 'ticker',
    title: 'Ticker',
    summary: 'The server speaks first: once a second, to everybody who is looking.',
    files: ['src/ticker/ticker.component.ts', 'templates/ticker.hbs', 'src/ticker/market.ts'],
  },
  {
    name: 'guarded',
    title: 'Guarded',
    summary: 'Ordinary Nest guards decide who sees a component and who may use which of its events.',
    files: ['src/guarded/notice-board.component.ts', 'templates/notice-board.hbs', 'src/guarded/account.resolver.ts'],
  },
  {
    name: 'sessions',
    title: 'Sessions',
    summary: 'Roles that give permissions, and a sign-out that ends every open tab at once.',
    files: [
      'src/sessions/shift-plan.component.ts',
      'src/sessions/sessions.controller.ts',
      'templates/shift-plan.hbs',
      'views/sessions.hbs',
    ],
  },
  {
    name: 'rate-limit',
    title: 'Rate limit',
    summary: 'A doorbell that three rings in ten seconds are enough for, counted by person and not by page.',
    files: ['src/rate-limit/doorbell.component.ts', 'templates/doorbell.hbs', 'views/rate-limit.hbs'],
  },
  {
    name: 'search',
    title: 'Search',
    summary: 'Results while you type, debounced in the browser and found on the server.',
    files: ['src/search/book-search.component.ts', 'templates/book-search.hbs', 'src/search/library.ts'],
  },
  {
    name: 'forms',
    title: 'Forms',
    summary: 'Every kind of control, a DTO that says what is right, and what the handler receives of it.',
    files: [
      'src/forms/workshop-form.component.ts',
      'src/forms/registration.ts',
      'templates/workshop-form.hbs',
      'views/forms.hbs',
    ],
  },
  {
    name: 'streaming',
    title: 'Streaming',
    summary: 'A handler that shows what it has come to at each yield: text as it is written, and a job one can stop.',
    files: [
      'src/streaming/storyteller.component.ts',
      'templates/storyteller.hbs',
      'src/streaming/export-job.component.ts',
      'templates/export-job.hbs',
      'src/streaming/tale.book.ts',
    ],
  },
  {
    name: 'uploads',
    title: 'Uploads',
    summary:
      'Photos that are chosen, dropped or pasted: sent beside the clicks, shown as they go, resumed after a cut.',
    files: [
      'src/uploads/photo-album.component.ts',
      'templates/photo-album.hbs',
      'src/uploads/photo.shelf.ts',
      'src/uploads/photos.controller.ts',
    ],
  },
  {
    name: 'navigation',
    title: 'Navigation',
    summary: 'An event that ends on another page, and input that is refused before the handler runs.',
    files: ['src/navigation/tea-order.component.ts', 'templates/tea-order.hbs'],
  },
  {
    name: 'url-state',
    title: 'Address',
    summary: 'Filters and pages that stand in the address: reload it, send it, go back.',
    files: ['src/url-state/book-list.component.ts', 'templates/book-list.hbs', 'views/url-state.hbs'],
  },
  {
    name: 'optimistic',
    title: 'Optimistic',
    summary: 'The page shows what a click will do before a slow server has done it, and goes back when it is refused.',
    files: ['templates/talk-vote.hbs', 'src/optimistic/talk-vote.component.ts'],
  },
  {
    name: 'queue',
    title: 'Queue',
    summary:
      'Many clicks on slow handlers: each counts, or gives way to the newest, or waits for its time. Offline too.',
    files: ['src/queue/kitchen.component.ts', 'templates/kitchen.hbs'],
  },
  {
    name: 'session-state',
    title: 'Basket',
    summary: 'A session that two components share, and a component that comes back as it was.',
    files: [
      'src/session-state/tea-shop.component.ts',
      'src/session-state/tea-basket.component.ts',
      'src/session-state/tea-note.component.ts',
      'templates/tea-basket.hbs',
    ],
  },
  {
    name: 'presence',
    title: 'Presence',
    summary: 'Who is here, on every tab and node: names for those who have signed in, a number for everybody else.',
    files: ['src/presence/tea-room.component.ts', 'templates/tea-room.hbs', 'src/presence/display-name.ts'],
  },
  {
    name: 'safety',
    title: 'Hostile input',
    summary: 'Links that anybody may add: text stays text, and an address that would run a script is blocked.',
    files: ['templates/link-list.hbs', 'src/safety/link-list.component.ts', 'views/safety.hbs'],
  },
  {
    name: 'slots',
    title: 'Slots and nesting',
    summary: 'Cards in lanes on a board: each a component with its own state, and each heard by the one around it.',
    files: [
      'src/slots/errand-board.component.ts',
      'templates/errand-board.hbs',
      'src/slots/errand.component.ts',
      'templates/errand.hbs',
      'src/slots/lane.component.ts',
      'templates/lane.hbs',
    ],
  },
  {
    name: 'widgets',
    title: 'Shared wall',
    summary: 'The server makes one instance for all pages, and one of its functions is told of each click.',
    files: ['src/widgets/wall.component.ts', 'templates/wall.hbs', 'src/widgets/wall.keeper.ts', 'views/widgets.hbs'],
  },
  {
    name: 'client-held',
    title: 'State in the page',
    summary:
      'A picture that the page itself carries, signed: the server keeps a number, and each stroke still counts once.',
    files: ['src/pixels/pixel-board.component.ts', 'templates/pixel-board.hbs'],
  },
  {
    name: 'cache',
    title: 'Render cache',
    summary: 'Loaded and rendered once for everybody, until its time is over or somebody asks again.',
    files: ['src/cache/tide-table.component.ts', 'templates/tide-table.hbs'],
  },
  {
    name: 'htmx',
    title: 'Plain htmx',
    summary: 'The same counter without our script: htmx posts, the answer is HTML.',
    files: [
      'src/counter/htmx-counter.component.ts',
      'templates/htmx-counter.hbs',
      'views/htmx.hbs',
      'src/counter/counter.component.ts',
    ],
  },
];
