import { Inject, Injectable } from '@nestjs/common';

import { withEntered } from '../../rendering/entered-form.js';
import { mayHaveForms } from '../../rendering/form-reader.js';
import { presentNotice } from '../../rendering/notice.js';
import { withPlainForms } from '../../rendering/plain-forms.js';
import { PREFIX } from '../prefix.js';
import type { Refused } from './page.memory.js';
import type { PageVisit } from './page.visit.js';

/** Where a root stands in which page. */
export interface VisitedPlace {
  readonly visit: PageVisit;
  readonly place: string;
}

/** Completes the forms of a page for browsers that run no script, and says there what became of the last one. */
@Injectable()
export class PageForms {
  constructor(@Inject(PREFIX) private readonly prefix: string) {}

  async complete(html: string, { visit, place }: VisitedPlace): Promise<string> {
    const refused = visit.left && (await visit.left)?.refused;
    const shown = refused?.place === place ? withRefusal(html, refused) : html;
    if (!mayHaveForms(shown)) {
      return shown;
    }
    return withPlainForms(shown, {
      action: (component) => visit.address(`${this.prefix}/${encodeURIComponent(component)}`),
      inputs: ({ event, index, root, outermost }) => ({
        $state: root.token,
        $page: visit.life,
        $place: `${place} ${index}`,
        $at: visit.at,
        $around: root === outermost ? undefined : `${outermost.component} ${outermost.token}`,
        // Last: a button that says something else stands before it.
        $event: event,
      }),
    });
  }
}

/** The notice at the end of the component, and what was entered where it had been. */
const withRefusal = (html: string, { error, index, entered }: Refused): string => {
  const filled = withEntered(html, index, entered);
  const end = filled.lastIndexOf('</');
  const notice = presentNotice({ ok: false, error });
  return end < 0 ? filled + notice : filled.slice(0, end) + notice + filled.slice(end);
};
