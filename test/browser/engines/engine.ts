import type { EnginePage } from './engine-page.js';

export type EngineName = 'chromium' | 'firefox' | 'webkit';

/** A browser that runs without a screen. What it started ends with it. */
export abstract class Engine {
  abstract readonly name: EngineName;
  abstract readonly version: string;

  /** A page without cookies or storage of the pages before. */
  abstract newPage(): Promise<EnginePage>;

  abstract close(): Promise<void>;
}
