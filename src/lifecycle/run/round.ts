import type { Effects } from '../../protocol/envelope.js';
import type { PrintedHtml } from '../../rendering/printed-html.js';
import type { Opened } from '../instance/state-holder.js';

/** What a viewer is shown of a state. */
export interface View {
  readonly opened: Opened;
  readonly version: number;
  readonly html: PrintedHtml;
  readonly effects: Effects;
  /** Nothing was changed: whoever is shown the same as before is sent nothing. */
  readonly isSame?: true;
}

/** Viewers of one instance are shown a state one after the other: what nobody had to be asked for is made for the first alone. */
export class Round {
  private view?: View;

  /** It is as good for the others. */
  keep(view: View): void {
    this.view = view;
  }

  /** What one before was shown of this state. */
  of({ epoch, version, snapshot, sealed }: Opened): View | undefined {
    const opened = this.view?.opened;
    const isSame =
      opened?.epoch === epoch && opened.version === version && opened.snapshot === snapshot && opened.sealed === sealed;
    return isSame ? this.view : undefined;
  }
}
