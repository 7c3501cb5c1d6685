import { Injectable } from '@nestjs/common';

import { ComponentRegistry } from '../../component/component.registry.js';
import { LiveError } from '../../errors/live-error.js';
import { LiveSetupError } from '../../errors/setup-error.js';
import { holdsSecrets, THE_PAGE } from '../../lifecycle/context/placed.js';
import { Seal } from '../../lifecycle/instance/seal.js';
import { cookieLine, cookieName } from '../../protocol/cookie.js';
import type { Effects, RequestEnvelope } from '../../protocol/envelope.js';
import type { PageExchange } from '../../rendering/page-exchange.js';
import { refuseUnknownSlots } from '../../rendering/declared-slots.js';
import { presentNotice } from '../../rendering/notice.js';
import { PageMounter, type PagePlace } from '../../rendering/page-mounter.js';
import { Placement } from '../../rendering/placement.js';
import type { PlacedHtml } from '../../rendering/slot-contents.js';
import { SafeHtml } from '../../rendering/safe-html.js';
import { HTML_WIDGET } from '../../widgets/html.widget.js';
import type { WidgetOptions } from '../../widgets/widget.options.js';
import type { WidgetChange } from '../../widgets/widget.runner.js';
import { Widgets, type Widget, type WidgetFilter, type WidgetSummary } from '../../widgets/widgets.js';
import { FORM_COOKIE, type LeftRoot } from '../forms/page.memory.js';
import { PageForms } from '../forms/page.forms.js';
import { OriginPolicy } from '../origin.policy.js';
import { PageVisits, type PageVisit } from '../forms/page.visit.js';
import { PageAsker } from './page.asker.js';

/** One interaction asked for by the server itself. */
export interface Dispatch extends Pick<RequestEnvelope, 'event' | 'payload' | 'fields' | 'state' | 'page' | 'seq'> {
  readonly component: string;
  /** Props of a mount; the server may set any. */
  readonly props?: Readonly<Record<string, unknown>>;
  /** For whose caller; without it an anonymous one. */
  readonly request?: object;
}

/** For whom a component is rendered: `@Req()` and `@Res({ passthrough: true })` of the handler that answers. */
export interface RenderFor extends Partial<PageExchange> {
  /** Slot contents by name. */
  readonly slots?: Readonly<Record<string, string>>;
}

/** A shared instance that shows HTML instead of a component. */
export interface HtmlWidgetOptions extends Omit<WidgetOptions, 'props'> {
  /** Of `trustHtml()`: what your sanitizer has cleaned, or what you have written yourself. */
  readonly html: SafeHtml;
}

/** A change by the server: fields, an event, or the HTML of a widget that shows HTML. */
export interface WidgetUpdate extends WidgetChange {
  readonly html?: SafeHtml;
}

export interface Dispatched {
  /** Values of the `@State()` fields. */
  readonly fields: Readonly<Record<string, unknown>>;
  /** Token for the next event. */
  readonly state: string;
  readonly version: number;
  readonly effects: Effects;
}

/**
 * Renders components into ordinary pages, for the caller of the request that is being answered, and makes instances that
 * many pages show.
 */
@Injectable()
export class ComponentsService extends PageMounter {
  constructor(
    private readonly asker: PageAsker,
    private readonly widgets: Widgets,
    private readonly registry: ComponentRegistry,
    private readonly seal: Seal,
    private readonly visits: PageVisits,
    private readonly forms: PageForms,
    private readonly origins: OriginPolicy,
  ) {
    super();
  }

  /**
   * Makes an instance that belongs to no page: any page may show it, all see the same state. `onMount` runs as the
   * server, without guards; they are asked of each viewer. With an `id` that is there already, answers that one.
   * @throws LiveError `UNKNOWN_COMPONENT`, `OVERLOADED` (too many widgets), or what `onMount` throws
   * @throws LiveSetupError `OPTION_INVALID`
   */
  mount(component: string, options?: WidgetOptions): Promise<Widget>;
  mount(html: HtmlWidgetOptions): Promise<Widget>;
  async mount(what: string | HtmlWidgetOptions, options: WidgetOptions = {}): Promise<Widget> {
    if (typeof what === 'string') {
      return this.widgets.mount(what, options);
    }
    const { html, ...rest } = what;
    return this.widgets.mount(HTML_WIDGET, { ...rest, props: { html: textOf(html) } });
  }

  /** A shared instance with its state; undefined when there is none of this id. */
  get(id: string): Promise<Widget | undefined> {
    return this.widgets.get(id);
  }

  /**
   * Changes a shared instance as the server; everybody who has it open, on any node, gets a render of their own.
   * @returns the new version
   * @throws LiveError `INSTANCE_NOT_FOUND`, `UNKNOWN_EVENT`, `CONTENTION`, or what the handler throws
   * @throws LiveSetupError `OPTION_INVALID` for a field that is no `@State()`
   */
  async update(id: string, { html, ...change }: WidgetUpdate): Promise<number> {
    const fields = html === undefined ? change.fields : { ...change.fields, html: textOf(html) };
    return this.widgets.update(id, { ...change, fields });
  }

  /** Ends a shared instance; whoever has it open gets `INSTANCE_NOT_FOUND`. @returns whether it was there */
  remove(id: string): Promise<boolean> {
    return this.widgets.remove(id);
  }

  /** The shared instances, oldest first. */
  list(filter?: WidgetFilter): Promise<readonly WidgetSummary[]> {
    return this.widgets.list(filter);
  }

  count(filter?: WidgetFilter): Promise<number> {
    return this.widgets.count(filter);
  }

  /** The HTML of a shared instance for a page, as `render` makes it of a new one. */
  async show(id: string, to: Partial<PageExchange> = {}): Promise<string> {
    const { reply } = await this.asker.run({ kind: 'view', envelope: { component_id: id } }, to);
    return reply.ok ? (reply.html ?? '') : presentNotice(reply, 'widget');
  }

  /**
   * The component's HTML, ready to live in a page that loads the client. A refused component is its coded notice.
   * Without a request it is mounted for an anonymous caller that no page can be: good for a mail, dead in a page.
   * @throws LiveSetupError `SLOT_UNKNOWN`
   */
  async render(component: string, props: Readonly<Record<string, unknown>> = {}, to: RenderFor = {}): Promise<string> {
    const { slots = {} } = to;
    return (
      await this.place(new Placement({ component, props }), {
        contents: { slots, places: [] },
        standing: 'template',
        exchange: to,
      })
    ).html;
  }

  override names(wanted: readonly Placement[], exchange: Partial<PageExchange> = {}): ReadonlyMap<Placement, string> {
    const visit = wanted.length === 0 ? undefined : this.visitOf(exchange);
    return new Map(visit && wanted.map((placement) => [placement, visit.next(nameOf(placement))]));
  }

  /** The same, in the page helper's words. */
  async place(wanted: Placement, about: PagePlace): Promise<PlacedHtml> {
    const { exchange = {}, standing } = about;
    // What stands in a slot is part of the component around it.
    const visit = standing === 'slot' ? undefined : this.visitOf(exchange);
    if (visit === undefined) {
      return this.mountAt(wanted, about);
    }
    const place = about.name ?? visit.next(nameOf(wanted));
    const left = visit.left && (await visit.rootAt(place));
    const placed = (left && (await this.resume(wanted, about, left))) ?? (await this.mountAt(wanted, about));
    return { ...placed, html: await this.forms.complete(placed.html, { visit, place }) };
  }

  /** As an earlier form has left it; undefined where that is not to be had any more. */
  private async resume(
    { component, props }: Placement,
    { exchange = {} }: PagePlace,
    left: LeftRoot,
  ): Promise<PlacedHtml | undefined> {
    if (left.component !== component) {
      return undefined;
    }
    const envelope = { component, state: left.token };
    const { reply } = await this.asker.run({ kind: 'resume', envelope, props }, exchange);
    return reply.ok ? { html: reply.html ?? '' } : undefined;
  }

  private visitOf({ request, response }: Partial<PageExchange>): PageVisit | undefined {
    if (request === undefined) {
      return undefined;
    }
    const secure = this.origins.isSecureRequest(request);
    const gone = cookieLine(cookieName(FORM_COOKIE, { secure }), '', { secure, maxAge: 0 });
    return this.visits.of(request, {
      secure,
      caller: () => this.asker.caller(request),
      done: () => {
        if (response !== undefined) this.asker.write(response, gone);
      },
    });
  }

  private async mountAt(wanted: Placement, { contents, standing, exchange = {} }: PagePlace): Promise<PlacedHtml> {
    const { component, props, instance, place } = wanted;
    if (instance !== undefined) {
      return { html: await this.show(instance, exchange) };
    }
    const definition = this.registry.get(component);
    if (definition) {
      refuseUnknownSlots(definition, contents.slots, place);
    }
    const placed = standing === 'slot' ? { id: this.seal.newId(), owner: THE_PAGE } : undefined;
    const mount = { kind: 'mount', envelope: { component }, props, ...contents, placed } as const;
    const { reply, sealed = '' } = await this.asker.run(mount, exchange);
    if (!reply.ok) {
      return { html: presentNotice(reply, component) };
    }
    const { html = '', component_id: id = '' } = reply;
    return { html, place: { component, id, sealed, secret: definition?.encrypted === true || holdsSecrets(sealed) } };
  }

  /**
   * Runs one interaction without rendering and returns the state: a mount, or an event on what `state` names.
   * @throws LiveError the refusal
   */
  async dispatch({ component, props, request, ...envelope }: Dispatch): Promise<Dispatched> {
    const kind = envelope.event === undefined ? 'mount' : 'event';
    const arrival = {
      kind,
      envelope: { ...envelope, component },
      props: props ?? {},
      output: 'state',
    } as const;
    const { reply, fields } = await this.asker.run(arrival, { request });
    if (!reply.ok) {
      throw new LiveError(reply.error.code, reply.error.message, reply.error);
    }
    const { state = '', version, effects } = reply;
    return { fields: fields ?? {}, state, version, effects };
  }
}

/** What places are counted by. */
const nameOf = ({ instance, component }: Placement): string => instance ?? component;

/** @throws LiveSetupError for what nobody has declared to be safe */
const textOf = (html: unknown): string => {
  if (!SafeHtml.is(html)) {
    throw new LiveSetupError('OPTION_INVALID', 'html is not of trustHtml(): sanitize it, then declare it safe.');
  }
  return html.toString();
};
