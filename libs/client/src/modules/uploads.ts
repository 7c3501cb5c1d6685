import { putAttribute } from '../attributes.js';
import type { Component } from '../component-port.js';
import { componentAround, hear, install } from '../seam.js';
import { EXPIRED, transfer } from '../transfer.js';
import { hasPlace, meant, showUploads } from '../upload-view.js';
import { ownAddress, scriptPrefix } from '../own-address.js';
import { attributeOf, closest, invoke, property, queryAll } from '../unshadowed.js';
import { isUnderWay, type Upload } from '../upload.js';
import { listenForFiles } from '../file-sources.js';
import type { WireError } from '../wire.js';

const MAX_AT_ONCE = 2;
const MAX_RENEWALS = 2;
const ASK = '$upload';
const ENTER = '$uploaded';

interface UploadEffect {
  readonly field: string;
  readonly tickets: readonly { readonly index: number; readonly id: string; readonly token: string }[];
  readonly refused?: readonly (WireError & { readonly index: number })[];
}

/** Files that were chosen, dropped or pasted go to the server beside the component's events, and then into its field. */
install('uploads', () => {
  const url = `${ownAddress(scriptPrefix())}/-/upload`;
  const uploads = new Set<Upload>();
  /** What was asked for and not answered, in order. */
  const asked: (readonly Upload[])[] = [];
  const entering = new Set<Component>();
  /** Forms that wait for their files, and the buttons they were sent by. */
  const held = new Map<HTMLFormElement, HTMLElement | null>();
  let keys = 0;

  const of = (component?: Component) => [...uploads].filter((upload) => upload.component === component);

  const filesOf = (form: HTMLFormElement) => {
    const places = [...property(form, 'elements'), ...queryAll(form, '[live-drop]')];
    const fields = places.map((place) => attributeOf(place, 'live-upload') ?? attributeOf(place, 'live-drop'));
    return of(componentAround(form)).filter(({ field }) => fields.includes(field));
  };

  const warn = (event: Event) => event.preventDefault();

  const show = (component: Component) => {
    showUploads(component, of(component));
    // Only while there is something to lose: such a listener keeps a page out of the browser's cache.
    if ([...uploads].some(isUnderWay)) addEventListener('beforeunload', warn);
    else removeEventListener('beforeunload', warn);
    for (const [form, submitter] of held) {
      const files = filesOf(form);
      if (files.some(isUnderWay)) continue;
      held.delete(form);
      putAttribute(form, 'live-waiting', undefined);
      const own = (submitter as HTMLButtonElement | null)?.form === form;
      // Without one of its files it would be another form than the person has sent.
      if (property(form, 'isConnected') && !files.length) invoke(form, 'requestSubmit', own ? submitter : null);
    }
  };

  const drop = (upload: Upload) => {
    uploads.delete(upload);
    show(upload.component);
    work();
  };

  const fail = (upload: Upload, error: WireError) => {
    const { component, field, file } = upload;
    if (!uploads.has(upload)) return;
    upload.state = 'failed';
    upload.error = error;
    show(component);
    work();
    if (hasPlace(component, field)) return;
    component.notices?.show({ code: error.code, message: `${file.name}: ${error.message}` });
    drop(upload);
  };

  /** All of one component and field. */
  const ask = async (batch: readonly Upload[]) => {
    const [{ component, field }] = batch;
    for (const upload of batch) {
      upload.state = 'waiting';
      upload.token = upload.error = undefined;
      upload.sent = 0;
    }
    asked.push(batch);
    show(component);
    const files = batch.map(({ file: { name, size, type } }) => ({ name, size, type }));
    const reply = await component.call(ASK, { field, files });
    const place = asked.indexOf(batch);
    if (place < 0) return;
    asked.splice(place, 1);
    for (const upload of batch) fail(upload, reply.ok ? { code: EXPIRED, message: 'It got no place.' } : reply.error);
  };

  const renew = (upload: Upload, error: WireError) => {
    if (upload.renewals++ < MAX_RENEWALS) void ask([upload]);
    else fail(upload, error);
  };

  /** What has arrived goes into its field: one event at a time, with all there is. */
  const enter = async (component: Component) => {
    const first = of(component).find(({ state }) => state === 'sent');
    if (!first || entering.has(component)) return;
    const { field } = first;
    const ready = of(component).filter((upload) => upload.state === 'sent' && upload.field === field);
    entering.add(component);
    for (const upload of ready) upload.state = 'entering';
    const reply = await component.call(ENTER, { field, ids: ready.map(({ id }) => id) });
    entering.delete(component);
    for (const upload of ready) {
      if (reply.ok) drop(upload);
      else if (reply.error.code === EXPIRED && uploads.has(upload)) renew(upload, reply.error);
      else fail(upload, reply.error);
    }
    void enter(component);
  };

  const run = async (upload: Upload, token: string) => {
    const { component, file, stop } = upload;
    const { signal } = stop;
    upload.state = 'sending';
    const error = await transfer(file, {
      url,
      token,
      signal,
      moved(bytes) {
        upload.sent = Math.min(bytes, file.size);
        if (property(component.root, 'isConnected')) show(component);
        else cancel(upload);
      },
    });
    if (signal.aborted) return;
    if (error) return error.code === EXPIRED ? renew(upload, error) : fail(upload, error);
    upload.sent = file.size;
    upload.state = 'sent';
    show(component);
    work();
    void enter(component);
  };

  const work = () => {
    for (const upload of uploads) {
      if ([...uploads].filter(({ state }) => state === 'sending').length >= MAX_AT_ONCE) return;
      if (upload.state === 'waiting' && upload.token) void run(upload, upload.token);
    }
  };

  /** The server takes back what it holds; what it does not hear of ends by its time. */
  const forget = (token?: string) => {
    const init = { method: 'DELETE', headers: { 'live-upload': token! }, keepalive: true };
    if (token) fetch(url, init).catch(() => {});
  };

  const cancel = (upload: Upload) => {
    const { component, field, id, token, state, stop } = upload;
    stop.abort();
    if (state === 'entering') void component.call('$discard', { field, id });
    else forget(token);
    drop(upload);
  };

  const effects: Readonly<Record<string, (value: never, root: Element) => void>> = {
    upload({ field, tickets, refused = [] }: UploadEffect, root) {
      const place = asked.findIndex(([first]) => first.component.root === root && first.field === field);
      const [batch = []] = place < 0 ? [] : asked.splice(place, 1);
      for (const { index, id, token } of tickets) {
        const upload: Upload | undefined = batch[index];
        if (!uploads.has(upload)) forget(token);
        else [upload.id, upload.token] = [id, token];
      }
      for (const { index, ...error } of refused) if (batch[index]) fail(batch[index], error);
      work();
    },
  };

  addEventListener('live:effect', (event) => {
    const { name, value } = (event as CustomEvent<{ readonly name: string; readonly value: unknown }>).detail;
    if (!Object.hasOwn(effects, name) || event.defaultPrevented) return;
    event.preventDefault();
    effects[name](value as never, event.target as Element);
  });

  hear('updated', ({ component }) => {
    if (of(component).length) show(component);
  });

  // Shown at the field, or in a notice of its own.
  hear('error', ({ event, waiting }, heard) => {
    if (!waiting && (event?.event === ASK || event?.event === ENTER)) heard.preventDefault();
  });

  listenForFiles((place, files) => {
    const component = componentAround(place);
    const field = attributeOf(place, 'live-upload') ?? attributeOf(place, 'live-drop');
    if (!component || !field) return;
    // Who tries again has read what was wrong.
    for (const upload of of(component)) if (upload.field === field && !isUnderWay(upload)) uploads.delete(upload);
    const batch = files.map((file): Upload => {
      const key = `u${(keys += 1)}`;
      return { component, field, file, key, stop: new AbortController(), sent: 0, state: 'waiting', renewals: 0 };
    });
    for (const upload of batch) uploads.add(upload);
    void ask(batch);
  });

  addEventListener('click', ({ target }) => {
    const button = closest(target as Element, '[live-upload-cancel]');
    if (!button) return;
    for (const upload of meant(of(componentAround(button)), attributeOf(button, 'live-upload-cancel'))) cancel(upload);
  });

  addEventListener(
    'submit',
    (event) => {
      const form = event.target as HTMLFormElement;
      if (!filesOf(form).some(isUnderWay)) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      held.set(form, event.submitter);
      putAttribute(form, 'live-waiting', '');
    },
    true,
  );
});
