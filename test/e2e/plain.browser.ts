import { request } from 'node:http';

import { Parser } from 'htmlparser2';

/** A control of a form as it stands in the HTML. */
interface Field {
  readonly name: string;
  readonly value: string;
  readonly isFile?: boolean;
}

export interface FileOnDisk {
  readonly name: string;
  readonly bytes: Buffer | string;
  readonly type?: string;
}

/** Files by the name of their input. */
export type Chosen = Readonly<Record<string, readonly FileOnDisk[]>>;

export interface PlainFormOnPage {
  readonly action: string;
  readonly fields: readonly Field[];
  readonly buttons: readonly (Field & { readonly text: string })[];
}

export interface PlainAnswer {
  readonly status: number;
  readonly location: string | null;
  /** Where htmx is sent. */
  readonly redirect?: string;
  readonly text: string;
}

/** What a browser without scripts does with forms, cookies, redirects and addresses; over real HTTP. */
export class PlainBrowser {
  readonly cookies = new Map<string, string>();
  address = '/';
  html = '';
  /** Sent with every request. */
  headers: Record<string, string> = {};

  /** @param url may change: a proxy takes whichever node it likes */
  constructor(public url: string) {}

  async goto(path: string): Promise<string> {
    const { text } = await this.send('GET', path);
    this.address = path;
    return (this.html = text);
  }

  get outputs(): string[] {
    return [...this.html.matchAll(/<output>(.*?)<\/output>/g)].map(([, text]) => text);
  }

  get notices(): string[] {
    return [...this.html.matchAll(/data-code="(\w+)"/g)].map(([, code]) => code);
  }

  forms(html = this.html): readonly PlainFormOnPage[] {
    const forms: { action: string; fields: Field[]; buttons: (Field & { text: string })[] }[] = [];
    let open: (typeof forms)[number] | undefined;
    let area: { name: string; value: string } | undefined;
    let select: { name: string; value?: string } | undefined;
    /** Its value is its text. */
    let option: typeof select;
    let button: (Field & { text: string }) | undefined;
    const parser = new Parser({
      onopentag(tag, { name = '', value, type = 'text', action, method, checked, selected }) {
        if (tag === 'form') {
          open = { action: method === 'post' ? (action ?? '') : '', fields: [], buttons: [] };
          forms.push(open);
        }
        if (tag === 'textarea') area = { name, value: '' };
        if (tag === 'button') button = { name, value: value ?? '', text: '' };
        if (tag === 'select') select = { name };
        if (tag === 'option' && select && (selected !== undefined || select.value === undefined)) {
          select.value = value ?? '';
          option = value === undefined ? select : undefined;
        }
        const isOff = /checkbox|radio/.test(type) && checked === undefined;
        if (tag === 'input' && name !== '' && !isOff)
          open?.fields.push({
            name,
            value: value ?? (checked === undefined ? '' : 'on'),
            isFile: type === 'file' || undefined,
          });
      },
      ontext(text) {
        if (area) area.value += text;
        if (option) option.value = (option.value ?? '') + text;
        if (button) button.text += text;
      },
      onclosetag(tag) {
        if (tag === 'textarea' && area) open?.fields.push({ ...area, value: area.value.replace(/^\n/, '') });
        if (tag === 'select' && select) open?.fields.push({ name: select.name, value: select.value ?? '' });
        if (tag === 'button' && button) open?.buttons.push(button);
        if (tag === 'option') option = undefined;
        if (tag === 'textarea') area = undefined;
        if (tag === 'button') button = undefined;
        if (tag === 'select') select = undefined;
        if (tag === 'form') open = undefined;
      },
    });
    parser.end(html);
    return forms;
  }

  /** The body of a form with what is entered, in the order of the page: a button stands before what is hidden. */
  bodyOf({ fields, buttons }: PlainFormOnPage, entered: Record<string, string> = {}, press?: string): URLSearchParams {
    const left = new Map(Object.entries(entered));
    const body = new URLSearchParams();
    const own = fields.filter(({ name }) => !name.startsWith('$'));
    for (const { name, value } of own) {
      body.append(name, left.get(name) ?? value);
      left.delete(name);
    }
    for (const [name, value] of left) if (!name.startsWith('$')) body.append(name, value);
    const pressed = buttons.find(({ text }) => text === press);
    if (pressed && pressed.name !== '') body.append(pressed.name, pressed.value);
    for (const { name, value } of fields) if (name.startsWith('$')) body.append(name, left.get(name) ?? value);
    return body;
  }

  /** The body of a form with files, in the order of the page; an input that nobody has filled sends an empty part. */
  multipartOf(
    { fields, buttons }: PlainFormOnPage,
    entered: Record<string, string>,
    files: Chosen,
    press?: string,
  ): Body {
    const pressed = buttons.find(({ text, name }) => text === press && name !== '');
    const parts = fields.flatMap((field) => {
      const { name, isFile } = field;
      if (isFile) return (files[name] ?? [{ name: '', bytes: '' }]).map((file) => filePart(name, file));
      const own = fieldPart(name, entered[name] ?? field.value);
      return name === '$event' && pressed ? [fieldPart(pressed.name, pressed.value), own] : [own];
    });
    return multipart(parts);
  }

  /** Sends the form with files and goes where the answer says. */
  async submitFiles(
    index: number,
    entered: Record<string, string>,
    files: Chosen,
    press?: string,
  ): Promise<PlainAnswer> {
    const form = this.forms()[index];
    const answer = await this.send('POST', form.action, this.multipartOf(form, entered, files, press));
    return this.follow(answer);
  }

  /** Sends the form and goes where the answer says. */
  async submit(index: number, entered?: Record<string, string>, press?: string): Promise<PlainAnswer> {
    const form = this.forms()[index];
    return this.send('POST', form.action, this.bodyOf(form, entered, press)).then((answer) => this.follow(answer));
  }

  async follow(answer: PlainAnswer): Promise<PlainAnswer> {
    if (answer.status === 303) await this.goto(answer.location ?? '/');
    else this.html = answer.text;
    return answer;
  }

  async send(method: string, path: string, body?: URLSearchParams | Body): Promise<PlainAnswer> {
    const headers = this.headersFor(method);
    // Not fetch: it says itself that it is no navigation.
    const { setCookie, ...answer } = await exchange(this.url + path, { method, headers, body });
    for (const line of setCookie) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (line.includes('Max-Age=0')) this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
    return answer;
  }

  headersFor(method: string): Record<string, string> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    return {
      accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8',
      'sec-fetch-mode': 'navigate',
      'sec-fetch-site': 'same-origin',
      'sec-fetch-dest': 'document',
      referer: this.url + this.address,
      ...(method === 'POST' ? { origin: this.url } : {}),
      ...(cookie === '' ? {} : { cookie }),
      ...this.headers,
    };
  }
}

/** A multipart body. */
export interface Body {
  readonly type: string;
  readonly bytes: Buffer;
}

const BOUNDARY = '----WebKitFormBoundary7MA4YWxkTrZu0gW';

export const fieldPart = (name: string, value: string): Buffer =>
  Buffer.from(`Content-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`);

export const filePart = (field: string, { name, bytes, type = 'application/octet-stream' }: FileOnDisk): Buffer =>
  Buffer.concat([
    Buffer.from(`Content-Disposition: form-data; name="${field}"; filename="${name}"\r\nContent-Type: ${type}\r\n\r\n`),
    Buffer.from(bytes),
    Buffer.from('\r\n'),
  ]);

export const multipart = (parts: readonly Buffer[]): Body => ({
  type: `multipart/form-data; boundary=${BOUNDARY}`,
  bytes: Buffer.concat([
    ...parts.flatMap((part) => [Buffer.from(`--${BOUNDARY}\r\n`), part]),
    Buffer.from(`--${BOUNDARY}--\r\n`),
  ]),
});

interface Exchanged extends PlainAnswer {
  readonly setCookie: readonly string[];
}

const exchange = (
  url: string,
  { method, headers, body }: { method: string; headers: Record<string, string>; body?: URLSearchParams | Body },
): Promise<Exchanged> =>
  new Promise((resolve, reject) => {
    const isFields = body instanceof URLSearchParams;
    const form = body && { 'content-type': isFields ? 'application/x-www-form-urlencoded' : body.type };
    const asking = request(url, { method, headers: { ...form, ...headers } }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const { statusCode: status = 0, headers: said } = response;
        const text = Buffer.concat(chunks).toString('utf8');
        const redirect = said['hx-redirect'] as string | undefined;
        resolve({ status, text, redirect, location: said.location ?? null, setCookie: said['set-cookie'] ?? [] });
      });
    });
    asking.on('error', reject);
    asking.end(isFields ? body.toString() : body?.bytes);
  });
