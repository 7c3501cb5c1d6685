/** Names that Socket.IO keeps for itself: a packet that uses one is malformed. */
const RESERVED = new Set(['connect', 'connect_error', 'disconnect', 'disconnecting', 'newListener', 'removeListener']);

const idOf = (digits: string): string => String(Number(digits));

const isEvent = (text: string): boolean => {
  try {
    const args: unknown = JSON.parse(text);
    if (!Array.isArray(args)) return false;
    const [name] = args as unknown[];
    return typeof name === 'number' || (typeof name === 'string' && !RESERVED.has(name));
  } catch {
    return false;
  }
};

/**
 * Which acknowledgements a connection may expect, read from what was said by the rules of Socket.IO's protocol and
 * without its parser: every event with an id gets one, nothing else gets any.
 */
export class AckLedger {
  private readonly due = new Map<string, number>();
  private readonly got = new Map<string, number>();
  /** A packet whose attachments have not all come. */
  private open?: { readonly id?: string; missing: number };
  /** From here on the server owes nothing: the packet ended the conversation, or broke it. */
  private isOver = false;

  said(text: string): void {
    if (this.isOver || !text.startsWith('4')) {
      // A ping or a close of the engine, or nothing known: only its own answer, if any.
      if (text.startsWith('1')) this.isOver = true;
      return;
    }
    const [, type, count, nsp, digits, rest] =
      /^4(\d)(?:(?<=[56])(\d+)-)?(\/[^,]*(?:,|$))?([\d\s\ufeff]*)([^]*)$/.exec(text) ?? [];
    if (this.open || (nsp !== undefined && nsp !== '/,' && nsp !== '/') || type === '1') {
      this.isOver = true;
      return;
    }
    const id = digits === '' ? undefined : idOf(digits ?? '');
    if (type === '2' && isEvent(rest ?? '')) this.owe(id);
    if (type !== '5' || count === undefined || !isEvent(rest ?? '')) return;
    const missing = Number(count);
    if (missing === 0) this.owe(id);
    else this.open = { id, missing };
  }

  /** An attachment. */
  sent(): void {
    if (!this.open || this.isOver) return;
    this.open.missing -= 1;
    if (this.open.missing > 0) return;
    this.owe(this.open.id);
    this.open = undefined;
  }

  heard(text: string): void {
    const [, digits] = /^43([^[]*)\[/.exec(text) ?? [];
    if (digits !== undefined) this.got.set(idOf(digits), (this.got.get(idOf(digits)) ?? 0) + 1);
  }

  get missing(): readonly string[] {
    return this.isOver ? [] : [...this.due].flatMap(([id, count]) => ((this.got.get(id) ?? 0) < count ? [id] : []));
  }

  /** Answers to what nobody asked, and second answers. */
  get excess(): readonly string[] {
    return [...this.got].flatMap(([id, count]) => (count > (this.due.get(id) ?? 0) ? [id] : []));
  }

  private owe(id: string | undefined): void {
    if (id !== undefined) this.due.set(id, (this.due.get(id) ?? 0) + 1);
  }
}
