import type { Dice } from '../faults/dice.js';
import { LAYERS, type Attack, type Layer, type Step } from './attack.js';
import { TOKENS, VALUES } from './corpus/dictionary.js';
import { REQUESTS } from './corpus/http.js';
import { PACKETS, STRANGERS } from './corpus/packets.js';
import { FRAMES } from './corpus/protocol.js';
import { WIRE } from './corpus/wire.js';

const STEPS = 12;
/** A frame over the limit of the transport ends the connection and with it the attack: seldom of use. */
const MAX_CHARS = 60_000;

/** A JSON value: text, number, word, or a whole list or object without another inside. */
const VALUE = /"(?:[^"\\]|\\.)*"(?!:)|-?\d+(?:\.\d+)?|true|false|null|\{[^{}]*\}|\[[^[\]]*\]|\$\w+/g;

/** Attacks of one run, the same for the same dice. */
export class Generator {
  private acks = 10;

  constructor(private readonly dice: Dice) {}

  attack(): Attack {
    const layer = this.layer();
    switch (layer) {
      case 'wire':
        return { layer, steps: [this.wire()] };
      case 'packets':
        return this.packets();
      case 'http':
        return { layer, steps: this.times(4, () => this.request()) };
      default:
        return { layer, steps: this.times(STEPS, () => this.frame()) };
    }
  }

  /** The wire is the business of a library that has its own suite. */
  private layer(): Layer {
    if (this.dice.chance(0.05)) return 'wire';
    const [, ...others] = LAYERS;
    return this.dice.chance(0.4) ? 'protocol' : this.dice.pick(others);
  }

  private wire(): Step {
    const seed = Buffer.from(this.dice.pick(WIRE), 'hex');
    return { hex: this.damageBytes(this.damageBytes(seed)).toString('hex') };
  }

  private packets(): Attack {
    if (this.dice.chance(0.1)) {
      return { layer: 'packets', isStranger: true, steps: this.dice.pick(STRANGERS).map((step) => this.damage(step)) };
    }
    // A whole seed first: most damaged packets end the connection, and what follows is said to nobody.
    const steps = [...this.dice.pick(PACKETS), ...this.dice.pick(PACKETS)];
    return { layer: 'packets', steps: steps.map((step) => (this.dice.chance(0.4) ? this.damage(step) : step)) };
  }

  private frame(): Step {
    const seed = this.dice.pick(FRAMES).replace('#', () => String((this.acks += 1)));
    if (this.dice.chance(0.25)) return seed;
    const replaced = this.replaceValue(seed);
    return this.dice.chance(0.1) ? this.damage(replaced) : replaced;
  }

  private request(): Step {
    const seed = this.dice.pick(REQUESTS);
    const end = seed.indexOf('\r\n\r\n');
    const [head, body] = [seed.slice(0, end), seed.slice(end + 4)];
    switch (this.dice.below(4)) {
      case 0:
        return `${this.damage(head) as string}\r\n\r\n${body}`;
      case 1:
        return `${head}\r\n\r\n${this.replaceValue(body)}`;
      case 2:
        return `${head}\r\n\r\n${this.damage(body) as string}`;
      default:
        return seed;
    }
  }

  /** One value of the frame becomes another of the dictionary; the frame itself stays whole. */
  private replaceValue(text: string): string {
    const [, head, body] = /^(4\d\d*)?([^]*)$/.exec(text) ?? [];
    const places = [...(body ?? '').matchAll(VALUE)];
    if (places.length === 0) return text;
    const { index, 0: found } = this.dice.pick(places);
    return `${head ?? ''}${body.slice(0, index)}${this.dice.pick(VALUES)}${body.slice(index + found.length)}`;
  }

  private damage(step: Step): Step {
    if (typeof step !== 'string') return { hex: this.damageBytes(Buffer.from(step.hex, 'hex')).toString('hex') };
    const at = this.dice.below(step.length + 1);
    const [before, after] = [step.slice(0, at), step.slice(at)];
    switch (this.dice.below(8)) {
      case 0:
        return before;
      case 1:
        return step + step;
      case 2:
        return before + this.dice.pick(TOKENS) + after;
      case 3:
        return before + this.dice.pick(VALUES) + after;
      case 4:
        return before + (this.dice.pick(PACKETS).find((each) => typeof each === 'string') as string) + after;
      case 5:
        return step.slice(0, 60).repeat(1_000).slice(0, MAX_CHARS);
      case 6:
        return before.slice(0, -1) + String.fromCharCode(this.dice.below(0x180)) + after;
      default:
        return step.replace(/\d+/, () => this.dice.pick(['0', '-1', '1e20', '999999999999', 'NaN', '']));
    }
  }

  private damageBytes(bytes: Buffer): Buffer {
    const at = this.dice.below(bytes.length + 1);
    switch (this.dice.below(5)) {
      case 0: {
        const flipped = Buffer.from(bytes);
        if (at < bytes.length) flipped[at] ^= 1 << this.dice.below(8);
        return flipped;
      }
      case 1:
        return bytes.subarray(0, at);
      case 2:
        return Buffer.concat([bytes, bytes]);
      case 3:
        return Buffer.concat([bytes.subarray(0, at), Buffer.from(this.dice.pick(WIRE), 'hex')]);
      default:
        return bytes;
    }
  }

  private times<T>(most: number, make: () => T): T[] {
    return Array.from({ length: 1 + this.dice.below(most) }, make);
  }
}
