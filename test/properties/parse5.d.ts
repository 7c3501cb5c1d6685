/** The part of parse5 that the properties use; this version brings no types. */
declare module 'parse5' {
  export interface Node {
    readonly nodeName: string;
    readonly tagName?: string;
    readonly attrs?: readonly { readonly name: string; readonly prefix?: string; readonly value: string }[];
    readonly childNodes?: readonly Node[];
    /** Of a `<template>`. */
    readonly content?: Node;
    /** Of text. */
    readonly value?: string;
  }

  export function parseFragment(html: string): Node;
  export function serialize(node: Node): string;
  export function parse(html: string, options?: { readonly scriptingEnabled?: boolean }): Node;
}
