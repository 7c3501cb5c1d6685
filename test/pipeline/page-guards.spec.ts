import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Controller, Get, Render, UseGuards } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { LiveComponent, type LiveErrorCode } from 'nest-live';

import { HttpVisitor } from '../e2e/http.visitor.js';
import { PLATFORMS, RunningApp } from '../e2e/running-app.js';
import { TemporaryFolder } from '../fixtures/rendering/temporary-folder.js';
import { Counted, GUARD_KINDS, HeaderCaller, SwitchedGuard, TEMPLATE, type GuardKind } from './probe.component.js';

@UseGuards(SwitchedGuard)
@LiveComponent('by-class', { template: TEMPLATE })
class ByClass extends Counted {
  onMount(): void {
    Counted.runs += 1;
  }
}

@LiveComponent('by-mount', { template: TEMPLATE })
class ByMount extends Counted {
  @UseGuards(SwitchedGuard)
  onMount(): void {
    Counted.runs += 1;
  }
}

@LiveComponent('free', { template: '<p>free</p>' })
class Free {}

@Controller()
class Pages {
  @Get('by-class')
  @Render('by-class')
  byClass(): object {
    return {};
  }

  @Get('by-mount')
  @Render('by-mount')
  byMount(): object {
    return {};
  }
}

const page = (name: string): string =>
  `<main>{{component 'free'}}<hr>{{component '${name}'}}<hr>{{component 'free'}}</main>`;

const CODE: Record<GuardKind, LiveErrorCode | undefined> = {
  allow: undefined,
  deny: 'FORBIDDEN',
  refuse: 'FORBIDDEN',
  crash: 'HANDLER_ERROR',
  'deny-later': 'FORBIDDEN',
};

const CELLS = ['by-class', 'by-mount'].flatMap((component) => GUARD_KINDS.map((kind) => ({ component, kind })));

describe.each(PLATFORMS)('a component in a page on %s', (platform) => {
  const folder = new TemporaryFolder({ 'by-class.hbs': page('by-class'), 'by-mount.hbs': page('by-mount') });
  let running: RunningApp;

  beforeAll(async () => {
    running = await RunningApp.start({
      platform,
      controllers: [Pages],
      providers: [ByClass, ByMount, Free],
      options: { callerResolver: HeaderCaller, rendering: { pages: [folder.path] } },
    });
  });

  afterAll(async () => {
    await running.close();
    folder.remove();
  });

  it.each(CELLS)('$component meets a guard that does "$kind" before it is mounted', async ({ component, kind }) => {
    SwitchedGuard.reset();
    SwitchedGuard.kind = kind;
    Counted.runs = 0;
    const visitor = new HttpVisitor(running.url, { 'x-user': 'ada', 'x-probe': 'seen' });
    const { status, text } = await visitor.send('GET', `/${component}`);
    const shown = text.split('<hr>');
    expect(status).toBe(200);
    expect(SwitchedGuard.seen).toEqual([
      { type: 'live', header: 'seen', user: expect.objectContaining({ id: 'ada' }) },
    ]);
    expect(/data-code="(\w+)"/.exec(text)?.[1]).toBe(CODE[kind]);
    expect(Counted.runs).toBe(kind === 'allow' ? 1 : 0);
    expect(shown[1].includes('<output>0</output>')).toBe(kind === 'allow');
    expect([shown[0], shown[2]]).toEqual(Array(2).fill(expect.stringContaining('free</p>')));
    expect(text).not.toContain('hunter2');
  });
});

describe.each(PLATFORMS)('a page under a global guard on %s', (platform) => {
  it('asks it for the page and again for each component', async () => {
    const folder = new TemporaryFolder({ 'by-class.hbs': page('free'), 'by-mount.hbs': page('free') });
    SwitchedGuard.reset();
    const running = await RunningApp.start({
      platform,
      controllers: [Pages],
      providers: [ByClass, ByMount, Free, { provide: APP_GUARD, useClass: SwitchedGuard }],
      options: { callerResolver: HeaderCaller, rendering: { pages: [folder.path] } },
    });
    const visitor = new HttpVisitor(running.url, { 'x-user': 'ada', 'x-probe': 'seen' });
    await visitor.send('GET', '/by-class');
    expect(SwitchedGuard.seen.map(({ type }) => type).sort()).toEqual(['http', 'live', 'live', 'live']);
    SwitchedGuard.kind = 'deny';
    expect((await visitor.send('GET', '/by-class')).status).toBe(403);
    await running.close();
    folder.remove();
  });
});
