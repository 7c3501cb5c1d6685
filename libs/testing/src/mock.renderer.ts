import type { Type } from '@nestjs/common';
import type { ComponentDefinition } from 'nest-live';
import { Rendered, Renderer, type ViewObject } from 'nest-live/extend';

/** What one render was made of. */
export interface MockRender {
  readonly component: string;
  /** Everything a template would have seen. */
  readonly view: ViewObject;
}

/**
 * Renders without templates, and keeps what it was given: for tests of what a component hands to its template, and of
 * components whose template is somebody else's.
 */
export class MockRenderer extends Renderer {
  /** Every render, oldest first. */
  readonly renders: MockRender[] = [];
  private readonly names = new Map<unknown, string>();
  private failure?: Error;

  /** @param html what is shown instead of the state as JSON; one root element */
  constructor(private readonly html: (render: MockRender) => string = asJson) {
    super();
  }

  /** There is no template to look at. */
  prepare({ type, name }: ComponentDefinition): void {
    this.names.set(type, name);
  }

  render({ name }: ComponentDefinition, view: ViewObject): Rendered {
    const { failure } = this;
    this.failure = undefined;
    if (failure) {
      throw failure;
    }
    const render = { component: name, view };
    this.renders.push(render);
    return Rendered.opaque(this.html(render));
  }

  /** What the newest render of a component has seen. @throws TypeError when it was not rendered */
  viewOf(component: Type<object> | string): ViewObject {
    const name = typeof component === 'string' ? component : (this.names.get(component) ?? component.name);
    const found = this.renders.findLast((render) => render.component === name);
    if (!found) {
      const rendered = [...new Set(this.renders.map((render) => render.component))].join(', ') || 'nothing';
      throw new TypeError(`"${name}" was not rendered; rendered was: ${rendered}.`);
    }
    return found.view;
  }

  /** The next render throws, as a template with a mistake does. */
  failNext(error: Error = new Error('the template failed')): void {
    this.failure = error;
  }
}

const asJson = ({ view: { state } }: MockRender): string => {
  const plain = (_: string, value: unknown): unknown => (typeof value === 'bigint' ? String(value) : value);
  return `<pre>${JSON.stringify(state, plain).replace(/&/g, '&amp;').replace(/</g, '&lt;')}</pre>`;
};
