import { browserValue } from 'nest-live/extend';

import { excerpt } from './excerpt.js';
import { optionalPeer } from './optional-peer.js';

const INSTALL = '@testing-library/dom happy-dom';

/** What tests ask of an element. It is one of happy-dom: everything else of the DOM is there, too. */
export interface ShownElement {
  readonly tagName: string;
  readonly id: string;
  readonly textContent: string;
  readonly innerHTML: string;
  readonly outerHTML: string;
  readonly attributes: Iterable<{ readonly name: string; readonly value: string }>;
  readonly parentElement: ShownElement | null;
  getAttribute(name: string): string | null;
  hasAttribute(name: string): boolean;
  matches(selector: string): boolean;
  closest(selector: string): ShownElement | null;
  querySelector(selector: string): ShownElement | null;
  querySelectorAll(selector: string): Iterable<ShownElement>;
}

/** An `input`, `select`, `textarea` or `button`. */
export interface ShownControl extends ShownElement {
  name: string;
  type: string;
  value: string;
  checked: boolean;
  disabled: boolean;
  readonly form: ShownForm | null;
  readonly options?: Iterable<{ value: string; selected: boolean }>;
}

export interface ShownForm extends ShownElement {
  readonly elements: Iterable<ShownControl>;
}

/** A text, or a pattern of it. */
export type Text = string | RegExp;

/** The most used ones; the others of Testing Library's `ByRoleOptions` work as well. */
export interface ByRole {
  /** The accessible name: a button's text, an input's label. */
  readonly name?: Text;
  readonly hidden?: boolean;
  readonly level?: number;
  readonly checked?: boolean;
  readonly selected?: boolean;
  readonly pressed?: boolean;
  readonly expanded?: boolean;
}

interface Queries {
  getByRole(role: string, options?: ByRole): ShownElement;
  queryByRole(role: string, options?: ByRole): ShownElement | null;
  getAllByRole(role: string, options?: ByRole): ShownElement[];
  queryAllByRole(role: string, options?: ByRole): ShownElement[];
  getByText(text: Text): ShownElement;
  queryByText(text: Text): ShownElement | null;
  queryAllByText(text: Text): ShownElement[];
  getByLabelText(text: Text): ShownElement;
  queryAllByLabelText(text: Text): ShownElement[];
}

interface TestingLibrary {
  readonly within: (element: unknown) => Queries;
}

interface Container extends ShownElement {
  append(...nodes: unknown[]): void;
  innerHTML: string;
}

interface Browserless {
  readonly document: {
    readonly body: { replaceChildren(...nodes: unknown[]): void };
    createElement(name: 'div'): Container;
    createElement(name: 'template'): Container & { readonly content: { readonly childNodes: Iterable<unknown> } };
  };
}

interface Shown {
  readonly owner: string;
  /** What is shown now. */
  readonly html: () => string;
}

/**
 * A component's HTML, asked as a person would: by role and name, by text, by label. The queries are those of Testing
 * Library, and so are their messages: what was looked for, and what there is.
 */
export class Screen {
  /** @throws Error naming the packages to install */
  static async open(shown: Shown): Promise<Screen> {
    const use = { purpose: 'Looking for elements by role, name, text or label', install: INSTALL };
    const { within } = await optionalPeer<TestingLibrary>('@testing-library/dom', use);
    const { Window } = await optionalPeer<{ readonly Window: new () => Browserless }>('happy-dom', use);
    return new Screen(shown, within, new Window());
  }

  private seen?: { readonly html: string; readonly container: Container };

  private constructor(
    private readonly shown: Shown,
    private readonly within: TestingLibrary['within'],
    private readonly window: Browserless,
  ) {}

  /** The component's root element. */
  get root(): ShownElement {
    const root = this.container.querySelector('*');
    if (!root) {
      throw new TypeError(`${this.shown.owner} shows no element. ${excerpt(this.shown.html())}`);
    }
    return root;
  }

  /** @throws Error when there is none, or more than one */
  getByRole(role: string, options?: ByRole): ShownElement {
    return this.queries.getByRole(role, options);
  }

  queryByRole(role: string, options?: ByRole): ShownElement | null {
    return this.queries.queryByRole(role, options);
  }

  /** @throws Error when there is none */
  getAllByRole(role: string, options?: ByRole): readonly ShownElement[] {
    return this.queries.getAllByRole(role, options);
  }

  queryAllByRole(role: string, options?: ByRole): readonly ShownElement[] {
    return this.queries.queryAllByRole(role, options);
  }

  /** @throws Error when there is none, or more than one */
  getByText(text: Text): ShownElement {
    return this.queries.getByText(text);
  }

  queryByText(text: Text): ShownElement | null {
    return this.queries.queryByText(text);
  }

  queryAllByText(text: Text): readonly ShownElement[] {
    return this.queries.queryAllByText(text);
  }

  /** A control by its label. @throws Error when there is none, or more than one */
  getByLabelText(label: Text): ShownElement {
    return this.queries.getByLabelText(label);
  }

  queryAllByLabelText(label: Text): readonly ShownElement[] {
    return this.queries.queryAllByLabelText(label);
  }

  private get queries(): Queries {
    return this.within(this.container);
  }

  /** Parsed once for each render, so that what a draft writes into a control stays there until the next one. */
  private get container(): Container {
    const html = this.shown.html();
    if (this.seen?.html !== html) {
      this.seen = { html, container: this.parse(html) };
    }
    // Labels are found through the document, and windows may be looked at by turns.
    this.window.document.body.replaceChildren(this.seen.container);
    return this.seen.container;
  }

  private parse(html: string): Container {
    const { document } = this.window;
    // A template takes any element as its root, a table row as well.
    const template = document.createElement('template');
    // A line's end right behind the tag is no part of the text, which happy-dom does not know.
    template.innerHTML = html.replace(/(<(?:textarea|pre|listing)\b(?:"[^"]*"|'[^']*'|[^'">])*>)\r?\n/gi, '$1');
    const container = document.createElement('div');
    container.append(...template.content.childNodes);
    for (const control of container.querySelectorAll('input,textarea') as Iterable<ShownControl>) {
      const value = browserValue(control, control.value);
      if (value !== control.value) control.value = value;
    }
    // Of the chosen buttons of a group it is the last one.
    for (const radio of container.querySelectorAll('input[type=radio][checked]') as Iterable<ShownControl>) {
      radio.checked = true;
    }
    // Options that are moved to another place are chosen by their number there.
    for (const option of container.querySelectorAll('option[selected]') as Iterable<
      ShownElement & { selected: boolean }
    >) {
      option.selected = true;
    }
    return container;
  }
}
