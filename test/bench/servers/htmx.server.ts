import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

import {
  Controller,
  Get,
  Header,
  Module,
  Param,
  Post,
  Query,
  Render,
  Res,
  type INestApplication,
} from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';

import { middleOf, newPage, operate, readPageKind, type Operation, type PageState, type Row } from './page.model.js';
import { counterTemplate, pageTemplate, ROW_TEMPLATE, tableTemplate, type ButtonOf } from './page.templates.js';
import { startOn } from './platform.js';
import { writeViews } from './written-views.js';

const packages = createRequire(import.meta.url);
const [, , platform, answers] = process.argv;

/** `whole`: each answer is the component. `rows`: each place of a change is told by hand what it is replaced by. */
const isByHand = answers === 'rows';

const BY_HAND: Readonly<Record<string, string>> = {
  cell: 'hx-target="#row-{{middle}}" hx-swap="outerHTML"',
  append: 'hx-target="tbody" hx-swap="beforeend"',
  removeFirst: 'hx-target="tbody tr:first-child" hx-swap="delete"',
  prepend: 'hx-target="tbody" hx-swap="afterbegin"',
};

const button: ButtonOf = (operation) => {
  const path = `/page/{{@root.id}}/${operation}`;
  if (operation === 'click')
    return `hx-post="${path}?index={{index}}" hx-target="#counter-{{index}}" hx-swap="outerHTML"`;
  return `hx-post="${path}" ${(isByHand && BY_HAND[operation]) || 'hx-target="#table" hx-swap="outerHTML"'}`;
};

const COUNTER = counterTemplate(button);
const TABLE = tableTemplate(button);
const views = writeViews({
  page: pageTemplate(
    '<script src="/htmx.js"></script>',
    `{{#each counters}}${COUNTER}{{/each}}{{#if table}}{{#with table}}${TABLE}{{/with}}{{/if}}`,
  ),
  counter: COUNTER,
  table: TABLE,
  row: ROW_TEMPLATE,
  nothing: '',
});

const pages = new Map<string, PageState>();

const changedRow = (operation: Operation, rows: readonly Row[]): Row => {
  if (operation === 'cell') return middleOf(rows);
  return operation === 'append' ? rows[rows.length - 1] : rows[0];
};

interface ViewReply {
  render?(view: string, context: object): void;
  view?(view: string, context: object): Promise<void>;
}

@Controller()
class Pages {
  @Get('htmx.js')
  @Header('content-type', 'text/javascript')
  script(): string {
    return readFileSync(packages.resolve('htmx2/dist/htmx.min.js'), 'utf8');
  }

  @Get('page')
  @Render('page.hbs')
  page(@Query() query: Record<string, string>): object {
    const id = randomUUID();
    const { kind, size } = readPageKind(query);
    const state = newPage({ kind, size });
    pages.set(id, state);
    const counters = state.counters.map((counter, index) => ({ ...counter, index }));
    return { id, counters, table: kind === 'table' && tableOf(state) };
  }

  @Post('page/:id/:operation')
  async answerTo(
    @Param() { id, operation }: { id: string; operation: Operation },
    @Query('index') index: string | undefined,
    @Res() reply: ViewReply,
  ): Promise<void> {
    const state = pages.get(id)!;
    const at = Number(index ?? 0);
    operate(state, operation, at);
    const [view, context] = this.answer(state, operation, at);
    const root = { id, ...context };
    if (reply.view) await reply.view(`${view}.hbs`, root);
    else reply.render!(`${view}.hbs`, root);
  }

  private answer(state: PageState, operation: Operation, index: number): readonly [string, object] {
    if (operation === 'click') return ['counter', { ...state.counters[index], index }];
    if (isByHand && operation === 'removeFirst') return ['nothing', {}];
    if (isByHand && operation in BY_HAND) return ['row', changedRow(operation, state.table.rows)];
    return ['table', tableOf(state)];
  }
}

const tableOf = ({ table }: PageState): object => ({ ...table, middle: middleOf(table.rows).id });

const useViews = async (app: INestApplication): Promise<void> => {
  if (platform === 'express') {
    const express = app as NestExpressApplication;
    express.setBaseViewsDir(views);
    express.setViewEngine('hbs');
    // The answer is the template: no layout around it, and compiled once, as in production.
    express.setLocal('layout', false);
    return;
  }
  const engine = { engine: { handlebars: packages('handlebars') as unknown }, templates: views, production: true };
  (app as NestFastifyApplication).setViewEngine(engine);
};

@Module({ controllers: [Pages] })
class HtmxModule {}

await startOn(HtmxModule, { prepare: useViews });
