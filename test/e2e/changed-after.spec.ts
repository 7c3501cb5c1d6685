import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Injectable, type Type } from '@nestjs/common';
import { LiveComponent, OnEvent, State, type LiveContext } from 'nest-live';
import { Feature, Rendered, Renderer, type LiveFeature, type Seam, type ViewObject } from 'nest-live/extend';

import { HttpVisitor } from './http.visitor.js';
import { RunningApp } from './running-app.js';
import { SocketVisitor } from './socket.visitor.js';

interface Row {
  readonly id: number;
  note: string;
}

/** Changes a row behind whoever has looked at it, when it is next asked to. */
const hand = {
  waits: 0,
  touch(rows: unknown): string {
    if (this.waits > 0 && (this.waits -= 1) === 0) (rows as Row[])[3].note = 'touched';
    return '';
  },
};

abstract class Touched {
  @State() rows: Row[] = Array.from({ length: 40 }, (_, id) => ({ id, note: 'x'.repeat(60) }));
  /** What was stored of the row. */
  @State() heard = '';

  @OnEvent()
  again(): void {
    this.heard = this.rows[3].note;
  }
}

const TEMPLATE =
  '<section><ul>{{#each rows}}<li id="r{{id}}">{{note}}</li>{{/each}}</ul><i>{{heard}}{{late}}</i></section>';

@LiveComponent('by-helper', { template: TEMPLATE.replace('{{late}}', '{{touching rows}}') })
class ByHelper extends Touched {}

@LiveComponent('by-text', { template: TEMPLATE })
class ByText extends Touched {
  beforeRender(): object {
    return { late: { toString: () => hand.touch(this.rows) } };
  }
}

@LiveComponent('by-hook', { template: TEMPLATE.replace('{{late}}', '') })
class ByHook extends Touched {
  onDehydrate(): void {
    hand.touch(this.rows);
  }
}

@LiveComponent('by-field', { template: TEMPLATE.replace('{{late}}', '') })
class ByField extends Touched {
  @State()
  get turn(): number {
    hand.touch(this.rows);
    return 1;
  }

  set turn(_: number) {
    // It has nothing to hold.
  }
}

@LiveComponent('by-feature', { template: TEMPLATE.replace('{{late}}', '') })
class ByFeature extends Touched {}

@Feature()
class TouchingFeature implements LiveFeature {
  seamsOf({ name }: { readonly name: string }): readonly Seam[] {
    return name === 'by-feature' ? ['onDehydrate'] : [];
  }

  onDehydrate({ component }: LiveContext): void {
    hand.touch((component as Touched).rows);
  }
}

@Injectable()
class TouchingRenderer extends Renderer {
  prepare(): void {
    // Nothing to compile.
  }

  render(_: unknown, { rows, heard }: ViewObject): Rendered {
    hand.touch(rows);
    return Rendered.opaque(`<p>${heard as string}</p>`);
  }
}

@LiveComponent('by-renderer', { renderer: TouchingRenderer })
class ByRenderer extends Touched {}

const COMPONENTS: readonly (readonly [string, Type<Touched>, number])[] = [
  ['a helper of the application', ByHelper, 1],
  ['the text of an object', ByText, 1],
  ['onDehydrate', ByHook, 1],
  // Read for the view first.
  ['a field that is read by a getter', ByField, 2],
  ['a feature of the application', ByFeature, 1],
  ['a renderer of the application', ByRenderer, 1],
];

describe('rows that somebody changes after they were shown', () => {
  let app: RunningApp;

  beforeAll(async () => {
    app = await RunningApp.start({
      providers: [...COMPONENTS.map(([, type]) => type), TouchingFeature, TouchingRenderer],
      options: { rendering: { helpers: { touching: (rows: unknown) => hand.touch(rows) } } },
    });
  });

  afterAll(() => app.close());

  it.each(COMPONENTS)('are stored as %s has left them', async (_, type, waits) => {
    const component = nameOf(type);
    const http = new HttpVisitor(app.url);
    const { component_id, state } = await http.mount(component);
    const says = { auth: { patches: true, takes: 2 }, headers: { cookie: http.cookie } };
    const socket = await SocketVisitor.connect(http.url, says);
    const { h = 0 } = await socket.ok('join', { component, component_id, state, page: http.page, keeps: '' });
    const heard: boolean[] = [];
    for (let n = 1; n <= 5; n += 1) {
      if (n === 4) hand.waits = waits;
      // What was stored by the event before is what the handler says.
      heard.push(JSON.stringify(await socket.ask(h, n, 'again')).includes('touched'));
    }
    socket.close();
    expect(heard.at(2)).toBe(false);
    expect(heard.at(4)).toBe(true);
  });
});

const nameOf = (type: Type<Touched>): string => type.name.replace(/(?<=[a-z])(?=[A-Z])/g, '-').toLowerCase();
