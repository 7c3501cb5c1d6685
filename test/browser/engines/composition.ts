/** Runs in the page: the events of an input method, in the order of the engine. WebKit’s last input comes before the end. */
export const composeIn = ({ text, isDone }: { readonly text: string; readonly isDone: boolean }): void => {
  const control = document.activeElement as HTMLInputElement & { composed?: { from: number; length: number } };
  const say = (type: string): unknown =>
    control.dispatchEvent(new CompositionEvent(type, { bubbles: true, data: text }));
  const enter = (isComposing: boolean): unknown =>
    control.dispatchEvent(new InputEvent('input', { bubbles: true, isComposing, data: text }));
  if (!control.composed) {
    control.composed = { from: control.selectionStart!, length: 0 };
    say('compositionstart');
  }
  const { from, length } = control.composed;
  control.setRangeText(text, from, from + length, 'end');
  control.composed.length = text.length;
  say('compositionupdate');
  if (!isDone) return void enter(true);
  control.composed = undefined;
  const isWebKit = !('mozInnerScreenX' in globalThis);
  if (isWebKit) enter(true);
  say('compositionend');
  if (!isWebKit) enter(false);
};
