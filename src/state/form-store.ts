/**
 * What forms that no script sends leave for the next page: texts for a short time, found by every node. Apart from
 * instances, so that none of them ever makes room for a form.
 */
export abstract class FormStore {
  /** Keeps a text, unless there is one under this id. */
  abstract put(id: string, text: string, lifeMs: number): Promise<void>;

  abstract get(id: string): Promise<string | null>;

  /** Gives it once: whoever asks next finds nothing. */
  abstract take(id: string): Promise<string | null>;

  abstract delete(id: string): Promise<void>;

  abstract close(): Promise<void>;
}
