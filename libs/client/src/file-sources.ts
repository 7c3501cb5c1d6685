import { putAttribute } from './attributes.js';
import { closest, property, queryAll } from './unshadowed.js';

const DRAGGING = 'live-dragging';
const ZONE = '[live-drop]';

/** Tells of the files that were chosen in a `live-upload` input, or dropped or pasted into a `live-drop` element. */
export const listenForFiles = (taken: (place: Element, files: readonly File[]) => void): void => {
  const zoneOf = ({ target }: Event) => (target instanceof Element ? closest(target, ZONE) : null);

  const take = (event: Event, place: Element | null | undefined, files?: FileList) => {
    if (!place || !files?.length) return;
    event.preventDefault();
    taken(place, [...files]);
  };

  const mark = (zone?: Element | null) => {
    for (const place of queryAll(document, ZONE)) putAttribute(place, DRAGGING, place === zone ? '' : undefined);
  };

  const drag = (event: DragEvent) => {
    if (!event.dataTransfer?.types.includes('Files')) return;
    const zone = zoneOf(event);
    if (zone) event.preventDefault();
    mark(zone);
  };

  addEventListener('dragenter', drag);
  addEventListener('dragover', drag);
  addEventListener('dragleave', ({ relatedTarget }) => relatedTarget ?? mark());
  addEventListener('drop', (event) => {
    mark();
    take(event, zoneOf(event), event.dataTransfer?.files);
  });

  addEventListener('paste', (event) => {
    const zones = queryAll(document, ZONE);
    // On a page with one zone there is no doubt which one is meant; text goes where it was meant to.
    const only = zones.length === 1 && event.target === property(document, 'body') ? zones[0] : null;
    take(event, zoneOf(event) ?? only, event.clipboardData?.files);
  });

  // In the capture phase: whoever reads the form afterwards finds the input as empty as it stays.
  addEventListener(
    'change',
    (event) => {
      const input = event.target;
      if (!(input instanceof HTMLInputElement) || !input.matches('[type=file][live-upload]') || !input.files) return;
      const files = [...input.files];
      // So that the same file can be chosen again.
      input.value = '';
      if (files.length) taken(input, files);
    },
    true,
  );
};
