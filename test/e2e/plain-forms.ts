import { Controller, Get, Query, Render, Req, Res, UseGuards, type DynamicModule } from '@nestjs/common';
import { Type } from 'class-transformer';
import { IsBoolean, IsInt, Length, Max } from 'class-validator';
import {
  ComponentsService,
  IsAuthenticated,
  Live,
  LiveComponent,
  LiveContext,
  OnEvent,
  Payload,
  RateLimit,
  State,
  Url,
  redirect,
  trustHtml,
  type ComponentsOptions,
} from 'nest-live';
import { StateStore } from 'nest-live/extend';

import type { Budget } from '../../src/budgets/budget.js';
import { Budgets } from '../../src/budgets/budgets.js';
import { TemporaryFolder } from '../fixtures/rendering/temporary-folder.js';
import { HeaderCaller } from '../pipeline/probe.component.js';
import { RunningApp, type PlatformName } from './running-app.js';

export class Message {
  @Length(2, 40)
  text: string;

  // Our client says what is in a field as text, a browser does too.
  @Type(() => Number)
  @IsInt()
  @Max(5)
  stars: number;

  @IsBoolean()
  isPublic: boolean;
}

export const seen: unknown[] = [];

@LiveComponent('guest-book', {
  template: `<section><h2>{{title}}</h2><output>{{count}}</output><p class="last">{{last}}</p>
  <form live-submit="sign">
    <textarea name="text" aria-label="Text"></textarea>
    <input name="stars" value="1" aria-label="Stars">
    <input type="checkbox" name="isPublic" aria-label="Public">
    <input type="password" name="pin" aria-label="Pin">
    <select name="mood" aria-label="Mood"><option>good</option><option value="bad">awful</option></select>
    <button>Sign</button><button live-click="clear" live-value-from="7">Clear</button>
  </form></section>`,
})
export class GuestBook {
  @State() title = '';
  @State() count = 0;
  @State() last = '';

  onMount({ title = 'Book' }: { title?: string }): void {
    this.title = title;
  }

  @OnEvent()
  sign(@Payload() message: Message): void {
    seen.push({ ...message });
    this.count += 1;
    this.last = `${message.text}/${message.stars}/${message.isPublic}`;
  }

  @OnEvent()
  clear(@Payload() payload: object): void {
    seen.push(payload);
    this.count = 0;
    this.last = 'cleared';
  }
}

@LiveComponent('leaver', {
  template: `<form live-submit="go"><output>{{steps}}</output><input name="to" aria-label="To"><button>Go</button></form>`,
})
export class Leaver {
  @State() steps = 0;

  @OnEvent()
  go(@Payload('to') to: string, @Live() live: LiveContext): void {
    this.steps += 1;
    redirect(live, to);
  }
}

@LiveComponent('finder', {
  template: `<form live-submit="find"><p>{{q}} {{times}}</p><input name="q" value="{{q}}" aria-label="Query"><button>Find</button></form>`,
})
export class Finder {
  @Url() @State() q = '';
  @State() times = 0;

  @OnEvent()
  find(@Payload('q') q: string): void {
    this.q = q;
    this.times += 1;
  }
}

@LiveComponent('vault', { template: `<form live-submit="open"><output>{{n}}</output><button>Open</button></form>` })
export class Vault {
  @State() n = 0;

  @OnEvent()
  @UseGuards(IsAuthenticated)
  open(): void {
    this.n += 1;
  }
}

@LiveComponent('turnstile', {
  template: `<form live-submit="turn"><output>{{n}}</output><input name="who" aria-label="Who"><button>Turn</button></form>`,
})
export class Turnstile {
  @State() n = 0;

  @OnEvent()
  @RateLimit('1/min')
  turn(): void {
    this.n += 1;
  }
}

/** Keeps its state in the page, much of it. */
@LiveComponent('scroll', {
  state: 'client',
  template: `<form live-submit="add"><output>{{lines.length}}</output><button>Add</button></form>`,
})
export class Scroll {
  @State() lines: string[] = [];

  @OnEvent()
  add(): void {
    this.lines.push('x'.repeat(5_000));
  }
}

@LiveComponent('lamp', {
  template: `<form live-submit="flip"><output>{{flips}}</output><input name="why" aria-label="Why"><button>Flip</button></form>`,
})
export class Lamp {
  @State() flips = 0;

  @OnEvent()
  flip(@Payload('why') why: string): void {
    seen.push(why);
    this.flips += 1;
  }
}

@LiveComponent('shelf', { template: `<section><b>{{n}}</b>{{component 'lamp' key='a'}}{{slots.default}}</section>` })
export class Shelf {
  @State() n = 0;
}

/** Its form is written by hand. */
@LiveComponent('kettle', {
  template: `<form method="post" action="/components/kettle">{{liveFields}}<output>{{n}}</output><button name="event" value="boil">Boil</button></form>`,
})
export class Kettle {
  @State() n = 0;

  @OnEvent()
  boil(): void {
    this.n += 1;
  }
}

const PLAIN = [Kettle, GuestBook, Leaver, Finder, Vault, Turnstile, Scroll, Lamp, Shelf];

const PLAIN_PAGES: Record<string, string> = {
  books: "<main>{{component 'guest-book'}}{{component 'guest-book'}}{{component 'guest-book' title='Third'}}</main>",
  others:
    "<main>{{component 'leaver'}}{{component 'finder'}}{{component 'vault'}}{{component 'turnstile'}}{{component 'scroll'}}</main>",
  nested: "<main>{{component 'shelf'}}{{#component 'shelf'}}<i>in</i>{{component 'lamp'}}{{/component}}</main>",
  made: "<main>{{safeHtml made}}{{component 'guest-book'}}{{component 'kettle'}}</main>",
  shared: '<main>{{component instance=id}}</main>',
  titled: "<main>{{component 'guest-book' title=title}}</main>",
};

@Controller()
class PlainPages {
  static shared = '';

  constructor(private readonly components: ComponentsService) {}

  @Get('books')
  @Render('books')
  books(): object {
    return {};
  }

  @Get('others')
  @Render('others')
  others(): object {
    return {};
  }

  @Get('nested')
  @Render('nested')
  nested(): object {
    return {};
  }

  @Get('titled')
  @Render('titled')
  titled(@Query('title') title: string): object {
    return { title };
  }

  @Get('made')
  @Render('made')
  async made(@Req() request: object, @Res({ passthrough: true }) response: object): Promise<object> {
    const kettle = await this.components.render('kettle', {}, { request, response });
    const book = await this.components.render('guest-book', {}, { request, response });
    return { made: trustHtml(kettle + book) };
  }

  @Get('shared')
  @Render('shared')
  shared(): object {
    return { id: PlainPages.shared };
  }
}

export interface PlainSitePlan {
  readonly imports?: readonly DynamicModule[];
  readonly keys?: ComponentsOptions['keys'];
  readonly limits?: ComponentsOptions['limits'];
  readonly trustProxy?: boolean;
}

/** All of them on a listening application. */
export class PlainSite {
  static async open(platform: PlatformName, { imports = [], ...options }: PlainSitePlan = {}): Promise<PlainSite> {
    const pages = Object.entries(PLAIN_PAGES).map(([name, text]) => [`${name}.hbs`, text]);
    const folder = new TemporaryFolder(Object.fromEntries(pages) as Record<string, string>);
    const running = await RunningApp.start({
      platform,
      imports,
      controllers: [PlainPages],
      providers: PLAIN,
      options: { callerResolver: HeaderCaller, rendering: { pages: [folder.path] }, ...options },
    });
    const { id } = await running.app.get(ComponentsService).mount('lamp');
    PlainPages.shared = id;
    return new PlainSite(running, folder);
  }

  private constructor(
    private readonly running: RunningApp,
    private readonly folder: TemporaryFolder,
  ) {}

  get url(): string {
    return this.running.url;
  }

  get store(): StateStore {
    return this.running.app.get(StateStore);
  }

  /** What forms have left is counted here. */
  get kept(): Budget {
    return this.running.app.get(Budgets).forms;
  }

  async close(): Promise<void> {
    await this.running.close();
    this.folder.remove();
  }
}
