/**
 * In a page of somebody's HTML, `<img name="createElement">` is a property of `document`, and `<input name="children">` one
 * of its form, before those of their interfaces. So the client reads neither from an element nor from the document, but
 * asks the interface itself.
 */
const interfaceOf = (target: object): object => Object.getPrototypeOf(target) as object;

/** What the interface says of an element, or of the document, whatever names stand in the page. */
export const property = <Target extends object, Name extends keyof Target>(target: Target, name: Name): Target[Name] =>
  Reflect.get(interfaceOf(target), name, target);

type Arguments<Method> = Method extends (...args: infer Args) => unknown ? Args : never;
type Result<Method> = Method extends (...args: never[]) => infer Value ? Value : never;

/** Calls the interface's own method on it. */
export const invoke = <Target extends object, Name extends keyof Target>(
  target: Target,
  name: Name,
  ...args: Arguments<Target[Name]>
): Result<Target[Name]> =>
  (property(target, name) as (...args: Arguments<Target[Name]>) => Result<Target[Name]>).apply(target, args);

export const attributeOf = (element: Element, name: string): string | null => invoke(element, 'getAttribute', name);

export const closest = (element: Element, selector: string): Element | null => invoke(element, 'closest', selector);

export const queryAll = (of: Document | Element, selector: string): readonly HTMLElement[] => [
  ...(invoke(of as Element, 'querySelectorAll', selector) as NodeListOf<HTMLElement>),
];

/** The element, then all inside it. */
export const withDescendants = (element: Element): readonly Element[] => [element, ...queryAll(element, '*')];

/** Shows exactly this text in it, and touches nothing when it does already. */
export const writeText = (element: Element, text: string): void => {
  if (property(element, 'textContent') !== text) Reflect.set(interfaceOf(element), 'textContent', text, element);
};
