import { LiveSetupError } from '../errors/setup-error.js';

/** How the server makes an instance that many pages show. */
export interface WidgetOptions {
  readonly props?: Readonly<Record<string, unknown>>;
  /** 1 to 64 of `A-Z a-z 0-9 _ -`. A guessable id is fine: guards and tenants decide who sees it. @default 128 random bits */
  readonly id?: string;
  /** How long it is kept when nobody has it open and nothing changes it, in milliseconds. @default 86_400_000 (24 hours) */
  readonly ttlMs?: number;
  /** How long it is kept at most, in milliseconds. @default as long as it is used */
  readonly maxAgeMs?: number;
  /** Words to find it by: at most 16 of at most 64 characters. @default [] */
  readonly tags?: readonly string[];
  /** Only callers of this tenant see it; to all others it does not exist. @default callers of every tenant */
  readonly tenant?: string;
}

export interface ResolvedWidget {
  readonly props: Readonly<Record<string, unknown>>;
  readonly id?: string;
  readonly ttlMs: number;
  readonly maxAgeMs?: number;
  readonly tags: readonly string[];
  readonly tenant?: string;
}

const ID = /^[A-Za-z0-9_-]{1,64}$/;
const MAX_TAGS = 16;
const MAX_TAG_CHARS = 64;

/** @throws LiveSetupError `OPTION_INVALID` */
export const resolveWidget = ({
  props = {},
  id,
  ttlMs = 24 * 60 * 60_000,
  maxAgeMs,
  tags = [],
  tenant,
}: WidgetOptions): ResolvedWidget => {
  if (id !== undefined && !ID.test(id)) {
    throw invalid(`id is "${id}": write 1 to 64 letters, digits, "_" or "-".`);
  }
  for (const [name, value] of Object.entries({ ttlMs, maxAgeMs })) {
    if (value !== undefined && !(Number.isFinite(value) && value > 0)) {
      throw invalid(`${name} is ${value}: write a number of milliseconds above 0.`);
    }
  }
  if (tags.length > MAX_TAGS || tags.some((tag) => tag === '' || tag.length > MAX_TAG_CHARS)) {
    throw invalid(`tags: write at most ${MAX_TAGS}, each of 1 to ${MAX_TAG_CHARS} characters.`);
  }
  return { props, id, ttlMs, maxAgeMs, tags: [...tags], tenant };
};

const invalid = (message: string): LiveSetupError => new LiveSetupError('OPTION_INVALID', message);
