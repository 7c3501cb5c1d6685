export type Control = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

/** What the person sees in a control: text, choices as JSON, checked or not. */
export type ControlValue = string | boolean;

/** Controls whose values went along with an event, as they were then. */
export type SentValues = ReadonlyMap<Element, ControlValue>;
