export interface Report {
  readonly records: readonly unknown[];
  readonly peers: readonly { readonly name: string; readonly packages: readonly string[] }[];
}

/** The committed figures. */
export declare const RESULTS: string;

/** What the page shows of them. */
export declare const SECTION: { readonly text: string };

export declare const sectionOf: (report: Report) => string;

/** Each picture's file, and the first line that it has to have. */
export declare const picturesOf: (report: Report) => readonly { readonly path: string; readonly stamp: string }[];
